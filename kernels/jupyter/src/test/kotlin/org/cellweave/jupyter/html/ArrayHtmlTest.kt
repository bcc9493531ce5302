package org.cellweave.jupyter.html

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

class ArrayHtmlTest {
    private val nasty = "<script>&\"'"

    @Test
    fun `arrays of one and two dimensions are tables`() {
        val vector = Parsed(ArrayHtml.of(NdArray.of("a", nasty)))
        assertThat(vector.rows()).containsExactly(listOf("", "value"), listOf("0", "a"), listOf("1", nasty))
        assertThat(vector.text).startsWith("Array  array \u00B7 2 \u00B7 str \u00B7 ")
        val table = NdArray(DType.INT64, intArrayOf(2, 2), longArrayOf(1, Long.MAX_VALUE, -3, 4))
        assertThat(Parsed(ArrayHtml.of(table)).rows())
            .containsExactly(listOf("", "0", "1"), listOf("0", "1", "9223372036854775807"), listOf("1", "-3", "4"))
        val bytes = NdArray(DType.UINT8, intArrayOf(1), byteArrayOf(-1))
        assertThat(Parsed(ArrayHtml.of(bytes)).rows().last()).containsExactly("0", "255")
    }

    @Test
    fun `other arrays`() {
        val scalar = NdArray(DType.FLOAT64, intArrayOf(), doubleArrayOf(0.5))
        assertThat(Parsed(ArrayHtml.of(scalar)).rows().last()).containsExactly("0", "0.5")
        val cube = Parsed(ArrayHtml.of(NdArray(DType.BOOL, intArrayOf(1, 2, 1), booleanArrayOf(true, false))))
        assertThat(cube.all("table")).isEmpty()
        assertThat(cube.text).contains("1 \u00D7 2 \u00D7 1 \u00B7 bool")
        assertThat(Parsed(ArrayHtml.of(NdArray.of(true, false))).rows().last()).containsExactly("1", "False")
        assertThat(Parsed(ArrayHtml.of(NdArray.of(*DoubleArray(0)))).all("table")).isEmpty()
    }

    @Test
    fun `records have a column for each field`() {
        val records = RecordArray(100).with(nasty, NdArray.of(*Array(100) { "gene$it" }))
        val page = Parsed(ArrayHtml.of(records.with("score", NdArray.of(*FloatArray(100) { it / 2f }))))
        val rows = page.rows()
        assertThat(rows).hasSize(22)
        assertThat(rows.first()).containsExactly("", "${nasty}str", "scorefloat32")
        assertThat(rows.last()).containsExactly("99", "gene99", "49.5")
    }

    @Test
    fun `slots and raw`() {
        val adata = AnnData(DenseMatrix.zeros(2, 3, DType.FLOAT32))
        assertThat(Parsed(ArrayHtml.of(adata.obsm)).text).isEqualTo("obsm  0 keys")
        adata.obsm.set(nasty, DenseMatrix.zeros(2, 5, DType.FLOAT64))
        assertThat(Parsed(ArrayHtml.of(adata.obsm)).rows().last())
            .containsExactly(nasty, "dense", "2 \u00D7 5", "float64", "", "80 B")
        adata.setRaw(adata)
        assertThat(Parsed(ArrayHtml.of(adata.raw)).text).contains("raw 2 \u00D7 3", "dense \u00B7 2 \u00D7 3")
        assertThat(ArrayHtml.text(adata.raw))
            .contains("Raw with n_obs \u00D7 n_vars = 2 \u00D7 3", "float32 array of 2 x 3")
    }
}
