package org.cellweave.interop

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.CsrBuilder
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.jetbrains.kotlinx.multik.api.mk
import org.jetbrains.kotlinx.multik.api.ndarray
import org.jetbrains.kotlinx.multik.ndarray.data.D2
import org.jetbrains.kotlinx.multik.ndarray.data.get
import org.jetbrains.kotlinx.multik.ndarray.data.set
import org.jetbrains.kotlinx.multik.ndarray.data.slice
import org.jetbrains.kotlinx.multik.ndarray.operations.div
import org.jetbrains.kotlinx.multik.ndarray.operations.toList
import org.junit.jupiter.api.Test

class MultikTest {
    private fun floats(): DenseMatrix = DenseMatrix.wrap(floatArrayOf(1f, 2f, 3f, 4f, 5f, 6f), 3, 2)

    private fun doubles(): DenseMatrix = DenseMatrix.wrap(doubleArrayOf(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), 2, 3)

    @Test
    fun `float32 is shared both ways`() {
        val matrix = floats()
        val array = matrix.toMultik()
        assertThat(array.shape).containsExactly(3, 2)
        assertThat(array[1, 0]).isEqualTo(3f)
        array[1, 0] = 30f
        assertThat(matrix.get(1, 0)).isEqualTo(30.0)
        matrix.set(2, 1, 60.0)
        assertThat(array[2, 1]).isEqualTo(60f)
        assertThat(array.toDenseMatrix().floatData()).isSameAs(matrix.floatData())
    }

    @Test
    fun `float64 is shared both ways`() {
        val matrix = doubles()
        val array = matrix.toMultikDouble()
        assertThat(array.shape).containsExactly(2, 3)
        array[0, 2] = 30.0
        assertThat(matrix.get(0, 2)).isEqualTo(30.0)
        matrix.set(1, 0, 40.0)
        assertThat(array[1, 0]).isEqualTo(40.0)
        assertThat(array.toDenseMatrix().doubleData()).isSameAs(matrix.doubleData())
    }

    @Test
    fun `values of obsm come and go`() {
        val adata = AnnData(DenseMatrix.zeros(3, 4, DType.FLOAT32))
        adata.obsm["X_pca"] = floats()
        val pca = adata.obsm["X_pca"].toMultik()
        pca[0, 1] = 20f
        assertThat((adata.obsm["X_pca"] as Matrix).get(0, 1)).isEqualTo(20.0)
        adata.obsm["X_half"] = (pca / 2f).toDenseMatrix()
        assertThat((adata.obsm["X_half"] as DenseMatrix).floatData())
            .containsExactly(0.5f, 10f, 1.5f, 2f, 2.5f, 3f)
        assertThat(pca[0, 1]).isEqualTo(20f)
    }

    @Test
    fun `narrow types are floats and wide ones doubles`() {
        assertThat(DenseMatrix.zeros(2, 2, DType.UINT8).toMultik().shape).containsExactly(2, 2)
        assertThat(DenseMatrix.zeros(2, 2, DType.INT64).toMultikDouble().shape).containsExactly(2, 2)
    }

    @Test
    fun `empty matrices stay empty`() {
        for ((rows, cols) in listOf(0 to 3, 3 to 0, 0 to 0)) {
            val single = DenseMatrix.zeros(rows, cols, DType.FLOAT32).toMultik()
            assertThat(single.shape).containsExactly(rows, cols)
            assertThat(single.toDenseMatrix().shape()).isEqualTo("$rows x $cols")
            val double = DenseMatrix.zeros(rows, cols, DType.FLOAT64).toMultikDouble()
            assertThat(double.shape).containsExactly(rows, cols)
            assertThat(double.toDenseMatrix().shape()).isEqualTo("$rows x $cols")
        }
    }

