package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.dsl.slots.numericColumns
import org.cellweave.matrix.Arithmetic
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Broadcast
import org.cellweave.matrix.Comparison
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.util.ShapeMismatchException

/**
 * This as a matrix: of a table its columns, which must be numbers or booleans; of an array in one dimension a column.
 */
internal fun AxisArray.matrix(): Matrix =
    when (this) {
        is Matrix -> this
        is DataFrame -> numericColumns("the table", keys.toList()).values
        is NdArray -> toMatrix()
        else -> throw IllegalArgumentException("a matrix is needed here, got a ${described()}")
    }

/** [x] with [other]: a number, one number for every column, or a matrix whose shape fits. */
internal fun combined(x: Matrix, operation: Arithmetic, other: Any): Matrix =
    when (other) {
        is Number -> Elementwise.with(x, operation, other.toDouble(), isWhole(other))
        is AxisArray -> Broadcast.of(x, operation, other.matrix())
        else -> Elementwise.withRow(x, operation, rowFor(x, other), other is IntArray || other is LongArray)
    }

/** Where [x] stands to [other] so, as a boolean matrix. */
internal fun compared(x: Matrix, comparison: Comparison, other: Any): Matrix =
    when (other) {
        is Number -> Elementwise.compare(x, comparison, other.toDouble())
        is AxisArray -> Elementwise.compare(x, comparison, Broadcast.fitted(other.matrix(), x.nRows(), x.nCols()))
        else -> {
            val row = rowFor(x, other)
            Elementwise.compare(x, comparison, Broadcast.fitted(row.asRow(), x.nRows(), x.nCols()))
        }
    }

private fun rowFor(x: Matrix, other: Any): DoubleArray {
    val row = doublesOf(other)
    if (row.size == x.nCols()) return row
    val advice =
        if (row.size == x.nRows()) {
            "; for one number of every row write it as a column, .reshape(-1, 1)"
        } else {
            "; give one number for every column, or a column of one for every row by .reshape(-1, 1)"
        }
    throw ShapeMismatchException(
        "shapes do not fit each other: ${x.shape()} and an array of ${row.size}$advice",
    )
}

internal fun isWhole(number: Number): Boolean =
    number is Int || number is Long || number is Short || number is Byte

/** Numbers of one dimension, whatever holds them; booleans are 0 and 1. */
internal fun doublesOf(values: Any): DoubleArray =
    when (values) {
        is DoubleArray -> values
        is FloatArray -> DoubleArray(values.size) { values[it].toDouble() }
        is IntArray -> DoubleArray(values.size) { values[it].toDouble() }
        is LongArray -> DoubleArray(values.size) { values[it].toDouble() }
        is BooleanArray -> DoubleArray(values.size) { if (values[it]) 1.0 else 0.0 }
        is Column -> values.toDoubles()
        is Collection<*> -> doublesOf(values)
        else -> throw IllegalArgumentException("numbers are needed here, got a ${values::class.simpleName}")
    }

private fun doublesOf(values: Collection<*>): DoubleArray {
    val out = DoubleArray(values.size)
    values.forEachIndexed { i, value ->
        out[i] =
            when (value) {
                is Number -> value.toDouble()
                is Boolean -> if (value) 1.0 else 0.0
                else -> throw IllegalArgumentException("numbers are needed here, got '$value' at $i")
            }
    }
    return out
}

/** One row on the same memory. */
internal fun DoubleArray.asRow(): DenseMatrix = DenseMatrix.wrap(this, 1, size)

/** One column on the same memory. */
internal fun DoubleArray.asColumn(): DenseMatrix = DenseMatrix.wrap(this, size, 1)

private val TYPE_NAMES = mapOf("int" to DType.INT64, "float" to DType.FLOAT64, "double" to DType.FLOAT64)

private val TYPE_CLASSES =
    mapOf(
        Int::class to DType.INT64, Long::class to DType.INT64, Double::class to DType.FLOAT64,
        Float::class to DType.FLOAT32, Boolean::class to DType.BOOL,
    )

/** A type by what users call it: `np.float32`, `"float32"`, `"int"`, or a class of Kotlin's. */
internal fun dtypeOf(type: Any): DType {
    if (type is DType) return type
    TYPE_CLASSES[type]?.let { return it }
    val names = DType.entries.map { it.numpyName() } + TYPE_NAMES.keys
    require(type is String) { "dtype must be one of $names or of np.float32 and its like, got $type" }
    return TYPE_NAMES[type] ?: DType.entries.find { it.numpyName() == type }
        ?: throw IllegalArgumentException("dtype must be one of $names, got '$type'.${Check.suggestion(type, names)}")
}
