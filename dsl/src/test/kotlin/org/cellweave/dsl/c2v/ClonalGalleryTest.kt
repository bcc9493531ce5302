package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.pl.Drawing
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.pl.Specs
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.junit.jupiter.api.Test
import java.util.SplittableRandom
import kotlin.math.exp
import kotlin.math.pow

/** Marks, legends, colours and places of the figures of clones; they lie in `dsl/target/figures`, to be looked at. */
class ClonalGalleryTest {
    private fun path(name: String) = FigureSamples.figures.resolve("c2v_$name.png").toString()

    private fun layers(figure: Figure, geom: String, panel: Int = 0) =
        Specs.layers(Specs.plots(figure)[panel]).filter { it["geom"] == geom }

    private fun assertNear(value: Any?, wanted: Double, tolerance: Double = 1e-6) =
        assertThat(value as Double).isBetween(wanted - tolerance, wanted + tolerance)

    private fun cells(n: Int = 600): AnnData {
        val random = SplittableRandom(5)

        fun normal() = List(12) { random.nextDouble() }.sum() - 6
        val adata = FigureSamples.cells(n)
        val places = FloatArray(2 * n) { (normal() + 5 * ((it / 2) % 3) * ((it % 2) * 2 - 1)).toFloat() }
        adata.obsm.set("X_umap", DenseMatrix.wrap(places, n, 2))
        return adata
    }

    private fun clones(vararg sizes: Double): AnnData {
        val made =
            AnnData(
                DenseMatrix.wrap(FloatArray(sizes.size), sizes.size, 1),
                DataFrame
                    .ofNames(*Array(sizes.size) { "k$it" }),
                DataFrame.ofNames("None"),
            )
        made.obs.set("n_cells", NumericColumn.of(*sizes))
        return made
    }

    @Test
    fun `sizes of clones are counted twice`() {
        val few = clones(3.0, 3.0, 4.0, 10.0)
        val figure = c2v.pl.cloneSize(few, bins = 7, log = false)
        val bars = layers(figure, "rect").single()
        assertThat(Specs.column(bars, "xmin")).containsExactly(3.0, 4.0, 9.0)
        assertThat(Specs.column(bars, "ymax")).containsExactly(2.0, 1.0, 1.0)
        val steps = layers(figure, "path", 1).single()
        assertThat(Specs.column(steps, "x")).containsExactly(3.0, 3.0, 4.0, 4.0, 10.0)
        assertThat(Specs.column(steps, "y")).containsExactly(4.0, 2.0, 2.0, 1.0, 1.0)
        val random = SplittableRandom(1)
        val (low, high) = (Specs.scale(Specs.plots(figure)[0], "y")["limits"] as List<*>).map { it as Double }
        assertThat(Specs.column(bars, "ymin").map { it as Double }).`as`("none is cut off").allMatch { it >= low }
        assertThat(high).isGreaterThan(2.0)
        val many = clones(*DoubleArray(1943) { (3 + exp(4 * random.nextDouble().pow(3))).toInt().toDouble() })
        val both = Drawing(c2v.pl.cloneSize(many, save = path("clone_size")))
        assertThat(both.texts).contains("Clone size", "Number of clones", "Clones of at least this size", "1000", "10")
        assertThat(
            Regex("fill:#1f77b4|fill=\"(#1f77b4|rgb\\(31,119,180\\))\"")
                .findAll(c2v.pl.cloneSize(many).toSvg())
                .count(),
        ).`as`("bars that are drawn")
            .isGreaterThan(20)
        assertThat(layers(c2v.pl.cloneSize(clones(5.0, 5.0)), "rect").single()).satisfies({
            assertThat(Specs.column(it, "xmin")).hasSize(1)
        })
    }

    @Test
    fun `losses fall and what was held out is dashed`() {
        val made = clones(3.0)
        val losses = DoubleArray(40) { 4.7 + exp(-it / 8.0) }
        made.uns["clone2vec"] = mapOf("loss_history" to NdArray.of(*losses))
        val figure = c2v.pl.lossHistory(made, save = path("loss_history"))
        assertThat(Drawing(figure).texts)
            .contains("Step", "Mean loss", "Decrease of the mean loss")
            .doesNotContain("fitted")
        assertThat(Specs.column(layers(figure, "path").single(), "x")).hasSize(40)
        assertThat(Specs.column(layers(figure, "path", 1).single(), "x")).hasSize(39)
        made.uns["clone2vec"] = mapOf(
            "loss_history" to NdArray.of(5.0, 4.0, 4.5, 3.0), "held_out_history" to NdArray.of(5.1, 4.5, 4.4, 4.6),
            "params" to mapOf("solver" to "sgd"),
        )
        val both = c2v.pl.lossHistory(made, save = path("loss_history_held_out"))
        assertThat(Drawing(both).texts).contains("fitted", "held out", "Epoch")
        assertThat(Specs.scale(Specs.plots(both)[0], "linetype")["values"]).isEqualTo(listOf("solid", "dashed"))
        val decreases = layers(both, "path", 1)[0]
        assertThat(Specs.column(decreases, "x")).`as`("a step up has no logarithm").containsExactly(1.0, 3.0)
        assertThat(Specs.column(decreases, "part").distinct()).`as`("and parts the line").hasSize(2)
    }

