package org.cellweave.dsl

import org.cellweave.matrix.Comparison

/** Mask of the places whose value is above [bound]. */
public infix fun DoubleArray.gt(bound: Number): BooleanArray = mask(Comparison.GT, bound.toDouble())

/** Mask of the places whose value is above that of [other]. */
public infix fun DoubleArray.gt(other: DoubleArray): BooleanArray = mask(Comparison.GT, other)

/** Mask of the places whose value is above [bound]. */
public infix fun IntArray.gt(bound: Number): BooleanArray = doublesOf(this).mask(Comparison.GT, bound.toDouble())

/** Mask of the places whose value is above that of [other]. */
public infix fun IntArray.gt(other: IntArray): BooleanArray =
    doublesOf(this).mask(Comparison.GT, doublesOf(other))

/** Mask of the places whose value is above [bound], as float32. */
public infix fun FloatArray.gt(bound: Number): BooleanArray =
    doublesOf(this).mask(Comparison.GT, bound.toFloat().toDouble())

/** Mask of the places whose value is at least [bound]. */
public infix fun DoubleArray.ge(bound: Number): BooleanArray = mask(Comparison.GE, bound.toDouble())

/** Mask of the places whose value is at least that of [other]. */
public infix fun DoubleArray.ge(other: DoubleArray): BooleanArray = mask(Comparison.GE, other)

/** Mask of the places whose value is at least [bound]. */
public infix fun IntArray.ge(bound: Number): BooleanArray = doublesOf(this).mask(Comparison.GE, bound.toDouble())

/** Mask of the places whose value is at least that of [other]. */
public infix fun IntArray.ge(other: IntArray): BooleanArray =
    doublesOf(this).mask(Comparison.GE, doublesOf(other))

/** Mask of the places whose value is at least [bound], as float32. */
public infix fun FloatArray.ge(bound: Number): BooleanArray =
    doublesOf(this).mask(Comparison.GE, bound.toFloat().toDouble())

/** Mask of the places whose value is below [bound]. */
public infix fun DoubleArray.lt(bound: Number): BooleanArray = mask(Comparison.LT, bound.toDouble())

/** Mask of the places whose value is below that of [other]. */
public infix fun DoubleArray.lt(other: DoubleArray): BooleanArray = mask(Comparison.LT, other)

/** Mask of the places whose value is below [bound]. */
public infix fun IntArray.lt(bound: Number): BooleanArray = doublesOf(this).mask(Comparison.LT, bound.toDouble())

/** Mask of the places whose value is below that of [other]. */
public infix fun IntArray.lt(other: IntArray): BooleanArray =
    doublesOf(this).mask(Comparison.LT, doublesOf(other))

/** Mask of the places whose value is below [bound], as float32. */
public infix fun FloatArray.lt(bound: Number): BooleanArray =
    doublesOf(this).mask(Comparison.LT, bound.toFloat().toDouble())

/** Mask of the places whose value is at most [bound]. */
public infix fun DoubleArray.le(bound: Number): BooleanArray = mask(Comparison.LE, bound.toDouble())

/** Mask of the places whose value is at most that of [other]. */
public infix fun DoubleArray.le(other: DoubleArray): BooleanArray = mask(Comparison.LE, other)

/** Mask of the places whose value is at most [bound]. */
public infix fun IntArray.le(bound: Number): BooleanArray = doublesOf(this).mask(Comparison.LE, bound.toDouble())

/** Mask of the places whose value is at most that of [other]. */
public infix fun IntArray.le(other: IntArray): BooleanArray =
    doublesOf(this).mask(Comparison.LE, doublesOf(other))

/** Mask of the places whose value is at most [bound], as float32. */
public infix fun FloatArray.le(bound: Number): BooleanArray =
    doublesOf(this).mask(Comparison.LE, bound.toFloat().toDouble())

/** Mask of the places whose value equals [bound]. */
public infix fun DoubleArray.eq(bound: Number): BooleanArray = mask(Comparison.EQ, bound.toDouble())

/** Mask of the places whose value equals that of [other]. */
public infix fun DoubleArray.eq(other: DoubleArray): BooleanArray = mask(Comparison.EQ, other)

/** Mask of the places whose value equals [bound]. */
public infix fun IntArray.eq(bound: Number): BooleanArray = doublesOf(this).mask(Comparison.EQ, bound.toDouble())

/** Mask of the places whose value equals that of [other]. */
public infix fun IntArray.eq(other: IntArray): BooleanArray =
    doublesOf(this).mask(Comparison.EQ, doublesOf(other))

/** Mask of the places whose value equals [bound], as float32. */
public infix fun FloatArray.eq(bound: Number): BooleanArray =
    doublesOf(this).mask(Comparison.EQ, bound.toFloat().toDouble())

/** Mask of the places whose value differs from [bound]. */
public infix fun DoubleArray.ne(bound: Number): BooleanArray = mask(Comparison.NE, bound.toDouble())

/** Mask of the places whose value differs from that of [other]. */
public infix fun DoubleArray.ne(other: DoubleArray): BooleanArray = mask(Comparison.NE, other)

/** Mask of the places whose value differs from [bound]. */
public infix fun IntArray.ne(bound: Number): BooleanArray = doublesOf(this).mask(Comparison.NE, bound.toDouble())

/** Mask of the places whose value differs from that of [other]. */
public infix fun IntArray.ne(other: IntArray): BooleanArray =
    doublesOf(this).mask(Comparison.NE, doublesOf(other))

/** Mask of the places whose value differs from [bound], as float32. */
public infix fun FloatArray.ne(bound: Number): BooleanArray =
    doublesOf(this).mask(Comparison.NE, bound.toFloat().toDouble())

/** The places that are true, as another mask of them: those where [mask] is. */
public operator fun BooleanArray.get(mask: BooleanArray): BooleanArray =
    whereTrue(mask, size).let { at -> BooleanArray(at.size) { this[at[it]] } }

/** The values at these places. */
public operator fun BooleanArray.get(at: IntArray): BooleanArray = BooleanArray(at.size) { this[at[it]] }

/** 0 and 1. */
public fun BooleanArray.toIntArray(): IntArray = IntArray(size) { if (this[it]) 1 else 0 }

/** As a list. */
public fun BooleanArray.tolist(): List<Boolean> = toList()

/** The places that are true. */
internal fun whereTrue(mask: BooleanArray, size: Int): IntArray {
    require(mask.size == size) { "a mask must be as long as its array, got ${mask.size} and $size" }
    var n = 0
    val at = IntArray(size)
    for (k in mask.indices) if (mask[k]) at[n++] = k
    return at.copyOf(n)
}

private fun DoubleArray.mask(comparison: Comparison, bound: Double) =
    BooleanArray(size) { comparison.test(this[it], bound) }

private fun DoubleArray.mask(comparison: Comparison, other: DoubleArray): BooleanArray {
    requireSameSize(size, other.size)
    return BooleanArray(size) { comparison.test(this[it], other[it]) }
}
