package org.cellweave.dsl

import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.Matrix
import org.cellweave.simulate.SparsePlaces
import org.cellweave.util.Check

/** Ones from corner to corner; [format] is `csr` (also when null) or `csc`. */
public fun SparseMatrices.eye(n: Int, dtype: Any = DType.FLOAT64, format: String? = null): Matrix =
    diags(np.ones(n), format).let { Elementwise.astype(it, dtypeOf(dtype)) }

/** As [eye]. */
public fun SparseMatrices.identity(n: Int, dtype: Any = DType.FLOAT64, format: String? = null): Matrix =
    eye(n, dtype, format)

/** A square matrix with these numbers from corner to corner. */
public fun SparseMatrices.diags(diagonal: DoubleArray, format: String? = null): Matrix {
    val n = diagonal.size
    return under(format, cooMatrix(diagonal, np.arange(n), np.arange(n), n to n))
}

/**
 * Random values from 0 to 1 at random places, [density] of all.
 *
 * The places and values are not scipy's of the same seed. Without [randomState] the seed is `np.random`'s next one.
 *
 * @param format `csr` (also when null: scipy's default is `coo`, which is csr here) or `csc`
 */
public fun SparseMatrices.random(
    m: Int,
    n: Int,
    density: Number = 0.01,
    format: String? = null,
    dtype: Any = DType.FLOAT64,
    randomState: Number? = null,
): Matrix {
    val seed = randomState?.toLong() ?: np.random.next()
    return under(format, SparsePlaces.of(m, n, density.toDouble(), seed, dtypeOf(dtype)))
}

/** The matrices below each other, sparse, as `csr` (also when [format] is null) or `csc`. */
public fun SparseMatrices.vstack(matrices: List<AxisArray>, format: String?): Matrix = under(format, vstack(matrices))

/** The matrices side by side, sparse, as `csr` (also when [format] is null) or `csc`. */
public fun SparseMatrices.hstack(matrices: List<AxisArray>, format: String?): Matrix = under(format, hstack(matrices))

private val FORMATS = listOf("csr", "csc", "coo")

private fun under(format: String?, x: Matrix): Matrix {
    require(format == null || format in FORMATS) {
        "format must be one of $FORMATS, got '$format'.${Check.suggestion(format.orEmpty(), FORMATS)}"
    }
    return if (format == "csc") byColumns(x) else x.toCsr()
}

/** Values of a sparse matrix with the row and the column of each: `val c = x.tocoo()`, then `c.row`. */
public class Places internal constructor(
    public val row: IntArray,
    public val col: IntArray,
    public val data: DoubleArray,
    public val shape: Pair<Int, Int>,
) {
    /** How many there are. */
    public val nnz: Int get() = data.size

    /** The matrix that they make, compressed by rows. */
    public fun tocsr(): CsrMatrix = sparse.cooMatrix(data, row, col, shape)
}

/** The stored values with their rows and columns, in the order in which they are stored. */
public fun AxisArray.tocoo(): Places {
    val (stored, byColumn) = storedRows()
    val major = IntArray(stored.nnz().toInt())
    for (i in 0 until stored.nRows()) major.fill(i, stored.rowPtr()[i].toInt(), stored.rowPtr()[i + 1].toInt())
    return if (byColumn) Places(indices, major, data, shape) else Places(major, indices, data, shape)
}

/** The stored values of a sparse matrix; a copy. */
public val AxisArray.data: DoubleArray
    get() {
        val stored = storedRows().first
        val out = DoubleArray(Math.toIntExact(stored.nnz()))
        var at = 0
        for (b in 0 until stored.blockCount()) {
            val block = stored.block(b)
            for (p in 0 until block.nnz()) out[at++] = block.value(p)
        }
        return out
    }

/** The column of every stored value, of a matrix compressed by columns the row; a copy. */
public val AxisArray.indices: IntArray
    get() {
        val stored = storedRows().first
        val out = IntArray(Math.toIntExact(stored.nnz()))
        var at = 0
        for (b in 0 until stored.blockCount()) {
            val block = stored.block(b)
            block.indices().copyInto(out, at, 0, block.nnz())
            at += block.nnz()
        }
        return out
    }

/** Where every row, or column, begins among the stored values, and where the last ends. */
public val AxisArray.indptr: IntArray
    get() = storedRows().first.rowPtr().let { at -> IntArray(at.size) { Math.toIntExact(at[it]) } }

/** How many values are stored. */
public fun AxisArray.getnnz(): Long = nnz

/** What is stored, compressed by rows or, when the second is true, by columns. */
private fun AxisArray.storedRows(): Pair<CsrMatrix, Boolean> =
    when (val x = matrix()) {
        is CsrMatrix -> x to false
        is CscMatrix -> x.columns() to true
        else -> throw IllegalArgumentException(
            "data, indices and indptr are of sparse matrices, but this one is dense; x.tocsr() makes it sparse",
        )
    }

/** See [SparseMatrices.cooMatrix]. */
public fun cooMatrix(data: DoubleArray, rows: IntArray, cols: IntArray, shape: Pair<Int, Int>): CsrMatrix =
    sparse.cooMatrix(data, rows, cols, shape)

/** See [SparseMatrices.isspmatrix]. */
public fun isspmatrix(x: Any?): Boolean = sparse.isspmatrix(x)