    @Test
    fun `each group has a panel before the others in grey`() {
        val adata = cells()
        val figure = c2v.pl.groupScatter(adata, "group", save = path("group_scatter"))
        assertThat(figure.size).isEqualTo(3)
        val drawing = Drawing(figure)
        assertThat(drawing.texts).containsExactly("a", "b", "c")
        assertThat(drawing.fills("circle")).isEqualTo(mapOf("#d3d3d3" to 1200, "#000000" to 600))
        val (x, y) = listOf("x", "y").map { Specs.scale(Specs.plots(figure)[0], it)["limits"] as List<*> }
        assertNear((x[1] as Double) - (x[0] as Double), (y[1] as Double) - (y[0] as Double), 1e-9)
        val one = Drawing(c2v.pl.groupScatter(adata, "group", groups = "b", groupColor = "red", title = "second"))
        assertThat(one.texts).containsExactly("second")
        assertThat(one.fills("circle")).containsEntry("#ff0000", 200)
    }

    @Test
    fun `densities have contours where the group is`() {
        val adata = cells()
        val figure = c2v.pl.groupKde(adata, "group", bwMethod = 0.4, save = path("group_kde"))
        assertThat(Drawing(figure).texts).containsExactly("a KDE", "b KDE", "c KDE")
        assertThat(Drawing(figure).count("image")).isEqualTo(3)
        val umap = adata.obsm.matrix("X_umap", "")
        for (g in 0 until 3) {
            val own = (g until adata.nObs step 3).map { umap.get(it, 0) }
            val lines = layers(figure, "segment", g).single()
            assertThat(Specs.column(lines, "x").map { it as Double }.average() - own.average()).isBetween(-0.5, 0.5)
        }
    }

    @Test
    fun `two numbers blend their colours`() {
        val adata = cells(4)
        adata.obs.set("p", NumericColumn.of(0.0, 1.0, 0.0, 1.0))
        adata.obs.set("q", NumericColumn.of(0.0, 0.0, 2.0, 2.0))
        val figure = c2v.pl.scatter2vars(adata, "p", "q")
        val dots = layers(figure, "point").single()
        assertThat(Specs.column(dots, "color")).containsExactly("#e6e6e6", "#cc0000", "#0000cc", "#660066")
        assertThat(Drawing(figure).texts).contains("p", "q", "p vs. q", "0.5", "1", "2")
        val many = cells(2000)
        val gradual = c2v.pl.scatter2vars(
            many, "Ga", "Gb", c1 = "green", c2 = "red", frameon = false, save = path("scatter2vars"),
        )
        assertThat(gradual.size).isEqualTo(2)
        val clipped = c2v.pl.scatter2vars(adata, "p", "q", clip2 = 1 to null, cbar = false)
        assertThat(clipped.size).isEqualTo(1)
        assertThat(Specs.column(layers(clipped, "point").single(), "color")).contains("#0000cc")
    }

    @Test
    fun `a table is sorted by its columns`() {
        val table = DataFrame.ofNames("r1", "r2", "r3")
        table.set("a", NumericColumn.of(1.0, -1.0, 0.5))
        table.set("b", NumericColumn.of(-1.0, 1.0, 0.0))
        table.set("c", NumericColumn.of(0.9, -1.1, 0.4))
        val figure = c2v.pl.heatmap(table, vcenter = 0, title = "correlations", save = path("heatmap"))
        val drawing = Drawing(figure)
        val columns = drawing.texts.filter { it in setOf("a", "b", "c") }
        assertThat(columns.indexOf("a") - columns.indexOf("c")).`as`("alike columns are neighbours").isIn(-1, 1)
        assertThat(drawing.texts).contains("r1", "r2", "r3", "correlations")
        val plain = Drawing(c2v.pl.heatmap(table, sortColumns = false, sortRows = true))
        assertThat(plain.texts.filter { it in setOf("a", "b", "c") }).containsExactly("a", "b", "c")
        val cells = layers(figure, "rect").first()
        assertThat(Specs.column(cells, "fill")).hasSize(9)
        assertThat(Specs.column(cells, "fill")).contains("#053061", "#67001f", "#f7f6f6")
    }

