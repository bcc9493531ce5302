package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.design.Categories
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check

/** What stands in a column of clones for a cell without one; `NaN` says the same. */
internal const val NO_CLONE = "NA"

/**
 * `obs[key]` as clones: cells without a label, and those labelled [naValue], have none.
 *
 * @param argument that names the column, for messages
 * @param naValue null where every text is a clone
 */
internal fun AnnData.cloneLabels(key: String, argument: String, naValue: String? = NO_CLONE): Categories {
    val column = obsColumn(key).toLabels()
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
    obsName ?: clones.uns["obs_name"] as? String
        ?: throw IllegalArgumentException(
            "obsName must name the column of clones in the cells: uns['obs_name'] of the clones is missing, as after " +
                "sc.concat",
        )

/**
 * The clone of every cell by its row in [clones], matched by name; cells of other clones have none.
 *
 * @param obsName column of the cells; null for the one that the clones were made from
 * @throws IllegalArgumentException when no cell belongs to any of the clones
 */
internal fun AnnData.membership(clones: AnnData, obsName: String? = null): Categories {
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
