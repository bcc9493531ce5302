package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.matrix.Arithmetic
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.matrix.Quantiles

/** The values in order, NaN last; another array. */
public fun NumPy.sort(x: DoubleArray): DoubleArray = x.sortedArray()

/** The values in order; another array. */
public fun NumPy.sort(x: IntArray): IntArray = x.sortedArray()

/** The values in order; another list. */
public fun <T : Comparable<T>> NumPy.sort(x: Iterable<T>): List<T> = x.sorted()

/** The values from the last to the first, as Python's `x[::-1]`; another array. */
public fun NumPy.flip(x: DoubleArray): DoubleArray = x.reversedArray()

/** See the other. */
public fun NumPy.flip(x: IntArray): IntArray = x.reversedArray()

/** See the other. */
public fun <T> NumPy.flip(x: List<T>): List<T> = x.reversed()

/** Positions in the order of the values, equal ones as they stand, NaN last. */
public fun NumPy.argsort(x: DoubleArray): IntArray = x.argsort()

/** Positions in the order of the values, equal ones as they stand. */
public fun NumPy.argsort(x: IntArray): IntArray = x.argsort()

/** Positions in the order of the numbers of a column, missing ones last. */
public fun NumPy.argsort(x: Column): IntArray = x.toDoubles().argsort()

/** Where the largest stands: the first of equal ones. */
public fun NumPy.argmax(x: DoubleArray): Int = x.argmax()

/** Where the largest stands: the first of equal ones. */
public fun NumPy.argmax(x: IntArray): Int = x.argmax()

/** Where the largest of a column of numbers stands. */
public fun NumPy.argmax(x: Column): Int = x.toDoubles().argmax()

/** Where the largest of every column (axis 0) or row (1) stands. */
public fun NumPy.argmax(x: AxisArray, axis: Int): IntArray = x.argmax(axis)

/** Where the smallest stands: the first of equal ones. */
public fun NumPy.argmin(x: DoubleArray): Int = x.argmin()

/** Where the smallest stands: the first of equal ones. */
public fun NumPy.argmin(x: IntArray): Int = x.argmin()

/** Where the smallest of a column of numbers stands. */
public fun NumPy.argmin(x: Column): Int = x.toDoubles().argmin()

/** Where the smallest of every column (axis 0) or row (1) stands. */
public fun NumPy.argmin(x: AxisArray, axis: Int): IntArray = x.argmin(axis)

/** Value below which a share [q], from 0 to 1, lies; between two values by their distance. */
public fun NumPy.quantile(x: DoubleArray, q: Double): Double = Quantiles.of(x, q, false)

/** Values below which these shares lie. */
public fun NumPy.quantile(x: DoubleArray, q: Collection<Number>): DoubleArray =
    doublesOf(q).let { shares -> DoubleArray(shares.size) { Quantiles.of(x, shares[it], false) } }

/** Value of a column of numbers below which a share [q] lies. */
public fun NumPy.quantile(x: Column, q: Double): Double = quantile(x.toDoubles(), q)

/** Value of all of a matrix below which a share [q] lies. */
public fun NumPy.quantile(x: AxisArray, q: Double): Double = x.quantile(q)

/** Values of every column (axis 0) or row (1) below which a share [q] lies. */
public fun NumPy.quantile(x: AxisArray, q: Double, axis: Int): DoubleArray = x.quantile(q, axis)

/** As [quantile], of percents from 0 to 100. */
public fun NumPy.percentile(x: DoubleArray, q: Number): Double = quantile(x, share(q))

/** As [quantile], of percents. */
public fun NumPy.percentile(x: DoubleArray, q: Collection<Number>): DoubleArray = quantile(x, q.map { share(it) })

/** As [quantile], of percents. */
public fun NumPy.percentile(x: Column, q: Number): Double = quantile(x.toDoubles(), share(q))

/** As [quantile], of percents. */
public fun NumPy.percentile(x: AxisArray, q: Number): Double = x.quantile(share(q))

/** As [quantile], of percents. */
public fun NumPy.percentile(x: AxisArray, q: Number, axis: Int): DoubleArray = x.quantile(share(q), axis)

private fun share(percent: Number): Double {
    require(percent.toDouble() in 0.0..100.0) { "q must lie in [0, 100] percent, got $percent" }
    return percent.toDouble() / 100
}

/** Rounded to [decimals] places, halves to the even neighbour. */
public fun NumPy.round(x: DoubleArray, decimals: Int = 0): DoubleArray = x.round(decimals)

/** Rounded to [decimals] places, halves to the even neighbour. */
public fun NumPy.round(x: AxisArray, decimals: Int = 0): Matrix = x.round(decimals)

/** Rounded to [decimals] places, halves to the even neighbour. */
public fun NumPy.round(x: Number, decimals: Int = 0): Double = doubleArrayOf(x.toDouble()).round(decimals)[0]

/** Between two bounds, null for none. */
public fun NumPy.clip(x: DoubleArray, min: Number?, max: Number?): DoubleArray = x.clip(min, max)

/** Between two bounds, null for none; a sparse matrix is refused where 0 is not between them. */
public fun NumPy.clip(x: AxisArray, min: Number?, max: Number?): Matrix = x.clip(min, max)

/** The larger, place by place. */
public fun NumPy.maximum(x: AxisArray, other: Any): Matrix = combined(x.matrix(), Arithmetic.MAXIMUM, other)

