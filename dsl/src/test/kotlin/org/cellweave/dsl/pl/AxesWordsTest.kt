package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.Circle
import org.cellweave.dsl.FacetGrid
import org.cellweave.dsl.Figure
import org.cellweave.dsl.Line2D
import org.cellweave.dsl.addArtist
import org.cellweave.dsl.addPatch
import org.cellweave.dsl.axhline
import org.cellweave.dsl.axhspan
import org.cellweave.dsl.axvspan
import org.cellweave.dsl.dotplot
import org.cellweave.dsl.errorbar
import org.cellweave.dsl.getFigure
import org.cellweave.dsl.getLegend
import org.cellweave.dsl.getXticklabels
import org.cellweave.dsl.hist
import org.cellweave.dsl.kdeplot
import org.cellweave.dsl.legend
import org.cellweave.dsl.legend_
import org.cellweave.dsl.palettes
import org.cellweave.dsl.pd
import org.cellweave.dsl.plot
import org.cellweave.dsl.plt
import org.cellweave.dsl.rcParams
import org.cellweave.dsl.sc
import org.cellweave.dsl.scatter
import org.cellweave.dsl.session.Settings
import org.cellweave.dsl.setFigureParams
import org.cellweave.dsl.setStyle
import org.cellweave.dsl.setXticklabels
import org.cellweave.dsl.setXticks
import org.cellweave.dsl.sns
import org.cellweave.dsl.text
import org.cellweave.dsl.tickParams
import org.cellweave.dsl.transAxes
import org.cellweave.dsl.umap
import org.cellweave.dsl.violin
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test

class AxesWordsTest {
    private val cells = FigureSamples.cells(45)
    private val table: DataFrame = pd.DataFrame(
        mapOf(
            "n" to List(40) { (it * 7 % 11).toDouble() + it % 2 }, "part" to List(40) { if (it % 2 == 0) "a" else "b" },
        ),
    )

    private fun plotOf(figure: Figure, i: Int = 0) = Specs.plots(figure)[i]

    private fun theme(figure: Figure, key: String, i: Int = 0) = (plotOf(figure, i)["theme"] as Map<*, *>)[key]

    @AfterEach
    fun plain() {
        plt.style.use("default")
        plt.close("all")
    }

    @Test
    fun `a verb draws over what another has drawn`() {
        val (fig, ax) = plt.subplots()
        sns.violinplot(table, x = "part", y = "n", ax = ax)
        val alone = Specs.layers(plotOf(fig)).size
        sns.stripplot(table, x = "part", y = "n", ax = ax, color = "k")
        assertThat(Specs.layers(plotOf(fig)).size).isGreaterThan(alone)
        assertThat(Specs.scale(plotOf(fig), "x")["labels"]).isEqualTo(listOf("a", "b"))
        val (one, other) = plt.subplots()
        sc.pl.umap(cells, color = "group", ax = other, show = false)
        sc.pl.umap(cells, color = "Ga", ax = other, show = false)
        assertThat(Specs.scale(plotOf(one), "color")["discrete"]).isEqualTo(true)
        assertThat(Specs.scale(plotOf(one), "paint_b")["scale_mapper_kind"]).isEqualTo("color_gradientn")
        assertThat(Specs.title(plotOf(one))).`as`("the later title").isEqualTo("Ga")
        assertThat(Drawing(one).texts).contains("UMAP1")
    }

    @Test
    fun `axes reach what is drawn later, unless their ends were asked for`() {
        val figure = sc.pl.umap(cells, show = false)
        val (low, high) = figure.getXlim()
        figure.scatter(high + 10, 0)
        assertThat(figure.getXlim().second).isGreaterThan(high + 10)
        assertThat(figure.getXlim().first).isEqualTo(low)
        figure.setXlim(low, high)
        figure.scatter(high + 20, 0)
        assertThat(figure.getXlim()).isEqualTo(low to high)
        val (fig, ax) = plt.subplots()
        ax.hist(listOf(100, 101))
        sns.histplot(table, x = "n", ax = ax)
        assertThat(fig.getXlim().second).isGreaterThanOrEqualTo(101.0)
    }

