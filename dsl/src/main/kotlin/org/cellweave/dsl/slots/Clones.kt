package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException
import kotlin.math.round

/** What stands in a column of clones for a cell without one; `NaN` says the same. */
internal const val NO_CLONE = "NA"

/** Where files keep which clones cells belong to, cells by clones. */
internal const val MEMBERSHIP = "X_clone"

/** Entry of `uns` with the column that clones were made from. */
private const val MADE_FROM = "obs_name"

/**
 * `obs[key]` as clones: cells without a label, and those labelled [naValue], have none.
 *
 * @param argument that names the column, for messages
 * @param naValue null where every text is a clone
 */
internal fun AnnData.cloneLabels(key: String, argument: String, naValue: String? = NO_CLONE): Categories {
    val stored = obs.find(key) ?: throw noCloneColumn(key, argument)
    require(stored !is NumericColumn || stored.isInteger || stored.toDoubles().all { it.isNaN() || it == round(it) }) {
        "$argument needs a column of clones, but obs['$key'] is a numeric column (${stored.dtypeName()}) of " +
            "measurements; name the one with the label of each cell's clone"
    }
    val column = stored.toLabels()
    require(nObs > 0) { "$argument needs cells, but the object that has obs['$key'] has none (0 x $nVars)" }
    val names = column.categoryNames()
    val missing = names.indexOf(naValue)
    val codes = column.codes().map { if (it == missing) Categories.MISSING else it }.toIntArray()
    val labels = Categories("obs['$key']", codes, names.toTypedArray()).withoutUnused()
    require(labels.nLevels() > 0) {
        "$argument needs a column of clones, but all of obs['$key'] is missing${naValue?.let { " or '$it'" }.orEmpty()}"
    }
    return labels
}

/** Tells which argument names the column, and what makes one where there is a matrix of memberships. */
private fun AnnData.noCloneColumn(key: String, argument: String): MissingKeyException {
    val maker = "run c2v.pp.labelClones() first, which makes one from obsm['$MEMBERSHIP']"
    val hint = if (MEMBERSHIP in obsm.keys) ", or $maker" else ""
    return MissingKeyException("obs", key, obs.keys, "$argument names the column with each cell's clone: give it$hint.")
}

/**
 * `obs[key]` of an object of clones, as labels that every clone has. What was measured is no label.
 *
 * @param step that needs them, for messages
 */
internal fun AnnData.cloneGroups(key: String, step: String): Categories {
    val column = obsColumn(key)
    val labels = column.toLabels().toCategories(key).complete("clone") { "'${obsNames[it]}'" }
    return if (column is NumericColumn && !column.isInteger) labels.shared(step, "clones") else labels
}

/** The column of cells that [clones] was made from: [obsName], or what `c2v.pp.clonesAdata` has noted. */
internal fun cloneColumn(clones: AnnData, obsName: String?): String =
    obsName ?: clones.uns[MADE_FROM] as? String
        ?: throw IllegalArgumentException(
            "obsName must name the column of clones in the cells: uns['obs_name'] of the clones is missing, as after " +
                "sc.concat",
        )

private fun isSwapped(cells: AnnData, clones: AnnData, obsName: String?) =
    MADE_FROM in cells.uns && MADE_FROM !in clones.uns && "n_cells" in cells.obs.keys &&
        (obsName == null || !cells.obs.contains(obsName))

/**
 * The clone of every cell by its row in [clones], matched by name; cells of other clones have none.
 *
 * @param obsName column of the cells; null for the one that the clones were made from
 * @throws IllegalArgumentException when no cell belongs to any of the clones
 */
internal fun AnnData.membership(clones: AnnData, obsName: String? = null): Categories {
    require(!isSwapped(this, clones, obsName)) {
        "cells come first and clones second, but the first object was made by c2v.pp.clonesAdata() and the second " +
            "was not; exchange the two"
    }
    val key = cloneColumn(clones, obsName)
    val names = clones.obsNames
    require(names.isNotEmpty()) { "clones must have a row for every clone, got an object without rows" }
    val rows = names.withIndex().associate { (row, name) -> name to row }
    val labels = cloneLabels(key, "obsName", NO_CLONE.takeIf { it !in rows })
    require(rows.size == names.size) { "names of clones must be distinct; run clones.obsNamesMakeUnique() first" }
    val place = labels.levels().map { rows[it] ?: Categories.MISSING }
    require(place.any { it >= 0 }) {
        "no clone of obs['$key'] is a row of the clones, which are called '${names.first()}', ...; the cells have " +
            "'${labels.level(0)}', ...${Check.suggestion(labels.level(0), names)} obsName says which column holds them"
    }
    val cloneOf = labels.codes().map { if (it < 0) Categories.MISSING else place[it] }.toIntArray()
    return Categories("obs['$key']", cloneOf, names.toTypedArray())
}

/**
 * A new object about the [rows] of [clones]: their `obs`, `obsm`, `obsp` and `uns`, with other values.
 *
 * @param x the chosen clones by [columns]
 */
internal fun aboutClones(clones: AnnData, rows: IntArray, x: Matrix, columns: DataFrame): AnnData {
    val own = clones.select(AxisIndex.positions(*rows), AxisIndex.positions()).copy()
    val made = AnnData(x, own.obs, columns)
    own.obsm.keys.forEach { made.obsm.set(it, own.obsm[it]) }
    own.obsp.keys.forEach { made.obsp.set(it, own.obsp[it]) }
    made.uns = own.uns
    return made
}
