package org.cellweave.dsl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.FigureFrontEnd
import org.cellweave.dsl.pl.Drawing
import org.cellweave.dsl.pl.FigureSamples
import org.cellweave.dsl.pl.Specs
import org.cellweave.dsl.plot.Contrast
import org.cellweave.dsl.plot.median
import org.cellweave.dsl.session.FrontEnd
import org.cellweave.dsl.session.ProgressDisplay
import org.junit.jupiter.api.Test

/** Corner axes, boxed names and small bars on figures that are already made. */
class FigureTrimmingTest {
    private fun path(name: String) = FigureSamples.figures.resolve("c2v_$name").toString()

    private fun clones(n: Int = 300): AnnData =
        FigureSamples.cells(n).also { adata ->
            val codes = (adata.obs["group"] as CategoricalColumn).codes()
            adata.obs["leiden"] = CategoricalColumn(codes, StringColumn.of("0", "1", "2"), false)
        }

    private fun layers(figure: Figure, geom: String, panel: Int = 0) =
        Specs.layers(Specs.plots(figure)[panel]).filter { it["geom"] == geom }

    /** All boxed names of a panel, which has a layer for each colour, as one. */
    @Suppress("UNCHECKED_CAST")
    private fun boxed(figure: Figure): Map<String, Any> {
        val all = layers(figure, "label")
        val data = all.map { it["data"] as Map<String, List<Any?>> }
        return all[0] + ("data" to data[0].keys.associateWith { key -> data.flatMap { it.getValue(key) } })
    }

    @Suppress("UNCHECKED_CAST")
    private fun limits(figure: Figure, axis: String) =
        Specs.scale(Specs.plots(figure)[0], axis)["limits"] as List<Double>

    private fun assertNear(value: Any?, wanted: Double, tolerance: Double = 1e-6) =
        assertThat(value as Double).isBetween(wanted - tolerance, wanted + tolerance)

    @Test
    fun `two arrows stand in the corner in place of the frame, with names beside them`() {
        val plain = sc.pl.umap(clones(), color = "leiden", frameon = false, title = "Clonal clusters\n(ground truth)")
        val figure = c2v.pl.embeddingAxis(plain, label = "Clones", save = path("embedding_axis.png"))
        assertThat(Drawing(figure).texts)
            .contains("Clones 1", "Clones 2", "Clonal clusters", "0", "1", "2")
            .doesNotContain("UMAP1", "UMAP2")
        val (x0, x1) = limits(plain, "x")
        val (y0, y1) = limits(plain, "y")
        val shafts = layers(figure, "segment").single()
        for (i in 0..1) {
            assertNear(Specs.column(shafts, "x")[i], x0)
            assertNear(Specs.column(shafts, "y")[i], y0)
        }
        assertNear(Specs.column(shafts, "xend")[0], x0 + 0.15 * (x1 - x0))
        assertNear(Specs.column(shafts, "yend")[1], y0 + 0.15 * (y1 - y0))
        val names = layers(figure, "text")
        assertThat(names.map { it["angle"] }).containsExactly(0.0, 90.0)
        assertThat(Specs.column(names[0], "y")[0] as Double).`as`("below the dots").isLessThan(y0)
        assertThat(Specs.column(names[1], "x")[0] as Double).`as`("left of the dots").isLessThan(x0)
        assertThat(limits(figure, "x")[0]).`as`("with room for it").isLessThan(Specs.column(names[1], "x")[0] as Double)
        assertThat(figure.width).isGreaterThan(plain.width)
        assertThat(Drawing(plain).texts).`as`("the first figure stays").doesNotContain("Clones 1")
    }

    @Test
    fun `arrows take a colour, a place and names of their own`() {
        val plain = sc.pl.umap(clones(), color = "leiden")
        val figure = c2v.pl.embeddingAxis(
            plain, xOffset = 0.1, yOffset = 0.2, length = 0.3, color = "red", label1 = "first", label2 = "second",
        )
        assertThat(Drawing(figure).texts).contains("first", "second").doesNotContain("UMAP1")
        val (x0, x1) = limits(plain, "x")
        val shafts = layers(figure, "segment").single()
        assertNear(Specs.column(shafts, "x")[0], x0 + 0.1 * (x1 - x0))
        assertThat(shafts["color"]).isEqualTo("#ff0000")
    }

