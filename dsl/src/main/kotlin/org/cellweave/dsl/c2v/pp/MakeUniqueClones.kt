package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.NO_CLONE
import org.cellweave.dsl.slots.cloneLabels

/**
 * A new object in which every cell has one clone, for cells that were barcoded more than once: a cell stands in it as
 * often as it has labels, and once when it has none.
 *
 * Reads the columns [injectionCols] of `obs`. Writes nothing to [adata]; the new object has
 * `obs[finalObsName]` (categorical): `{column}_{clone}`, or [naValue]. Names of cells that stand in it several times
 * get a number.
 *
 * @param injectionCols columns of clones, one for each barcoding
 * @param naValue what they say of cells without a clone
 */
public fun ClonalPreprocessing.makeUniqueClones(
    adata: AnnData,
    injectionCols: Collection<String>,
    naValue: String = NO_CLONE,
    finalObsName: String = "clone",
): AnnData {
    require(injectionCols.isNotEmpty()) { "injectionCols must name a column of clones, got none" }
    require(injectionCols.distinct().size == injectionCols.size) {
        "injectionCols must differ, got ${injectionCols.toList()}"
    }
    val columns = injectionCols.map { it to adata.cloneLabels(it, "injectionCols", naValue) }
    val made = { cells: AnnData -> "created ${cells.nObs} rows of ${adata.nObs} cells with obs['$finalObsName']" }
    return Log.timed("creating unique per-cell clone labels", made) {
        val rows = ArrayList<Int>()
        val labels = ArrayList<String>()
        for (cell in 0 until adata.nObs) {
            val found = columns.filter { (_, clones) -> clones.code(cell) >= 0 }
            found.mapTo(labels) { (name, clones) -> "${name}_${clones.level(clones.code(cell))}" }
            if (found.isEmpty()) labels += naValue
            repeat(maxOf(1, found.size)) { rows += cell }
        }
        val out = adata.select(AxisIndex.positions(*rows.toIntArray()), AxisIndex.ALL).copy()
        out.obsNamesMakeUnique()
        out.obs.set(finalObsName, CategoricalColumn.ofTexts(*labels.toTypedArray()))
        out
    }
}
