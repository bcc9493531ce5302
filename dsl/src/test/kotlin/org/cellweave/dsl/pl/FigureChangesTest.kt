package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.Figure
import org.cellweave.dsl.annotate
import org.cellweave.dsl.axhline
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.heatmap
import org.cellweave.dsl.italic
import org.cellweave.dsl.legend
import org.cellweave.dsl.limits
import org.cellweave.dsl.plus
import org.cellweave.dsl.sc
import org.cellweave.dsl.scatter
import org.cellweave.dsl.setXticks
import org.cellweave.dsl.title
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.cellweave.dsl.xLabel
import org.cellweave.dsl.yLabel
import org.jetbrains.letsPlot.geom.geomHLine
import org.jetbrains.letsPlot.label.ggtitle
import org.jetbrains.letsPlot.scale.scaleXContinuous
import org.jetbrains.letsPlot.themes.elementText
import org.jetbrains.letsPlot.themes.theme
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import javax.imageio.ImageIO

class FigureChangesTest {
    @TempDir
    lateinit var folder: Path

    private val cells = FigureSamples.cells(60)

    private fun two(): Figure = sc.pl.umap(cells, color = listOf("group", "Ga"))

    private fun one(): Figure = sc.pl.umap(cells, color = "group")

    private fun plot(figure: Figure) = Specs.plots(figure).single()

    @Test
    fun `a change is made to the figure itself, which is returned and saved so`() {
        val figure = one()
        val (width, height) = figure.width to figure.height
        assertThat(figure.title("Mine").xLabel("across").yLabel("up")).isSameAs(figure)
        assertThat(Specs.title(plot(figure))).isEqualTo("Mine")
        assertThat(Specs.scale(plot(figure), "x")["name"]).isEqualTo("across")
        assertThat(Specs.scale(plot(figure), "y")["name"]).isEqualTo("up")
        assertThat(figure.width to figure.height).`as`("there was a title and names before").isEqualTo(width to height)
        assertThat(Drawing(figure).texts).contains("Mine", "across", "up").doesNotContain("UMAP1")
        val image = ImageIO.read(figure.save(folder.resolve("f.png")).toFile())
        assertThat(image.width).isEqualTo(2 * width)
    }

    @Test
    fun `a title that was not there adds its room and the neighbours stay in line`() {
        val figure = sc.pl.violin(cells, listOf("Ga", "Gb"), groupby = "group")
        val before = figure.placed.map { it.y to it.panel.height }
        figure[0].title("first")
        val after = figure.placed
        assertThat(after[0].panel.height - before[0].second).isEqualTo(28)
        assertThat(after[1].panel.height).isEqualTo(before[1].second)
        assertThat(after[1].y - after[0].y).`as`("below the room of the title").isEqualTo(28)
        figure[0].title("")
        assertThat(figure.placed.map { it.y to it.panel.height }).isEqualTo(before)
    }

    @Test
    fun `of several panels a title stands over all, a list names each`() {
        val figure = two()
        val height = figure.height
        figure.title("All").title(listOf("one", "two"))
        assertThat(Specs.plots(figure).map(Specs::title)).containsExactly("one", "two", null)
        assertThat(Drawing(figure).texts).contains("All", "one", "two")
        assertThat(figure.height).isGreaterThan(height)
        assertThat(figure.placed.minOf { it.y }).isEqualTo(figure.height - height)
        assertThatThrownBy { figure.title(listOf("a")) }.hasMessageContaining("title").hasMessageContaining("2")
    }

    @Test
    fun `limits keep the shape of a panel and mark round numbers`() {
        val figure = one()
        val before = plot(figure)["coord"] as Map<*, *>
        figure.limits(x = 0 to 2)
        val coord = plot(figure)["coord"] as Map<*, *>
        assertThat(coord["xlim"]).isEqualTo(listOf(0.0, 2.0))
        assertThat(coord["name"]).isEqualTo(before["name"])
        assertThat(Specs.scale(plot(figure), "x")["breaks"] as List<*>).contains(0.0, 1.0, 2.0)
        assertThat(figure.getXlim()).isEqualTo(0.0 to 2.0)
        figure.setYlim(bottom = -1)
        assertThat(figure.getYlim().first).isEqualTo(-1.0)
        assertThatThrownBy { figure.limits(x = 2 to 0) }
            .hasMessage("limits needs a lower end below the upper one, got 2.0 and 0.0")
        assertThatThrownBy { figure.limits() }.hasMessageContaining("limits(x = 0 to 5)")
        assertThatThrownBy { figure.limits(x = 0 to Double.NaN) }.hasMessageContaining("finite")
        assertThat(figure.getXlim()).`as`("refused before any change").isEqualTo(0.0 to 2.0)
    }

    @Test
    fun `legends move, get a title and go`() {
        val figure = one()
        val width = figure.width
        val height = figure.height
        figure.legend("bottom", title = "Cell type")
        assertThat((plot(figure)["theme"] as Map<*, *>)["legend_position"]).isEqualTo("bottom")
        assertThat(Specs.scale(plot(figure), "color")["name"]).isEqualTo("Cell type")
        assertThat(figure.width).isLessThan(width)
        assertThat(figure.height).isGreaterThan(height)
        assertThat(Drawing(figure).texts).contains("Cell type", "a", "b", "c")
        figure.legend("right")
        assertThat(figure.width to figure.height).isEqualTo(width to height)
        figure.legend("none")
        assertThat(Drawing(figure).texts).doesNotContain("b")
        assertThat(figure.width).isLessThan(width)
        assertThatThrownBy { figure.legend("botom") }.hasMessageContaining("bottom", "got 'botom'")
        assertThatThrownBy { figure.legend("top", ncol = 0) }.hasMessageContaining("ncol must be positive, got 0")
    }