    @Test
    fun `names stand in boxes at the medians of their dots, in their colours`() {
        val adata = clones()
        val plain = sc.pl.umap(adata, color = "leiden", frameon = false)
        val figure = c2v.pl.fancyLegend(plain, centerLoc = true, textsize = 12)
        val names = boxed(figure)
        assertThat(Specs.column(names, "label")).containsExactly("0", "1", "2")
        val umap = adata.obsm.matrix("X_umap", "")
        for (g in 0 until 3) {
            assertNear(Specs.column(names, "y")[g], median((g until adata.nObs step 3).map { umap.get(it, 1) }), 1e-3)
        }
        val drawing = Drawing(figure)
        assertThat(drawing.texts).containsExactlyInAnyOrder("0", "1", "2", "leiden")
        assertThat(figure.width).`as`("without the legend").isLessThan(plain.width)
        val svg = figure.toSvg()
        assertThat(Drawing.TAB10.take(2).map(Contrast::onWhite)).`as`("a light one is darkened").satisfies({
            assertThat(it[0]).isEqualTo(Drawing.TAB10[0])
            assertThat(it[1]).isNotEqualTo(Drawing.TAB10[1])
        })
        for (color in Drawing.TAB10.take(3).map(Contrast::onWhite)) {
            assertThat(Regex("<text style=\"fill:$color").findAll(svg).count()).`as`("a text in $color").isEqualTo(1)
        }
    }

    @Test
    fun `groups of one colour keep a name each`() {
        val adata = clones()
        adata.uns["leiden_colors"] = NdArray.of("#ff0000", "#ff0000", "#0000ff")
        val figure = c2v.pl.fancyLegend(sc.pl.umap(adata, color = "leiden"), centerLoc = true)
        assertThat(Specs.column(boxed(figure), "label")).containsExactly("0", "1", "2")
    }

    @Test
    fun `names that avoid dots are the same at every call`() {
        val adata = clones(900)

        fun drawn() =
            c2v.pl.fancyLegend(
                sc.pl.umap(adata, color = "leiden", frameon = false), line = true, fontweight = "bold",
                save = path("fancy_legend_line.png"),
            )
        val figure = drawn()
        val names = boxed(figure)
        assertThat(names["fontface"]).isEqualTo("bold")
        assertThat(Specs.column(names, "x").zip(Specs.column(names, "y")).distinct()).hasSize(3)
        assertThat(figure.toSvg()).isEqualTo(drawn().toSvg())
    }

    @Test
    fun `a picture of many dots is trimmed alike`() {
        val plain = sc.pl.umap(clones(20_001), color = "leiden", frameon = false)
        val named = c2v.pl.fancyLegend(plain, centerLoc = true)
        val figure = c2v.pl.embeddingAxis(named, label = "Cells", save = path("trimmed_raster.png"))
        val drawing = Drawing(figure)
        assertThat(drawing.texts).contains("Cells 1", "Cells 2", "0", "1", "2")
        assertThat(drawing.count("image")).isEqualTo(1)
        assertThat(drawing.count("circle")).`as`("only what explains the colours").isEqualTo(3)
    }

    @Test
    fun `small bars tell the ends alone`() {
        val adata = clones()
        val plain = sc.pl.umap(adata, color = listOf("Ga", "score"), frameon = false)
        val figure = c2v.pl.smallCbar(plain, save = path("small_cbar.png"))
        val drawing = Drawing(figure)
        assertThat(drawing.texts).contains("0", "1", "299")
        assertThat(drawing.count("image")).isEqualTo(2)
        assertThat(figure.width).isLessThan(plain.width)
        val words = Drawing(c2v.pl.smallCbar(plain, panel = 1, showNumbers = false))
        assertThat(words.texts.filter { it in setOf("Min", "Max") }).containsExactly("Min", "Max")
        val framed =
            c2v.pl.smallCbar(sc.pl.umap(adata, color = "score"), ticksRound = 0, save = path("framed_cbar.png"))
        assertThat(layers(framed, "segment")).`as`("frame of the panel and of the bar").hasSize(2)
        assertThat(Drawing(framed).count("line")).`as`("all of their sides").isGreaterThanOrEqualTo(8)
        assertThat(Drawing(framed).texts).contains("UMAP1", "UMAP2")
    }

