package org.cellweave.dsl

import org.cellweave.data.AxisIndex
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Broadcast
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.Matrix
import org.cellweave.matrix.Rows
import org.cellweave.products.DenseProduct
import org.cellweave.products.RowProjection
import org.cellweave.util.ShapeMismatchException
import java.util.Collections

/** Numbers of rows and columns. */
public val AxisArray.shape: Pair<Int, Int> get() = nRows() to (if (this is Matrix) nCols() else matrix().nCols())

/** One of the two numbers of a shape: `adata.shape[0]`, `x.shape[1]`. */
public operator fun Pair<Int, Int>.get(axis: Int): Int =
    when (axis) {
        0, -2 -> first
        1, -1 -> second
        else -> throw IndexOutOfBoundsException("a shape has the places 0 and 1, got $axis")
    }

/** How many dimensions: 2. */
public val AxisArray.ndim: Int get() = 2

/** How many places there are, whether stored or not. */
public val AxisArray.size: Long get() = shape.let { it.first.toLong() * it.second }

/** Type of the values. */
public val AxisArray.dtype: DType get() = if (this is Matrix) dtype() else matrix().dtype()

/** Number of stored values. */
public val AxisArray.nnz: Long get() = matrix().nnz()

/** Rows as columns. A dense matrix is copied, of a sparse one the storage is kept and read the other way. */
@Suppress("ktlint:standard:property-naming")
public val AxisArray.T: Matrix get() = matrix().transpose()

/** The same values, dense; always a copy. */
public fun AxisArray.toarray(): DenseMatrix = matrix().let { if (it is DenseMatrix) it.copy() else it.toDense() }

/** As [toarray]. */
public fun AxisArray.toArray(): DenseMatrix = toarray()

/** As [toarray]. */
public fun AxisArray.todense(): DenseMatrix = toarray()

/** As [toarray]. */
@Suppress("ktlint:standard:property-naming")
public val AxisArray.A: DenseMatrix get() = toarray()

/** The same values, compressed by rows; zeros are not stored. This matrix itself when it is so already. */
public fun AxisArray.tocsr(): Matrix = matrix().toCsr()

/** The same values, compressed by columns; this matrix itself when it is so already. */
public fun AxisArray.tocsc(): Matrix = byColumns(matrix())

/** All values in one array, row after row. */
public fun AxisArray.flatten(): DoubleArray {
    val x = matrix().toDense()
    return if (x.isFloat32Stored) x.doubleData() else x.doubleData().clone()
}

/** As [flatten]; a copy, where NumPy's shares its memory. */
public fun AxisArray.ravel(): DoubleArray = flatten()

/** Rows as lists of numbers. */
public fun AxisArray.tolist(): List<List<Double>> = List(nRows()) { this[it].toList() }

/**
 * The same values under another type: `np.float32`, `"int"`, `Double::class`. Always a copy; decimals are cut off by
 * whole-numbered types, and what these do not hold is refused.
 */
public fun AxisArray.astype(dtype: Any): Matrix = Elementwise.astype(matrix(), dtypeOf(dtype))

/** The same values in another shape, row after row; one of the two may be -1. Dense. */
public fun AxisArray.reshape(nRows: Int, nCols: Int): DenseMatrix {
    val type = dtype
    return flatten().reshape(nRows, nCols).withDType(type)
}

/** Matrix product with a dense or sparse matrix: dense, float64, or float32 of two such. */
public infix fun AxisArray.dot(other: AxisArray): DenseMatrix {
    val (x, y) = matrix() to other.matrix()
    if (x.nCols() != y.nRows()) {
        throw ShapeMismatchException(
            "a product needs as many columns as the other has rows, got ${x.shape()} and ${y.shape()}",
        )
    }
    val narrow = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32
    if (x is DenseMatrix) return DenseProduct.of(x, y.toDense(), if (narrow) DType.FLOAT32 else DType.FLOAT64)
    val basis = y.toDense().doubleData()
    return RowProjection(Rows.of(x), null, basis, DoubleArray(y.nCols()))
        .run(null, if (narrow) DType.FLOAT32 else DType.FLOAT64)
}

/** As [dot], Python's `@`. */
public infix fun AxisArray.matmul(other: AxisArray): DenseMatrix = this dot other

/** Matrix product with one number for every column. */
public infix fun AxisArray.dot(other: DoubleArray): DoubleArray = dot(other.asColumn()).column(0)

/** Sum of the products, place by place. */
public infix fun DoubleArray.dot(other: DoubleArray): Double = np.dot(this, other)

/** One number for every row times the rows of a matrix, added up by column. */
public infix fun DoubleArray.dot(other: AxisArray): DoubleArray = (asRow() dot other).doubleData()

/** As [dot]. */
public infix fun AxisArray.matmul(other: DoubleArray): DoubleArray = this dot other

/** A row. Negative positions count from the end. */
public operator fun AxisArray.get(row: Int): DoubleArray = get(row, org.cellweave.dsl.all)

/** A column of a table in `obsm` or `varm`; a matrix has no names. */
public operator fun AxisArray.get(column: String): Column {
    require(this is DataFrame) { "a ${described()} has no names of columns, got '$column'; use a position: x[all, 0]" }
    return get(column)
}

