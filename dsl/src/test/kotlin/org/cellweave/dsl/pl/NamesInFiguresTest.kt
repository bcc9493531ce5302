package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.sc
import org.cellweave.dsl.tracksplot
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.junit.jupiter.api.Test

/** Names are whole, inside the figure, and with what they name. */
class NamesInFiguresTest {
    private val long = "Plasmacytoid dendritic cells of donor 17"

    private fun texts(figure: Figure): List<Map<String, Any>> =
        Specs.layers(Specs.plots(figure)[0]).filter { it["geom"] == "text" }

    @Test
    fun namesOfSmallGroupsOfTracksStandUprightAtTheirOwnGroup() {
        val adata = FigureSamples.cells(300)
        val names = Array(300) { if (it < 290) "big" else listOf("small one", "small two")[it % 2] }
        adata.obs.set("skew", CategoricalColumn.ofTexts(*names))
        val tracks = sc.pl.tracksplot(adata, listOf("Ga"), "skew")
        val layer = texts(tracks).first { "small one" in Specs.column(it, "label") }
        assertThat(layer["angle"]).isEqualTo(90.0)
        val x = Specs.column(layer, "x").map { it as Double }
        // Two groups of five cells are 25 pixels apart from the middle of each other's neighbour.
        assertThat(x[2] - x[1]).isBetween(10.0, 20.0)
        val even = sc.pl.tracksplot(FigureSamples.cells(30), listOf("Ga"), "group")
        assertThat(texts(even).first { "b" in Specs.column(it, "label") }["angle"]).isEqualTo(0.0)
    }

    @Test
    fun titlesWiderThanATableAreWhole() {
        val title = "A title that is rather longer than the table"
        val figure = sc.pl.dotplot(FigureSamples.cells(9), "Ga", "group", title = title)
        val layer = texts(figure).first { title in Specs.column(it, "label") }
        val x = Specs.column(layer, "x")[0] as Double
        val half = Look.textWidth(title, Look().titleSize) / 2
        assertThat(x - half).isGreaterThanOrEqualTo(0.0)
        assertThat(x + half).isLessThanOrEqualTo(figure.width.toDouble())
    }

    @Test
    fun namesOnDataStayInsideTheFrame() {
        val adata = FigureSamples.cells(40)
        adata.obs.set("long", CategoricalColumn.ofTexts(*Array(40) { if (it % 3 == 0) "B" else long }))
        val layer = texts(sc.pl.umap(adata, color = "long", legendLoc = "on data")).single()
        val limits = Specs.scale(Specs.plots(sc.pl.umap(adata))[0], "x")["limits"] as List<*>
        val (low, high) = limits.map { it as Double }
        val half = Look.textWidth(long, Look().labelSize) / 2 / 300 * (high - low)
        val at = Specs.column(layer, "x")[Specs.column(layer, "label").indexOf(long)] as Double
        assertThat(at - half).isGreaterThanOrEqualTo(low)
        assertThat(at + half).isLessThanOrEqualTo(high)
    }

    @Test
    fun violinsHaveWholeNames() {
        val adata = FigureSamples.cells(40)
        adata.obs.set("long", CategoricalColumn.ofTexts(*Array(40) { if (it % 2 == 0) "$long a" else "$long b" }))
        val svg = sc.pl.violin(adata, "Ga", groupby = "long").toSvg()
        assertThat(svg).contains("$long a", "$long b").doesNotContain("..\n")
    }

    @Test
    fun textsAreCutBetweenWords() {
        assertThat(Look.wrapped("short", 100.0, 10.0)).isEqualTo("short")
        val lines = Look.wrapped("n_genes_by_counts of cells, per donor", 80.0, 10.0).lines()
        assertThat(lines.joinToString("") { it.replace(" ", "") }).isEqualTo("n_genes_by_countsofcells,perdonor")
        assertThat(lines).hasSizeGreaterThan(2).allMatch { Look.textWidth(it, 10.0) <= 80.0 }
        assertThat(Look.wrapped("x".repeat(40), 80.0, 10.0).lines()).allMatch { Look.textWidth(it, 10.0) <= 80.0 }
    }
}
