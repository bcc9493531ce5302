package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Counts

/**
 * Keeps cells with enough (or not too many) counts or expressed genes; exactly one bound per call. See [Counts].
 *
 * Reads `X`. Writes `obs["n_genes"]` or `obs["n_counts"]` and removes the other cells from every slot.
 */
public fun Preprocessing.filterCells(
    adata: AnnData,
    minCounts: Number? = null,
    minGenes: Int? = null,
    maxCounts: Number? = null,
    maxGenes: Int? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val criterion = Counts.Criterion(minCounts?.toDouble(), minGenes, maxCounts?.toDouble(), maxGenes)
    val filter = Counts.filterCells(target.X, criterion)
    val byGenes = minGenes != null || maxGenes != null
    val key = if (byGenes) "n_genes" else "n_counts"
    val before = target.obs.find(key)
    target.obs.set(key, filtered(filter.numbers(), byGenes, target.X))
    if (filter.removed() > 0) {
        val bound = if (byGenes) "${minGenes ?: maxGenes} genes expressed" else "${minCounts ?: maxCounts} counts"
        val side = if (minGenes != null || minCounts != null) "less" else "more"
        Log.info("filtered out ${filter.removed()} cells that have $side than $bound")
        orElse({ if (before == null) target.obs.remove(key) else target.obs.set(key, before) }) {
            target.subset(AxisIndex.mask(*filter.keep()), AxisIndex.ALL)
        }
    }
    return target
}

/**
 * Keeps genes with enough (or not too many) counts or expressing cells; exactly one bound per call. See [Counts].
 *
 * Reads `X`. Writes `var["n_cells"]` or `var["n_counts"]` and removes the other genes from every slot.
 */
public fun Preprocessing.filterGenes(
    adata: AnnData,
    minCounts: Number? = null,
    minCells: Int? = null,
    maxCounts: Number? = null,
    maxCells: Int? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val criterion = Counts.Criterion(minCounts?.toDouble(), minCells, maxCounts?.toDouble(), maxCells)
    val filter = Counts.filterGenes(target.X, criterion)
    val byCells = minCells != null || maxCells != null
    val key = if (byCells) "n_cells" else "n_counts"
    val before = target.`var`.find(key)
    target.`var`.set(key, filtered(filter.numbers(), byCells, target.X))
    if (filter.removed() > 0) {
        val bound = if (byCells) "${minCells ?: maxCells} cells" else "${minCounts ?: maxCounts} counts"
        val side = if (minCells != null || minCounts != null) "less" else "more"
        Log.info("filtered out ${filter.removed()} genes that are detected in $side than $bound")
        orElse({ if (before == null) target.`var`.remove(key) else target.`var`.set(key, before) }) {
            target.subset(AxisIndex.ALL, AxisIndex.mask(*filter.keep()))
        }
    }
    return target
}

/** Undoes what was done before [change] when that fails or is interrupted, so that the object stays as it was. */
private fun orElse(undo: () -> Unit, change: () -> Unit) {
    var done = false
    try {
        change()
        done = true
    } finally {
        if (!done) undo()
    }
}

private fun filtered(numbers: DoubleArray, isCount: Boolean, x: Matrix): Column =
    if (isCount) {
        NumericColumn.of(*LongArray(numbers.size) { numbers[it].toLong() })
    } else {
        numberColumn(x.dtype(), numbers)
    }
