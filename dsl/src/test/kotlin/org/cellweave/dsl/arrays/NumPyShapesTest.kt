package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.ShapeMismatchException
import org.junit.jupiter.api.Test

/** What `np` and `sparse` make of shapes, parts and places. */
class NumPyShapesTest {
    private val a = doubleArrayOf(3.0, 1.0, 2.0)
    private val x = np.array(listOf(listOf(1, 2, 3), listOf(4, 5, 6)))

    private fun rows(m: Matrix): List<List<Double>> = m.tolist()

    @Test
    fun `parts, repeats and stacks`() {
        assertThat(np.arraySplit(np.arange(5), 3).map { it.toList() })
            .containsExactly(listOf(0, 1), listOf(2, 3), listOf(4))
        assertThat(np.arraySplit(listOf("a", "b", "c"), 2)).containsExactly(listOf("a", "b"), listOf("c"))
        assertThat(np.arraySplit(np.array(listOf("a", "b", "c")), 2)[1]).containsExactly("c")
        assertThat(np.arraySplit(x, 3).map { it.shape }).containsExactly(1 to 3, 1 to 3, 0 to 3)
        assertThat(np.split(a, 3)[2]).containsExactly(2.0)
        assertThat(np.split(np.arange(4), 2)[1]).containsExactly(2, 3)
        assertThatThrownBy { np.split(listOf("a", "b", "c"), 2) }
            .hasMessage("split needs parts of one size, but 3 values do not make 2; np.arraySplit takes unequal ones")
        assertThatThrownBy { np.arraySplit(a, 0) }.hasMessage("sections must be positive, got 0")
        assertThat(np.tile(np.arange(2), 2)).containsExactly(0, 1, 0, 1)
        assertThat(np.tile(a, 0)).isEmpty()
        assertThat(np.repeat(np.arange(2), 2)).containsExactly(0, 0, 1, 1)
        assertThat(np.repeat(listOf("a", "b"), intArrayOf(1, 2))).containsExactly("a", "b", "b")
        assertThat(np.repeat("a", 2) + np.tile(listOf("b"), 2)).containsExactly("a", "a", "b", "b")
        assertThat(np.repeat(7, 2) + np.repeat(a, 1)[0 until 2]).containsExactly(10.0, 8.0)
        assertThatThrownBy { np.tile(a, -1) }.hasMessage("repeats must not be negative, got -1")
        val coords = np.hstack(listOf(np.repeat(np.arange(10), 10), np.tile(np.arange(10), 10))).T
        assertThat(coords.size to coords[199]).isEqualTo(200 to 9)
        assertThat(rows(np.stack(listOf(a, a), axis = 1))).containsExactly(
            listOf(3.0, 3.0), listOf(1.0, 1.0), listOf(2.0, 2.0),
        )
        assertThat(np.columnStack(listOf(intArrayOf(1), intArrayOf(2))).dtype).isEqualTo(DType.INT64)
        assertThat(np.stack(listOf(intArrayOf(1, 2))).shape).isEqualTo(1 to 2)
        assertThat(np.hstack(listOf(listOf("a"), listOf("b")))).containsExactly("a", "b")
    }

    @Test
    fun `none as a new axis`() {
        assertThat(rows(a[all, null])).containsExactly(listOf(3.0), listOf(1.0), listOf(2.0))
        assertThat(rows(a[null, all])).containsExactly(listOf(3.0, 1.0, 2.0))
        assertThat(rows(intArrayOf(1, 2)[all, null])).containsExactly(listOf(1.0), listOf(2.0))
        assertThat(intArrayOf(1, 2)[null, all].shape).isEqualTo(1 to 2)
        assertThat(NumericColumn.of(1.0, 2.0)[all, null].shape).isEqualTo(2 to 1)
        assertThat(rows(x / x.sum(1)[all, null])[0]).containsExactly(1 / 6.0, 2 / 6.0, 3 / 6.0)
        assertThat(np.expandDims(a, 0).shape to np.expandDims(intArrayOf(1), -1).shape).isEqualTo((1 to 3) to (1 to 1))
        assertThat(a.T).isSameAs(a)
        assertThat(floatArrayOf(1f, 2f).reshape(-1, 1).dtype).isEqualTo(np.float32)
    }

