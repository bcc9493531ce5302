package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.dsl.Figure
import org.cellweave.dsl.axhline
import org.cellweave.dsl.axvline
import org.cellweave.dsl.bar
import org.cellweave.dsl.barh
import org.cellweave.dsl.boxplot
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.fillBetween
import org.cellweave.dsl.hist
import org.cellweave.dsl.legend
import org.cellweave.dsl.plot
import org.cellweave.dsl.plt
import org.cellweave.dsl.rcContext
import org.cellweave.dsl.sc
import org.cellweave.dsl.scatter
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.setFigureParams
import org.cellweave.dsl.setXticks
import org.cellweave.dsl.text
import org.cellweave.dsl.tickParams
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import javax.imageio.ImageIO

class PyplotTest {
    @TempDir
    lateinit var folder: Path

    private val cells = FigureSamples.cells(45)

    private fun plotOf(figure: Figure, i: Int = 0) = Specs.plots(figure)[i]

    @Test
    fun `verbs draw into axes by row and column`() {
        val (fig, axs) = plt.subplots(2, 2, figsize = 10 to 8)
        assertThat(sc.pl.umap(cells, color = "group", ax = axs[0, 0], show = false)).isSameAs(fig)
        sc.pl.violin(cells, "Ga", groupby = "group", ax = axs[0][1], show = false)
        sc.pl.dotplot(cells, listOf("Ga", "Gb"), "group", ax = axs[1, 0], show = false)
        axs.flat[3].hist(listOf(1, 2, 2, 3), bins = 3)
        assertThat(fig.width to fig.height).isEqualTo(750 to 600)
        assertThat(Specs.title(plotOf(fig, 0))).isEqualTo("group")
        fig.placed.forEach { at ->
            assertThat(at.x + at.panel.width).isLessThanOrEqualTo(750)
            assertThat(at.y + at.panel.height).isLessThanOrEqualTo(600)
        }
        val (first, second, third) = fig.placed
        assertThat(first.x).isZero()
        assertThat(second.x).isGreaterThanOrEqualTo(372)
        assertThat(third.y).isGreaterThanOrEqualTo(297)
        assertThat(Drawing(fig).texts).contains("UMAP1", "Mean expression", "Ga")
        plt.savefig(folder.resolve("f.png").toString(), dpi = 100)
        val image = ImageIO.read(folder.resolve("f.png").toFile())
        assertThat(image.width to image.height).`as`("matplotlib's own size").isEqualTo(1000 to 800)
    }

    @Test
    fun `one axes is an axes, several are not`() {
        val (fig, ax) = plt.subplots()
        ax.setTitle("one")
        sc.pl.umap(cells, ax = ax, show = false)
        assertThat(fig.size).isEqualTo(1)
        val (_, axs) = plt.subplots(1, 3)
        assertThatThrownBy { sc.pl.umap(cells, ax = axs) }
            .hasMessage("ax needs one panel, but there are 3; choose one by its number, as axs[0] or figure[0]")
        val (left, middle) = axs
        left.setTitle("l")
        middle.setTitle("m")
        assertThat(listOf("a", "b", "c").zip(axs)).hasSize(3)
        assertThat(axs.shape).isEqualTo(1 to 3)
        assertThat(plt.subplots(2, 3).axes.map { it.size }).containsExactly(3, 3)
        assertThatThrownBy { axs[3] }.hasMessageContaining("axs has 1 row of 3, so that axs[3] does not exist")
        assertThatThrownBy { axs[1, 0] }.hasMessageContaining("axs has 1 row of 3, got [1, 0]")
        assertThat(axs[-1].cells).isEqualTo(axs[2].cells)
    }

    @Test
    fun `frames of a row are in line although one has a title`() {
        val (fig, axs) = plt.subplots(1, 2)
        axs[0].setTitle("high")
        val (first, second) = fig.placed
        assertThat(second.y - first.y).isEqualTo(28)
        assertThat(second.y + second.panel.height).isEqualTo(first.y + first.panel.height)
    }