/** The smaller, place by place. */
public fun NumPy.minimum(x: AxisArray, other: Any): Matrix = combined(x.matrix(), Arithmetic.MINIMUM, other)

/** The larger, place by place. */
public fun NumPy.maximum(x: DoubleArray, other: Number): DoubleArray = x.with(Arithmetic.MAXIMUM, other)

/** The larger, place by place. */
public fun NumPy.maximum(x: DoubleArray, other: DoubleArray): DoubleArray = x.with(Arithmetic.MAXIMUM, other)

/** The smaller, place by place. */
public fun NumPy.minimum(x: DoubleArray, other: Number): DoubleArray = x.with(Arithmetic.MINIMUM, other)

/** The smaller, place by place. */
public fun NumPy.minimum(x: DoubleArray, other: DoubleArray): DoubleArray = x.with(Arithmetic.MINIMUM, other)

/** Every place to a power. */
public fun NumPy.power(x: AxisArray, exponent: Any): Matrix = x.power(exponent)

/** Every place to a power. */
public fun NumPy.power(x: DoubleArray, exponent: Number): DoubleArray = x pow exponent

/** A number to a power. */
public fun NumPy.power(x: Number, exponent: Number): Double = Math.pow(x.toDouble(), exponent.toDouble())

/** Running sums. */
public fun NumPy.cumsum(x: DoubleArray): DoubleArray = x.cumsum()

/** Running sums of a column of numbers. */
public fun NumPy.cumsum(x: Column): DoubleArray = x.toDoubles().cumsum()

/** Every value less the one before it: one fewer. */
public fun NumPy.diff(x: DoubleArray): DoubleArray = DoubleArray(maxOf(0, x.size - 1)) { x[it + 1] - x[it] }

/** Matrix product. */
public fun NumPy.dot(a: AxisArray, b: AxisArray): DenseMatrix = a dot b

/** Matrix product. */
public fun NumPy.matmul(a: AxisArray, b: AxisArray): DenseMatrix = a dot b

/** Product of a matrix with one number for every column. */
public fun NumPy.dot(a: AxisArray, b: DoubleArray): DoubleArray = a dot b

/** Sum of the products, place by place. */
public fun NumPy.dot(a: DoubleArray, b: DoubleArray): Double = (a * b).sum()

/** Rows as columns. */
public fun NumPy.transpose(x: AxisArray): Matrix = x.T

/** Pearson's correlations of the rows of a matrix with each other. */
public fun NumPy.corrcoef(x: AxisArray): DenseMatrix {
    val centred = x.matrix().toDense().toFloat64() - x.mean(1, keepdims = true)
    val scaled = centred / (centred * centred).sum(1).let { rooted(it).asColumn() }
    return scaled dot scaled.T
}

/** Pearson's correlation of two arrays, as a matrix of 2 by 2. */
public fun NumPy.corrcoef(x: DoubleArray, y: DoubleArray): DenseMatrix {
    requireSameSize(x.size, y.size)
    return corrcoef(vstack(listOf(x, y)))
}

/** Pearson's correlation of two columns of numbers, as a matrix of 2 by 2. */
public fun NumPy.corrcoef(x: Column, y: Column): DenseMatrix = corrcoef(x.toDoubles(), y.toDoubles())

/** Counts of values in bins, and the edges of these: `val (counts, edges) = np.histogram(x)`. */
public class Histogram internal constructor(
    public val counts: IntArray,
    public val edges: DoubleArray,
) {
    public operator fun component1(): IntArray = counts

    public operator fun component2(): DoubleArray = edges
}

/**
 * Counts of values in bins of equal width. The last bin holds its upper edge, as in NumPy.
 *
 * @param range of the bins; null for that of the values
 */
public fun NumPy.histogram(x: DoubleArray, bins: Int = 10, range: Pair<Number, Number>? = null): Histogram {
    require(bins > 0) { "bins must be positive, got $bins" }
    val bad = x.find { !it.isFinite() }
    require(bad == null || range != null) { "histogram needs finite values, got $bad; give a range" }
    var low = range?.first?.toDouble() ?: if (x.isEmpty()) 0.0 else x.min()
    var high = range?.second?.toDouble() ?: if (x.isEmpty()) 1.0 else x.max()
    require(low <= high) { "range must increase, got $low and $high" }
    if (low == high) {
        low -= 0.5
        high += 0.5
    }
    return histogram(x, linspace(low, high, bins + 1))
}

/** Counts of values between these edges, which increase. */
public fun NumPy.histogram(x: DoubleArray, bins: DoubleArray): Histogram {
    require(bins.size > 1 && (1 until bins.size).all { bins[it] >= bins[it - 1] }) { "edges of bins must increase" }
    val counts = IntArray(bins.size - 1)
    for (v in x) {
        if (!(v >= bins.first() && v <= bins.last())) continue
        val found = bins.binarySearch(v)
        var at = if (found >= 0) found else -found - 2
        while (at + 1 < counts.size && bins[at + 1] <= v) at++
        counts[minOf(at, counts.size - 1)]++
    }
    return Histogram(counts, bins)
}

/** Counts of the values of a column of numbers in bins of equal width. */
public fun NumPy.histogram(x: Column, bins: Int = 10): Histogram = histogram(x.toDoubles(), bins)
