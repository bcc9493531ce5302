package org.cellweave.dsl

import org.cellweave.data.AxisIndex
import org.cellweave.matrix.AxisReductions
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.MathFunction
import org.cellweave.matrix.Quantiles
import org.cellweave.util.ShapeMismatchException

/** Mean; NaN of none. */
public fun DoubleArray.mean(): Double = AxisReductions.total(this) / size

/** The middle, or the mean of the middle two; NaN where there is one. */
public fun DoubleArray.median(): Double = Quantiles.median(this, false)

/** Value below which a share [q] lies, between two values by their distance. */
public fun DoubleArray.quantile(q: Double): Double = Quantiles.of(this, q, false)

/** Variance, divided by the number of values less [ddof]; NumPy's default is 0. */
public fun DoubleArray.variance(ddof: Int = 0): Double =
    AxisReductions.variance(asRow(), 1, AxisReductions.ddof(ddof))[0]

/** As [variance], by NumPy's name, which Kotlin wants in back-ticks. */
public fun DoubleArray.`var`(ddof: Int = 0): Double = variance(ddof)

/** Standard deviation; the root of [variance]. */
public fun DoubleArray.std(ddof: Int = 0): Double = kotlin.math.sqrt(variance(ddof))

/** Where the largest stands: the first of equal ones, of NaN if there is one. */
public fun DoubleArray.argmax(): Int = AxisReductions.argExtreme(asRow(), 1, true)[0]

/** Where the smallest stands. */
public fun DoubleArray.argmin(): Int = AxisReductions.argExtreme(asRow(), 1, false)[0]

/** Positions in the order of the values, equal ones as they stand, NaN last. */
public fun DoubleArray.argsort(): IntArray {
    val order = Array(size) { it }
    order.sortWith { a, b -> compareValues(this[a] + 0.0, this[b] + 0.0) }
    return IntArray(size) { order[it] }
}

/** Running sums. */
public fun DoubleArray.cumsum(): DoubleArray {
    var sum = 0.0
    return DoubleArray(size) {
        sum += this[it]
        sum
    }
}

/** Rounded to [decimals] places, halves to the even neighbour as in NumPy. */
public fun DoubleArray.round(decimals: Int = 0): DoubleArray =
    Elementwise.rounded(asRow(), decimals).toDense().doubleData()

/** Between two bounds, null for none. */
public fun DoubleArray.clip(min: Number? = null, max: Number? = null): DoubleArray =
    asRow().clip(min, max).toDense().doubleData()

/** Every value without its sign. */
public fun DoubleArray.abs(): DoubleArray = mapped(MathFunction.ABS)

/** The values where [mask] is true. */
public operator fun DoubleArray.get(mask: BooleanArray): DoubleArray = this[whereTrue(mask, size)]

/** The values at these positions; negative ones count from the end. */
public operator fun DoubleArray.get(at: IntArray): DoubleArray =
    AxisIndex.positions(*at).resolve("the array", List(size) { "" }).let { p -> DoubleArray(p.size) { this[p[it]] } }

/** The values at positions of a range. */
public operator fun DoubleArray.get(at: IntProgression): DoubleArray =
    positions(at, size, "the array").let { p -> if (p == null) clone() else DoubleArray(p.size) { this[p[it]] } }

/** Overwrites the places where [mask] is true. */
public operator fun DoubleArray.set(mask: BooleanArray, value: Number) {
    for (k in whereTrue(mask, size)) this[k] = value.toDouble()
}

/** Overwrites the places where [mask] is true, with one value for each of them. */
public operator fun DoubleArray.set(mask: BooleanArray, values: DoubleArray) {
    val at = whereTrue(mask, size)
    requireSameSize(at.size, values.size)
    for (k in at.indices) this[at[k]] = values[k]
}

/** A matrix of the same values, row after row; one of the two may be -1. On the same memory, as NumPy's. */
public fun DoubleArray.reshape(nRows: Int, nCols: Int): DenseMatrix {
    val (rows, cols) = filled(size, nRows, nCols)
    return DenseMatrix.wrap(this, rows, cols)
}

private fun filled(size: Int, nRows: Int, nCols: Int): Pair<Int, Int> {
    val given = if (nRows == -1) nCols else nRows
    val open = nRows == -1 || nCols == -1
    val fits = if (open) given > 0 && size % given == 0 else nRows >= 0 && nRows.toLong() * nCols == size.toLong()
    if (!fits || (nRows == -1 && nCols == -1)) {
        throw ShapeMismatchException("an array of $size cannot be $nRows x $nCols; one of the two may be -1")
    }
    return (if (nRows == -1) size / nCols else nRows) to (if (nCols == -1) size / nRows else nCols)
}

