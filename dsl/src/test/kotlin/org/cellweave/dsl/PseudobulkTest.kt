package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Settings
import org.cellweave.matrix.DenseMatrix
import org.cellweave.testing.Captured
import org.cellweave.testing.Seeds
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.SplittableRandom
import kotlin.math.abs
import kotlin.math.exp
import kotlin.math.floor

class PseudobulkTest {
    @TempDir
    lateinit var folder: Path

    /** Eight donors of two conditions with cells of two types; the first genes differ in type `t`. */
    private fun cells(): AnnData {
        val random = SplittableRandom(3)
        val (donors, each, genes) = Triple(8, 30, 80)
        val level = DoubleArray(genes) { 0.3 + 3 * random.nextDouble() }
        val rows = ArrayList<DoubleArray>()
        val types = ArrayList<String>()
        val names = ArrayList<String>()
        for (d in 0 until donors) {
            val own = DoubleArray(genes) { exp(0.8 * (random.nextDouble() + random.nextDouble() - 1)) }
            repeat(each) { c ->
                val type = if (c % 2 == 0) "t" else "b"
                rows += DoubleArray(genes) { g ->
                    val effect = if (g < 8 && d >= donors / 2 && type == "t") 4.0 else 1.0
                    floor(level[g] * own[g] * effect * (0.5 + 2 * random.nextDouble()))
                }
                types += type
                names += "d$d"
            }
        }
        val n = rows.size
        val obs = DataFrame.ofNames(*Array(n) { "c$it" })
        obs.set("donor", CategoricalColumn.ofTexts(*names.toTypedArray()))
        obs.set("type", CategoricalColumn.ofTexts(*types.toTypedArray()))
        obs.set("condition", CategoricalColumn.ofTexts(*Array(n) { if (it < n / 2) "ctrl" else "stim" }))
        obs.set("sex", CategoricalColumn.ofTexts(*Array(n) { if ((it / each) % 2 == 0) "f" else "m" }))
        obs.set("age", NumericColumn.of(*DoubleArray(n) { 20.0 + (it / each) * (it / each) }))
        obs.set("depth", NumericColumn.of(*DoubleArray(n) { it.toDouble() }))
        return AnnData(DenseMatrix.ofRows(rows.toTypedArray()), obs, DataFrame.ofNames(*Array(genes) { "g$it" }))
    }

    private val stim = listOf("condition", "stim", "ctrl")

    private fun table(adata: AnnData) = sc.get.pseudobulkDf(adata)

    private fun DataFrame.texts(key: String) = get(key).let { column -> List(column.size()) { column.text(it) } }

    @Test
    fun `what a positive fold change means is told`() {
        fun told(design: String, contrast: Any?) =
            Captured.standardError {
                val before = Settings.verbosity
                Settings.verbosity = 2
                try {
                    sc.tl.pseudobulkDe(cells(), design, contrast, sampleKey = "donor")
                } finally {
                    Settings.verbosity = before
                }
            }
        assertThat(told("~ condition", stim)).contains("log2FoldChange is 'stim' over 'ctrl' of 'condition'")
        assertThat(told("~ sex + condition", null)).contains("log2FoldChange is 'stim' over 'ctrl' of 'condition'")
        assertThat(told("~ condition + age", null)).contains("log2FoldChange is by the coefficient 'age'")
        assertThat(told("~ condition", mapOf("condition[T.stim]" to -1)))
            .contains("is the contrast {condition[T.stim]=-1}")
    }

    @Test
    fun `samples are sums with what is known of them`() {
        val adata = cells()
        val bulk = sc.get.pseudobulk(adata, "donor", "type")
        assertThat(bulk.nObs).isEqualTo(16)
        assertThat(bulk.obsNames.first()).isEqualTo("d0_b")
        assertThat(bulk.obs.keys)
            .containsExactly("donor", "type", "condition", "sex", "age", "psbulk_n_cells", "psbulk_counts")
        val own = (1 until 30 step 2).sumOf { adata.x.get(it, 5) }
        assertThat(bulk.x.get(0, 5)).isEqualTo(own)
        assertThat(bulk.obs["psbulk_n_cells"].text(0)).isEqualTo("15")
        assertThat(bulk.layers.keys).contains("psbulk_props")
        val mean = sc.get.pseudobulk(adata, listOf("condition", "sex"), func = "mean")
        assertThat(mean.nObs).isEqualTo(4)
        adata.obs["left"] = CategoricalColumn.ofTexts(*Array(adata.nObs) { if (it % 2 == 0) "a_b" else "a" })
        adata.obs["right"] = CategoricalColumn.ofTexts(*Array(adata.nObs) { if (it % 2 == 0) "c" else "b_c" })
        assertThat(sc.get.pseudobulk(adata, listOf("left", "right")).obsNames).containsExactly("a_b_c", "a_b_c-1")
        assertThatThrownBy { sc.get.pseudobulk(adata, "donor", minCells = 31) }
            .hasMessageContaining("no sample has minCells = 31 cells")
        assertThatThrownBy { sc.get.pseudobulk(adata, "doner") }.hasMessageContaining("doner")
        assertThatThrownBy { sc.get.pseudobulk(adata, "donor", func = "max") }.hasMessageContaining("func")
    }