    @Test
    fun `views of an array are copied`() {
        val floats = floats().toMultik()
        val turned = floats.transpose().toDenseMatrix()
        assertThat(turned.shape()).isEqualTo("2 x 3")
        assertThat(turned.floatData()).containsExactly(1f, 3f, 5f, 2f, 4f, 6f)
        val tail = floats.slice<Float, D2, D2>(1..2, axis = 0).toDenseMatrix()
        assertThat(tail.floatData()).containsExactly(3f, 4f, 5f, 6f)
        floats[1, 0] = 30f
        assertThat(turned.get(0, 1)).isEqualTo(3.0)
        assertThat(tail.get(0, 0)).isEqualTo(3.0)

        val doubles = doubles().toMultikDouble()
        assertThat(doubles.transpose().toDenseMatrix().doubleData()).containsExactly(1.0, 4.0, 2.0, 5.0, 3.0, 6.0)
        val right = doubles.slice<Double, D2, D2>(1..2, axis = 1).toDenseMatrix()
        assertThat(right.doubleData()).containsExactly(2.0, 3.0, 5.0, 6.0)
        doubles[0, 1] = 20.0
        assertThat(right.get(0, 0)).isEqualTo(2.0)
    }

    @Test
    fun `leading rows of a longer array are copied`() {
        val array = floats().toMultik()
        val head = array.slice<Float, D2, D2>(0..1, axis = 0).toDenseMatrix()
        assertThat(head.floatData()).containsExactly(1f, 2f, 3f, 4f).isNotSameAs(array.data.getFloatArray())
    }

    @Test
    fun `the other storage is refused with the call that shares it`() {
        assertThatThrownBy { doubles().toMultik() }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage(
                "a float64 array of 2 x 3 is stored as float64; call toMultikDouble() to share it, " +
                    "or (x as Matrix).toDense().toFloat32().toMultik() for a copy rounded to float32",
            )
        assertThatThrownBy { floats().toMultikDouble() }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage(
                "a float32 array of 3 x 2 is stored as float32; call toMultik() to share it, " +
                    "or (x as Matrix).toDense().toFloat64().toMultikDouble() for a copy widened to float64",
            )
        assertThat((doubles() as Matrix).toDense().toFloat32().toMultik()[1, 2]).isEqualTo(6f)
        assertThat((floats() as Matrix).toDense().toFloat64().toMultikDouble()[2, 1]).isEqualTo(6.0)
    }

    @Test
    fun `sparse matrices are refused with the size of a dense copy`() {
        val narrow = floats().toCsr()
        val message =
            "a float32 CSR of 3 x 2 is sparse, a Multik array dense; call (x as Matrix).toDense().toMultik() " +
                "for a dense copy of 24 bytes, which no longer shares memory with x"
        assertThatThrownBy { narrow.toMultik() }.hasMessage(message)
        assertThatThrownBy { narrow.toMultikDouble() }.hasMessage(message)
        assertThat((narrow as Matrix).toDense().toMultik()[2, 1]).isEqualTo(6f)

        val wide = floats().withDType(DType.INT64).toCsr()
        assertThatThrownBy { wide.toMultik() }
            .hasMessageContaining("a int64 CSR of 3 x 2 is sparse")
            .hasMessageContaining("call (x as Matrix).toDense().toMultikDouble() for a dense copy of 48 bytes")
        assertThat((wide as Matrix).toDense().toMultikDouble()[2, 1]).isEqualTo(6.0)
    }

    @Test
    fun `sparse matrices too large for an array are refused with the way out`() {
        val builder = CsrBuilder(1_500_000_000, DType.FLOAT32)
        repeat(2) { builder.addRow(intArrayOf(0), doubleArrayOf(1.0), 1) }
        assertThatThrownBy { builder.build().toMultik() }
            .hasMessage(
                "a float32 CSR of 2 x 1500000000 is sparse, a Multik array dense; its 3000000000 elements do not " +
                    "fit one array either, so that you must take rows or columns first: " +
                    "(x as Matrix).take(rows, cols).toDense().toMultik()",
            )
    }

