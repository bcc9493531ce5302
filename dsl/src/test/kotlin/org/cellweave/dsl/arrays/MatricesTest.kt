package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.ShapeMismatchException
import org.junit.jupiter.api.Test

/** Matrices as NumPy's users write them. */
class MatricesTest {
    private val x = DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0, 0.0, 2.0), doubleArrayOf(0.0, 4.0, 6.0)))
    private val sparse = x.toCsr()

    private fun AxisArray.flat() = flatten().toList()

    @Test
    fun `numbers on either side`() {
        assertThat((x + 1).flat()).containsExactly(2.0, 1.0, 3.0, 1.0, 5.0, 7.0)
        assertThat((1 - x).flat()).containsExactly(0.0, 1.0, -1.0, 1.0, -3.0, -5.0)
        assertThat((2 * sparse).flat()).containsExactly(2.0, 0.0, 4.0, 0.0, 8.0, 12.0)
        assertThat((2 * sparse).isSparse).isTrue
        assertThat((x / 2).flat()).containsExactly(0.5, 0.0, 1.0, 0.0, 2.0, 3.0)
        assertThat((12 / (x + 1)).flat()).containsExactly(6.0, 12.0, 4.0, 12.0, 2.4, 12 / 7.0)
        assertThat((x % 4).flat()).containsExactly(1.0, 0.0, 2.0, 0.0, 0.0, 2.0)
        assertThat((-x pow 2).flat()).containsExactly(1.0, 0.0, 4.0, 0.0, 16.0, 36.0)
    }

    @Test
    fun `rows, columns and matrices`() {
        assertThat((x - x.mean(axis = 0)).flat()).containsExactly(0.5, -2.0, -2.0, -0.5, 2.0, 2.0)
        assertThat((x / x.sum(axis = 1, keepdims = true)).sum(axis = 1)).containsExactly(1.0, 1.0)
        assertThat((sparse / x.sum(axis = 1).reshape(-1, 1)).isSparse).isTrue
        assertThat((doubleArrayOf(1.0, 2.0, 3.0) * x).flat()).containsExactly(1.0, 0.0, 6.0, 0.0, 8.0, 18.0)
        assertThat((sparse * sparse).flat()).isEqualTo((x * x).flat())
        assertThat((x + listOf(1, 2, 3)).flat()).containsExactly(2.0, 2.0, 5.0, 1.0, 6.0, 9.0)
        assertThat(sparse.multiply(2).isSparse).isTrue
    }

    @Test
    fun `masks of a matrix`() {
        val mask = sparse gt 1
        assertThat(mask.isSparse).isTrue
        assertThat(mask.dtype).isEqualTo(np.bool)
        assertThat(mask.sum(axis = 0)).containsExactly(0.0, 1.0, 2.0)
        assertThat(((x gt 1) and (x lt 5)).flat()).containsExactly(0.0, 0.0, 1.0, 0.0, 1.0, 0.0)
        assertThat(((x gt 5) or (x eq 0)).sum()).isEqualTo(3.0)
        assertThat((x gt 1).not().sum()).isEqualTo(3.0)
        assertThat(x[x gt 1]).containsExactly(2.0, 4.0, 6.0)
        assertThat((x ge x.max(axis = 0)).sum()).isEqualTo(3.0)
        assertThat((x le 0).sum(axis = 1)).containsExactly(1.0, 1.0)
        assertThat((x ne 0).any(axis = 0)).containsExactly(true, true, true)
        assertThat((x ne 0).all(axis = 0)).containsExactly(false, false, true)
        assertThat((x eq 9).any()).isFalse
    }

    @Test
    fun reductions() {
        assertThat(x.sum()).isEqualTo(13.0)
        assertThat(x.mean()).isEqualTo(13 / 6.0)
        assertThat(x.mean(axis = 1)).containsExactly(1.0, 10 / 3.0)
        assertThat(x.std(axis = 0)).containsExactly(0.5, 2.0, 2.0)
        assertThat(x.std(axis = 0, ddof = 1)[1]).isEqualTo(kotlin.math.sqrt(8.0))
        assertThat(x.`var`(axis = 0)).containsExactly(0.25, 4.0, 4.0)
        assertThat(x.variance()).isCloseTo(57 / 6.0 - 169 / 36.0, within(1e-12))
        assertThat(x.std() * x.std()).isCloseTo(x.variance(), within(1e-12))
        assertThat(x.min() to x.max()).isEqualTo(0.0 to 6.0)
        assertThat(sparse.max(axis = 1)).containsExactly(2.0, 6.0)
        assertThat(sparse.min(axis = 0)).containsExactly(0.0, 0.0, 2.0)
        assertThat(x.argmax(axis = 1)).containsExactly(2, 2)
        assertThat(x.argmin(axis = 1)).containsExactly(1, 0)
        assertThat(sparse.median(axis = 0)).containsExactly(0.5, 2.0, 4.0)
        assertThat(x.median()).isEqualTo(1.5)
        assertThat(x.quantile(0.5, axis = 1)).containsExactly(1.0, 4.0)
        assertThat(x.quantile(1.0)).isEqualTo(6.0)
        assertThat(sparse.countNonzero(axis = 0)).containsExactly(1, 1, 2)
        assertThat(sparse.getnnz(axis = 1)).containsExactly(2, 2)
        assertThat(x.std(axis = 1, keepdims = true).shape).isEqualTo(2 to 1)
    }

    @Test
    fun `shapes and slices`() {
        assertThat(x.shape).isEqualTo(2 to 3)
        assertThat(x.shape[0]).isEqualTo(2)
        assertThat(x.shape[-1]).isEqualTo(3)
        assertThat(x.T.shape).isEqualTo(3 to 2)
        assertThat(x.ndim to x.size).isEqualTo(2 to 6L)
        assertThat("${sparse.dtype}").isEqualTo("float64")
        assertThat(sparse.nnz).isEqualTo(4)
        val array: AxisArray = x
        assertThat(array[all, 0]).containsExactly(1.0, 0.0)
        assertThat(array[1, all]).containsExactly(0.0, 4.0, 6.0)
        assertThat(array[-1, -1]).isEqualTo(6.0)
        assertThat(array[1]).containsExactly(0.0, 4.0, 6.0)
        assertThat(x[all, 0 until 2].flat()).containsExactly(1.0, 0.0, 0.0, 4.0)
        assertThat(x[booleanArrayOf(false, true)].flat()).containsExactly(0.0, 4.0, 6.0)
        assertThat(sparse[listOf(1, 0), all].flat()).containsExactly(0.0, 4.0, 6.0, 1.0, 0.0, 2.0)
        assertThat(sparse[listOf(1, 0), 2]).containsExactly(6.0, 2.0)
        assertThat(x.tolist()).containsExactly(listOf(1.0, 0.0, 2.0), listOf(0.0, 4.0, 6.0))
        assertThat(x.reshape(3, -1).flat()).isEqualTo(x.flat())
        assertThat(x.ravel()).isEqualTo(sparse.A.flatten())
    }

    @Test
    fun `slices of a dense matrix are set in place`() {
        val y = x.copy()
        y[all, 0] = 9
        y[0, 1 until 3] = doubleArrayOf(7.0, 8.0)
        assertThat(y.flat()).containsExactly(9.0, 7.0, 8.0, 9.0, 4.0, 6.0)
        y[all, 2] = doubleArrayOf(1.0, 2.0)
        y[y gt 8] = 0
        assertThat(y.flat()).containsExactly(0.0, 7.0, 1.0, 0.0, 4.0, 2.0)
        y[booleanArrayOf(true, false), all] = y[1..1, all]
        assertThat(y[0]).containsExactly(0.0, 4.0, 2.0)
    }

    @Test
    fun `types and storage`() {
        assertThat(x.astype(np.float32).dtype).isEqualTo(DType.FLOAT32)
        assertThat(x.astype("int").dtype).isEqualTo(DType.INT64)
        assertThat(x.astype(Float::class).dtype).isEqualTo(DType.FLOAT32)
        assertThat(x.toarray()).isNotSameAs(x)
        assertThat(sparse.toarray().flat()).isEqualTo(x.flat())
        assertThat(x.tocsr().isSparse).isTrue
        assertThat(x.tocsc().flat()).isEqualTo(x.flat())
        assertThat(csrMatrix(x, dtype = np.float32).dtype).isEqualTo(DType.FLOAT32)
        assertThat(csrMatrix(sparse)).isNotSameAs(sparse)
        assertThat(issparse(cscMatrix(x))).isTrue
        assertThat(sp.sparse.issparse(x)).isFalse
        assertThat(
            org.cellweave.dsl.sparse
                .vstack(listOf(x, x))
                .shape,
        ).isEqualTo(4 to 3)
        assertThat(
            org.cellweave.dsl.sparse
                .hstack(listOf(x, x))
                .flat(),
        ).isEqualTo(np.hstack(listOf(x, x)).flat())
        val coo = sp.sparse.cooMatrix(doubleArrayOf(1.0, 2.0, 3.0), intArrayOf(0, 1, 1), intArrayOf(2, 0, 0), 2 to 3)
        assertThat(coo.flat()).containsExactly(0.0, 0.0, 1.0, 5.0, 0.0, 0.0)
        assertThat(sp.sparse.csrMatrix(2 to 3).nnz()).isZero
    }

    @Test
    fun products() {
        assertThat((x dot x.T).flat()).containsExactly(5.0, 12.0, 12.0, 52.0)
        assertThat((sparse matmul sparse.T).flat()).containsExactly(5.0, 12.0, 12.0, 52.0)
        assertThat(sparse dot doubleArrayOf(1.0, 1.0, 1.0)).containsExactly(3.0, 10.0)
        assertThatThrownBy { x dot x }
            .isInstanceOf(ShapeMismatchException::class.java)
            .hasMessageContaining("2 x 3 and 2 x 3")
    }

    @Test
    fun `results are put back`() {
        val adata = AnnData(sparse)
        adata.X = adata.X * 2
        adata.layers["scaled"] = adata.X.toarray()
        adata.layers["log"] = np.log1p(adata.X)
        adata.obsm["X_umap"] = np.random.normal(0, 1, size = adata.nObs to 2)
        val before = adata.obsm["X_umap"][all, 0]
        adata.obsm["X_umap"] = adata.obsm["X_umap"] * -1
        assertThat(adata.obsm["X_umap"][all, 0]).isEqualTo(-before)
        adata.obs["n"] = adata.X.sum(axis = 1)
        adata.obs["detected"] = (adata.X gt 0).sum(axis = 1).A1
        adata.obs["high"] = adata.X.sum(axis = 1) gt 10
        adata.`var`["genes"] = adata.X.countNonzero(axis = 0)
        assertThat(adata.obs["n"].toDoubles()).containsExactly(6.0, 20.0)
        assertThat(adata.obs["high"].toDoubles()).containsExactly(0.0, 1.0)
        assertThat(adata.layers["log"].isSparse).isTrue
        adata.X = np.random.poisson(1, size = 2 to 3)
        assertThat(adata.X.dtype).isEqualTo(np.int64)
        adata.X = csrMatrix(np.random.poisson(1, size = 2 to 3), dtype = np.float32)
        assertThat(adata.X).isInstanceOf(CsrMatrix::class.java)
        adata.X += 0
        adata.X *= 3
        assertThat(adata.X.isSparse).isTrue
    }

    @Test
    fun `a table among obsm is a matrix of its columns`() {
        val table = DataFrame.ofNames("a", "b")
        table.set("u", NumericColumn.of(1.0, 2.0))
        table.set("v", NumericColumn.of(3.0, 4.0))
        val held: AxisArray = table
        assertThat((held * 2).flat()).containsExactly(2.0, 6.0, 4.0, 8.0)
        assertThat(held.mean(axis = 0)).containsExactly(1.5, 3.5)
        assertThat(np.sqrt(table)["v"].toDoubles()[1]).isEqualTo(2.0)
        assertThat(held["u"].toDoubles()).containsExactly(1.0, 2.0)
        assertThatThrownBy { (sparse as AxisArray)["u"] }.hasMessageContaining("no names of columns, got 'u'")
    }

    @Test
    fun `messages say what to do`() {
        assertThatThrownBy { sparse + 1 }.hasMessageContaining("Call x.toarray() first")
        assertThatThrownBy { sparse lt 5 }.hasMessageContaining("Call x.toarray() first")
        assertThatThrownBy { sparse.log() }.hasMessageContaining("np.log(x)")
        assertThatThrownBy { x / x.sum(axis = 1) }
            .isInstanceOf(ShapeMismatchException::class.java)
            .hasMessage(
                "shapes do not fit each other: 2 x 3 and an array of 2; for one number of every row write it as a " +
                    "column, .reshape(-1, 1)",
            )
        assertThatThrownBy { x * doubleArrayOf(1.0) }.hasMessageContaining("one number for every column")
        assertThatThrownBy { x + "text" }.hasMessageContaining("numbers are needed here, got a String")
        assertThatThrownBy { x + listOf("a") }.hasMessageContaining("got 'a' at 0")
        assertThatThrownBy { sparse[all, 0] = 1 }.hasMessageContaining("Take x.toarray()")
        assertThatThrownBy { sparse[sparse gt 1] = 1 }.hasMessageContaining("x.clip(max = ...)")
        assertThatThrownBy { x.astype(np.int64)[all, 0] = 0.5 }.hasMessageContaining("does not hold 0.5")
        assertThatThrownBy { x.sum(axis = 2) }.hasMessageContaining("axis must be 0")
        assertThatThrownBy { x.astype("float33") }.hasMessageContaining("Did you mean 'float32'?")
        assertThatThrownBy { x.astype(String::class) }.hasMessageContaining("dtype must be one of")
        assertThatThrownBy { x[listOf("a")] }.hasMessageContaining("no names")
        assertThatThrownBy { x["a", all] }.hasMessageContaining("rows of a matrix have no names")
        assertThatThrownBy { x.sum(0, keepdims = false) }.hasMessageContaining("leave keepdims out")
        assertThatThrownBy { x.shape[2] }.hasMessageContaining("places 0 and 1")
        assertThatThrownBy { (x as Matrix)[x] }.hasMessageContaining("a mask must be boolean")
        assertThatThrownBy { sp.sparse.cooMatrix(doubleArrayOf(1.0), intArrayOf(5), intArrayOf(0), 2 to 3) }
            .hasMessageContaining("rows must lie in [0, 2), got 5")
    }
}
