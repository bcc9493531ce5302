package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.grid
import org.cellweave.dsl.plt
import org.cellweave.dsl.plus
import org.cellweave.dsl.sc
import org.cellweave.dsl.title
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.jetbrains.letsPlot.geom.geomPoint
import org.jetbrains.letsPlot.ggsize
import org.jetbrains.letsPlot.letsPlot
import org.junit.jupiter.api.Test

class FigureGridTest {
    private val cells = FigureSamples.cells(45)
    private val gap = 12

    private fun own() = letsPlot(mapOf("a" to listOf(1, 2), "b" to listOf(3, 4))) + geomPoint {
        x = "a"
        y = "b"
    }

    @Test
    fun `figures and plots stand in rows`() {
        val a = sc.pl.umap(cells, color = "group")
        val b = sc.pl.violin(cells, "Ga", groupby = "group")
        val c = sc.pl.dotplot(cells, listOf("Ga", "Gb"), "group")
        val whole = sc.pl.grid(listOf(a, b, c, own() + ggsize(200, 150)), ncols = 2)
        val at = whole.placed.map { it.x to it.y }
        assertThat(at[0]).isEqualTo(0 to 0)
        val left = maxOf(a.width, c.width)
        val top = maxOf(a.height, b.height)
        assertThat(at[1]).isEqualTo(left + gap to 0)
        assertThat(at[2]).isEqualTo(0 to top + gap)
        assertThat(at[3]).isEqualTo(left + gap to top + gap)
        assertThat(whole.placed[3].panel.width to whole.placed[3].panel.height).isEqualTo(200 to 150)
        assertThat(Specs.plots(whole)).hasSize(4)
        assertThat(Drawing(whole).texts).contains("Mean expression", "UMAP1", "Ga")
    }

    @Test
    fun `plus joins two and leaves them as they are`() {
        val a = sc.pl.umap(cells, color = listOf("group", "Ga"))
        val before = a.toSvg()
        val both = a + sc.pl.umap(cells, color = "Gb")
        assertThat(both.size).isEqualTo(3)
        both[0].title("other")
        assertThat(a.toSvg()).isEqualTo(before)
        assertThat((own() + a).size).isEqualTo(3)
        assertThat((a + own()).size).isEqualTo(3)
        assertThat((both + a).size).`as`("joined again").isEqualTo(5)
    }

    @Test
    fun `what was changed comes along, also what has grown`() {
        val a = sc.pl.violin(cells, "Ga", groupby = "group").title("one")
        val b = sc.pl.violin(cells, "Gb", groupby = "group")
        val whole = a + b
        assertThat(Specs.title(Specs.plots(whole)[0])).isEqualTo("one")
        assertThat(whole.placed[1].y - whole.placed[0].y).isEqualTo(28)
    }

    @Test
    fun `letters stand at the upper left of every panel and a title over all`() {
        val a = sc.pl.umap(cells, color = listOf("group", "Ga"))
        val plain = sc.pl.grid(listOf(a, a))
        val whole = sc.pl.grid(listOf(a, a), labels = true, title = "Figure 1")
        assertThat(Drawing(whole).texts).contains("a", "b", "c", "d", "Figure 1")
        assertThat(whole.width - plain.width).`as`("a margin for each of four").isEqualTo(4 * 20)
        val named = sc.pl.grid(a, a, labels = listOf("I", "II", "III", "IV"))
        assertThat(Drawing(named).texts).contains("III")
        assertThatThrownBy { sc.pl.grid(a, labels = listOf("I")) }
            .hasMessage("labels must have one text per panel (2), got 1")
        assertThatThrownBy { sc.pl.grid(a, labels = 3) }.hasMessageContaining("labels must be true, false or a list")
    }

    @Test
    fun `sizes are of the whole or of each`() {
        val a = sc.pl.umap(cells, color = "group")
        val whole = sc.pl.grid(listOf(a, a), figsize = 8 to 3)
        assertThat(whole.width to whole.height).isEqualTo(600 to 225)
        assertThat(whole.placed.maxOf { it.x + it.panel.width }).isBetween(590, 600)
        val each = sc.pl.grid(listOf(a, a), cellsize = 4 to 4)
        assertThat(each.placed.map { it.panel.width to it.panel.height }).containsOnly(300 to 300)
        assertThatThrownBy { sc.pl.grid(listOf(a), cellsize = 4 to 4, figsize = 4 to 4) }
            .hasMessageContaining("cellsize and figsize exclude each other")
        assertThatThrownBy { sc.pl.grid(listOf(a), figsize = 0 to 4) }
            .hasMessageContaining("figsize must be a width and a height of 0.5 to 200.0 inches, got (0, 4)")
    }

    @Test
    fun `what cannot be joined is told`() {
        assertThatThrownBy { sc.pl.grid(emptyList()) }.hasMessage("grid needs at least one figure, got none")
        assertThatThrownBy { sc.pl.grid(listOf("a")) }.hasMessageContaining("grid takes figures of ours and plots of")
        val a = sc.pl.umap(cells)
        assertThatThrownBy { sc.pl.grid(listOf(a), ncols = 0) }.hasMessage("ncols must be positive, got 0")
        assertThatThrownBy { sc.pl.grid(listOf(a), ax = plt.subplots().axes) }
            .hasMessageContaining("give ax to the verbs")
    }
}