    @Test
    fun `whether arrays are the same`() {
        assertThat(np.arrayEqual(x, x.copy())).isTrue
        assertThat(np.arrayEqual(x, csrMatrix(x))).isTrue
        assertThat(np.arrayEqual(x, x.T) || np.arrayEqual(x, x + 1) || np.arrayEqual(a, x)).isFalse
        assertThat(np.arrayEqual(a, listOf(3, 1, 2))).isTrue
        assertThat(np.arrayEqual(listOf("a"), StringColumn.of("a"))).isTrue
        assertThat(np.arrayEqual(listOf("a"), a)).isFalse
        assertThat(np.arrayEqual(doubleArrayOf(np.nan), doubleArrayOf(np.nan))).isFalse
        assertThat(np.arrayEqual(doubleArrayOf(np.nan), doubleArrayOf(np.nan), equalNan = true)).isTrue
        assertThat(np.allclose(a, a + 1e-9) && !np.allclose(a, a + 0.1) && np.allclose(a, a + 0.1, atol = 0.2)).isTrue
        assertThat(np.allclose(1, 1.0 + 1e-9)).isTrue
        assertThat(np.isclose(a, doubleArrayOf(3.0, 1.1, 2.0))).containsExactly(true, false, true)
        assertThat(np.isclose(a, 1)).containsExactly(false, true, false)
        assertThat(np.isclose(1, 2)).isFalse
    }

    @Test
    fun `bins, counts and what is not a number`() {
        val odd = doubleArrayOf(0.5, 1.0, 2.5, np.nan)
        assertThat(np.digitize(odd, doubleArrayOf(1.0, 2.0))).containsExactly(0, 1, 2, 2)
        assertThat(np.digitize(odd, doubleArrayOf(1.0, 2.0), right = true)).containsExactly(0, 0, 2, 2)
        assertThat(np.digitize(NumericColumn.of(1.5), doubleArrayOf(1.0, 2.0))).containsExactly(1)
        assertThatThrownBy { np.digitize(a, doubleArrayOf(2.0, 1.0)) }.hasMessage("bins must increase")
        assertThat(np.bincount(intArrayOf(0, 2, 2), minlength = 4)).containsExactly(1, 0, 2, 0)
        assertThat(np.bincount(intArrayOf(0, 2, 2), a)).containsExactly(3.0, 0.0, 3.0)
        assertThatThrownBy { np.bincount(intArrayOf(-1)) }.hasMessage("bincount counts whole numbers from 0, got -1")
        assertThat(np.nanToNum(doubleArrayOf(np.nan, np.inf, -np.inf)))
            .containsExactly(0.0, Double.MAX_VALUE, -Double.MAX_VALUE)
        assertThat(np.nanToNum(NumericColumn.of(np.nan), nan = 2)).containsExactly(2.0)
        val narrow = np.nanToNum(DenseMatrix.wrap(floatArrayOf(Float.NaN, Float.POSITIVE_INFINITY), 1, 2))
        assertThat(narrow.floatData()).containsExactly(0f, Float.MAX_VALUE)
        assertThat(np.argpartition(a, 1)[0]).isEqualTo(1)
        assertThatThrownBy { np.argpartition(a, 3) }.hasMessage("kth must lie in [-3, 3), got 3")
        val mask = booleanArrayOf(true, false)
        assertThat(np.logicalXor(mask, !mask)).containsExactly(true, true)
        assertThat(np.logicalAnd(x gt 1, x lt 4).sum()).isEqualTo(2.0)
        assertThat(np.logicalOr(x gt 5, x lt 2).sum() to np.logicalNot(x gt 1).sum()).isEqualTo(2.0 to 1.0)
    }

