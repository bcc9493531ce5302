package org.cellweave.dsl.slots

import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix

internal fun rowVector(x: Matrix, i: Int): Column =
    numberColumn(x.dtype(), DoubleArray(x.nCols()).also { x.takeRows(intArrayOf(i)).toDense().readRow(0, it) })

/** Values of a matrix of this type. */
internal fun numberColumn(dtype: DType, values: DoubleArray): Column =
    if (dtype.isInteger) {
        NumericColumn.integers(dtype, LongArray(values.size) { values[it].toLong() }, null)
    } else {
        NumericColumn.reals(if (dtype.isFloating) dtype else DType.FLOAT64, values)
    }

/** Sums over a matrix of this type: whole numbers get all 64 bits, as NumPy gives them, so that no sum wraps. */
internal fun sumColumn(dtype: DType, values: DoubleArray): Column =
    when {
        dtype.isFloating -> numberColumn(if (dtype == DType.FLOAT16) DType.FLOAT32 else dtype, values)
        dtype.isInteger && !dtype.isSigned -> numberColumn(DType.UINT64, values)
        else -> numberColumn(DType.INT64, values)
    }

/** Some columns of a matrix as float64 arrays. */
internal fun columnsOf(x: Matrix, columns: IntArray): Array<DoubleArray> {
    val picked: DenseMatrix =
        when (x) {
            is DenseMatrix -> x.takeCols(columns)
            is CsrMatrix -> x.takeCols(columns).toDense()
            is CscMatrix -> x.takeCols(columns).toDense()
        }
    return Array(columns.size) { picked.column(it) }
}
