package org.cellweave.jupyter.html

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.BackedMatrix
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.OpaqueElement
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.readH5ad
import org.cellweave.dsl.sc
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Test
import java.lang.management.ManagementFactory
import java.nio.file.Path

class AnnDataHtmlTest {
    private val nasty = "<script>&\"'"

    private fun everySlot(): AnnData {
        val x = CsrMatrix.of(3, 2, intArrayOf(0, 1, 1, 2), intArrayOf(1, 0), floatArrayOf(1f, 2f))
        val adata = AnnData(x, DataFrame.ofNames("a", "b", nasty), DataFrame.ofNames("g0", "g1"))
        adata.obs.set("batch", CategoricalColumn.ofTexts("x", nasty, null))
        adata.obs.set("n<1", NumericColumn.of(1.0, 2.5, Double.NaN))
        adata.obs.set(nasty, NumericColumn.of(7, 7, 8))
        adata.`var`.set("name", StringColumn.of("A", nasty))
        adata.layers.set("counts", x.copy())
        adata.obsm.set("X_pca", DenseMatrix.zeros(3, 2, DType.FLOAT32))
        adata.obsm.set("cube", NdArray(DType.FLOAT64, intArrayOf(3, 2, 2), DoubleArray(12)))
        adata.varm.set("PCs", DenseMatrix.zeros(2, 2, DType.FLOAT64))
        adata.obsp.set("distances", CsrMatrix.empty(3, 3, DType.FLOAT64))
        adata.varp.set("links", CsrMatrix.empty(2, 2, DType.FLOAT32))
        adata.uns["batch_colors"] = NdArray.of("#ff0000", "#00ff00")
        adata.uns["neighbors"] = mapOf("params" to mapOf("n_neighbors" to 15L, "metric" to nasty), "flag" to true)
        adata.uns["names"] = RecordArray(2).with("g$nasty", NdArray.of("x", "y"))
        adata.uns["table"] = DataFrame.ofNames("r").also { it.set("c", NumericColumn.of(1.0)) }
        adata.uns["other"] = OpaqueElement(Path.of("x.h5ad"), "uns/other", "awkward", "0.1", null)
        adata.uns["nothing"] = null
        adata.uns["floats"] = doubleArrayOf(0.25, 1.0)
        adata.uns["list"] = listOf(1, nasty)
        adata.setRaw(adata)
        return adata
    }

    @Test
    fun `every slot is there`() {
        val page = Parsed(AnnDataHtml.of(everySlot()))
        assertThat(page.all("span", "cw-title").single().textContent).isEqualTo("AnnData object: 3 \u00D7 2")
        assertThat(page.all("span", "cw-key").map { it.textContent }).containsExactly(
            "X", "obs", "var", "uns", "obsm", "varm", "layers", "obsp", "varp", "raw", "X", "var", "varm",
        )
        assertThat(page.text).contains(
            "CSR \u00B7 3 \u00D7 2 \u00B7 float32 \u00B7 2 stored (33.3 %)",
            "neighbors 2 keys",
            "n_neighbors 15",
            "metric '$nasty'",
            "flag True",
            "records \u00B7 2 \u00B7 1 field",
            "nothing None",
            "floats array \u00B7 2 \u00B7 float64 0.25, 1.00",
            "list list \u00B7 2 1, $nasty",
            "element \u00B7 awkward 0.1",
        )
        assertThat(page.html).doesNotContain("<script")
        Pages.write("slots", page.html.replace("<details>", "<details open=\"open\">"))
        val obs = page.rows(0)
        assertThat(obs[0]).containsExactly("column", "dtype", "distinct", "missing", "values")
        assertThat(obs[2]).containsExactly("batch", "category", "2", "1", "${nasty}x")
        assertThat(obs[3]).containsExactly("n<1", "float64", "2", "1", "1.0, 2.5, NaN")
        assertThat(obs[4]).containsExactly(nasty, "int32", "2", "0", "7, 7, 8")
        assertThat(page.all("span", "cw-sw").map { it.getAttribute("style") })
            .contains("background:#ff0000", "background:#00ff00")
        assertThat(page.rows(2).map { it.take(4) }).containsExactly(
            listOf("key", "kind", "shape", "dtype"),
            listOf("X_pca", "dense", "3 \u00D7 2", "float32"),
            listOf("cube", "array", "3 \u00D7 2 \u00D7 2", "float64"),
        )
    }

    @Test
    fun `an object without a matrix`() {
        val page = Parsed(AnnDataHtml.of(AnnData(null as Matrix?, DataFrame.ofNames("a"), DataFrame.ofNames())))
        assertThat(page.text).contains("AnnData object: 1 \u00D7 0", "X none")
    }

    @Test
    fun `a view selects nothing`() {
        val whole = everySlot()
        val view = whole.select(AxisIndex.positions(2, 0), AxisIndex.ALL)
        val page = Parsed(AnnDataHtml.of(view))
        assertThat(page.all("span", "cw-badge").first().textContent).isEqualTo("view")
        assertThat(page.text).contains("AnnData object: 2 \u00D7 2")
        assertThat(page.text).contains("CSR \u00B7 2 \u00D7 2 \u00B7 float32 \u00B7 selected when first read")
        assertThat(page.rows(2)[2].take(5))
            .containsExactly("cube", "array", "2 \u00D7 2 \u00D7 2", "float64", "selected when first read")
        assertThat(view.peekX()).isSameAs(whole.x)
        assertThat(view.layers.peek("counts")).isSameAs(whole.layers.get("counts"))
        assertThat(view.peekRaw()).isSameAs(whole.raw)
        assertThat(view.isView).isTrue()
    }

