package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.pl.Drawing
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.pl.HeardMessages
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.util.MissingKeyException
import org.cellweave.util.ShapeMismatchException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** What the figures of clones refuse, and what they warn of. */
class ClonalFigureMessagesTest {
    @RegisterExtension
    @JvmField
    internal val heard = HeardMessages()

    private fun cells(): AnnData = FigureSamples.cells(30)

    private fun refused(message: String, body: () -> Unit) {
        assertThatThrownBy { body() }.isInstanceOf(IllegalArgumentException::class.java).hasMessageContaining(message)
    }

    private fun missing(message: String, body: () -> Unit) {
        assertThatThrownBy { body() }.isInstanceOf(MissingKeyException::class.java).hasMessageContaining(message)
    }

    @Test
    fun `of sizes and losses`() {
        val adata = cells()
        missing("n_cells") { c2v.pl.cloneSize(adata) }
        adata.obs.set("n_cells", NumericColumn.of(*DoubleArray(30) { it.toDouble() }))
        refused("obs['n_cells'] must be cells of a clone, but clone 'c0' has 0.0") { c2v.pl.cloneSize(adata) }
        refused("bins must be positive, got 0") { c2v.pl.cloneSize(adata, bins = 0) }
        missing("Run c2v.tl.clone2vec() or c2v.tl.clone2vecPoi() first") { c2v.pl.lossHistory(adata) }
        adata.uns["clone2vec_Poi"] = mapOf("loss_history" to NdArray.of(3.0, 2.0))
        heard.listen()
        c2v.pl.lossHistory(adata)
        assertThat(heard.joinToString())
            .contains("uns['clone2vec'] has no 'loss_history'; the one of uns['clone2vec_Poi'] is drawn")
        adata.uns["clone2vec"] = mapOf("loss_history" to "none")
        refused("uns['clone2vec']['loss_history'] must hold numbers, got none") { c2v.pl.lossHistory(adata) }
        adata.uns["clone2vec"] = mapOf("loss_history" to DoubleArray(0))
        refused("must have losses, got none") { c2v.pl.lossHistory(adata) }
    }

    @Test
    fun `of groups`() {
        val adata = FigureSamples.cells(164)
        missing("'d'") { c2v.pl.groupScatter(adata, "group", groups = "d") }
        missing("grup") { c2v.pl.groupScatter(adata, "grup") }
        refused("title must have one entry per group (3), got 1") { c2v.pl.groupScatter(adata, "group", title = "a") }
        refused("s must be positive, got 0.0") { c2v.pl.groupScatter(adata, "group", s = 0.0) }
        refused("alpha must lie in 0..1, got 2.0") { c2v.pl.groupScatter(adata, "group", alpha = 2.0) }
        adata.obs.set("many", CategoricalColumn.ofTexts(*Array(164) { "g${it % 41}" }))
        refused("obs['many'] has 41 groups, more than the 40 panels that are drawn unasked; groups = listOf(...)") {
            c2v.pl.groupScatter(adata, "many")
        }
        refused("bwMethod must be positive") { c2v.pl.groupKde(adata, "group", bwMethod = 0.0) }
        heard.listen()
        val figure = c2v.pl.groupKde(adata, "many", groups = listOf("g0"))
        assertThat(heard.joinToString()).contains("group 'g0' has 4 cells, fewer than the 5 that a density needs")
        assertThat(Drawing(figure).texts).containsExactly("g0 KDE")
        assertThat(Drawing(figure).count("image")).isZero
    }

    @Test
    fun `of two numbers`() {
        val adata = cells()
        refused("var2 must name a gene or numbers, but obs['group'] is categorical") {
            c2v.pl.scatter2vars(adata, "Ga", "group")
        }
        missing("Gx") { c2v.pl.scatter2vars(adata, "Ga", "Gx") }
        refused("c1 and c2 must differ") { c2v.pl.scatter2vars(adata, "Ga", "Gb", c1 = "red", c2 = "#ff0000") }
        refused("clip1 must ascend, got 2.0 and 1.0") { c2v.pl.scatter2vars(adata, "Ga", "Gb", clip1 = 2 to 1) }
        refused("brightLevel must") { c2v.pl.scatter2vars(adata, "Ga", "Gb", brightLevel = 2.0) }
        refused("roundTicks must not be negative") { c2v.pl.scatter2vars(adata, "Ga", "Gb", roundTicks = -1) }
        missing("obsm['X_tsne']") { c2v.pl.scatter2vars(adata, "Ga", "Gb", basis = "X_tsne") }
    }

