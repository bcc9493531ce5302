package org.cellweave.dsl

import org.cellweave.matrix.Arithmetic
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.Matrix
import org.cellweave.util.ShapeMismatchException

/** Every place less a number. */
public operator fun DoubleArray.minus(other: Number): DoubleArray = with(Arithmetic.MINUS, other)

/** Differences place by place. */
public operator fun DoubleArray.minus(other: DoubleArray): DoubleArray = with(Arithmetic.MINUS, other)

/** Every place times a number. */
public operator fun DoubleArray.times(other: Number): DoubleArray = with(Arithmetic.TIMES, other)

/** Products place by place. */
public operator fun DoubleArray.times(other: DoubleArray): DoubleArray = with(Arithmetic.TIMES, other)

/** Every place over a number. */
public operator fun DoubleArray.div(other: Number): DoubleArray = with(Arithmetic.DIVIDE, other)

/** Quotients place by place. */
public operator fun DoubleArray.div(other: DoubleArray): DoubleArray = with(Arithmetic.DIVIDE, other)

/** Remainders with the sign of the divisor, as Python's. */
public operator fun DoubleArray.rem(other: Number): DoubleArray = with(Arithmetic.REMAINDER, other)

/** Every place with the other sign. */
public operator fun DoubleArray.unaryMinus(): DoubleArray = DoubleArray(size) { -this[it] }

/** Every place to a power. */
public infix fun DoubleArray.pow(exponent: Number): DoubleArray = with(Arithmetic.POWER, exponent)

/** A number plus every place. */
public operator fun Number.plus(x: DoubleArray): DoubleArray = x + this

/** A number minus every place. */
public operator fun Number.minus(x: DoubleArray): DoubleArray = x.with(Arithmetic.SUBTRACTED_FROM, this)

/** A number times every place. */
public operator fun Number.times(x: DoubleArray): DoubleArray = x * this

/** A number over every place. */
public operator fun Number.div(x: DoubleArray): DoubleArray = x.with(Arithmetic.DIVIDING, this)

/** One number for every column times those of a matrix. */
public operator fun DoubleArray.times(x: AxisArray): Matrix = x * this

/** One number for every column minus those of a matrix. */
public operator fun DoubleArray.minus(x: AxisArray): Matrix =
    combined(x.matrix(), Arithmetic.SUBTRACTED_FROM, this)

/** One number for every column over those of a matrix. */
public operator fun DoubleArray.div(x: AxisArray): Matrix = combined(x.matrix(), Arithmetic.DIVIDING, this)

/** Every place less a number. */
public operator fun IntArray.minus(other: Int): IntArray = IntArray(size) { Math.subtractExact(this[it], other) }

/** Differences place by place. */
public operator fun IntArray.minus(other: IntArray): IntArray = paired(other) { a, b -> Math.subtractExact(a, b) }

/** Differences place by place. */
public operator fun IntArray.minus(other: DoubleArray): DoubleArray = doublesOf(this) - other

/** Every place less a number. */
public operator fun IntArray.minus(other: Double): DoubleArray = doublesOf(this) - other

/** Every place times a number. */
public operator fun IntArray.times(other: Int): IntArray = IntArray(size) { Math.multiplyExact(this[it], other) }

/** Products place by place. */
public operator fun IntArray.times(other: IntArray): IntArray = paired(other) { a, b -> Math.multiplyExact(a, b) }

/** Products place by place. */
public operator fun IntArray.times(other: DoubleArray): DoubleArray = doublesOf(this) * other

/** Every place times a number. */
public operator fun IntArray.times(other: Double): DoubleArray = doublesOf(this) * other

/** Every place over a number; never cut to whole numbers, as Python's `/`. */
public operator fun IntArray.div(other: Number): DoubleArray = doublesOf(this) / other

/** Quotients place by place; never cut to whole numbers. */
public operator fun IntArray.div(other: IntArray): DoubleArray = doublesOf(this) / doublesOf(other)

/** Quotients place by place. */
public operator fun IntArray.div(other: DoubleArray): DoubleArray = doublesOf(this) / other

/** Quotients place by place. */
public operator fun DoubleArray.div(other: IntArray): DoubleArray = this / doublesOf(other)

/** Products place by place. */
public operator fun DoubleArray.times(other: IntArray): DoubleArray = this * doublesOf(other)

/** Remainders with the sign of the divisor, as Python's. */
public operator fun IntArray.rem(other: Int): IntArray = IntArray(size) { Math.floorMod(this[it], other) }

/** Every place with the other sign. */
public operator fun IntArray.unaryMinus(): IntArray = IntArray(size) { Math.negateExact(this[it]) }

/** Every place less a number; float32 stays so. */
public operator fun FloatArray.minus(other: Number): FloatArray = FloatArray(size) { this[it] - other.toFloat() }

/** Differences place by place. */
public operator fun FloatArray.minus(other: FloatArray): FloatArray = paired(other) { a, b -> a - b }

/** Every place times a number; float32 stays so. */
public operator fun FloatArray.times(other: Number): FloatArray = FloatArray(size) { this[it] * other.toFloat() }

/** Products place by place. */
public operator fun FloatArray.times(other: FloatArray): FloatArray = paired(other) { a, b -> a * b }

/** Every place over a number; float32 stays so. */
public operator fun FloatArray.div(other: Number): FloatArray = FloatArray(size) { this[it] / other.toFloat() }

/** Quotients place by place. */
public operator fun FloatArray.div(other: FloatArray): FloatArray = paired(other) { a, b -> a / b }

internal fun DoubleArray.with(operation: Arithmetic, other: Number): DoubleArray =
    Elementwise.with(asRow(), operation, other.toDouble(), false).toDense().doubleData()

internal fun DoubleArray.with(operation: Arithmetic, other: DoubleArray): DoubleArray {
    requireSameSize(size, other.size)
    return Elementwise.withRow(asRow(), operation, other, false).toDense().doubleData()
}

internal inline fun IntArray.paired(other: IntArray, of: (Int, Int) -> Int): IntArray {
    requireSameSize(size, other.size)
    return IntArray(size) { of(this[it], other[it]) }
}

internal inline fun FloatArray.paired(other: FloatArray, of: (Float, Float) -> Float): FloatArray {
    requireSameSize(size, other.size)
    return FloatArray(size) { of(this[it], other[it]) }
}

internal fun requireSameSize(a: Int, b: Int) {
    if (a != b) throw ShapeMismatchException("arrays must be equally long, got $a and $b")
}
