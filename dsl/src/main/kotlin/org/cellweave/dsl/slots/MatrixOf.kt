package org.cellweave.dsl.slots

import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.ShapeMismatchException

/** A matrix of what a caller may give: one of ours, an array, a table of numbers, or rows as arrays or lists. */
internal fun matrixOf(values: Any, name: String): Matrix =
    when (values) {
        is Matrix -> values
        is NdArray -> values.toMatrix()
        is DataFrame -> values.numericMatrix(name)
        is Array<*> -> rowsOf(values.toList(), name)
        is List<*> -> rowsOf(values, name)
        else -> throw IllegalArgumentException(
            "$name must be a matrix, an array, a table or a list of rows, got ${kindOf(values)}",
        )
    }

private fun rowsOf(rows: List<*>, name: String): Matrix {
    val numbers = rows.mapIndexed { i, row -> rowOf(row, "$name[$i]") }
    val width = numbers.firstOrNull()?.size ?: 0
    numbers.forEachIndexed { i, row ->
        if (row.size != width) {
            throw ShapeMismatchException("rows of $name must be equally long, got $width and, at $i, ${row.size}")
        }
    }
    return DenseMatrix.ofRows(numbers.toTypedArray())
}

private fun rowOf(row: Any?, name: String): DoubleArray =
    when (row) {
        is DoubleArray -> row
        is FloatArray -> DoubleArray(row.size) { row[it].toDouble() }
        is IntArray -> DoubleArray(row.size) { row[it].toDouble() }
        is LongArray -> DoubleArray(row.size) { row[it].toDouble() }
        is Array<*> -> rowOf(row.toList(), name)
        is List<*> -> DoubleArray(row.size) { numberOf(row[it], "$name[$it]") }
        else -> throw IllegalArgumentException("$name must be a row of numbers, got ${kindOf(row)}")
    }

private fun numberOf(value: Any?, name: String): Double =
    (value as? Number)?.toDouble() ?: throw IllegalArgumentException("$name must be a number, got ${kindOf(value)}")
