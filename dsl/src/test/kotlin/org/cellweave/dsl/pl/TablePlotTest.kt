package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.matrixplot
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.sc
import org.cellweave.dsl.stackedViolin
import org.cellweave.dsl.umap
import org.junit.jupiter.api.Test

/** Changes of tables after they are made, and colours by name. */
class TablePlotTest {
    /** Groups of 3, 9 and 6 cells. */
    private fun sample(): AnnData {
        val adata = FigureSamples.cells(18)
        adata.obs.set(
            "size",
            CategoricalColumn.ofTexts(
                *Array(18) {
                    if (it < 3) {
                        "s"
                    } else if (it < 12) {
                        "l"
                    } else {
                        "m"
                    }
                },
            ),
        )
        return adata
    }

    private fun labels(figure: Figure): List<Any?> =
        Specs.layers(Specs.plots(figure)[0]).filter { it["geom"] == "text" }.flatMap { Specs.column(it, "label") }

    @Test
    fun totalsShowAndSortGroupsBySize() {
        val dots = sc.pl.dotplot(sample(), listOf("Ga", "Gb"), "size")
        assertThat(labels(dots)).containsSubsequence("l", "m", "s").doesNotContain("9", "6", "3")
        assertThat(dots.addTotals(sort = "ascending")).isSameAs(dots)
        assertThat(labels(dots)).containsSubsequence("s", "m", "l").containsSubsequence("3", "6", "9")
        dots.addTotals(sort = "descending")
        assertThat(labels(dots)).containsSubsequence("l", "m", "s").containsSubsequence("9", "6", "3")
        assertThat(labels(dots.addTotals(show = false))).doesNotContain("9")
        assertThatThrownBy { dots.addTotals(sort = "up") }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessageContaining("sort must be one of [ascending, descending] or null, got 'up'")
        assertThat(labels(dots)).containsSubsequence("l", "m", "s")
    }

    @Test
    fun axesAreSwappedAndBack() {
        val table = sc.pl.matrixplot(sample(), listOf("Ga"), "size")
        val (width, height) = table.width to table.height
        assertThat(table.swapAxes().width).isNotEqualTo(width)
        assertThat(table.swapAxes(false).width).isEqualTo(width)
        assertThat(table.height).isEqualTo(height)
    }

    @Test
    fun stylesAndLegendsChangeWhatIsDrawn() {
        val dots = sc.pl.dotplot(sample(), listOf("Ga", "Gb"), "size").style(colorOn = "square", dotEdgeColor = "red")
        val drawn = Specs.layers(Specs.plots(dots)[0])
        val circles = drawn.filter { it["geom"] == "point" }
        assertThat(circles[0]["color"]).isEqualTo("#ff0000")
        assertThat(Specs.column(circles[0], "fill")).containsOnly("rgba(0,0,0,0)")
        assertThat(labels(dots)).contains("Fraction of cells")
        assertThat(labels(dots.legend(showSizeLegend = false, colorbarTitle = "Level")))
            .contains("Level")
            .doesNotContain("Fraction of cells")
        assertThat(labels(sc.pl.matrixplot(sample(), "Ga", "size").legend(show = false))).doesNotContain("in group")
        assertThatThrownBy { dots.style(colorOn = "cell") }.hasMessageContaining("colorOn must be one of [dot, square]")
        assertThatThrownBy { dots.style(cmap = "nothing") }.hasMessageContaining("cmap 'nothing' is not known")
        val violins = sc.pl.stackedViolin(sample(), listOf("Ga"), "size").style(rowPalette = "red", ylim = 0 to 9)
        val fills = Specs.layers(Specs.plots(violins)[0]).filter { it["geom"] == "polygon" }.map { it["fill"] }
        assertThat(fills).containsOnly("#ff0000")
    }

    @Test
    fun colourMapsOfMatplotlib() {
        assertThat(ColorMap.named("winter").hex(0.0)).isEqualTo("#0000ff")
        assertThat(ColorMap.named("winter_r").hex(1.0)).isEqualTo("#0000ff")
        assertThat(ColorMap.named("binary").hex(0.5)).isEqualTo("#7f7f7f")
        // A map of steps has no colours between them.
        assertThat(ColorMap.named("tab20").hex(0.049)).isEqualTo("#1f77b4")
        assertThat(ColorMap.named("tab20").hex(0.051)).isEqualTo("#aec7e8")
        assertThat(ColorMap.named("Set1_r").hex(1.0)).isEqualTo("#e41a1c")
        assertThat(ColorMap.named("viridis").hex(Double.NaN)).isEqualTo("#d3d3d3")
        for (name in listOf("hsv", "rainbow", "twilight", "nipy_spectral", "mako", "rocket", "gist_ncar")) {
            assertThat(ColorMap.named(name).hex(0.3)).matches("#[0-9a-f]{6}")
        }
    }

    @Test
    fun coloursOfX11AndGreyLevels() {
        val names = listOf("grey80", "gray80", "firebrick3", "indianred 3", "0.5", "1.0", "#1234", "k")
        assertThat(names.map(Palettes::find))
            .containsExactly("#cccccc", "#cccccc", "#cd2626", "#cd5555", "#808080", "#ffffff", "#112233", "#000000")
        assertThat(listOf("grey101", "1.5", "nocolour").map(Palettes::find)).containsOnlyNulls()
    }

    @Test
    fun dimensionsGoWithColours() {
        val adata = sample()
        val two = listOf(0 to 1, 1 to 0)
        assertThat(sc.pl.umap(adata, color = listOf("group", "score"), dimensions = two).size).isEqualTo(2)
        assertThat(sc.pl.umap(adata, color = "group", dimensions = two).size).isEqualTo(2)
        assertThatThrownBy { sc.pl.umap(adata, color = listOf("group", "score", "size"), dimensions = two) }
            .isInstanceOf(IllegalArgumentException::class.java)
            .hasMessage("dimensions must have one pair, or one for each color (3), got 2")
        val sizes = DoubleArray(18) { it.toDouble() }
        assertThat(Regex("<circle").findAll(sc.pl.umap(adata, size = sizes).toSvg()).count()).isGreaterThanOrEqualTo(17)
        assertThatThrownBy { sc.pl.umap(adata, size = -1) }.hasMessageContaining("size must not be negative")
    }
}
