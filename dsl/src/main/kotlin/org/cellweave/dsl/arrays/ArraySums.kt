package org.cellweave.dsl

import org.cellweave.matrix.Arithmetic
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Matrix

/**
 * Adds a number to every place, as NumPy. Kotlin's own `+` would append it; that is [NumPy.append] here.
 */
public operator fun DoubleArray.plus(other: Number): DoubleArray = with(Arithmetic.PLUS, other)

/** Sums place by place, as NumPy. Kotlin's own `+` would join the arrays; that is [NumPy.concatenate] here. */
public operator fun DoubleArray.plus(other: DoubleArray): DoubleArray = with(Arithmetic.PLUS, other)

/** One number for every column plus those of a matrix. */
public operator fun DoubleArray.plus(x: AxisArray): Matrix = x + this

/** Adds to every place; see [DoubleArray.plus]. Beyond 32 bits refused. */
public operator fun IntArray.plus(other: Int): IntArray = IntArray(size) { Math.addExact(this[it], other) }

/** Sums place by place; Kotlin's own `+` would join the arrays. Beyond 32 bits refused. */
public operator fun IntArray.plus(other: IntArray): IntArray = paired(other) { a, b -> Math.addExact(a, b) }

/** Sums place by place. */
public operator fun IntArray.plus(other: DoubleArray): DoubleArray = doublesOf(this) + other

/** Adds to every place. */
public operator fun IntArray.plus(other: Double): DoubleArray = doublesOf(this) + other

/** Adds to every place; float32 stays so. */
public operator fun FloatArray.plus(other: Number): FloatArray = FloatArray(size) { this[it] + other.toFloat() }

/** Sums place by place. */
public operator fun FloatArray.plus(other: FloatArray): FloatArray = paired(other) { a, b -> a + b }
