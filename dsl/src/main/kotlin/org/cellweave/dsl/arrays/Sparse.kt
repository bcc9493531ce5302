package org.cellweave.dsl

import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrBuilder
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.Matrix

/** scipy's names: `sp.sparse.csrMatrix(x)`. */
public val sp: SciPy get() = SciPy

/** scipy.sparse's names: `sparse.csrMatrix(x)`. */
public val sparse: SparseMatrices get() = SparseMatrices

/** What notebooks use of scipy. */
public object SciPy {
    /** Sparse matrices. */
    public val sparse: SparseMatrices get() = SparseMatrices
}

/** What notebooks use of scipy.sparse. */
public object SparseMatrices {
    /** The values compressed by rows, under another type when [dtype] is given; a copy. */
    public fun csrMatrix(x: AxisArray, dtype: Any? = null): CsrMatrix =
        (typed(x.matrix(), dtype).toCsr()).let { if (it === x) it.copy() else it }

    /** The values compressed by columns, under another type when [dtype] is given; a copy. */
    public fun cscMatrix(x: AxisArray, dtype: Any? = null): CscMatrix =
        byColumns(typed(x.matrix(), dtype)).let { if (it === x) it.copy() else it }

    /** A matrix without stored values. */
    public fun csrMatrix(shape: Pair<Int, Int>, dtype: Any = DType.FLOAT64): CsrMatrix =
        CsrMatrix.empty(shape.first, shape.second, dtypeOf(dtype))

    /** As [csrMatrix]; scipy's arrays differ from its matrices in `*`, ours do not. */
    public fun csrArray(x: AxisArray, dtype: Any? = null): CsrMatrix = csrMatrix(x, dtype)

    /** As [cscMatrix]. */
    public fun cscArray(x: AxisArray, dtype: Any? = null): CscMatrix = cscMatrix(x, dtype)

    /**
     * A matrix of values at places, of which equal ones are added up.
     *
     * @param data the values
     * @param rows a row for each of them
     * @param cols a column for each of them
     */
    public fun cooMatrix(
        data: DoubleArray,
        rows: IntArray,
        cols: IntArray,
        shape: Pair<Int, Int>,
        dtype: Any = DType.FLOAT64,
    ): CsrMatrix {
        requireSameSize(data.size, rows.size)
        requireSameSize(data.size, cols.size)
        val byRow = data.indices.groupBy { rows[it] }
        val strange = byRow.keys.find { it !in 0 until shape.first }
        require(strange == null) { "rows must lie in [0, ${shape.first}), got $strange" }
        val builder = CsrBuilder(shape.second, dtypeOf(dtype))
        for (i in 0 until shape.first) {
            val at = byRow[i].orEmpty()
            builder.addRow(IntArray(at.size) { cols[at[it]] }, DoubleArray(at.size) { data[at[it]] }, at.size)
        }
        return builder.build()
    }

    /** Whether a matrix is sparse. */
    public fun issparse(x: Any?): Boolean = x is Matrix && x.isSparse

    /** As [issparse]. */
    public fun isspmatrix(x: Any?): Boolean = issparse(x)

    /** Whether a matrix is compressed by rows. */
    public fun isspmatrixCsr(x: Any?): Boolean = x is CsrMatrix

    /** Whether a matrix is compressed by columns. */
    public fun isspmatrixCsc(x: Any?): Boolean = x is CscMatrix

    /** The matrices below each other, sparse. */
    public fun vstack(matrices: List<AxisArray>): Matrix = np.vstack(matrices.map { it.tocsr() })

    /** The matrices side by side, sparse. */
    public fun hstack(matrices: List<AxisArray>): Matrix = np.hstack(matrices.map { it.tocsr() })

    private fun typed(x: Matrix, dtype: Any?): Matrix = if (dtype == null) x else Elementwise.astype(x, dtypeOf(dtype))
}

/** See [SparseMatrices.csrMatrix]. */
public fun csrMatrix(x: AxisArray, dtype: Any? = null): CsrMatrix = sparse.csrMatrix(x, dtype)

/** See [SparseMatrices.cscMatrix]. */
public fun cscMatrix(x: AxisArray, dtype: Any? = null): CscMatrix = sparse.cscMatrix(x, dtype)

/** See [SparseMatrices.issparse]. */
public fun issparse(x: Any?): Boolean = sparse.issparse(x)

/** The values compressed by columns; the matrix itself when it is so already. */
internal fun byColumns(x: Matrix): CscMatrix = x as? CscMatrix ?: CscMatrix(x.toCsr().transposeToCsr())
