package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.matrix.Sameness

/**
 * Whether two matrices, arrays, columns or lists hold the same values in the same shape; how they are stored does not
 * matter. NaN equals nothing unless [equalNan] is true.
 */
public fun NumPy.arrayEqual(a: Any, b: Any, equalNan: Boolean = false): Boolean = same(a, b, 0.0, 0.0, equalNan)

/**
 * Whether two matrices or arrays have the same shape and each value of [a] lies within `atol + rtol * |b|` of that of
 * [b]. NumPy would stretch one to the shape of the other; here other shapes are not close.
 */
public fun NumPy.allclose(
    a: Any,
    b: Any,
    rtol: Double = 1e-5,
    atol: Double = 1e-8,
    equalNan: Boolean = false,
): Boolean = same(a, b, rtol, atol, equalNan)

private fun same(a: Any, b: Any, rtol: Double, atol: Double, equalNan: Boolean): Boolean {
    if (isText(a) || isText(b)) return isText(a) && isText(b) && textsIn(a) == textsIn(b)
    if (a is Number && b is Number) return Sameness.near(a.toDouble(), b.toDouble(), rtol, atol, equalNan)
    if ((a is AxisArray) != (b is AxisArray)) return false
    return Sameness.of(rowsOf(a), rowsOf(b), rtol, atol, equalNan)
}

private fun rowsOf(x: Any): Matrix = if (x is AxisArray) x.matrix() else doublesOf(x).asRow()

private fun isText(x: Any): Boolean = when (x) {
    is Column -> x !is org.cellweave.data.NumericColumn && x !is org.cellweave.data.BooleanColumn
    is Collection<*> -> x.any { it is String }
    else -> false
}

private fun textsIn(x: Any): List<Any?> = if (x is Column) x.texts().toList() else (x as Collection<*>).toList()

/** Where the values lie within `atol + rtol * |b|` of each other. */
public fun NumPy.isclose(
    a: DoubleArray,
    b: DoubleArray,
    rtol: Double = 1e-5,
    atol: Double = 1e-8,
    equalNan: Boolean = false,
): BooleanArray {
    requireSameSize(a.size, b.size)
    return BooleanArray(a.size) { Sameness.near(a[it], b[it], rtol, atol, equalNan) }
}

/** Where the values lie within `atol + rtol * |b|` of [b]. */
public fun NumPy.isclose(a: DoubleArray, b: Number, rtol: Double = 1e-5, atol: Double = 1e-8): BooleanArray =
    isclose(a, full(a.size, b), rtol, atol)

/** Whether two numbers lie within `atol + rtol * |b|` of each other. */
public fun NumPy.isclose(a: Number, b: Number, rtol: Double = 1e-5, atol: Double = 1e-8): Boolean =
    Sameness.near(a.toDouble(), b.toDouble(), rtol, atol, false)

/** The values with [nan] in place of NaN, and the largest numbers in place of infinite ones unless others are given. */
public fun NumPy.nanToNum(
    x: DoubleArray,
    nan: Number = 0,
    posinf: Number? = null,
    neginf: Number? = null,
): DoubleArray = DoubleArray(x.size) {
    when {
        x[it].isNaN() -> nan.toDouble()
        x[it] == Double.POSITIVE_INFINITY -> posinf?.toDouble() ?: Double.MAX_VALUE
        x[it] == Double.NEGATIVE_INFINITY -> neginf?.toDouble() ?: -Double.MAX_VALUE
        else -> x[it]
    }
}

/** Of a column of numbers; missing ones are NaN. */
public fun NumPy.nanToNum(x: Column, nan: Number = 0): DoubleArray = nanToNum(x.toDoubles(), nan)

/** Of every place of a matrix, under its type; dense. */
public fun NumPy.nanToNum(x: AxisArray, nan: Number = 0, posinf: Number? = null, neginf: Number? = null): DenseMatrix {
    val largest = if (x.dtype == float32) Float.MAX_VALUE.toDouble() else Double.MAX_VALUE
    return nanToNum(x.flatten(), nan, posinf ?: largest, neginf ?: -largest)
        .reshape(x.shape.first, x.shape.second)
        .withDType(x.dtype)
}

