package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.sumColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Counts
import org.cellweave.preprocess.ValueFacts
import kotlin.math.abs

/** What a filter would keep and the numbers it goes by: `val (keep, number) = sc.pp.filterCells(...)`. */
public class Filtered internal constructor(
    public val keep: BooleanArray,
    public val number: Column,
) {
    public operator fun component1(): BooleanArray = keep

    public operator fun component2(): Column = number
}

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
    filterCells(target, true, minCounts, minGenes, maxCounts, maxGenes)
    return target
}

/**
 * The cells to keep and their numbers. Reads the same; writes and removes only when [inplace] is true.
 */
public fun Preprocessing.filterCells(
    adata: AnnData,
    inplace: Boolean,
    minCounts: Number? = null,
    minGenes: Int? = null,
    maxCounts: Number? = null,
    maxGenes: Int? = null,
): Filtered {
    val found = filterCells(adata.X, minCounts, minGenes, maxCounts, maxGenes)
    if (!inplace) return found
    val byGenes = minGenes != null || maxGenes != null
    val bound = if (byGenes) "${minGenes ?: maxGenes} genes expressed" else "${minCounts ?: maxCounts} counts"
    val side = if (minGenes != null || minCounts != null) "less" else "more"
    val kept = found.keep.indices
        .filter { found.keep[it] }
        .toIntArray()
    if (kept.size < adata.nObs) {
        Log.info("filtered out ${adata.nObs - kept.size} cells that have $side than $bound")
        adata.subset(AxisIndex.positions(*kept), AxisIndex.ALL)
    }
    adata.obs.set(if (byGenes) "n_genes" else "n_counts", found.number.take(kept))
    return found
}

/**
 * The rows of a matrix to keep and their numbers. Reads [x]; writes nothing.
 */
public fun Preprocessing.filterCells(
    x: Matrix,
    minCounts: Number? = null,
    minGenes: Int? = null,
    maxCounts: Number? = null,
    maxGenes: Int? = null,
): Filtered {
    val criterion = Counts.Criterion(minCounts?.toDouble(), minGenes, maxCounts?.toDouble(), maxGenes)
    return filtered(Counts.filterCells(x, criterion), minGenes != null || maxGenes != null, x)
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
    filterGenes(target, true, minCounts, minCells, maxCounts, maxCells)
    return target
}

/**
 * The genes to keep and their numbers. Reads the same; writes and removes only when [inplace] is true.
 */
public fun Preprocessing.filterGenes(
    adata: AnnData,
    inplace: Boolean,
    minCounts: Number? = null,
    minCells: Int? = null,
    maxCounts: Number? = null,
    maxCells: Int? = null,
): Filtered {
    val found = filterGenes(adata.X, minCounts, minCells, maxCounts, maxCells)
    if (!inplace) return found
    val byCells = minCells != null || maxCells != null
    val bound = if (byCells) "${minCells ?: maxCells} cells" else "${minCounts ?: maxCounts} counts"
    val side = if (minCells != null || minCounts != null) "less" else "more"
    val kept = found.keep.indices
        .filter { found.keep[it] }
        .toIntArray()
    if (kept.size < adata.nVars) {
        Log.info("filtered out ${adata.nVars - kept.size} genes that are detected in $side than $bound")
        adata.subset(AxisIndex.ALL, AxisIndex.positions(*kept))
    }
    adata.`var`.set(if (byCells) "n_cells" else "n_counts", found.number.take(kept))
    return found
}

/**
 * The columns of a matrix to keep and their numbers. Reads [x]; writes nothing.
 */
public fun Preprocessing.filterGenes(
    x: Matrix,
    minCounts: Number? = null,
    minCells: Int? = null,
    maxCounts: Number? = null,
    maxCells: Int? = null,
): Filtered {
    val criterion = Counts.Criterion(minCounts?.toDouble(), minCells, maxCounts?.toDouble(), maxCells)
    return filtered(Counts.filterGenes(x, criterion), minCells != null || maxCells != null, x)
}

private fun filtered(filter: Counts.Filter, isNumber: Boolean, x: Matrix): Filtered {
    val numbers = filter.numbers()
    val column =
        if (isNumber) {
            NumericColumn.of(*LongArray(numbers.size) { numbers[it].toLong() })
        } else {
            sumColumn(x.dtype(), numbers).also { warnOfInfinite(numbers, x) }
        }
    return Filtered(filter.keep(), column)
}

/** Of totals that are not finite in the type in which they are stored: float32 unless X is float64. */
private fun warnOfInfinite(totals: DoubleArray, x: Matrix) {
    val most = if (x.dtype() == DType.FLOAT64) Double.MAX_VALUE else Float.MAX_VALUE.toDouble()
    val n = if (x.dtype().isFloating) totals.count { !(abs(it) <= most) } else 0
    if (n == 0) return
    val bad = ValueFacts.of(x).notFinite() != null
    val reason = if (bad) "X holds such values" else "sums exceed the range of its type"
    Log.warning("n_counts is NaN or infinite $n times, because $reason")
}