    @Test
    fun `cells and their sums give the same`() {
        val adata = cells()
        sc.tl.pseudobulkDe(adata, "~ sex + condition", stim, sampleKey = "donor", groupBy = "type")
        val bulk = sc.get.pseudobulk(adata, "donor", "type")
        sc.tl.pseudobulkDe(bulk, listOf("sex", "condition"), stim, groupBy = "type")
        val (ours, others) = listOf(adata, bulk).map { sc.get.pseudobulkDf(it, "t") }
        assertThat(others.get("pvalue").toDoubles()).isEqualTo(ours.get("pvalue").toDoubles())
        assertThat(ours.texts("names").take(8)).containsExactlyInAnyOrder(*Array(8) { "g$it" })
        assertThat(sc.get.pseudobulkDf(adata, "t", pvalCutoff = 0.05, log2fcMin = 1.0).nRows()).isEqualTo(8)
        assertThat(sc.get.pseudobulkDf(adata, "b", pvalCutoff = 0.05).nRows()).isZero
        assertThat(table(adata).texts("group").distinct()).containsExactly("b", "t")
        val change = sc.get
            .pseudobulkDf(adata, "t", sortBy = "log2FoldChange")
            .get("log2FoldChange")
            .toDoubles()
        assertThat(change.filterNot(Double::isNaN)).isSortedAccordingTo(reverseOrder())
        assertThat(sc.pl.volcano(adata, "t").toString()).isNotEmpty
        assertThatThrownBy { sc.pl.volcano(adata) }.hasMessageContaining("name one of [b, t]")
        assertThatThrownBy { sc.get.pseudobulkDf(adata, "u") }.hasMessageContaining("group must be among [b, t]")
        assertThatThrownBy { sc.get.pseudobulkDf(adata, sortBy = "p") }.hasMessageContaining("sortBy must be among")
        val file = folder.resolve("de.h5ad").toString()
        adata.writeH5ad(file)
        assertThat(table(sc.readH5ad(file)).nRows()).isEqualTo(160)
    }

    @Test
    fun `threads do not matter`() {
        val runs = listOf(1, 2, 7).map { threads ->
            Seeds.withThreads(threads) {
                sc.tl.pseudobulkDe(cells(), "~ age + condition", stim, "donor", test = "wald")
            }
        }
        for (run in runs) {
            assertThat(table(run).get("padj").toDoubles()).isEqualTo(table(runs[0]).get("padj").toDoubles())
        }
    }

    @Test
    fun `likelihood ratios, coefficients by name and shrinkage`() {
        val adata = cells()
        sc.tl.pseudobulkDe(adata, "~ sex + condition", sampleKey = "donor", test = "lrt", reduced = "~ sex")
        assertThat(table(adata).get("stat").toDoubles().max()).isGreaterThan(10.0)
        sc.tl.pseudobulkDe(adata, "~ sex * condition", mapOf("sex[T.m]:condition[T.stim]" to 1), "donor")
        assertThat(table(adata).nRows()).isEqualTo(80)
        sc.tl.pseudobulkDe(adata, "~ condition", stim, "donor", lfcShrink = true, copy = true)
        sc.tl.pseudobulkDe(adata, "~ condition", sampleKey = "donor", test = "lrt", reduced = "~ 1")
        assertThat((adata.uns["pseudobulk_de"] as Map<*, *>).keys).containsExactly("params", "results", "samples")
    }