/**
 * Of every value the bin it lies in: how many of the edges [bins], which increase, are at or below it, or below it
 * alone when [right] is true. NaN lies above all.
 */
public fun NumPy.digitize(x: DoubleArray, bins: Any, right: Boolean = false): IntArray {
    val edges = doublesOf(bins)
    require((1 until edges.size).all { edges[it] >= edges[it - 1] }) { "bins must increase" }
    return IntArray(x.size) { i ->
        val at = edges.asList().binarySearch { edge -> if (edge < x[i] || (edge == x[i] && !right)) -1 else 1 }
        if (x[i].isNaN()) edges.size else -at - 1
    }
}

/** Of a column of numbers; see the other. */
public fun NumPy.digitize(x: Column, bins: Any, right: Boolean = false): IntArray =
    digitize(x.toDoubles(), bins, right)

/** How often each of 0, 1, ... is there, up to the largest or [minlength]. */
public fun NumPy.bincount(x: IntArray, minlength: Int = 0): IntArray {
    val counts = IntArray(maxOf(minlength, (x.maxOrNull() ?: -1) + 1))
    for (value in x) counts[counted(value)]++
    return counts
}

/** Sums of [weights] by the whole numbers at their places; see the other. */
public fun NumPy.bincount(x: IntArray, weights: DoubleArray, minlength: Int = 0): DoubleArray {
    requireSameSize(x.size, weights.size)
    val sums = DoubleArray(maxOf(minlength, (x.maxOrNull() ?: -1) + 1))
    for (i in x.indices) sums[counted(x[i])] += weights[i]
    return sums
}

private fun counted(value: Int): Int {
    require(value >= 0) { "bincount counts whole numbers from 0, got $value" }
    return value
}

/** Positions such that the value at [kth] is where sorting would put it; here all are in order. */
public fun NumPy.argpartition(x: DoubleArray, kth: Int): IntArray {
    require(kth in -x.size until x.size) { "kth must lie in [${-x.size}, ${x.size}), got $kth" }
    return x.argsort()
}

/** Where exactly one of the two is true. */
public fun NumPy.logicalXor(a: BooleanArray, b: BooleanArray): BooleanArray {
    requireSameSize(a.size, b.size)
    return BooleanArray(a.size) { a[it] != b[it] }
}

/** Where both matrices are not zero. */
public fun NumPy.logicalAnd(a: AxisArray, b: AxisArray): Matrix = a and b

/** Where either matrix is not zero. */
public fun NumPy.logicalOr(a: AxisArray, b: AxisArray): Matrix = a or b

/** Where a matrix is zero; a sparse one is refused. */
public fun NumPy.logicalNot(a: AxisArray): Matrix = !a

/** What notebooks use of numpy.linalg; see [LinearAlgebra]. */
public val NumPy.linalg: LinearAlgebra get() = LinearAlgebra

/** Lengths of arrays and of the rows and columns of matrices: `np.linalg.norm(x, axis = 1)`. */
public object LinearAlgebra {
    /** Root of the sum of squares; [ord] is 1, 2 or `np.inf`. */
    public fun norm(x: DoubleArray, ord: Number = 2): Double = norm(x.asRow(), ord, 1)[0]

    /** Root of the sum of squares of all values: Frobenius' norm. */
    public fun norm(x: AxisArray): Double = kotlin.math.sqrt(np.square(x).sum())

    /** Root of the sum of squares of every column (axis 0) or row (1); [ord] is 1, 2 or `np.inf`. */
    public fun norm(x: AxisArray, ord: Number = 2, axis: Int): DoubleArray =
        when (ord.toDouble()) {
            1.0 -> x.abs().sum(axis)
            2.0 -> rooted(np.square(x).sum(axis))
            Double.POSITIVE_INFINITY -> x.abs().max(axis)
            else -> throw IllegalArgumentException("ord must be 1, 2 or np.inf, got $ord")
        }
}