/** Some rows: a range, positions, a list or a mask, as `x[mask]`. */
public operator fun AxisArray.get(rows: Any): Matrix {
    require(rows !is String && (rows as? Collection<*>)?.firstOrNull() !is String) {
        "a matrix has positions, no names; take a column of a table that obsm holds by " +
            "(obsm[\"key\"] as DataFrame)[$rows]"
    }
    val x = matrix()
    return x.take(positions(rows, x.nRows(), "rows"), null)
}

/** The values where [mask], a boolean matrix of the same shape, is true, row after row. */
public operator fun AxisArray.get(mask: AxisArray): DoubleArray {
    val (x, keep) = matrix() to mask.matrix()
    require(keep.dtype() == DType.BOOL) { "a mask must be boolean, as x gt 0 gives it, got a ${keep.describe()}" }
    if (x.shape() != keep.shape()) {
        throw ShapeMismatchException("a mask must have the shape of its matrix, got ${x.shape()} and ${keep.shape()}")
    }
    val where = keep.toDense().doubleData()
    val all = x.flatten()
    return DoubleArray(where.count { it != 0.0 }).also { out ->
        var n = 0
        for (k in all.indices) if (where[k] != 0.0) out[n++] = all[k]
    }
}

/** A value. Negative positions count from the end. */
public operator fun AxisArray.get(row: Int, col: Int): Double {
    val x = matrix()
    return x.get(place(row, x.nRows(), "rows"), place(col, x.nCols(), "columns"))
}

/** A column, or some places of it, as an array: `x[all, 0]`. */
public operator fun AxisArray.get(rows: Any, col: Int): DoubleArray {
    val x = matrix()
    return x.take(positions(rows, x.nRows(), "rows"), intArrayOf(place(col, x.nCols(), "columns"))).toDense().column(0)
}

/** A row, or some places of it, as an array: `x[0, all]`. */
public operator fun AxisArray.get(row: Int, cols: Any): DoubleArray {
    val x = matrix()
    val picked = x.take(intArrayOf(place(row, x.nRows(), "rows")), positions(cols, x.nCols(), "columns"))
    return DoubleArray(picked.nCols()).also { picked.toDense().readRow(0, it) }
}

/** Some rows and columns, as [AxisIndex] chooses them: `x[all, 0 until 2]`. A copy, of two lists every pair. */
public operator fun AxisArray.get(rows: Any, cols: Any): Matrix {
    val x = matrix()
    return x.take(positions(rows, x.nRows(), "rows"), positions(cols, x.nCols(), "columns"))
}

/**
 * Overwrites some rows and columns of a dense matrix in place, with a number, an array or a matrix whose shape fits.
 *
 * @throws IllegalArgumentException when the matrix is sparse, or its type does not hold the values
 */
public operator fun AxisArray.set(rows: Any, cols: Any, values: Any) {
    val x = matrix()
    require(x is DenseMatrix && this is Matrix) {
        "values can be set in a dense matrix alone, but this is a ${described()}. Take x.toarray(), change that and " +
            "put it back, as in adata.X = x"
    }
    val at = positions(rows, x.nRows(), "rows") ?: IntArray(x.nRows()) { it }
    val columns = positions(cols, x.nCols(), "columns") ?: IntArray(x.nCols()) { it }
    val given = Broadcast.fitted(given(values, cols is Int && at.size > 1), at.size, columns.size).toDense()
    requireHeld(given, x.dtype())
    val row = DoubleArray(x.nCols())
    for ((k, i) in at.withIndex()) {
        x.readRow(i, row)
        for ((c, j) in columns.withIndex()) row[j] = given.get(k, c)
        x.setRow(i, row)
    }
}

/** Overwrites the places of a dense matrix where [mask], a boolean matrix, is true, in place: `x[x gt 10] = 10`. */
public operator fun AxisArray.set(mask: AxisArray, value: Number) {
    val x = matrix()
    require(x is DenseMatrix && this is Matrix) {
        "values can be set in a dense matrix alone, but this is a ${described()}. Use x.clip(max = ...) or x.toarray()"
    }
    requireHeld(doubleArrayOf(value.toDouble()).asRow(), x.dtype())
    val keep = Broadcast.fitted(mask.matrix(), x.nRows(), x.nCols()).toDense()
    for (i in 0 until x.nRows()) {
        for (j in 0 until x.nCols()) if (keep.get(i, j) != 0.0) x.set(i, j, value.toDouble())
    }
}

private fun given(values: Any, asColumn: Boolean): Matrix =
    when (values) {
        is AxisArray -> values.matrix()
        is Number -> doubleArrayOf(values.toDouble()).asRow()
        else -> doublesOf(values).let { if (asColumn) it.asColumn() else it.asRow() }
    }

private fun requireHeld(values: DenseMatrix, type: DType) {
    if (type.isFloating) return
    val bad = values.doubleData().find { it % 1 != 0.0 || it < type.lowest() || it > type.highest() } ?: return
    throw IllegalArgumentException(
        "a matrix of ${type.numpyName()} does not hold $bad; call x.astype(\"float64\") first",
    )
}

/** Positions along an axis of [n]; null for all. */
internal fun positions(choice: Any, n: Int, axis: String): IntArray? {
    val index = axisIndex(choice, axis)
    require(index !is AxisIndex.Names) { "$axis of a matrix have no names; choose them by position or mask" }
    return index.resolve(axis, Collections.nCopies(n, ""))
}

private fun place(given: Int, n: Int, axis: String): Int = positions(given, n, axis)!![0]
