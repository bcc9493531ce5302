package org.cellweave.dsl

import org.cellweave.clonal.CloneAnnotation
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.StringColumn
import org.cellweave.design.Categories
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.dsl.slots.cloneColumn
import org.cellweave.dsl.slots.membership
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.toLabels

/**
 * Gives cells the labels of their clones, or clones the labels that all of their cells share. See [CloneAnnotation].
 *
 * Reads the columns [annotationObsClones] of the clones or [annotationObsAdata] of the cells. Writes
 * `adata.obs["c2v_{column}"]` or `clones.obs["gex_{column}"]` (categorical), and returns the object that got them. A
 * label that is missing stays missing.
 *
 * @param annotationObsClones one column or a list; exactly one of these two arguments is given
 * @param annotationObsAdata the same of the cells; refused when a clone's cells differ
 * @param createdObsName other names of the new columns, as many
 * @param obsName column of clones of the cells; null for the one that [clones] was made from
 * @param naValue what cells get that belong to none of the clones, and clones without cells; null for nothing
 */
public fun ClonalPreprocessing.transferAnnotation(
    adata: AnnData,
    clones: AnnData,
    annotationObsClones: Any? = null,
    annotationObsAdata: Any? = null,
    createdObsName: Any? = null,
    obsName: String? = null,
    naValue: String? = NO_CLONE,
): AnnData {
    val ofClones = texts(annotationObsClones, "annotationObsClones")
    val ofCells = texts(annotationObsAdata, "annotationObsAdata")
    require((ofClones == null) != (ofCells == null)) {
        "exactly one of annotationObsClones (to cells) and annotationObsAdata (to clones) must be given, got " +
            if (ofClones == null) "neither" else "$ofClones and $ofCells"
    }
    val columns = ofClones ?: ofCells.orEmpty()
    val prefix = if (ofClones != null) "c2v_" else "gex_"
    val created = texts(createdObsName, "createdObsName") ?: columns.map { prefix + it }
    require(created.size == columns.size && created.distinct().size == created.size) {
        "createdObsName must be ${columns.size} different names, one for each of $columns, got $created"
    }
    val members = adata.membership(clones, obsName)
    val ownColumn = cloneColumn(clones, obsName)
    require(ofClones == null || ownColumn !in created) {
        "createdObsName must not be '$ownColumn', the column of the cells that says their clones"
    }
    val (from, to) = if (ofClones != null) clones to adata else adata to clones
    val added = { _: List<CategoricalColumn> -> "added $created, categorical labels (obs)" }
    val labels =
        Log.timed("transferring annotations between cell and clone objects", added) {
            columns.map { key ->
                val column = from.obsColumn(key).toLabels()
                if (ofClones != null) toCells(column, members, naValue) else toClones(column, key, members, naValue)
            }
        }
    created.forEachIndexed { c, key -> to.obs.set(key, labels[c]) }
    return to
}

private fun toCells(column: CategoricalColumn, members: Categories, naValue: String?): CategoricalColumn {
    val codes = IntArray(members.nCells()) { cell ->
        members.code(cell).let {
            if (it <
                0
            ) {
                NONE
            } else {
                column.codes()[it]
            }
        }
    }
    return labelled(column, codes, naValue)
}

private fun toClones(
    column: CategoricalColumn,
    key: String,
    members: Categories,
    naValue: String?,
): CategoricalColumn {
    val labels = Categories("obs['$key']", column.codes(), column.categoryNames().toTypedArray())
    val shared = CloneAnnotation.of(members, labels)
    return labelled(column, IntArray(shared.size) { if (members.size(it) == 0) NONE else shared[it] }, naValue)
}

/** Row that has no source of a label at all, unlike one whose source has none. */
private const val NONE = -2

/** The categories of [column] that are used, in its order, and [naValue] behind them where a row needs it. */
private fun labelled(column: CategoricalColumn, codes: IntArray, naValue: String?): CategoricalColumn {
    val names = column.categoryNames()
    val known = names.indexOf(naValue)
    val other = if (naValue == null) {
        Categories.MISSING
    } else if (known >= 0) {
        known
    } else {
        names.size
    }
    val all = if (other == names.size) names + naValue!! else names
    val filled = IntArray(codes.size) { if (codes[it] == NONE) other else codes[it] }
    return CategoricalColumn(filled, StringColumn.of(*all.toTypedArray()), column.isOrdered && other < names.size)
        .removeUnused()
}