    @Test
    fun `of tables and bars`() {
        val table = DataFrame.ofNames("a", "b")
        refused("table must have rows and columns, got 2 x 0") { c2v.pl.heatmap(table) }
        table.set("x", NumericColumn.of(1.0, Double.NaN))
        table.set("y", NumericColumn.of(1.0, 2.0))
        assertThat(Drawing(c2v.pl.heatmap(table)).fills("rect")).containsKey("#d3d3d3")
        table.set("w", NumericColumn.of(1.0, Double.POSITIVE_INFINITY))
        refused("sortColumns and sortRows need finite numbers for the distances") { c2v.pl.heatmap(table) }
        table.remove("w")
        table.set("z", StringColumn.of("p", "q"))
        refused("table must hold numbers, but column 'z'") { c2v.pl.heatmap(table) }
        refused("figsize must be positive") {
            c2v.pl.barplot(mapOf("a" to 1), figsize = 0 to 1)
        }
        refused("kind must be one of [v, h], got 'x'") { c2v.pl.barplot(mapOf("a" to 1), kind = "x") }
        refused("series must have at least one number") { c2v.pl.barplot(emptyMap()) }
        refused("series must have finite numbers, got NaN for 'a'") { c2v.pl.barplot(mapOf("a" to Double.NaN)) }
        refused("width must lie in 0..1, got 1.5") { c2v.pl.barplot(mapOf("a" to 1), width = 1.5) }
        missing("varm['gPCs']") { c2v.pl.pcaLoadings(cells()) }
        refused("comp is counted from 0, got -1") { c2v.pl.pcaLoadings(cells(), comp = -1) }
        val two = cells().also { it.varm["gPCs"] = DenseMatrix.zeros(it.nVars, 2, DType.FLOAT32) }
        refused("comp is counted from 0 and must be less than 2, the columns of varm['gPCs'], got 2") {
            c2v.pl.pcaLoadings(two, comp = 2)
        }
        val none = cells()
        none.varm["gPCs"] = DenseMatrix.wrap(DoubleArray(none.nVars) { Double.NaN }, none.nVars, 1)
        refused("varm['gPCs'] has no finite number to draw, but ${none.nVars} that are none") {
            c2v.pl.pcaLoadings(none)
        }
        missing("Run c2v.utils.correctShap(normalize = false) first") {
            c2v.pl.predictorsComparison(cells(), "a", "b")
        }
    }

    @Test
    fun `of volcanos and predictions`() {
        val p = doubleArrayOf(0.1, 0.2)
        assertThatThrownBy { c2v.pl.volcano(p, doubleArrayOf(1.0)) }
            .isInstanceOf(ShapeMismatchException::class.java)
            .hasMessageContaining("logfcs has length 1, but the number of pvals is 2")
        refused("pvals must lie in 0..1, got 3.0; lgP = false draws other evidence as it is") {
            c2v.pl.volcano(doubleArrayOf(3.0), doubleArrayOf(1.0))
        }
        refused("pvals must hold numbers, got [a]") { c2v.pl.volcano(listOf("a"), doubleArrayOf(1.0)) }
        refused("highliteNames needs names") { c2v.pl.volcano(p, p, highliteNames = listOf("a")) }
        missing("gene") { c2v.pl.volcano(p, p, listOf("a", "b"), highliteNames = listOf("gene")) }
        refused("pvalThreshold must lie in 0..1, got 0.0") { c2v.pl.volcano(p, p, pvalThreshold = 0.0) }
        missing("varm is empty. c2v.tl.boostedTrees() makes an object that has it.") {
            c2v.pl.shapVolcano(cells(), "mono")
        }
        missing("uns['catboost_info'] is missing") { c2v.pl.predictionPerformance(cells()) }
        refused("setType must be one of [validation, train], got 'test'") {
            c2v.pl.predictionPerformance(cells(), setType = "test")
        }
        val adata = cells()
        adata.uns["catboost_info"] = mapOf("obsm_key" to "fates", "fates_used" to listOf("a"))
        missing("validation") { c2v.pl.predictionPerformance(adata) }
        missing("uns['catboost_info']['fates_used']['b'] is missing") {
            c2v.pl.predictionPerformance(adata, varNames = "b")
        }
        adata.obs.set("validation", adata.obs["score"])
        refused("obs['validation'] must say true or false of every clone, as c2v.tl.boostedTrees() writes it") {
            c2v.pl.predictionPerformance(adata)
        }
    }

    @Test
    fun `of graphs and barcodes`() {
        val adata = cells()
        missing("connectivities") { c2v.pl.graph(adata) }
        refused("linewidth must be positive") { c2v.pl.graph(adata, linewidth = 0.0) }
        refused("graphKey must name a graph in obsp, such as connectivities, but 'X_umap' is in obsm; give it as") {
            c2v.pl.graph(adata, "X_umap")
        }
        missing("group_connectivity") { c2v.pl.groupConnectivity(adata) }
        refused("clip must ascend from 0 or more, got (2, 1)") { c2v.pl.groupConnectivity(adata, clip = 2 to 1) }
        adata.uns["group_connectivity"] = mapOf(
            "groupby" to "group", "connectivity" to NdArray(DType.FLOAT64, intArrayOf(2, 2), DoubleArray(4)),
        )
        refused("has 2 rows for 3 groups; run c2v.tl.groupConnectivity() again") { c2v.pl.groupConnectivity(adata) }
        refused("basis must name an embedding in obsm, such as X_umap, but 'group_connectivity' is in uns; give it") {
            c2v.pl.groupConnectivity(adata, "group_connectivity")
        }
        adata.uns["group_connectivity"] = mapOf("groupby" to "group", "connectivity" to "none")
        refused("must be a matrix of groups by groups, got none") { c2v.pl.groupConnectivity(adata) }
        refused("must differ, got 'group' twice") { c2v.pl.nestingClones(adata, "group", "group") }
        adata.obs.set("late", CategoricalColumn.ofTexts(*Array(30) { "l$it" }))
        refused("no cell has both an early and a late clone of at least 5 cells; lower minCloneSize") {
            c2v.pl.nestingClones(adata, "group", "late")
        }
        refused("maxValue must be positive") { c2v.pl.scaledDotplot(adata, "group", "Ga", maxValue = 0.0) }
    }
}