    @Test
    fun `bars have the colours of their values`() {
        val values = linkedMapOf("Monocyte" to 12, "Neutrophil" to 30, "Basophil" to 4)
        val lying = c2v.pl.barplot(values, title = "fates", save = path("barplot"))
        assertThat(Drawing(lying).texts).contains("Monocyte", "Neutrophil", "Basophil", "fates", "30")
        val bars = layers(lying, "rect").single()
        assertThat(Specs.column(bars, "fill")[1]).isEqualTo("#67000d")
        val lengths = Specs.column(bars, "xmax").zip(Specs.column(bars, "xmin")).map { (b, a) ->
            b as Double -
                a as Double
        }
        assertNear(lengths[0] / lengths[1], 12 / 30.0)
        val upright = c2v.pl.barplot(values, kind = "h", cmap = "Blues", save = path("barplot_h"))
        assertThat(upright.height).isGreaterThan(lying.height)
    }

    @Test
    fun `loadings stand around zero`() {
        val adata = cells(20)
        adata.varm.set("gPCs", DenseMatrix.wrap(floatArrayOf(0.5f, 0f, -0.2f, 0f, 0.1f, 1f, -0.7f, 0f), 4, 2))
        val figure = c2v.pl.pcaLoadings(adata, nGenes = 1, save = path("pca_loadings"))
        assertThat(Drawing(figure).texts).contains("gPC1 loadings", "Ga", "Gd").doesNotContain("Gb")
        val fills = Specs.column(layers(figure, "rect").single(), "fill")
        assertThat(fills).containsExactly("#c13639", "#053061")
        adata.varm.set("signed_mean_shap", shap())
        val both = c2v.pl.predictorsComparison(adata, "mono", "neu", save = path("predictors_comparison"))
        assertThat(Drawing(both).texts).contains("mono [+] vs. neu [\u2013]", "Ga", "Gb", "Gc", "Gd")
        val bars = layers(both, "rect").single()
        assertThat(Specs.column(bars, "name")).containsExactly("Gb", "Ga", "Gd", "Gc")
    }

    private fun shap(): DataFrame {
        val table = DataFrame.ofNames("Ga", "Gb", "Gc", "Gd")
        table.set("mono", NumericColumn.of(0.2, 0.9, -0.5, 0.0))
        table.set("neu", NumericColumn.of(0.1, -0.3, 0.4, 0.1))
        return table
    }