    @Test
    fun `refused are several panels in one axes and two sizes`() {
        val (_, ax) = plt.subplots()
        assertThatThrownBy { sc.pl.umap(cells, color = listOf("group", "Ga"), ax = ax) }
            .hasMessageContaining("ax takes one panel, but umap draws 2")
        assertThatThrownBy { sc.pl.umap(cells, ax = ax, figsize = 3 to 3) }
            .hasMessageContaining("figsize and ax exclude each other")
        assertThatThrownBy { sc.pl.umap(cells, ax = ax, dpi = 100) }
            .hasMessageContaining("dpi and ax exclude each other")
        assertThatThrownBy { plt.subplots(0, 1) }.hasMessage("nrows and ncols must be positive, got 0 and 1")
        assertThatThrownBy { plt.subplots(1, 40, figsize = 4 to 4) }.hasMessageContaining("figsize is too small for 40")
        assertThatThrownBy { plt.subplots(1, 2, widthRatios = listOf(1)) }
            .hasMessage("widthRatios must have 2 positive numbers, got [1.0]")
    }

    @Test
    fun `words without axes act on the last figure`() {
        val figure = sc.pl.umap(cells, color = "group", show = false)
        plt.title("mine", fontsize = 20)
        plt.xlabel("across")
        plt.xlim(0, 1)
        plt.axvline(0.5, color = "red", ls = "--")
        assertThat(Specs.title(plotOf(figure))).isEqualTo("mine")
        assertThat(((plotOf(figure)["theme"] as Map<*, *>)["plot_title"] as Map<*, *>)["size"]).isEqualTo(20.0)
        assertThat(Specs.scale(plotOf(figure), "x")["name"]).isEqualTo("across")
        assertThat(figure.getXlim()).isEqualTo(0.0 to 1.0)
        assertThat(Specs.layers(plotOf(figure)).last()["geom"]).isEqualTo("vline")
        assertThat(plt.gcf()).isSameAs(figure)
        plt.close()
        assertThat(plt.gcf()).isNotSameAs(figure)
        plt.close("all")
        assertThatThrownBy { plt.savefig("x.png") }.hasMessage("plt.savefig needs a figure, but none was drawn yet")
    }

    @Test
    fun `what is drawn by hand has the numbers it was given`() {
        val (fig, ax) = plt.subplots()
        ax.hist(listOf(0, 0, 1, 2, 4), bins = 2, label = "n")
        val bars = Specs.layers(plotOf(fig)).single()
        assertThat(Specs.column(bars, "xmin")).containsExactly(0.0, 2.0)
        assertThat(Specs.column(bars, "xmax")).containsExactly(2.0, 4.0)
        assertThat(Specs.column(bars, "ymax")).`as`("as numpy: the last interval is closed").containsExactly(3.0, 2.0)
        assertThat(ax.getYlim().first).isZero()
        ax.hist(listOf(0, 0, 1, 2, 4), bins = listOf(0, 1, 4), density = true)
        assertThat(Specs.column(Specs.layers(plotOf(fig)).last(), "ymax")).containsExactly(0.4, 0.2)
        ax.plot(listOf(1, 2), listOf(3, 4), "r--", label = "line")
        val line = Specs.layers(plotOf(fig)).last()
        assertThat(line["linetype"]).isEqualTo("dashed")
        assertThat(Drawing(fig).texts).`as`("no legend unless asked for").doesNotContain("line")
        ax.legend(loc = "upper left", title = "what")
        assertThat(Drawing(fig).texts).contains("line", "n", "what")
        assertThat(ax.getXlim().first).isLessThan(0.0)
    }

