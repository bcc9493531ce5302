package org.cellweave.dsl

import org.cellweave.matrix.Arithmetic
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Comparison
import org.cellweave.matrix.DType
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.MathFunction
import org.cellweave.matrix.Matrix

/**
 * Sum, place by place: with a number, one number for every column, or a matrix whose shape fits as in NumPy.
 *
 * The result is new. A sparse matrix is refused where zeros would not stay zero. Of a table the columns are taken as a
 * matrix. A float32 matrix stays so; see [Elementwise] for the other types.
 *
 * @throws IllegalArgumentException for a sparse matrix and a number that is not 0; says to call [toarray]
 * @throws org.cellweave.util.ShapeMismatchException names both shapes
 */
public operator fun AxisArray.plus(other: Any): Matrix = combined(matrix(), Arithmetic.PLUS, other)

/** Difference, place by place; see [AxisArray.plus]. */
public operator fun AxisArray.minus(other: Any): Matrix = combined(matrix(), Arithmetic.MINUS, other)

/**
 * Product, place by place, also of two sparse matrices, for which scipy's `*` is the matrix product: that is [matmul].
 * Sparse stays sparse. See [AxisArray.plus].
 */
public operator fun AxisArray.times(other: Any): Matrix = combined(matrix(), Arithmetic.TIMES, other)

/** Quotient, place by place, never a whole number; sparse over numbers stays sparse. See [AxisArray.plus]. */
public operator fun AxisArray.div(other: Any): Matrix = combined(matrix(), Arithmetic.DIVIDE, other)

/** Remainder with the sign of the divisor, as Python's; see [AxisArray.plus]. */
public operator fun AxisArray.rem(other: Any): Matrix = combined(matrix(), Arithmetic.REMAINDER, other)

/** Every place with the other sign; sparse stays sparse. */
public operator fun AxisArray.unaryMinus(): Matrix = Elementwise.of(matrix(), MathFunction.NEGATIVE)

/** A number plus every place. */
public operator fun Number.plus(x: AxisArray): Matrix = x + this

/** A number minus every place. */
public operator fun Number.minus(x: AxisArray): Matrix = combined(x.matrix(), Arithmetic.SUBTRACTED_FROM, this)

/** A number times every place; sparse stays sparse. */
public operator fun Number.times(x: AxisArray): Matrix = x * this

/** A number over every place. */
public operator fun Number.div(x: AxisArray): Matrix = combined(x.matrix(), Arithmetic.DIVIDING, this)

/** Product place by place, as scipy's method of sparse matrices; the same as `*`. */
public fun AxisArray.multiply(other: Any): Matrix = this * other

/** Every place to a power, a number or one for every column; a sparse matrix takes positive numbers. */
public fun AxisArray.power(exponent: Any): Matrix = combined(matrix(), Arithmetic.POWER, exponent)

/** As [power]. */
public infix fun AxisArray.pow(exponent: Number): Matrix = power(exponent)

/**
 * Where a value is above [bound], a number, one for every column or a matrix of the same shape: a boolean matrix of 0
 * and 1, NaN is never. Of a sparse matrix a sparse one, and refused for a bound below 0, where all zeros would be
 * above.
 */
public infix fun AxisArray.gt(bound: Any): Matrix = compared(matrix(), Comparison.GT, bound)

/** Where a value is at least [bound]; a sparse matrix takes bounds above 0. See [AxisArray.gt]. */
public infix fun AxisArray.ge(bound: Any): Matrix = compared(matrix(), Comparison.GE, bound)

/** Where a value is below [bound]; a sparse matrix takes bounds up to 0. See [AxisArray.gt]. */
public infix fun AxisArray.lt(bound: Any): Matrix = compared(matrix(), Comparison.LT, bound)

/** Where a value is at most [bound]; a sparse matrix takes bounds below 0. See [AxisArray.gt]. */
public infix fun AxisArray.le(bound: Any): Matrix = compared(matrix(), Comparison.LE, bound)

/** Where a value equals [value]; a sparse matrix takes any but 0. See [AxisArray.gt]. */
public infix fun AxisArray.eq(value: Any): Matrix = compared(matrix(), Comparison.EQ, value)

/** Where a value differs from [value], NaN from all; a sparse matrix takes 0. See [AxisArray.gt]. */
public infix fun AxisArray.ne(value: Any): Matrix = compared(matrix(), Comparison.NE, value)

/** Where both are not zero. */
public infix fun AxisArray.and(other: AxisArray): Matrix =
    combined(truths(this), Arithmetic.MINIMUM, truths(other))

/** Where either is not zero. */
public infix fun AxisArray.or(other: AxisArray): Matrix =
    combined(truths(this), Arithmetic.MAXIMUM, truths(other))

/** Where a value is zero; a sparse matrix is refused. */
public operator fun AxisArray.not(): Matrix = compared(truths(this), Comparison.EQ, 0)

private fun truths(x: AxisArray): Matrix =
    x.matrix().let { if (it.dtype() == DType.BOOL) it else Elementwise.astype(it, DType.BOOL) }

/** `ln(1 + x)` of every place; sparse stays sparse. What is not above -1 gives NaN, where `sc.pp.log1p` refuses it. */
public fun AxisArray.log1p(): Matrix = Elementwise.of(matrix(), MathFunction.LOG1P)

/** `exp(x) - 1` of every place; sparse stays sparse. */
public fun AxisArray.expm1(): Matrix = Elementwise.of(matrix(), MathFunction.EXPM1)

/** `exp(x)` of every place; a sparse matrix is refused. */
public fun AxisArray.exp(): Matrix = Elementwise.of(matrix(), MathFunction.EXP)

/** Natural logarithm of every place; a sparse matrix is refused. */
public fun AxisArray.log(): Matrix = Elementwise.of(matrix(), MathFunction.LOG)

/** Logarithm to base 2; a sparse matrix is refused. */
public fun AxisArray.log2(): Matrix = Elementwise.of(matrix(), MathFunction.LOG2)

/** Logarithm to base 10; a sparse matrix is refused. */
public fun AxisArray.log10(): Matrix = Elementwise.of(matrix(), MathFunction.LOG10)

/** Square root of every place, of negative ones NaN; sparse stays sparse. */
public fun AxisArray.sqrt(): Matrix = Elementwise.of(matrix(), MathFunction.SQRT)

/** Every place without its sign; sparse stays sparse. */
public fun AxisArray.abs(): Matrix = Elementwise.of(matrix(), MathFunction.ABS)

/** Rounded to [decimals] places, halves to the even neighbour as in NumPy. */
public fun AxisArray.round(decimals: Int = 0): Matrix = Elementwise.rounded(matrix(), decimals)

/** Between two bounds, null for none; a sparse matrix is refused where 0 is not between them. */
public fun AxisArray.clip(min: Number? = null, max: Number? = null): Matrix =
    Elementwise.clipped(
        matrix(), min?.toDouble() ?: Double.NEGATIVE_INFINITY, max?.toDouble() ?: Double.POSITIVE_INFINITY,
    )

/** Where a value is NaN; of a sparse matrix a sparse one. */
public fun AxisArray.isnan(): Matrix = Elementwise.isNaN(matrix())