    @Test
    fun `a matrix of several blocks is refused with the way out`() {
        val zeros =
            DenseMatrix::class.java.getDeclaredMethod(
                "zeros",
                Int::class.java,
                Int::class.java,
                DType::class.java,
                Int::class.java,
            )
        zeros.isAccessible = true
        val blocks = zeros.invoke(null, 4, 2, DType.FLOAT32, 4) as DenseMatrix
        assertThatThrownBy { blocks.toMultik() }
            .hasMessage(
                "a float32 array of 4 x 2 is held in 2 blocks, since no Multik array holds 2^31 elements; take some " +
                    "of its rows first, (x as Matrix).takeRows(rows).toMultik(), which copies them",
            )
        val wide = zeros.invoke(null, 4, 2, DType.FLOAT64, 4) as DenseMatrix
        assertThatThrownBy { wide.toMultikDouble() }.hasMessageContaining("takeRows(rows).toMultikDouble()")
        assertThat((blocks as Matrix).takeRows(intArrayOf(3)).toMultik().shape).containsExactly(1, 2)
    }

    @Test
    fun `what is no matrix is refused`() {
        assertThatThrownBy { DataFrame.ofNames("a", "b").toMultik() }
            .hasMessage(
                "only a matrix can be a two-dimensional Multik array, got a table of 2 x 0; " +
                    "call toDataFrame() for a Kotlin DataFrame of it",
            )
        assertThatThrownBy { NdArray(DType.FLOAT32, intArrayOf(1, 2, 1), floatArrayOf(1f, 2f)).toMultik() }
            .hasMessage("only a matrix can be a two-dimensional Multik array, got a float32 array of [1, 2, 1]")
    }

    @Test
    fun `columns are copied with missing values as NaN`() {
        val source = doubleArrayOf(1.0, Double.NaN, 3.0)
        val array = NumericColumn.of(*source).toMultikDouble()
        assertThat(array.toList()).containsExactly(1.0, Double.NaN, 3.0)
        array[0] = 10.0
        assertThat(source[0]).isEqualTo(1.0)
        val nullable = NumericColumn.integers(DType.INT64, longArrayOf(1, 2), booleanArrayOf(false, true))
        assertThat(nullable.toMultikDouble().toList()).containsExactly(1.0, Double.NaN)
        assertThat(BooleanColumn.of(true, false).toMultikDouble().toList()).containsExactly(1.0, 0.0)
        assertThat(NumericColumn.of(*DoubleArray(0)).toMultikDouble().shape).containsExactly(0)
        assertThatThrownBy { StringColumn.of("B", "T").toMultikDouble() }
            .hasMessage("a text column has no numbers; first value is 'B'")
        assertThatThrownBy { CategoricalColumn.ofTexts("B", "T").toMultikDouble() }
            .hasMessageStartingWith("a text column has no numbers")
    }

    @Test
    fun `one-dimensional arrays become columns of their own type`() {
        val doubles = mk.ndarray(doubleArrayOf(0.5, Double.NaN))
        val column = doubles.toColumn()
        assertThat(column.dtype()).isEqualTo(DType.FLOAT64)
        assertThat(column.isMissing(1)).isTrue()
        doubles[0] = 5.0
        assertThat(column.get(0)).isEqualTo(0.5)
        assertThat(mk.ndarray(floatArrayOf(0.5f)).toColumn().dtype()).isEqualTo(DType.FLOAT32)
        assertThat(mk.ndarray(byteArrayOf(1)).toColumn().dtype()).isEqualTo(DType.INT8)
        assertThat(mk.ndarray(shortArrayOf(1)).toColumn().dtype()).isEqualTo(DType.INT16)
        assertThat(mk.ndarray(intArrayOf(3, -4)).toColumn().longs()).containsExactly(3L, -4L)
        val large = mk.ndarray(longArrayOf(Long.MAX_VALUE)).toColumn()
        assertThat(large.dtype()).isEqualTo(DType.INT64)
        assertThat(large.longs()).containsExactly(Long.MAX_VALUE)
        val second = floats().toMultik().transpose()[1].toColumn()
        assertThat(second.toDoubles()).containsExactly(2.0, 4.0, 6.0)
    }
}