    @Test
    fun `a backed matrix stays in its file`() {
        val adata = AnnData(null as Matrix?, DataFrame.ofNames("a", "b"), DataFrame.ofNames("g"))
        adata.setBacked(Closed)
        listOf(adata, adata.select(AxisIndex.positions(0), AxisIndex.ALL)).forEach {
            val page = Parsed(AnnDataHtml.of(it))
            assertThat(page.text).contains("sparse \u00B7 ${it.nObs} \u00D7 1 \u00B7 int32 \u00B7 in ")
            assertThat(page.text).contains("backed", "big & small.h5ad")
        }
    }

    private object Closed : BackedMatrix {
        override fun nRows() = 2

        override fun nCols() = 1

        override fun dtype() = DType.INT32

        override fun isSparse() = true

        override fun file(): Path = Path.of("/data/big & small.h5ad")

        override fun read(rows: IntArray?, cols: IntArray?): Matrix = throw AssertionError("the file was read")

        override fun close() = throw AssertionError("the file was closed")
    }

    @Test
    fun `hundreds of everything stay small`() {
        val adata = AnnData(DenseMatrix.zeros(300, 3, DType.FLOAT32))
        val long = "<&\"'".repeat(50)
        val labels = Array(300) { "$long$it" }
        repeat(400) { k ->
            val column = CategoricalColumn.ofTexts(*labels)
            adata.obs.set("$k$long", column)
            adata.uns["$k${long}_colors"] = NdArray.of(*Array(300) { "#0123ab" })
            adata.`var`.set("$k$long", StringColumn.of(long, long, null))
            adata.obsm.set("$k$long", DenseMatrix.zeros(300, 1, DType.FLOAT32))
            adata.layers.set("$k$long", DenseMatrix.zeros(300, 3, DType.FLOAT32))
            adata.varm.set("$k$long", DenseMatrix.zeros(3, 1, DType.FLOAT32))
            adata.uns["$k$long"] = mapOf(long to mapOf(long to List(1000) { long }))
        }
        val html = AnnDataHtml.of(adata)
        Parsed(html)
        assertThat(html.toByteArray().size).isLessThan(220_000)
    }

    @Test
    fun `no more than 200 rows and 20 categories`() {
        val adata = AnnData(DenseMatrix.zeros(30, 2, DType.FLOAT32))
        adata.obs.set("k", CategoricalColumn.ofLabels(IntArray(30) { it }, 30))
        repeat(250) { adata.uns["u$it"] = it }
        val page = Parsed(AnnDataHtml.of(adata))
        assertThat(page.text).contains("u199 199\u2026 50 more", "19\u2026 10 more")
        assertThat(page.text).doesNotContain("u200 200")
    }

    @Test
    fun `maps that hold themselves end`() {
        val adata = AnnData(DenseMatrix.zeros(1, 1, DType.FLOAT32))
        val map = HashMap<String, Any?>()
        map["self"] = map
        adata.uns["loop"] = map
        assertThat(Parsed(AnnDataHtml.of(adata)).text).contains("self 1 key")
    }

    @Test
    fun `a million cells are shown without a copy of anything that has a value for each`() {
        val n = 1_000_000
        val cells = DataFrame.ofNames(*Array(n) { "c$it" })
        val adata = AnnData(CsrMatrix.empty(n, 2000, DType.FLOAT32), cells, names(2000))
        repeat(4) { adata.obs.set("k$it", CategoricalColumn(IntArray(n), StringColumn.of("a"), false)) }
        repeat(8) { adata.obs.set("x$it", NumericColumn.of(*DoubleArray(n))) }
        adata.obs.set("s", StringColumn.of(*Array(n) { "s" }))
        adata.setRaw(adata)
        val view = adata.select(AxisIndex.range(0, n, 2), AxisIndex.ALL)
        for (each in listOf(adata, view)) {
            AnnDataHtml.of(each)
            assertThat(allocated { AnnDataHtml.of(each) }).isLessThan(n.toLong())
        }
        assertThat(view.peekX()).`as`("X is not selected for the page").isSameAs(adata.peekX())
    }

    private fun names(n: Int) = DataFrame.ofNames(*Array(n) { "g$it" })

    /** Bytes that this thread takes from the heap: the same on a machine of any speed. */
    private fun allocated(body: () -> Unit): Long {
        val threads = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean
        val before = threads.currentThreadAllocatedBytes
        body()
        return threads.currentThreadAllocatedBytes - before
    }

    @Test
    fun `a real object`() {
        val adata = sc.readH5ad(SharedData.require("reference/kang.h5ad").toString())
        val page = Parsed(AnnDataHtml.of(adata))
        assertThat(page.text).contains("AnnData object: ${adata.nObs} \u00D7 ${adata.nVars}")
        assertThat(page.all("table").size).isGreaterThan(3)
        assertThat(page.html.length).isLessThan(200_000)
        val open = page.html.replace("<details>", "<details open=\"open\">")
        Pages.write("object", page.html, open)
        Pages.write(
            "parts",
            DataFrameHtml.of(adata.obs, adata.uns),
            DataFrameHtml.of(adata.`var`),
            MatrixHtml.of(adata.x),
            ColumnHtml.of(adata.obs.get(adata.obs.keys.first { adata.obs.get(it) is CategoricalColumn })),
            ColumnHtml.of(adata.obs.get(adata.obs.keys.first { adata.obs.get(it) is NumericColumn })),
            Style.box("warning", "WARNING: a warning\nin two lines"),
            Style.box("hint", "a hint"),
            Style.box("error", "an error"),
            Style.progressBar("harmony", 0.4, "4/10, 3 s"),
            Style.progressBar("reading", null, "12 s"),
        )
    }
}
