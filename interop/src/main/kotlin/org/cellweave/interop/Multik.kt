package org.cellweave.interop

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.jetbrains.kotlinx.multik.ndarray.data.D1
import org.jetbrains.kotlinx.multik.ndarray.data.D1Array
import org.jetbrains.kotlinx.multik.ndarray.data.D2
import org.jetbrains.kotlinx.multik.ndarray.data.D2Array
import org.jetbrains.kotlinx.multik.ndarray.data.DataType
import org.jetbrains.kotlinx.multik.ndarray.data.MemoryViewDoubleArray
import org.jetbrains.kotlinx.multik.ndarray.data.MemoryViewFloatArray
import org.jetbrains.kotlinx.multik.ndarray.data.MultiArray

/**
 * A dense matrix stored as float32 as a Multik array on the same memory: nothing is copied, and what is
 * written to one shows in the other.
 *
 * ```
 * val pca = adata.obsm["X_pca"].toMultik()
 * adata.obsm["X_scaled"] = (pca / 2f).toDenseMatrix()
 * ```
 *
 * Values written must fit the matrix's element type. The X of a backed object is read anew at each
 * call, so that what is written to it does not reach the file.
 *
 * @throws IllegalArgumentException when the values cannot be shared as floats: stored as float64 (call
 *   [toMultikDouble]), sparse, of more than 2^31 elements, or no matrix; says what to call instead
 */
public fun AxisArray.toMultik(): D2Array<Float> {
    val dense = shareable(asFloat = true)
    return D2Array(MemoryViewFloatArray(dense.floatData()), 0, intArrayOf(dense.nRows(), dense.nCols()), dim = D2)
}

/**
 * As [toMultik] for a dense matrix stored as float64: float64 itself and integers of 32 and 64 bits.
 *
 * @throws IllegalArgumentException when the values cannot be shared as doubles; says what to call instead
 */
public fun AxisArray.toMultikDouble(): D2Array<Double> {
    val dense = shareable(asFloat = false)
    return D2Array(MemoryViewDoubleArray(dense.doubleData()), 0, intArrayOf(dense.nRows(), dense.nCols()), dim = D2)
}

/**
 * A float32 matrix of these values, ready for `obsm`, `layers` or `X`.
 *
 * It lies on the array's own memory when the array is the whole of it in row-major order
 * ([MultiArray.consistent]); slices, transposed arrays and other views are copied.
 */
@JvmName("floatsToDenseMatrix")
public fun MultiArray<Float, D2>.toDenseMatrix(): DenseMatrix {
    val from = data.getFloatArray()
    val (nRows, nCols) = shape
    if (consistent) {
        return DenseMatrix.wrap(from, nRows, nCols)
    }
    val (rowStep, colStep) = strides
    val out = FloatArray(nRows * nCols)
    for (i in 0 until nRows) {
        for (j in 0 until nCols) {
            out[i * nCols + j] = from[offset + i * rowStep + j * colStep]
        }
    }
    return DenseMatrix.wrap(out, nRows, nCols)
}

/**
 * A float64 matrix of these values, ready for `obsm`, `layers` or `X`; shared or copied as for floats.
 */
@JvmName("doublesToDenseMatrix")
public fun MultiArray<Double, D2>.toDenseMatrix(): DenseMatrix {
    val from = data.getDoubleArray()
    val (nRows, nCols) = shape
    if (consistent) {
        return DenseMatrix.wrap(from, nRows, nCols)
    }
    val (rowStep, colStep) = strides
    val out = DoubleArray(nRows * nCols)
    for (i in 0 until nRows) {
        for (j in 0 until nCols) {
            out[i * nCols + j] = from[offset + i * rowStep + j * colStep]
        }
    }
    return DenseMatrix.wrap(out, nRows, nCols)
}

/**
 * A column's numbers, missing ones as NaN, booleans as 0 and 1.
 *
 * Columns are values that tables share, so that this is always a copy; [toColumn] leads back. 64-bit
 * integers beyond 2^53 are rounded.
 *
 * @throws IllegalArgumentException for a text column
 */
public fun Column.toMultikDouble(): D1Array<Double> = toDoubles().let {
    D1Array(MemoryViewDoubleArray(it), 0, intArrayOf(it.size), dim = D1)
}

/**
 * A column of a copy of these values, of the array's own type: `adata.obs["score"] = scores.toColumn()`.
 */
public fun MultiArray<out Number, D1>.toColumn(): NumericColumn {
    val type =
        when (dtype) {
            DataType.ByteDataType -> DType.INT8
            DataType.ShortDataType -> DType.INT16
            DataType.IntDataType -> DType.INT32
            DataType.LongDataType -> DType.INT64
            DataType.FloatDataType -> DType.FLOAT32
            else -> DType.FLOAT64
        }
    val step = strides[0]
    val from = data
    return if (type.isFloating) {
        NumericColumn.reals(type, DoubleArray(size) { from[offset + it * step].toDouble() })
    } else {
        NumericColumn.integers(type, LongArray(size) { from[offset + it * step].toLong() }, null)
    }
}

/** This as a dense matrix of one block, stored as asked, or an error that says what to call instead. */
private fun AxisArray.shareable(asFloat: Boolean): DenseMatrix {
    require(this is Matrix) {
        val advice = if (this is DataFrame) "; call toDataFrame() for a Kotlin DataFrame of it" else ""
        "only a matrix can be a two-dimensional Multik array, got a ${described()}$advice"
    }
    require(this is DenseMatrix) { sparseMessage() }
    require(blockCount() <= 1) {
        "a ${described()} is held in ${blockCount()} blocks, since no Multik array holds 2^31 elements; " +
            "take some of its rows first, (x as Matrix).takeRows(rows).${verb(asFloat)}, which copies them"
    }
    require(isFloat32Stored == asFloat) {
        val (stored, other, words) =
            if (asFloat) {
                listOf("float64", "toFloat32", "a copy rounded to float32")
            } else {
                listOf("float32", "toFloat64", "a copy widened to float64")
            }
        "a ${described()} is stored as $stored; call ${verb(!asFloat)} to share it, " +
            "or (x as Matrix).toDense().$other().${verb(asFloat)} for $words"
    }
    return this
}

/** A sparse matrix has no memory a dense array could share. */
private fun Matrix.sparseMessage(): String {
    val floats = DenseMatrix.zeros(0, 0, dtype()).isFloat32Stored
    val elements = nRows().toLong() * nCols()
    val what = "a ${described()} is sparse, a Multik array dense; "
    if (elements > Int.MAX_VALUE - 16) {
        return what + "its $elements elements do not fit one array either, so that you must take rows or " +
            "columns first: (x as Matrix).take(rows, cols).toDense().${verb(floats)}"
    }
    val bytes = elements * if (floats) Float.SIZE_BYTES else Double.SIZE_BYTES
    return what + "call (x as Matrix).toDense().${verb(floats)} for a dense copy of $bytes bytes, " +
        "which no longer shares memory with x"
}

private fun verb(asFloat: Boolean): String = if (asFloat) "toMultik()" else "toMultikDouble()"