    @Test
    fun `lines have ends and bands have none`() {
        val (fig, ax) = plt.subplots()
        ax.plot(listOf(0, 10), listOf(0, 10), "b-")
        ax.axhline(5, 0, 1, color = "red")
        assertThat(Specs.layers(plotOf(fig)).last()["geom"]).isEqualTo("hline")
        ax.axhline(5, 0.5, 1)
        val part = Specs.layers(plotOf(fig)).last()
        assertThat(Specs.column(part, "x").single()).isEqualTo(5.0)
        ax.axvspan(2, 3, color = "green", alpha = 0.3)
        ax.axhspan(20, 30)
        val band = Specs.layers(plotOf(fig)).first { it["geom"] == "rect" }
        assertThat(Specs.column(band, "ymax").single() as Double).`as`("grows with the axis").isGreaterThan(30.0)
        ax.errorbar(listOf(1, 2), listOf(1, 2), yerr = 0.5, fmt = "o")
        ax.text(0.5, 0.5, "middle", transform = ax.transAxes)
        val (low, high) = ax.getYlim()
        val label = Specs.layers(plotOf(fig)).last { it["geom"] == "text" }
        assertThat(Specs.column(label, "y").single()).isEqualTo((low + high) / 2)
        assertThatThrownBy { ax.axhline(1, 0, 2) }.hasMessageContaining("in parts of the panel, 0..1")
        assertThat(ax.getFigure()).isSameAs(fig)
    }

    @Test
    fun `legends can be named, renamed, replaced and brought back`() {
        val figure = sc.pl.umap(cells, color = "group", show = false)
        val first = figure.getLegend()
        first.setTitle("Cell type")
        first.getTexts()[0].setText("others")
        assertThat(Drawing(figure).texts).contains("Cell type", "others")
        figure.legend_.remove()
        assertThat(Drawing(figure).texts).doesNotContain("Cell type")
        assertThatThrownBy { figure.getLegend() }.hasMessage("a panel of 'umap' has no legend")
        figure.legend(handles = listOf(Line2D(marker = "x", color = "red", label = "mine")), title = "own", ncols = 2)
        assertThat(Drawing(figure).texts).contains("own", "mine").doesNotContain("others")
        figure.addArtist(first)
        assertThat(Drawing(figure).texts).contains("own", "Cell type", "others")
        first.setBboxToAnchor(-0.2 to -0.7)
        assertThat(theme(figure, "legend_position")).isEqualTo("bottom")
        assertThatThrownBy { sc.pl.umap(cells, color = "Ga", show = false).getLegend() }
            .hasMessageContaining("has no legend but a colour bar, which fig.axes lists after the panel")
    }

    @Test
    fun `a colour bar is the last of a figure's axes`() {
        val figure = sc.pl.umap(cells, color = listOf("Ga", "group"), returnFig = true)
        assertThat(figure.axes).hasSize(3)
        assertThat(figure.axes[-1].cells).isEqualTo(figure[1].cells)
        val bar = figure.axes[1]

        fun numbers() = (plotOf(figure)["layers"] as List<*>).map { it as Map<*, *> }.filter { it["geom"] == "text" }
        val before = numbers().size
        bar.tickParams(labelsize = 20)
        assertThat(numbers()).hasSize(before).anyMatch { it["size"] == 10.0 }
        assertThatThrownBy { bar.setTitle("x") }.hasMessageContaining("only tickParams(labelsize = ...)")
        assertThatThrownBy { figure.axes[7] }.hasMessageContaining("fig.axes has 3 axes")
    }

    @Test
    fun `names at marks change one by one in a table and together on axes`() {
        val dots = sc.pl.dotplot(cells, listOf("Ga", "Gb"), "group", show = false)
        for (label in dots["mainplot_ax"].getXticklabels()) {
            label.setStyle("italic")
            if (label.getText() == "Gb") label.setColor("#A97F03")
        }
        val texts = Specs.layers(plotOf(dots)).filter { it["geom"] == "text" && it["fontface"] == "italic" }
        assertThat(texts.map { Specs.column(it, "label").single() }).containsExactlyInAnyOrder("Ga", "Gb")
        assertThat(texts.map { it["color"] }).contains("#a97f03")
        assertThatThrownBy { dots["main"] }.hasMessageContaining("'dotplot' has \"mainplot_ax\" alone as a part")
        val violins = sc.pl.violin(cells, "Ga", groupby = "group", cut = 1, inner = "box", show = false)
        val names = violins.getXticklabels()
        names[0].setColor("red")
        assertThat((theme(violins, "axis_text_x") as? Map<*, *>)?.get("color")).isNull()
        names.drop(1).forEach { it.setColor("red") }
        assertThat((theme(violins, "axis_text_x") as Map<*, *>)["color"]).isEqualTo("#ff0000")
        violins.setXticklabels(names.map { it.getText().uppercase() }, rotation = 45, ha = "right")
        assertThat(violins.getXticklabels().map { it.getText() }).isEqualTo(names.map { it.getText().uppercase() })
        assertThatThrownBy { violins.setXticklabels(listOf("one")) }.hasMessageContaining("one text per mark")
        violins.setXticks(listOf<Int>())
        assertThat(violins.getXticklabels()).isEmpty()
    }