    @Test
    fun `what cannot be tested is told, and changes nothing`() {
        fun refuses(text: String, call: (AnnData) -> Unit) {
            val adata = cells()
            assertThatThrownBy { call(adata) }.hasMessageContaining(text)
            assertThat(adata.uns.keys).isEmpty()
        }
        refuses("doses") { sc.tl.pseudobulkDe(it, "~ doses", sampleKey = "donor") }
        refuses("obs['type'] varies within samples of 'donor'") {
            sc.tl.pseudobulkDe(it, "~ type", sampleKey = "donor")
        }
        refuses("has [ctrl, stim]") {
            sc.tl.pseudobulkDe(it, "~ condition", listOf("condition", "stimm", "ctrl"), "donor")
        }
        refuses("contrast must name a column and two") { sc.tl.pseudobulkDe(it, "~ condition", listOf("a"), "donor") }
        refuses("8 coefficients") { sc.tl.pseudobulkDe(it, "~ donor", sampleKey = "donor") }
        refuses("is not of full rank: 'condition[T.stim]' follows from") {
            sc.tl.pseudobulkDe(it, "~ donor + condition", sampleKey = "donor")
        }
        refuses("design must be a formula") { sc.tl.pseudobulkDe(it, 3, sampleKey = "donor") }
        refuses("cannot read the formula") { sc.tl.pseudobulkDe(it, "~ condition sex", sampleKey = "donor") }
        refuses("fitType must be one of") { sc.tl.pseudobulkDe(it, "~ sex", sampleKey = "donor", fitType = "loess") }
        refuses("no value for sample 'd0'") { a ->
            a.obs.set("age", NumericColumn.of(*DoubleArray(a.nObs) { if (it < 30) Double.NaN else it / 30 * 1.5 }))
            sc.tl.pseudobulkDe(a, "~ age", sampleKey = "donor")
        }
        refuses("sample 'd0' (row 0), gene 'g0' of X") { a ->
            a.x = DenseMatrix.ofRows(Array(a.nObs) { DoubleArray(a.nVars) { 0.37 } })
            sc.tl.pseudobulkDe(sc.get.pseudobulk(a, "donor"), "~ condition")
        }
    }

    @Test
    fun `a group that cannot be tested is left out`() {
        val adata = cells()
        val types = adata.obs["type"]
        val late = Array(adata.nObs) { if (it >= 120 && types.text(it) == "b") "t" else types.text(it) }
        adata.obs.set("type", CategoricalColumn.ofTexts(*late))
        sc.tl.pseudobulkDe(adata, "~ condition", stim, "donor", groupBy = "type")
        assertThat(table(adata).texts("group").distinct()).containsExactly("t")
    }

    @Test
    fun `PyDESeq2 finds the same`() {
        val python = System.getenv("CELLWEAVE_PYTHON")?.takeIf { it.isNotBlank() }
        val has = python != null && ProcessBuilder(python, "-c", "import pydeseq2").start().waitFor() == 0
        assumeTrue(has) { "CELLWEAVE_PYTHON does not name a python with pydeseq2" }
        val bulk = sc.get.pseudobulk(cells(), "donor", "type")
        sc.tl.pseudobulkDe(bulk, "~ sex + condition", stim)
        val peer = Peer.run(
            folder, bulk.copy().also { it.uns.remove("pseudobulk_de") },
            """
            from pydeseq2.dds import DeseqDataSet
            from pydeseq2.ds import DeseqStats
            counts = pd.DataFrame(np.asarray(a.X, dtype=int), index=a.obs_names, columns=a.var_names)
            dds = DeseqDataSet(counts=counts, metadata=a.obs, design="~ sex + condition", quiet=True, n_cpus=1)
            dds.deseq2()
            stats = DeseqStats(dds, contrast=["condition", "stim", "ctrl"], quiet=True, n_cpus=1)
            stats.summary()
            a.var["lfc"] = stats.results_df["log2FoldChange"]
            a.var["padj"] = stats.results_df["padj"]
            """,
        )
        val ours = (bulk.uns["pseudobulk_de"] as Map<*, *>)["results"] as DataFrame
        val theirs = peer.`var`.get("lfc").toDoubles()
        val lfc = ours.get("log2FoldChange").toDoubles()
        val far = theirs.indices.filter { abs(lfc[it] - theirs[it]) > 1e-3 }
        assertThat(far).`as`("PyDESeq2 ends iterations earlier").hasSizeLessThanOrEqualTo(1)
        assertThat(far).allMatch { abs(lfc[it] - theirs[it]) < 1e-2 }

        fun found(padj: DoubleArray) = padj.indices.filter { padj[it] < 0.05 }
        assertThat(found(ours.get("padj").toDoubles())).isEqualTo(found(peer.`var`.get("padj").toDoubles()))
    }
}
