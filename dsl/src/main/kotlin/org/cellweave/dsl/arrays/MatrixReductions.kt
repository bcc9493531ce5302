package org.cellweave.dsl

import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.AxisReductions
import org.cellweave.matrix.Matrix
import org.cellweave.matrix.Quantiles

/** Sum of all values, in float64; NaN where there is one. */
public fun AxisArray.sum(): Double = AxisReductions.total(matrix())

/** Sums in float64: axis 0 gives one for every column, 1 one for every row. Zeros that are not stored count. */
public fun AxisArray.sum(axis: Int): DoubleArray = AxisReductions.sum(matrix(), axisOf(axis))

/**
 * As [sum] by an axis, as a matrix of one row or one column when [keepdims] is true: `x / x.sum(1, keepdims = true)`.
 */
public fun AxisArray.sum(axis: Int, keepdims: Boolean): Matrix = kept(sum(axis), axis, keepdims)

/** Mean of all values. */
public fun AxisArray.mean(): Double = matrix().let { AxisReductions.total(it) / places(it) }

/** Means: axis 0 gives one for every column, 1 one for every row. */
public fun AxisArray.mean(axis: Int): DoubleArray = AxisReductions.mean(matrix(), axisOf(axis))

/** As [mean] by an axis, as a matrix of one row or one column. */
public fun AxisArray.mean(axis: Int, keepdims: Boolean): Matrix = kept(mean(axis), axis, keepdims)

/** Variance of all values. */
public fun AxisArray.variance(): Double = variance(ddof = 0 as Number)

/** Variance of all values, divided by their number less [ddof]: `x.variance(ddof = 1)`. */
public fun AxisArray.variance(ddof: Number): Double =
    AxisReductions.totalVariance(matrix(), AxisReductions.ddof(ddof.toInt()))

/** Variances of every column (axis 0) or row (1), divided by their number less [ddof]; NumPy's default is 0. */
public fun AxisArray.variance(axis: Int, ddof: Int = 0): DoubleArray =
    AxisReductions.variance(matrix(), axisOf(axis), AxisReductions.ddof(ddof))

/** As [variance], by NumPy's name, which Kotlin wants in back-ticks. */
public fun AxisArray.`var`(axis: Int, ddof: Int = 0): DoubleArray = variance(axis, ddof)

/** Standard deviation of all values; the root of [variance]. */
public fun AxisArray.std(): Double = kotlin.math.sqrt(variance())

/** Standard deviation of all values; the root of [variance]. */
public fun AxisArray.std(ddof: Number): Double = kotlin.math.sqrt(variance(ddof))

/** Standard deviations of every column (axis 0) or row (1); the roots of [variance]. */
public fun AxisArray.std(axis: Int, ddof: Int = 0): DoubleArray = rooted(variance(axis, ddof))

/** As [std] by an axis, as a matrix of one row or one column. */
public fun AxisArray.std(axis: Int, ddof: Int = 0, keepdims: Boolean): Matrix = kept(std(axis, ddof), axis, keepdims)

/** Smallest of all values; NaN where there is one. */
public fun AxisArray.min(): Double = extreme(this, false)

/** Smallest of every column (axis 0) or row (1). */
public fun AxisArray.min(axis: Int): DoubleArray =
    AxisReductions.extreme(matrix(), axisOf(axis), false, false)

/** Largest of all values; NaN where there is one. */
public fun AxisArray.max(): Double = extreme(this, true)

/** Largest of every column (axis 0) or row (1). */
public fun AxisArray.max(axis: Int): DoubleArray =
    AxisReductions.extreme(matrix(), axisOf(axis), true, false)

private fun extreme(x: AxisArray, largest: Boolean): Double {
    val rows = AxisReductions.extreme(x.matrix(), 1, largest, false)
    return AxisReductions.extreme(rows.asRow(), 1, largest, false)[0]
}

/** Where the largest of every column (axis 0) or row (1) stands: the first of equal ones, NaN if there is one. */
public fun AxisArray.argmax(axis: Int): IntArray = AxisReductions.argExtreme(matrix(), axisOf(axis), true)

/** Where the smallest of every column (axis 0) or row (1) stands. */
public fun AxisArray.argmin(axis: Int): IntArray = AxisReductions.argExtreme(matrix(), axisOf(axis), false)

/** Median of every column (axis 0) or row (1); a sparse matrix is not made dense for it. */
public fun AxisArray.median(axis: Int): DoubleArray = Quantiles.medians(matrix(), axisOf(axis), false)

/** Median of all values, which are copied. */
public fun AxisArray.median(): Double = Quantiles.median(flatten(), false)

/** Quantile of every column (axis 0) or row (1), between two values by their distance; [q] from 0 to 1. */
public fun AxisArray.quantile(q: Double, axis: Int): DoubleArray = Quantiles.of(matrix(), q, axisOf(axis), false)

/** Quantile of all values, which are copied; [q] from 0 to 1. */
public fun AxisArray.quantile(q: Double): Double = Quantiles.of(flatten(), q, false)

/** Whether any value is not zero. */
public fun AxisArray.any(): Boolean = any(1).any { it }

/** Whether a column (axis 0) or row (1) has a value that is not zero. */
public fun AxisArray.any(axis: Int): BooleanArray = countNonzero(axis).let { n -> BooleanArray(n.size) { n[it] > 0 } }

/** Whether all values of a column (axis 0) or row (1) are not zero. */
public fun AxisArray.all(axis: Int): BooleanArray {
    val x = matrix()
    val most = if (axisOf(axis) == 0) x.nRows() else x.nCols()
    return countNonzero(axis).let { n -> BooleanArray(n.size) { n[it] == most } }
}

/** How many values of every column (axis 0) or row (1) are not zero. */
public fun AxisArray.countNonzero(axis: Int): IntArray = AxisReductions.countNonzero(matrix(), axisOf(axis))

/** As [countNonzero], by scipy's name; here zeros that are stored do not count. */
public fun AxisArray.getnnz(axis: Int): IntArray = countNonzero(axis)

internal fun axisOf(given: Int): Int = AxisReductions.axis(given)

internal fun places(x: Matrix): Double = x.nRows().toDouble() * x.nCols()

internal fun rooted(values: DoubleArray): DoubleArray = DoubleArray(values.size) { kotlin.math.sqrt(values[it]) }

private fun kept(values: DoubleArray, axis: Int, keepdims: Boolean): Matrix {
    require(keepdims) { "keepdims = false gives an array in one dimension; leave keepdims out" }
    return if (axisOf(axis) == 0) values.asRow() else values.asColumn()
}