    @Test
    fun `axes are switched off and on`() {
        val (fig, ax) = plt.subplots()
        val before = theme(fig, "panel_border")
        ax.axis("off")
        assertThat(theme(fig, "panel_border")).isEqualTo("blank")
        ax.axis("on")
        assertThat(theme(fig, "panel_border")).isEqualTo(before)
        val bare = sc.pl.umap(cells, frameon = false, show = false)
        bare.axis("on")
        bare.tickParams(top = "off", left = "off", labelbottom = "off")
        bare.setYlabel("type\n", rotation = 90, fontsize = 14)
        bare.set(frameOn = false, title = "t")
        assertThat(Drawing(bare).texts).contains("type", "t")
        assertThat(theme(bare, "panel_border")).isEqualTo("blank")
        bare.setTitle("IGJ", style = "italic", loc = "left")
        assertThat((theme(bare, "plot_title") as Map<*, *>)["face"]).isEqualTo("italic")
        bare.addPatch(plt.Circle(0 to 0, 1.5, color = "k", clipOn = false, fill = false))
        assertThat(Specs.layers(plotOf(bare)).last()["geom"]).isEqualTo("path")
        assertThatThrownBy { ax.axis("of") }.hasMessage("axis must be \"on\", \"off\" or \"equal\", got \"of\"")
        assertThatThrownBy { ax.tickParams(top = true) }.hasMessageContaining("at the left and below")
    }

    @Test
    fun `seaborn draws into the figure that was just made, and marks are named by themselves`() {
        val made = plt.figure(figsize = 8 to 4)
        val drawn = sns.boxplot(data = table, x = "part", y = "n")
        assertThat(drawn).isSameAs(made)
        val ax = plt.gca()
        ax.setXticklabels(ax.getXticklabels(), rotation = 45)
        assertThat(ax.getXticklabels().map { it.getText() }).containsExactly("a", "b")
        assertThat(sns.boxplot(data = table, x = "part", y = "n")).`as`("nothing blank is left").isNotSameAs(made)
    }

    @Test
    fun `a grid of facets draws rows where they belong`() {
        val g = sns.FacetGrid(table, row = "part", hue = "part", aspect = 15, height = 0.5, palette = "tab20")
        assertThat(g.axes.shape).isEqualTo(2 to 1)
        g.map(sns.kdeplot, "n", clipOn = false, fill = true, alpha = 1, linewidth = 1.5)
        g.map(sns.kdeplot, "n", color = "w", lw = 2)
        g.map(plt.axhline, y = 0, lw = 2)
        val heard = ArrayList<String>()
        g.map({ x, color, label -> heard += "$label ${x.size()} $color" }, "n")
        assertThat(heard).containsExactly("a 20 #1f77b4", "b 20 #aec7e8")
        assertThat(Drawing(g.figure).texts).contains("part = a", "part = b")
        g.setTitles("")
        g.set(yticks = listOf(), ylabel = "")
        g.despine(bottom = true, left = true)
        assertThat(Drawing(g.figure).texts).doesNotContain("part = a", "Density").contains("n")
        val ends = Specs.plots(g.figure).map { Specs.scale(it, "x")["limits"] }
        assertThat(ends.distinct()).`as`("shared").hasSize(1)
        assertThatThrownBy { g.map(sns.kdeplot, "n", "part") }.hasMessageContaining("what it draws")
    }