    @Test
    fun `annotations stand in the data's coordinates`() {
        val figure = one().annotate("here", 1, 2.5, xy = 2 to 3)
        val layers = Specs.layers(plot(figure)).takeLast(2)
        assertThat(layers.map { it["geom"] }).containsExactly("segment", "text")
        assertThat(Specs.column(layers[1], "x")).containsExactly(1.0)
        assertThat(Specs.column(layers[1], "y")).containsExactly(2.5)
        assertThat(Specs.column(layers[0], "xend")).containsExactly(2.0)
        assertThat(Drawing(figure).texts).contains("here")
        assertThatThrownBy { two().annotate("x", 1, 1) }
            .hasMessage("annotate needs one panel, but there are 2; choose one by its number, as axs[0] or figure[0]")
        assertThatThrownBy { sc.pl.dotplot(cells, "Ga", "group").annotate("x", 1, 1) }
            .hasMessageContaining("annotate needs axes, but 'dotplot' has a panel without")
    }

    @Test
    fun `genes are slanted and columns are not`() {
        val figure = two().italic()

        fun face(i: Int) = ((Specs.plots(figure)[i]["theme"] as Map<*, *>)["plot_title"] as Map<*, *>)["face"]
        assertThat(face(0)).isNull()
        assertThat(face(1)).isEqualTo("italic")
        val table = sc.pl.dotplot(cells, listOf("Ga", "Gb"), "group").italic()
        val slanted = Specs.layers(plot(table)).filter { it["fontface"] == "italic" }
        assertThat(slanted.flatMap { Specs.column(it, "label") }).containsExactlyInAnyOrder("Ga", "Gb")
        val heat = sc.pl.heatmap(cells, listOf("Ga", "Gb"), "group").italic()
        assertThat(Specs.layers(plot(heat)).any { it["fontface"] == "italic" }).isTrue()
        assertThatThrownBy { one().italic() }.hasMessageContaining("italic(listOf(\"CD3D\"))")
    }

    @Test
    fun `parts of Lets-Plot are laid over a panel or all`() {
        val figure = two()
        figure[0] + geomHLine(yintercept = 2.0, linetype = "dashed")
        assertThat(Specs.geoms(Specs.plots(figure)[0])).contains("hline")
        assertThat(Specs.geoms(Specs.plots(figure)[1])).doesNotContain("hline")
        assertThat(figure + theme(plotTitle = elementText(face = "bold"))).isSameAs(figure)
        Specs.plots(figure).forEach { plot ->
            val title = (plot["theme"] as Map<*, *>)["plot_title"] as Map<*, *>
            assertThat(title["face"]).isEqualTo("bold")
            assertThat(title["size"]).`as`("what was said of it before stays").isEqualTo(14.0)
        }
        figure[1] + ggtitle("later") + scaleXContinuous(name = "named")
        assertThat(Specs.title(Specs.plots(figure)[1])).isEqualTo("later")
        assertThat(Specs.scale(Specs.plots(figure)[1], "x")["name"]).isEqualTo("named")
        assertThat(figure.toSvg()).contains("later", "named")
    }

    @Test
    fun `tables keep what was changed when they are drawn anew, and have one title`() {
        val table = sc.pl
            .dotplot(cells, listOf("Ga", "Gb"), "group", title = "old")
            .xLabel("genes")
            .title("new")
        assertThat(Drawing(table).texts).contains("new", "genes").doesNotContain("old")
        table.swapAxes()
        assertThat(Drawing(table).texts).contains("new", "genes")
    }

    @Test
    fun `a copy stays as it was`() {
        val figure = one()
        val before = figure.toSvg()
        val copy = figure.copy()
        figure.title("changed").axhline(1)
        assertThat(copy.toSvg()).isEqualTo(before)
        assertThat(figure.toSvg()).isNotEqualTo(before)
    }

    @Test
    fun `panels are found by number, row and column`() {
        val figure = sc.pl.umap(cells, color = listOf("group", "Ga", "Gb"), ncols = 2)
        figure[1, 0].title("third")
        figure[-1].xLabel("last")
        assertThat(Specs.plots(figure).map(Specs::title)).containsExactly("group", "Ga", "third")
        assertThat(Specs.scale(Specs.plots(figure)[2], "x")["name"]).isEqualTo("last")
        assertThatThrownBy { figure[3] }
            .isInstanceOf(IndexOutOfBoundsException::class.java)
            .hasMessageContaining("panel must lie in 0..2")
        assertThatThrownBy { figure[1, 1] }.hasMessageContaining("whose rows have [2, 1] panels")
    }

    @Test
    fun `a change that cannot be drawn leaves the figure as it was`() {
        val figure = sc.pl.scatter(cells, x = "Ga", y = "Gb")
        val before = figure.toSvg()
        assertThatThrownBy { figure.setXticks(listOf(1, 2), labels = listOf("a")) }.hasMessageContaining("labels")
        assertThatThrownBy { figure.axis("of") }.hasMessageContaining("got \"of\"")
        assertThatThrownBy { figure.setTitle("x", fontstyle = "slanted") }
            .hasMessageContaining("fontstyle must be one of [normal, italic, oblique], got 'slanted'")
        assertThatThrownBy { figure.setYscale("log") }.hasMessageContaining("a verb of sc.pl has drawn these")
        assertThat(figure.toSvg()).isEqualTo(before)
    }
}
