package org.cellweave.dsl

import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Matrix

/** The values at these positions; negative ones count from the end. */
public operator fun DoubleArray.get(at: List<Int>): DoubleArray = this[at.toIntArray()]

/** The values at these positions; negative ones count from the end. */
public operator fun IntArray.get(at: List<Int>): IntArray = this[at.toIntArray()]

/** Overwrites these positions with one number. */
public operator fun DoubleArray.set(at: List<Int>, value: Number): Unit =
    places(at, size).forEach { this[it] = value.toDouble() }

/** Overwrites these positions with one number each. */
public operator fun DoubleArray.set(at: List<Int>, values: DoubleArray) {
    requireSameSize(at.size, values.size)
    places(at, size).forEachIndexed { k, place -> this[place] = values[k] }
}

/** Overwrites these positions with one number. */
public operator fun DoubleArray.set(at: IntArray, value: Number): Unit = set(at.asList(), value)

/** Overwrites these positions with one number each. */
public operator fun DoubleArray.set(at: IntArray, values: DoubleArray): Unit = set(at.asList(), values)

/** Overwrites the positions of a range with one number. */
public operator fun DoubleArray.set(at: IntProgression, value: Number): Unit = set(at.toList(), value)

/** Overwrites the positions of a range with one number each. */
public operator fun DoubleArray.set(at: IntProgression, values: DoubleArray): Unit = set(at.toList(), values)

/** Overwrites these positions with one number. */
public operator fun IntArray.set(at: List<Int>, value: Int): Unit = places(at, size).forEach { this[it] = value }

/** Overwrites these positions with one number each. */
public operator fun IntArray.set(at: List<Int>, values: IntArray) {
    requireSameSize(at.size, values.size)
    places(at, size).forEachIndexed { k, place -> this[place] = values[k] }
}

/** Overwrites the places where [mask] is true. */
public operator fun IntArray.set(mask: BooleanArray, value: Int): Unit = set(whereTrue(mask, size).asList(), value)

/** Every value without its sign, as Python's own `abs`. */
public fun abs(x: DoubleArray): DoubleArray = x.abs()

/** Every place without its sign; sparse stays sparse. */
public fun abs(x: AxisArray): Matrix = x.abs()

/** All of them are looked at first, so that nothing changes where one is wrong. */
private fun places(at: List<Int>, size: Int): IntArray = positions(at, size, "the array") ?: IntArray(size) { it }