    @Test
    fun `tables draw themselves as pandas' do`() {
        val small = pd.DataFrame(mapOf("u" to listOf(1, 2), "v" to listOf(3, 4)), index = listOf("p", "q"))
        val stacked = small.plot(kind = "bar", stacked = true)
        val upper = Specs.layers(plotOf(stacked.figure)).last()
        assertThat(Specs.column(upper, "ymin")).containsExactly(1.0, 2.0)
        assertThat(Specs.column(upper, "ymax")).containsExactly(4.0, 6.0)
        assertThat(Drawing(stacked.figure).texts).contains("p", "q", "u", "v")
        val beside = small.plot.bar()
        assertThat(Specs.column(Specs.layers(plotOf(beside.figure)).first(), "xmax")).containsExactly(0.0, 1.0)
        assertThat(Specs.title(plotOf(table.hist("n")))).isEqualTo("n")
        assertThat(Drawing(beside.figure).texts).doesNotContain("rows")
        small.indexName = "rows"
        for (drawn in listOf(small.plot.bar(), small.plot.barh())) {
            assertThat(Drawing(drawn.figure).texts).`as`("what the rows are called").contains("rows")
        }
        assertThat(Drawing(sns.heatmap(small)).texts).contains("rows", "p", "u")
        assertThatThrownBy { small.plot(kind = "baar") }.hasMessageContaining("Did you mean 'bar'?")
        assertThatThrownBy { small.plot.bar(y = "w") }.hasMessageContaining("y must be among [u, v], got 'w'")
    }

    @Test
    fun `the last number of an axis is not cut`() {
        fun margin(most: Double): Any? {
            val cells = FigureSamples.cells(20)
            cells.obs.set("far", NumericColumn.of(*DoubleArray(20) { it * most / 19 }))
            val figure = sc.pl.scatter(cells, x = "far", y = "far")
            return (plotOf(figure)["theme"] as Map<*, *>)["plot_margin"]
        }
        assertThat(margin(1.0)).isNull()
        try {
            Settings.setFigureParams(figsize = 4 to 4)
            assertThat((margin(9_900.0) as Map<*, *>)["r"] as Double).isBetween(1.0, 20.0)
        } finally {
            Settings.setFigureParams(scanpy = false)
        }
    }

    @Test
    fun `words of pyplot`() {
        plt.semilogy(listOf(1, 2, 3), listOf(1, 10, 100), "b-")
        plt.plot()
        plt.xticks(rotation = 35, rotationMode = "anchor", ha = "right")
        assertThat(Specs.scale(plotOf(plt.gcf()), "y")["trans"]).isEqualTo("log10")
        assertThat((theme(plt.gcf(), "axis_text_x") as Map<*, *>)["angle"]).isEqualTo(35.0)
        val (fig, axs) = plt.subplots(
            ncols = 2, sharey = true, layout = "constrained",
            gridspecKw = mapOf(
                "wspace" to 0.9,
                "width_ratios" to listOf(1, 3),
            ),
        )
        axs[0].plot(listOf(0, 1), listOf(0, 9))
        axs[1].plot(listOf(0, 1), listOf(0, 1))
        assertThat(Specs.scale(plotOf(fig, 0), "y")["limits"]).isEqualTo(Specs.scale(plotOf(fig, 1), "y")["limits"])
        assertThat(axs[1].cells[0].width).isGreaterThan(2 * axs[0].cells[0].width)
        assertThatThrownBy { plt.subplots(gridspecKw = mapOf("wspac" to 1)) }
            .hasMessageContaining("Did you mean 'wspace'?")
        rcParams["figure.figsize"] = 3 to 3
        assertThat(plt.subplots().figure.width).isEqualTo(225)
        plt.style.use("default")
        sns.setStyle("whitegrid")
        assertThat(Settings.figures.ground).isEqualTo("whitegrid")
        val lined = plt.subplots().figure
        assertThat((theme(lined, "panel_grid") as Map<*, *>)["name"]).isEqualTo("line")
        assertThatThrownBy { plt.style.use("gplot") }.hasMessageContaining("Did you mean 'ggplot'?")
        assertThat(sc.pl.palettes.zeileis28[0]).isEqualTo("#023fa5")
        assertThat(sc.pl.palettes.vega20Scanpy).hasSize(20)
        val counted = sns.distplot(table["n"], kde = false, bins = 4, label = "all")
        assertThat(Drawing(counted).texts).contains("all")
    }
}