    @Test
    fun `the figure of the tutorial has four panels with names of their own`() {
        val adata = clones()
        val all = listOf("Ground truth clusters", "Aligned clusters").flatMap { title ->
            listOf("ground truth", "aligned").map { where ->
                val one = sc.pl.umap(adata, color = "leiden", frameon = false, title = title)
                val named = c2v.pl.fancyLegend(one, centerLoc = true, textsize = 12)
                c2v.pl.embeddingAxis(named, label = "Clones ($where)")
            }
        }
        val figure = c2v.pl.panels(*all.toTypedArray(), save = path("tutorial.png"))
        assertThat(figure.size).isEqualTo(4)
        val texts = Drawing(figure).texts
        assertThat(texts.count { it == "Clones (aligned) 1" }).isEqualTo(2)
        assertThat(texts.count { it == "Ground truth clusters" }).isEqualTo(2)
        assertThat(figure.width).isGreaterThan(2 * all[0].width)
    }

    @Test
    fun `one panel of several is trimmed and the others stay where they belong`() {
        val plain = sc.pl.umap(clones(), color = listOf("leiden", "Ga", "leiden"), frameon = false, ncols = 2)
        val one = c2v.pl.embeddingAxis(c2v.pl.fancyLegend(plain, panel = 2), panel = 0, label = "Clones")
        assertThat(layers(one, "label", 2)).hasSize(3)
        assertThat(layers(one, "label", 0)).isEmpty()
        assertThat(Drawing(one).texts.count { it == "Clones 1" }).isEqualTo(1)
        val both = c2v.pl.fancyLegend(plain)
        assertThat(layers(both, "label", 0) + layers(both, "label", 2)).hasSize(6)
        assertThat(layers(c2v.pl.fancyLegend(both, textsize = 20), "label", 0)).`as`("the second replaces").hasSize(3)
    }

    @Test
    fun `a trimmed figure takes the place of the one that is shown`() {
        val heard = ArrayList<String>()
        val usual = FrontEnd.current
        FrontEnd.current = object : FigureFrontEnd {
            override fun message(level: Int, text: String) = Unit

            override fun progress(): ProgressDisplay = usual.progress()

            override fun show(figure: Figure) {
                heard += figure.name
            }

            override fun show(figure: Figure, before: List<Figure>) {
                heard += "${figure.name} for ${before.map { it.name }}"
            }
        }
        try {
            val umap = sc.pl.umap(clones(), color = "leiden")
            c2v.pl.panels(umap, c2v.pl.embeddingAxis(umap))
        } finally {
            FrontEnd.current = usual
        }
        assertThat(heard).containsExactly("umap", "umap for [umap]", "panels for [umap, umap]")
    }

    @Test
    fun messages() {
        val adata = clones()
        val figure = sc.pl.umap(adata, color = listOf("leiden", "Ga"))

        fun refused(message: String, body: () -> Unit) {
            assertThatThrownBy { body() }
                .isInstanceOf(IllegalArgumentException::class.java)
                .hasMessageContaining(message)
        }
        refused("panel must lie in 0..1 for Figure(umap, 2 plots") { c2v.pl.embeddingAxis(figure, panel = 2) }
        refused("fancyLegend needs a panel of dots coloured by groups, but panel 1 of Figure(umap") {
            c2v.pl.fancyLegend(figure, panel = 1)
        }
        refused("smallCbar needs a panel of dots with a colour bar, but panel 0") {
            c2v.pl.smallCbar(figure, panel = 0)
        }
        refused("embeddingAxis needs a panel of dots in two dimensions, but Figure(violin") {
            c2v.pl.embeddingAxis(sc.pl.violin(adata, "Ga"))
        }
        refused("panel must be a number counted from 0 or a list of such, got first") {
            c2v.pl.embeddingAxis(figure, panel = "first")
        }
        refused("length must be positive, got 0.0") { c2v.pl.embeddingAxis(figure, length = 0.0) }
        refused("xOffset must") { c2v.pl.embeddingAxis(figure, xOffset = 2.0) }
        refused("color must be a colour name or #rrggbb, got 'rde'") { c2v.pl.embeddingAxis(figure, color = "rde") }
        refused("textsize must be positive") { c2v.pl.fancyLegend(figure, textsize = 0) }
        refused("fontweight must be a number or one of") { c2v.pl.fancyLegend(figure, fontweight = "fat") }
        refused("ticksRound must not be negative, got -1") { c2v.pl.smallCbar(figure, ticksRound = -1) }
        refused("panels needs at least one figure, got none") { c2v.pl.panels() }
        refused("ncols must be positive, got 0") { c2v.pl.panels(figure, ncols = 0) }
    }
}
