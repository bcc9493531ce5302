package org.cellweave.jupyter.html

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test

class TablesTest {
    private val nasty = "<script>alert(1)</script>&\"'"

    private fun small(): DataFrame {
        val table = DataFrame("obs", StringColumn.of("a", "b", nasty), "cell")
        table.set("score", NumericColumn.of(1.5, Double.NaN, -12.25))
        table.set("p<0.05", NumericColumn.of(1e-12, 0.5, 0.0))
        table.set("n", NumericColumn.integers(DType.INT64, longArrayOf(1, 2, 3), booleanArrayOf(false, true, false)))
        table.set("kind", CategoricalColumn.ofTexts("x", null, nasty))
        table.set("ok", BooleanColumn.of(true, false, true))
        table.set("text", StringColumn(arrayOf("t", null, "u".repeat(100)), true))
        return table
    }

    @Test
    fun `a small table`() {
        val page = Parsed(DataFrameHtml.of(small()))
        assertThat(page.rows()).containsExactly(
            listOf("cell", "scorefloat64", "p<0.05float64", "nInt64", "kindcategory", "okbool", "textstring"),
            listOf("a", "1.50", "1.0e-12", "1", "x", "True", "t"),
            listOf("b", "NaN", "5.0e-01", "<NA>", "NaN", "False", "<NA>"),
            listOf(nasty, "-12.25", "0.0e+00", "3", nasty, "True", "u".repeat(59) + "\u2026"),
        )
        assertThat(page.all("div", "cw-foot").single().textContent).isEqualTo("3 rows \u00D7 6 columns")
        assertThat(page.all("span", "cw-na").map { it.textContent }).containsExactly("NaN", "<NA>", "NaN", "<NA>")
        assertThat(page.all("td", "cw-n").map { it.textContent }).contains("1.50", "5.0e-01", "<NA>")
        assertThat(page.html).doesNotContain("<script").contains("title=\"${"u".repeat(100)}\"")
        Pages.write("table", page.html)
    }

    @Test
    fun `a long and wide table shows its ends`() {
        val table = DataFrame.ofNames(*Array(1000) { "cell$it" })
        repeat(100) { c -> table.set("c$c", NumericColumn.of(*IntArray(1000) { it * c })) }
        val page = Parsed(DataFrameHtml.of(table))
        val rows = page.rows()
        assertThat(rows).hasSize(22)
        assertThat(rows[0].take(2)).containsExactly("", "c0int32")
        assertThat(rows[0].subList(30, 33)).containsExactly("c29int32", "\u2026", "c70int32")
        assertThat(rows[10].take(3)).containsExactly("cell9", "0", "9")
        assertThat(rows[11]).hasSize(62).allMatch { it == "\u2026" }
        assertThat(rows[12].take(3)).containsExactly("cell990", "0", "990")
        assertThat(page.text).contains("1000 rows \u00D7 100 columns; not shown: c30, c31")
    }

    @Test
    fun `thirty rows are shown whole and an empty table too`() {
        assertThat(Parsed(DataFrameHtml.of(DataFrame.ofNames(*Array(30) { "$it" }))).rows()).hasSize(31)
        assertThat(Parsed(DataFrameHtml.of(DataFrame.ofNames(*Array(31) { "$it" }))).rows()).hasSize(22)
        assertThat(Parsed(DataFrameHtml.of(DataFrame.ofNames())).text).contains("0 rows \u00D7 0 columns")
    }

    @Test
    fun `colours of categories are shown when they are colours`() {
        val table = DataFrame.ofNames("a", "b", "c")
        table.set("k", CategoricalColumn.ofTexts("x", null, "y"))
        val uns = mapOf<String, Any?>("k_colors" to NdArray.of("#ff0000", "red;background:url(x)"))
        val page = Parsed(DataFrameHtml.of(table, uns))
        assertThat(page.all("span", "cw-sw").map { it.getAttribute("style") }).containsExactly("background:#ff0000")
        assertThat(page.html).doesNotContain("url(")
    }

    @Test
    fun `tables of long texts stay small`() {
        val table = DataFrame.ofNames(*Array(100) { "&\"<".repeat(3000) })
        val texts = StringColumn.of(*Array(100) { "'&<\u4e00".repeat(5000) })
        repeat(300) { c -> table.set("$c" + "<&'".repeat(3000), texts) }
        val html = DataFrameHtml.of(table)
        Parsed(html)
        assertThat(html.toByteArray().size).isLessThan(300_000)
    }

