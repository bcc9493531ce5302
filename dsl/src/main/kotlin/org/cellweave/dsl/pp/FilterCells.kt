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
    val bounds = Bounds(minCounts, minGenes, maxCounts, maxGenes)
    return Axis.CELLS.filtered(adata.X, bounds).also { if (inplace) Axis.CELLS.keep(adata, it, bounds) }
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
    return Axis.CELLS.filtered(x, Bounds(minCounts, minGenes, maxCounts, maxGenes))
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
    val bounds = Bounds(minCounts, minCells, maxCounts, maxCells)
    return Axis.GENES.filtered(adata.X, bounds).also { if (inplace) Axis.GENES.keep(adata, it, bounds) }
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
    return Axis.GENES.filtered(x, Bounds(minCounts, minCells, maxCounts, maxCells))
}

/** What a filter asks of counts, or of how many there are on the other axis. */
private class Bounds(
    private val minCounts: Number?,
    private val minOthers: Int?,
    private val maxCounts: Number?,
    private val maxOthers: Int?,
) {
    val isOfOthers: Boolean get() = minOthers != null || maxOthers != null

    /** As in "less than 3 cells", where [others] are counted. */
    fun said(others: String): String {
        val side = if (minOthers != null || minCounts != null) "less" else "more"
        val bound = if (isOfOthers) "${minOthers ?: maxOthers} $others" else "${minCounts ?: maxCounts} counts"
        return "$side than $bound"
    }

    fun criterion() = Counts.Criterion(minCounts?.toDouble(), minOthers, maxCounts?.toDouble(), maxOthers)
}

/** What is filtered, and by what. */
private enum class Axis(
    private val what: String,
    private val others: String,
    private val verb: String,
    private val numbers: String,
) {
    CELLS("cells", "genes expressed", "have", "n_genes"),
    GENES("genes", "cells", "are detected in", "n_cells"),
    ;

    fun filtered(x: Matrix, bounds: Bounds): Filtered {
        val criterion = bounds.criterion()
        val filter = if (this == CELLS) Counts.filterCells(x, criterion) else Counts.filterGenes(x, criterion)
        val numbers = filter.numbers()
        val column =
            if (bounds.isOfOthers) {
                NumericColumn.of(*LongArray(numbers.size) { numbers[it].toLong() })
            } else {
                sumColumn(x.dtype(), numbers).also { warnOfInfinite(numbers, x) }
            }
        return Filtered(filter.keep(), column)
    }

    fun keep(adata: AnnData, found: Filtered, bounds: Bounds) {
        val kept = found.keep.indices
            .filter { found.keep[it] }
            .toIntArray()
        if (kept.size < found.keep.size) {
            Log.info("filtered out ${found.keep.size - kept.size} $what that $verb ${bounds.said(others)}")
            val places = AxisIndex.positions(*kept)
            if (this == CELLS) adata.subset(places, AxisIndex.ALL) else adata.subset(AxisIndex.ALL, places)
        }
        val table = if (this == CELLS) adata.obs else adata.`var`
        table.set(if (bounds.isOfOthers) numbers else "n_counts", found.number.take(kept))
    }
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