    @Test
    fun `genes of a volcano have the colours of their classes`() {
        val random = SplittableRandom(3)
        val n = 3000
        val effects = DoubleArray(n) { 3 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) }
        val pvals = DoubleArray(n) { 10.0.pow(-random.nextDouble() * 4 * effects[it] * effects[it] / 2) }
        val names = List(n) { "gene$it" }
        val figure = c2v.pl.volcano(pvals, effects, names, title = "late against early", save = path("volcano"))
        val fills = Drawing(figure).fills("circle")
        val significant = effects.indices.count { pvals[it] <= 0.05 && effects[it] >= 1 }
        assertThat(fills["#d64545"]).isEqualTo(significant)
        assertThat(fills.keys).containsAll(listOf("#aaaaaa", "#a7bacc", "#cfa7a7", "#afb598", "#4a90e2"))
        assertThat(fills.values.sum()).isEqualTo(n)
        val best = effects.indices
            .filter { effects[it] >= 1 }
            .sortedBy { pvals[it] }
            .take(5)
            .map { names[it] }
        assertThat(Drawing(figure).texts).containsAll(best).contains("-log10 p", "log2 fold change")
        val line = layers(figure, "segment").first()
        assertNear(Specs.column(line, "y")[2], -kotlin.math.log10(0.05), 1e-9)
        val two = c2v.pl.volcano(pvals, effects, names, highliteNames = listOf("gene1", "gene2"), adjP = true)
        assertThat(Drawing(two).texts).contains("gene1", "gene2", "-log10 adjusted p").doesNotContain(best[0])
        val r = c2v.pl.volcano(pvals, DoubleArray(n) { effects[it] / 5 }, logfcThreshold = 0.5)
        assertThat(Drawing(r).texts)
            .`as`("correlations are no fold changes")
            .contains("effect")
            .doesNotContain("log2 fold change")
        val floor = c2v.pl.volcano(doubleArrayOf(0.0, 1.0, Double.NaN), doubleArrayOf(2.0, 0.0, 1.0))
        assertThat(Specs.column(layers(floor, "point").last(), "y")).contains(300.0)
        val many = c2v.pl.volcano(DoubleArray(20_001) { 0.5 }, DoubleArray(20_001) { it / 1e4 - 1 })
        assertThat(Drawing(many).count("image")).isEqualTo(1)
    }

    @Test
    fun `predictors are drawn by their slots`() {
        val adata = cells(6)
        adata.layers.set("mono", DenseMatrix.wrap(FloatArray(24) { if (it % 4 == 0) 0.5f else 0.01f }, 6, 4))
        val correlations = DataFrame.ofNames("Ga", "Gb", "Gc", "Gd")
        correlations.set("mono", NumericColumn.of(0.9, 0.2, -0.8, Double.NaN))
        adata.varm.set("gex_r", correlations)
        val volcano = c2v.pl.shapVolcano(adata, "mono", save = path("shap_volcano"))
        assertThat(Drawing(volcano).texts)
            .contains("mono proportion predictors", "Ga", "Mean |SHAP|")
            .doesNotContain("Gc")
        adata.obsm
            .set("fates", DenseMatrix.wrap(floatArrayOf(0f, 1f, .5f, .5f, 1f, 0f, .2f, .8f, .9f, .1f, 0f, 0f), 6, 2))
        adata.obsm.set(
            "fates:predicted",
            DenseMatrix.wrap(floatArrayOf(0.1f, .9f, .5f, .5f, .9f, .1f, .3f, .7f, .7f, .3f, 1f, 1f), 6, 2),
        )
        adata.obs.set("validation", BooleanColumn.of(true, true, true, true, true, false))
        adata.uns["catboost_info"] = mapOf("obsm_key" to "fates", "fates_used" to NdArray.of("mono", "neu"))
        val figure = c2v.pl.predictionPerformance(adata, save = path("prediction_performance"))
        val drawing = Drawing(figure)
        assertThat(drawing.texts).contains("mono", "neu", "Observed", "Predicted")
        assertThat(drawing.texts.filter { it.startsWith("r = 0.9") }).hasSize(2)
        assertThat(drawing.count("circle")).isEqualTo(10)
        val one = c2v.pl.predictionPerformance(adata, varNames = "neu", setType = "train", title = "kept")
        assertThat(Drawing(one).texts).contains("kept").noneMatch { it.startsWith("r =") }
    }

    @Test
    fun `links are drawn once, and with heads where they have a direction`() {
        val adata = cells(3)
        adata.obsp.set("g", CsrMatrix.of(3, 3, intArrayOf(0, 1, 2, 3), intArrayOf(1, 2, 0), floatArrayOf(1f, 1f, 1f)))
        val symmetric = CsrMatrix.of(3, 3, intArrayOf(0, 1, 2, 2), intArrayOf(1, 0), floatArrayOf(1f, 1f))
        adata.obsp.set("s", symmetric)
        assertThat(Specs.column(layers(c2v.pl.graph(adata, "g"), "segment").single(), "x")).hasSize(3)
        val heads = c2v.pl.graph(adata, "g", oriented = true, color = "group", save = path("graph"))
        assertThat(Specs.column(layers(heads, "segment").single(), "x")).`as`("a shaft and two sides").hasSize(9)
        assertThat(Specs.column(layers(c2v.pl.graph(adata, "s", oriented = true), "segment").single(), "x")).hasSize(1)
    }

    @Test
    fun `groups stand at their centres, with rims as wide as they are linked with themselves`() {
        val adata = cells()
        adata.uns["group_connectivity"] = mapOf(
            "groupby" to "group", "label_names" to NdArray.of("a", "b", "c"),
            "connectivity" to
                NdArray(DType.FLOAT64, intArrayOf(3, 3), doubleArrayOf(3.0, 1.5, 0.2, 0.0, 1.2, 0.9, 2.5, 0.0, 0.5)),
        )
        val figure = c2v.pl.groupConnectivity(adata, linewidth = 2.0, save = path("group_connectivity"))
        val dots = layers(figure, "point").drop(1)
        assertThat(dots.map { it["fill"] }).containsExactlyElementsOf(Drawing.TAB10.take(3))
        assertThat(dots.map { it["stroke"] }).`as`("clipped at 2, below 1 none").satisfiesExactly({
            assertNear(
                it,
                4 / 2.2,
            )
        }, { assertNear(it, 2.4 / 2.2) }, { assertNear(it, 0.0) })
        val umap = adata.obsm.matrix("X_umap", "")
        assertNear(Specs.column(dots[1], "x")[0], (1 until adata.nObs step 3).map { umap.get(it, 0) }.average(), 1e-6)
        assertThat(layers(figure, "segment")).`as`("a to b and c to a").hasSize(2)
        assertThat(layers(figure, "polygon")).`as`("with heads").hasSize(2)
        assertThat(Drawing(figure).texts).contains("group connectivity")
    }

    @Test
    fun `a late clone within an early one is on the left side`() {
        val adata = cells(12)

        fun column(vararg texts: String) = CategoricalColumn.ofTexts(*texts)
        adata.obs.set("early", column("e", "e", "e", "e", "e", "e", "f", "f", "NA", "NA", "NA", "f"))
        adata.obs.set("late", column("l", "l", "l", "NA", "NA", "NA", "m", "m", "m", "m", "NA", "NA"))
        val figure = c2v.pl.nestingClones(adata, "early", "late", minCloneSize = 3, save = path("nesting_clones"))
        val dots = layers(figure, "point").single()
        assertThat(Specs.column(dots, "clones")).containsExactly("e / l", "f / m")
        assertThat(Drawing(figure).texts).contains("Both barcodes (%)", "Early barcode (%)", "Late barcode (%)")
        // Of e half has both and half is e alone: the middle of the left side.
        assertNear(Specs.column(dots, "x")[0], 40 + 75.0)
    }

    @Test
    fun `dots of scores have the colours of z scores`() {
        val adata = cells()
        val figure = c2v.pl.scaledDotplot(adata, "group", listOf("Ga", "Gb"), save = path("scaled_dotplot"))
        val texts = Drawing(figure).texts
        assertThat(texts).contains("Ga", "Gb", "a", "b", "c", "Mean z score", "in group")
        assertThat(texts).contains("-2", "2")
    }

    @Test
    fun `clones of barcoded cells are drawn as in the tutorial`() {
        val adata = sc.datasets.simulatedClones(nClones = 150, meanCells = 12.0, nGenes = 120)
        sc.pp.normalizeTotal(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, nComps = 15)
        sc.pp.neighbors(adata)
        sc.tl.umap(adata)
        val clones = c2v.pp.clonesAdata(adata, fillObs = "fate")
        sc.pp.neighbors(clones, useRep = "X")
        sc.tl.umap(clones)
        sc.tl.leiden(clones)
        val plain = sc.pl.umap(clones, color = "leiden", frameon = false, title = "Clonal clusters\n(ground truth)")
        val axes = c2v.pl.embeddingAxis(plain, label = "Clones", save = path("tutorial_axes"))
        val named = c2v.pl.embeddingAxis(c2v.pl.fancyLegend(plain, centerLoc = true, textsize = 12), label = "Clones")
        val fates = c2v.pl.fancyLegend(sc.pl.umap(adata, color = "fate"), line = true)
        c2v.pl.panels(axes, named, fates, ncols = 3, save = path("tutorial_panels"))
        val groups = Drawing.names(clones, "leiden")
        assertThat(Drawing(named).texts).containsAll(groups)
        assertThat(layers(named, "label").flatMap { Specs.column(it, "label") }).containsExactlyElementsOf(groups)
        c2v.pl.groupKde(adata, "fate", save = path("tutorial_kde"))
        c2v.pl.cloneSize(clones, save = path("tutorial_sizes"))
        c2v.pl.graph(clones, color = "leiden", size = 60, save = path("tutorial_graph"))
        c2v.pl.nestingClones(adata, "clone", "barcode", minCloneSize = 3, save = path("tutorial_nesting"))
        c2v.pl.heatmap(fatesTable(clones), save = path("tutorial_heatmap"))
        c2v.pl.clones2cells(
            adata, clones, cellsColor = "fate", clonesColor = "leiden",
            save = FigureSamples.figures.resolve("c2v_tutorial_clones2cells.html"),
        )
    }

    private fun fatesTable(clones: AnnData): DataFrame {
        val table = DataFrame.ofNames(*clones.obsNames.take(12).toTypedArray())
        clones.varNames.forEachIndexed {
            j,
            fate,
            ->
            table.set(fate, NumericColumn.of(*DoubleArray(12) { clones.x.get(it, j) }))
        }
        return table
    }
}