    @Test
    fun `numbers of a column have the same digits`() {
        assertThat(Numerals.column(doubleArrayOf(1.0, 2.0))).containsExactly("1.0", "2.0")
        assertThat(Numerals.column(doubleArrayOf(0.1, 1234.56789, Double.NaN)))
            .containsExactly("0.10000", "1234.56789", "NaN")
        assertThat(Numerals.column(doubleArrayOf(1e7, 0.123456))).containsExactly("1.00000e+07", "1.23456e-01")
        assertThat(Numerals.column(doubleArrayOf(1e7, 2.0))).containsExactly("1.0e+07", "2.0e+00")
        assertThat(Numerals.column(doubleArrayOf(1e-300, 0.0))).containsExactly("1.0e-300", "0.0e+00")
        assertThat(Numerals.column(doubleArrayOf(0.1f.toDouble(), 123456.789f.toDouble()), single = true))
            .containsExactly("0.10", "123456.79")
        assertThat(Numerals.column(doubleArrayOf(Double.POSITIVE_INFINITY, -0.5))).containsExactly("inf", "-0.5")
        assertThat(listOf(17L, 2048L, 5_000_000L, 3L shl 40).map(Numerals::bytes))
            .containsExactly("17 B", "2.0 KiB", "4.8 MiB", "3.0 TiB")
    }

    @Test
    fun `a sparse matrix shows zeros as dots`() {
        val csr = CsrMatrix.of(2, 3, intArrayOf(0, 1, 2), intArrayOf(1, 2), floatArrayOf(0.5f, 3f))
        for ((matrix, name) in listOf(csr to "CSR", CscMatrix(csr.transposeToCsr()) to "CSC")) {
            val page = Parsed(MatrixHtml.of(matrix))
            assertThat(page.text).startsWith("$name matrix  2 \u00D7 3 \u00B7 float32 \u00B7 2 stored (33.3 %) \u00B7 ")
            assertThat(page.rows()).containsExactly(
                listOf("", "0", "1", "2"),
                listOf("0", "\u00B7", "0.5", "\u00B7"),
                listOf("1", "\u00B7", "\u00B7", "3.0"),
            )
        }
        assertThat(MatrixHtml.text(csr).lines().drop(1))
            .containsExactly("\u00B7  0.5    \u00B7", "\u00B7    \u00B7  3.0")
        assertThat(MatrixHtml.text(CsrMatrix.empty(0, 3, DType.FLOAT32))).contains("0 \u00D7 3")
    }

    @Test
    fun `a large matrix shows its corners`() {
        val dense = DenseMatrix.zeros(200, 300, DType.INT64)
        dense.set(199, 299, 7.0)
        val page = Parsed(MatrixHtml.of(dense))
        val rows = page.rows()
        assertThat(page.text).startsWith("Dense matrix  200 \u00D7 300 \u00B7 int64 \u00B7 ")
        assertThat(rows).hasSize(12)
        assertThat(rows[0]).containsExactly("", "0", "1", "2", "3", "4", "\u2026", "295", "296", "297", "298", "299")
        assertThat(rows.map { it.first() })
            .containsExactly("", "0", "1", "2", "3", "4", "\u2026", "195", "196", "197", "198", "199")
        assertThat(rows.last()).containsExactly("199", "0", "0", "0", "0", "0", "\u2026", "0", "0", "0", "0", "7")
        assertThat(MatrixHtml.text(dense).lines().last()).isEqualTo("0  0  0  0  0  ...  0  0  0  0  7")
        Pages.write("matrix", page.html)
    }

    @Test
    fun `a numeric column tells its range`() {
        val page = Parsed(ColumnHtml.of(NumericColumn.of(3.0, 1.0, Double.NaN, 2.0, 10.0)))
        assertThat(page.text).contains("float64 \u00B7 5 values \u00B7 1 missing")
        assertThat(page.text).contains("min 1 \u00B7 median 2.5 \u00B7 max 10")
        assertThat(page.text).endsWith("3.0, 1.0, NaN, 2.0, 10.0")
    }

    @Test
    fun `medians of shuffled numbers`() {
        for (n in 1..40) {
            val values = DoubleArray(n) { ((it * 17) % n).toDouble() }
            val sorted = values.sorted()
            val expected = if (n % 2 == 1) sorted[n / 2] else (sorted[n / 2 - 1] + sorted[n / 2]) / 2
            assertThat(ColumnHtml.median(values)).isEqualTo(expected)
        }
    }

    @Test
    fun `a categorical column tells its counts`() {
        val column = CategoricalColumn.ofTexts("b", nasty, "b", null)
        val page = Parsed(ColumnHtml.of(column, listOf("#00ff00", null)))
        assertThat(page.rows().map { it.take(3) }).containsExactly(
            listOf("categoryobject", "count", "share"),
            listOf(nasty, "1", "25.0 %"),
            listOf("b", "2", "50.0 %"),
        )
        assertThat(page.text).contains("2 categories", "category \u00B7 4 values \u00B7 1 missing")
        val many = CategoricalColumn.ofLabels(IntArray(80) { it }, 80)
        assertThat(Parsed(ColumnHtml.of(many)).text).contains("80 categories, 30 more not shown")
    }

    @Test
    fun `other columns`() {
        assertThat(Parsed(ColumnHtml.of(StringColumn.of(*Array(20) { "$nasty$it" }))).text)
            .contains("object \u00B7 20 values \u00B7 none missing", "${nasty}9, \u2026")
        assertThat(Parsed(ColumnHtml.of(BooleanColumn.of(true))).text).contains("bool \u00B7 1 value \u00B7", "True")
        assertThat(Parsed(ColumnHtml.of(NumericColumn.of(*DoubleArray(0)))).text).contains("0 values")
    }
}