    @Test
    fun `products, lengths and diagonals`() {
        assertThat(rows(np.outer(doubleArrayOf(1.0, 2.0), a))[1]).containsExactly(6.0, 2.0, 4.0)
        assertThat(np.diag(np.diag(a))).containsExactly(3.0, 1.0, 2.0)
        assertThat(np.diag(x)).containsExactly(1.0, 5.0)
        assertThat(a dot a).isEqualTo(14.0)
        assertThat(doubleArrayOf(1.0, 1.0) dot x).containsExactly(5.0, 7.0, 9.0)
        assertThat(np.dot(x, a)).containsExactly(11.0, 29.0)
        assertThat(np.linalg.norm(doubleArrayOf(3.0, -4.0))).isEqualTo(5.0)
        assertThat(np.linalg.norm(doubleArrayOf(3.0, -4.0), ord = 1)).isEqualTo(7.0)
        assertThat(np.linalg.norm(x)).isCloseTo(kotlin.math.sqrt(91.0), within(1e-14))
        assertThat(np.linalg.norm(csrMatrix(x), axis = 1)[0]).isCloseTo(kotlin.math.sqrt(14.0), within(1e-14))
        assertThat(np.linalg.norm(x, ord = np.inf, axis = 0)).containsExactly(4.0, 5.0, 6.0)
        assertThatThrownBy { np.linalg.norm(x, ord = 3, axis = 0) }.hasMessage("ord must be 1, 2 or np.inf, got 3")
        assertThat(np.std(x, ddof = 1)).isCloseTo(kotlin.math.sqrt(3.5), within(1e-14))
        assertThat(x.std(ddof = 1)).isEqualTo(np.std(x, ddof = 1))
        assertThat(np.std(x, 0)).containsExactly(1.5, 1.5, 1.5)
    }

    @Test
    fun `places of arrays`() {
        val b = a.copy()
        b[listOf(0, -1)] = doubleArrayOf(7.0, 8.0)
        b[intArrayOf(1)] = 9
        assertThat(b[listOf(2, 0)] + b[0 until 2]).containsExactly(15.0, 16.0)
        b[0 until 2] = 0
        assertThat(b).containsExactly(0.0, 0.0, 8.0)
        b[0 until 2] = doubleArrayOf(1.0, 2.0)
        assertThatThrownBy { b[listOf(0, 3)] = 5 }.isInstanceOf(IndexOutOfBoundsException::class.java)
        assertThatThrownBy { b[listOf(0)] = a }.isInstanceOf(ShapeMismatchException::class.java)
        assertThat(b).containsExactly(1.0, 2.0, 8.0)
        val n = np.arange(4)
        n[listOf(0, 1)] = intArrayOf(5, 6)
        n[n eq 3] = 9
        n[listOf(2)] = 7
        assertThat(n[listOf(3, 2, 1, 0)]).containsExactly(9, 7, 6, 5)
    }