/** A matrix of float64 values, row after row; one of the two may be -1. */
public fun IntArray.reshape(nRows: Int, nCols: Int): DenseMatrix = doublesOf(this).reshape(nRows, nCols)

/** These values; scipy's sums are matrices that want it. */
@Suppress("ktlint:standard:property-naming")
public val DoubleArray.A1: DoubleArray get() = this

/** These values as whole numbers. */
@Suppress("ktlint:standard:property-naming")
public val IntArray.A1: IntArray get() = this

/** A copy. */
public fun DoubleArray.ravel(): DoubleArray = clone()

/** A copy. */
public fun DoubleArray.flatten(): DoubleArray = clone()

/** A copy. */
public fun DoubleArray.copy(): DoubleArray = clone()

/** A copy. */
public fun IntArray.ravel(): IntArray = clone()

/** A copy. */
public fun IntArray.flatten(): IntArray = clone()

/** A copy. */
public fun IntArray.copy(): IntArray = clone()

/** As a list. */
public fun DoubleArray.tolist(): List<Double> = toList()

/** As a list. */
public fun IntArray.tolist(): List<Int> = toList()

/** As a list. */
public fun FloatArray.tolist(): List<Float> = toList()

/** How many values there are. */
public val DoubleArray.shape: List<Int> get() = listOf(size)

/** How many values there are. */
public val IntArray.shape: List<Int> get() = listOf(size)

/**
 * The values under another type: `float` and `float64` give a [DoubleArray], which [toFloats] and [toInts] name by
 * their
 * kind.
 */
public fun DoubleArray.astype(dtype: Any): DoubleArray =
    astypeOf(this, dtype)

/** The values under another type, as the numbers that it holds. */
public fun IntArray.astype(dtype: Any): DoubleArray = astypeOf(doublesOf(this), dtype)

/** 1 and 0 under another type. */
public fun BooleanArray.astype(dtype: Any): DoubleArray = astypeOf(doublesOf(this), dtype)

private fun astypeOf(values: DoubleArray, dtype: Any): DoubleArray =
    Elementwise
        .astype(values.asRow(), dtypeOf(dtype))
        .toDense()
        .doubleData()
        .clone()

/** Decimals cut off, as `astype(int)`; what 32 bits do not hold is refused. */
public fun DoubleArray.toInts(): IntArray =
    IntArray(size) {
        val v = this[it]
        require(v > -2147483649.0 && v < 2147483648.0) { "whole numbers of 32 bits do not hold $v, at $it" }
        v.toInt()
    }

/** Mean. */
public fun IntArray.mean(): Double = doublesOf(this).mean()

/** The middle, or the mean of the middle two. */
public fun IntArray.median(): Double = doublesOf(this).median()

/** Standard deviation; [ddof] lessens what the squares are divided by. */
public fun IntArray.std(ddof: Int = 0): Double = doublesOf(this).std(ddof)

/** Where the largest stands. */
public fun IntArray.argmax(): Int = doublesOf(this).argmax()

/** Where the smallest stands. */
public fun IntArray.argmin(): Int = doublesOf(this).argmin()

/** Positions in the order of the values, equal ones as they stand. */
public fun IntArray.argsort(): IntArray = doublesOf(this).argsort()

/** The values where [mask] is true. */
public operator fun IntArray.get(mask: BooleanArray): IntArray =
    whereTrue(mask, size).let { at -> IntArray(at.size) { this[at[it]] } }

/** The values at these positions. */
public operator fun IntArray.get(at: IntArray): IntArray =
    AxisIndex.positions(*at).resolve("the array", List(size) { "" }).let { p -> IntArray(p.size) { this[p[it]] } }

/** The values at positions of a range. */
public operator fun IntArray.get(at: IntProgression): IntArray =
    positions(at, size, "the array").let { p -> if (p == null) clone() else IntArray(p.size) { this[p[it]] } }

/** Mean. */
public fun FloatArray.mean(): Double = doublesOf(this).mean()

/** The middle, or the mean of the middle two. */
public fun FloatArray.median(): Double = doublesOf(this).median()

/** Standard deviation; [ddof] lessens what the squares are divided by. */
public fun FloatArray.std(ddof: Int = 0): Double = doublesOf(this).std(ddof)

internal fun DoubleArray.mapped(function: MathFunction): DoubleArray =
    Elementwise.of(asRow(), function).toDense().doubleData()