    @Test
    fun `bars, boxes, areas and texts`() {
        val (fig, axs) = plt.subplots(1, 4, figsize = 16 to 4)
        axs[0].bar(listOf("u", "v"), listOf(1, 2))
        axs[0].bar(listOf("u", "v"), listOf(3, 1), bottom = listOf(1, 2))
        assertThat(Specs.column(Specs.layers(plotOf(fig)).last(), "ymax")).containsExactly(4.0, 3.0)
        assertThat(Specs.scale(plotOf(fig), "x")["labels"]).isEqualTo(listOf("u", "v"))
        axs[1].barh(listOf("u", "v"), listOf(1, 2))
        assertThat(Specs.scale(plotOf(fig, 1), "y")["labels"]).isEqualTo(listOf("u", "v"))
        axs[2].boxplot(listOf(listOf(1, 2, 3, 4, 20), listOf(2, 3)), labels = listOf("p", "q"))
        val box = Specs.layers(plotOf(fig, 2))[0]
        assertThat(Specs.column(box, "ymin")).containsExactly(2.0, 2.25)
        assertThat(Specs.column(box, "ymax")).containsExactly(4.0, 2.75)
        axs[3].fillBetween(listOf(0, 1), listOf(1, 2), alpha = 0.3)
        axs[3].scatter(listOf(0, 1), listOf(1, 2), c = listOf(0, 1), cmap = "gray")
        axs[3].text(0.5, 1, "word", ha = "center")
        axs[3].axhline(1)
        assertThat(Drawing(fig).texts).contains("word", "p", "u")
        assertThat(Specs.column(Specs.layers(plotOf(fig, 3))[1], "paint")).containsExactly("#000000", "#ffffff")
        assertThatThrownBy { axs[0].plot(listOf(1), listOf(1), "x--") }
            .hasMessageContaining("such as \"r--\" or \"ko\"")
        assertThatThrownBy { axs[0].scatter(listOf(1), listOf(1, 2)) }.hasMessageContaining("the length of x")
        assertThatThrownBy { axs[0].hist(listOf(1), bins = listOf(2, 1)) }.hasMessageContaining("in ascending order")
        assertThatThrownBy { axs[0].hist(emptyList<Double>()) }.hasMessageContaining("at least one finite number")
        assertThatThrownBy { axs[0].text(1, 1, "a", ha = "middle") }
            .hasMessageContaining("ha must be one of [left, center, right], got 'middle'")
    }

    @Test
    fun `axes can be changed, taken away and made logarithmic`() {
        val (fig, axs) = plt.subplots(1, 2)
        axs[0].plot(listOf(1, 10, 100), listOf(1, 2, 3))
        axs[0].set(title = "t", xlabel = "x", ylim = 0 to 5, xscale = "log")
        assertThat(Specs.scale(plotOf(fig), "x")["trans"]).isEqualTo("log10")
        assertThat(axs[0].getYlim()).isEqualTo(0.0 to 5.0)
        axs[0].setXticks(listOf(1, 100), labels = listOf("one", "hundred"))
        assertThat(Drawing(fig).texts).contains("one", "hundred", "t")
        axs[1].axis("off")
        axs[0].grid()
        axs[0].tickParams("x", rotation = 45)
        axs[1].remove()
        assertThat(fig.size).isEqualTo(1)
        assertThatThrownBy { axs[0].remove() }.hasMessageContaining("last panel")
    }

    @Test
    fun `settings end with their scope`() {
        val before = Settings.figures
        sc.rcContext(mapOf("figure.figsize" to (2 to 2), "font.size" to 10)) {
            assertThat(plt.subplots().figure.width).isEqualTo(150)
            assertThat(sc.pl.umap(cells).width).isLessThan(220)
            sc.settings.setFigureParams(dpi = 40)
            assertThat(Settings.figures).isNotEqualTo(before)
        }
        assertThat(Settings.figures).isEqualTo(before)
        assertThatThrownBy { plt.rcContext(mapOf("font.size" to 10)) { throw IllegalStateException("inside") } }
            .hasMessage("inside")
        assertThat(Settings.figures).isEqualTo(before)
        assertThatThrownBy { plt.rcParams["fig"] = 1 }
            .hasMessageContaining("rcParams has no 'fig'")
        assertThatThrownBy { plt.rcParams["figure.figsize"] = 3 }.hasMessageContaining("two numbers of 1 to 40 inches")
        plt.rcParams["pdf.fonttype"] = 42
        assertThat(Settings.figures).isEqualTo(before)
    }

    @Test
    fun `sizes and resolution of one call`() {
        val figure = sc.pl.umap(cells, color = "group", figsize = 4 to 3, dpi = 150)
        assertThat(figure.width to figure.height).isEqualTo(300 to 225)
        val image = ImageIO.read(figure.save(folder.resolve("f.png")).toFile())
        assertThat(image.width to image.height).isEqualTo(600 to 450)
        val next = sc.pl.umap(cells, color = "group")
        assertThat(next.width).isNotEqualTo(300)
        assertThatThrownBy { sc.pl.umap(cells, dpi = 1) }.hasMessageContaining("dpi")
    }
}