    @Test
    fun `arrays of text`() {
        val colors = np.array(listOf("red", "green", "blue"))
        val others = np.array(mapOf<String, Any?>("c" to listOf("a", "b", "c"))["c"])
        colors[listOf(0, 2)] = others[listOf(1, 1)]
        assertThat(colors).containsExactly("b", "green", "b")
        colors[listOf(-1)] = "z"
        colors[colors eq "b"] = "y"
        colors[booleanArrayOf(false, true, false)] = listOf("x")
        assertThat(colors).isEqualTo(listOf("y", "x", "z"))
        assertThat(others.copy().apply { set(0, "q") }[0] + others[0] + colors[intArrayOf(2)][0]).isEqualTo("qaz")
        assertThat(np.array(listOf("a", 1, 2.5))).containsExactly("a", "1", "2.5")
        assertThat(np.array(listOf("1", "2")).astype("float") as DoubleArray).containsExactly(1.0, 2.0)
        assertThat(colors.shape to colors.isin(listOf("x")).sum()).isEqualTo(listOf(3) to 1)
        assertThatThrownBy { colors[listOf(0)] = listOf("a", "b") }.isInstanceOf(ShapeMismatchException::class.java)
        assertThatThrownBy { np.array(3 as Any?) }
            .hasMessageContaining("np.array of a value without a type takes texts")
        assertThatThrownBy { np.array(listOf(listOf("a"), "b")) }
            .hasMessageContaining("np.array of a list takes numbers, booleans, texts, or rows of numbers")
        val adata = ad.AnnData(np.zeros(3 to 2))
        adata.uns["group_colors"] = colors
        assertThat(adata.uns.texts("group_colors")).containsExactly("y", "x", "z")
        np.random.shuffle(colors)
        assertThat(colors.sorted()).containsExactly("x", "y", "z")
        assertThat(np.random.choice(5) in 0 until 5).isTrue
        assertThat(np.random.choice(StringColumn.of("a", "a"), 3)).containsExactly("a", "a", "a")
        assertThat(np.random.choice(intArrayOf(4)) to np.random.choice(doubleArrayOf(4.0))).isEqualTo(4 to 4.0)
    }

    @Test
    fun `sparse matrices by their parts`() {
        val eye = sparse.eye(3, format = "csr")
        assertThat(eye).isInstanceOf(CsrMatrix::class.java)
        assertThat(np.arrayEqual(eye, np.eye(3))).isTrue
        assertThat(sparse.identity(2, format = "csc")).isInstanceOf(CscMatrix::class.java)
        assertThat(sparse.eye(2, dtype = np.float32).dtype).isEqualTo(np.float32)
        assertThat(rows(sparse.diags(a))[1]).containsExactly(0.0, 1.0, 0.0)
        val random = sparse.random(50, 40, density = 0.1, format = "csr", randomState = 1)
        assertThat(random.nnz to random.getnnz()).isEqualTo(200L to 200L)
        assertThat(np.arrayEqual(random, sparse.random(50, 40, density = 0.1, randomState = 1))).isTrue
        np.random.seed(3)
        val first = sparse.random(50, 40)
        val second = sparse.random(50, 40)
        np.random.seed(3)
        assertThat(np.arrayEqual(first, sparse.random(50, 40)) && !np.arrayEqual(first, second)).isTrue
        assertThatThrownBy { sparse.eye(2, format = "crs") }
            .hasMessage("format must be one of [csr, csc, coo], got 'crs'. Did you mean 'csr'?")
        assertThat(sparse.vstack(listOf(eye, eye), format = "csc").shape).isEqualTo(6 to 3)
        assertThat(sparse.hstack(listOf(eye, eye), format = "csr").shape).isEqualTo(3 to 6)
        val s = csrMatrix(np.array(listOf(listOf(0, 5, 0), listOf(7, 0, 8))))
        assertThat(s.data).containsExactly(5.0, 7.0, 8.0)
        assertThat(s.indices).containsExactly(1, 0, 2)
        assertThat(s.indptr).containsExactly(0, 1, 3)
        assertThat(s.getnnz(axis = 0)).containsExactly(1, 1, 1)
        assertThat(s.sum(1).A1).containsExactly(5.0, 15.0)
        val coo = s.tocsc().tocoo()
        assertThat(coo.row).containsExactly(1, 0, 1)
        assertThat(coo.col).containsExactly(0, 1, 2)
        assertThat(np.arrayEqual(coo.tocsr(), s) && coo.nnz == 3 && coo.shape == 2 to 3).isTrue
        assertThat(s.tocoo().row).containsExactly(0, 1, 1)
        assertThat(np.arrayEqual(cooMatrix(coo.data, coo.row, coo.col, 2 to 3), s)).isTrue
        assertThat(isspmatrix(s) && !isspmatrix(x)).isTrue
        assertThatThrownBy { x.data }.hasMessageContaining("this one is dense; x.tocsr() makes it sparse")
    }
}
