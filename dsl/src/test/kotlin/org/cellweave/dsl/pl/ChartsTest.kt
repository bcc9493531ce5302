package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.within
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.bar
import org.cellweave.dsl.box
import org.cellweave.dsl.colorPalette
import org.cellweave.dsl.countplot
import org.cellweave.dsl.despine
import org.cellweave.dsl.get
import org.cellweave.dsl.heatmap
import org.cellweave.dsl.hist
import org.cellweave.dsl.jointplot
import org.cellweave.dsl.kdeplot
import org.cellweave.dsl.lineplot
import org.cellweave.dsl.moveLegend
import org.cellweave.dsl.pairs
import org.cellweave.dsl.plt
import org.cellweave.dsl.sc
import org.cellweave.dsl.set
import org.cellweave.dsl.setStyle
import org.cellweave.dsl.setTheme
import org.cellweave.dsl.sns
import org.cellweave.dsl.violin
import org.junit.jupiter.api.Test

class ChartsTest {
    private fun refuses(expected: String, body: () -> Any?) =
        assertThatThrownBy { body() }.hasMessageContaining(expected)

    private fun plot(figure: Figure) = Specs.plots(figure).single()

    private fun layers(figure: Figure, geom: String) = Specs.layers(plot(figure)).filter { it["geom"] == geom }

    private fun column(layer: Map<String, Any>, name: String) = Specs.column(layer, name).map { it as Double }

    private fun table(): DataFrame {
        val t = DataFrame.ofNames(*Array(6) { "r$it" })
        t.set("kind", StringColumn.of("z", "a", "z", "a", "z", "z"))
        t.set("side", CategoricalColumn.ofTexts("l", "l", "r", "r", "l", "r"))
        t.set("value", NumericColumn.of(1.0, 2.0, 3.0, 4.0, 6.0, Double.NaN))
        t.set("other", NumericColumn.of(2.0, 1.0, 4.0, 3.0, 5.0, 9.0))
        return t
    }

    @Test
    fun `texts of tables come in their order and missing values are left out`() {
        val figure = sc.pl.bar(table(), x = "kind", y = "value", errorbar = null)
        assertThat(Specs.scale(plot(figure), "x")["labels"]).isEqualTo(listOf("z", "a"))
        val bars = layers(figure, "rect").single()
        assertThat(column(bars, "ymax"))
            .usingElementComparator { a, b -> if (Math.abs(a - b) < 1e-9) 0 else 1 }
            .containsExactly(10 / 3.0, 3.0)
        assertThat(layers(figure, "segment")).isEmpty()
    }

    @Test
    fun `colours are those of the object`() {
        val adata = FigureSamples.cells(30)
        adata.uns["group_colors"] = NdArray.of("#111111", "#222222", "#333333")
        assertThat(layers(sc.pl.box(adata, x = "group", y = "score"), "rect").map { it["fill"] })
            .containsExactly("#111111", "#222222", "#333333")
        assertThat(layers(sc.pl.hist(adata, "score", hue = "group"), "rect").map { it["fill"] })
            .containsExactly("#333333", "#222222", "#111111")
        // A table has none of them.
        assertThat(layers(sc.pl.box(adata.obs, x = "group", y = "score"), "rect").map { it["fill"] }.distinct())
            .containsExactly("#1f77b4")
        val own = sc.pl.box(adata.obs, x = "group", y = "score", palette = mapOf("a" to "red", "b" to "k", "c" to "w"))
        assertThat(layers(own, "rect").map { it["fill"] }).containsExactly("#ff0000", "#000000", "#ffffff")
        val genes = sc.pl.bar(adata, x = "group", y = "Ga")
        assertThat(Specs.scale(plot(genes), "y")["name"]).isEqualTo("Ga")
    }

    @Test
    fun `composition of groups adds up`() {
        val counts = sc.pl.bar(table(), x = "kind", hue = "side")
        val all = layers(counts, "rect")
        // The last level lies at the bottom.
        val bars = all.flatMap { l -> column(l, "ymin").zip(column(l, "ymax")).map { (a, b) -> l["fill"] to (a to b) } }
        assertThat(bars).containsExactlyInAnyOrder(
            "#ff7f0e" to (0.0 to 2.0), "#1f77b4" to (2.0 to 4.0), "#ff7f0e" to (0.0 to 1.0), "#1f77b4" to (1.0 to 2.0),
        )
        val shares = layers(sc.pl.bar(table(), x = "kind", hue = "side", share = true), "rect")
        assertThat(shares.flatMap { column(it, "ymax") }.max()).isEqualTo(1.0)
        val cross = DataFrame.ofNames("s1", "s2")
        cross.set("T", NumericColumn.of(3L, 1L))
        cross.set("B", NumericColumn.of(1L, 1L))
        val crossed = sc.pl.bar(cross, share = true, stacked = true)
        assertThat(Specs.scale(plot(crossed), "x")["labels"]).isEqualTo(listOf("s1", "s2"))
        assertThat(layers(crossed, "rect").flatMap { column(it, "ymax") }).contains(0.25, 0.5, 1.0)
    }

    @Test
    fun `lying charts begin above`() {
        val figure = sc.pl.box(table(), x = "value", y = "kind")
        val scale = Specs.scale(plot(figure), "y")
        assertThat(scale["labels"]).isEqualTo(listOf("z", "a"))
        assertThat(scale["breaks"]).isEqualTo(listOf(0.0, -1.0))
        assertThat(column(layers(figure, "rect")[1], "ymax")).containsExactly(-0.6)
        val counted = sc.pl.countplot(table(), y = "kind")
        assertThat(column(layers(counted, "rect")[0], "xmax")).containsExactly(4.0, 2.0)
    }

    @Test
    fun `bare numbers and lists are data too`() {
        val figure = sns.histplot(table()["value"], bins = 5)
        assertThat(column(layers(figure, "rect")[0], "ymax").sum()).isEqualTo(5.0)
        sns.histplot(x = listOf(1, 2, 3, null), hue = listOf("a", "b", "a", "b"))
        sns.boxplot(mapOf("u" to listOf(1, 2), "v" to doubleArrayOf(3.0, 4.0)))
        sns.violinplot(doubleArrayOf(1.0, 2.0, 5.0), inner = null)
        assertThat(Specs.scale(plot(sns.boxplot(table())), "x")["labels"]).isEqualTo(listOf("value", "other"))
    }

    @Test
    fun `lines join means`() {
        val figure = sc.pl.lineplot(table(), x = "kind", y = "value", errorbar = null)
        val line = layers(figure, "path").single()
        assertThat(column(line, "x")).containsExactly(0.0, 1.0)
        assertThat(column(line, "y")[1]).isCloseTo(3.0, within(1e-4))
        val bands = sc.pl.lineplot(table(), x = "kind", y = "value", errorbar = "sd")
        assertThat(layers(bands, "polygon")).hasSize(1)
        assertThat(layers(sc.pl.lineplot(table(), x = "other", y = "value", hue = "side"), "path")).hasSize(2 + 1)
    }

    @Test
    fun `every kind of chart is drawn of cells and of tables`() {
        val adata = FigureSamples.cells(60)
        adata.obs.set("more", NumericColumn.of(*DoubleArray(60) { (it * 37 % 60).toDouble() }))
        for (data in listOf<Any>(adata, adata.obs)) {
            for (kind in listOf("scatter", "hex", "kde", "hist")) {
                assertThat(sc.pl.jointplot(data, "score", "more", kind = kind).toSvg()).contains("<svg")
            }
            sc.pl.jointplot(data, "score", "more", hue = "group", kind = "kde", figsize = 4 to 4)
            sc.pl.pairs(data, listOf("score", "more"), hue = "group")
            sc.pl.pairs(data, listOf("score", "more"), corner = true, diagKind = "kde")
            sc.pl.kdeplot(data, "score", "more", hue = "group")
            sc.pl.kdeplot(data, "score", hue = "group", fill = true)
            for (kind in listOf("box", "violin", "strip", "swarm", "bar")) {
                assertThat(sns.catplot(data, x = "group", y = "score", kind = kind).toSvg()).contains("<svg")
            }
            sns.catplot(data, x = "group", kind = "count")
            sns.displot(data, x = "score", kind = "kde")
            sns.scatterplot(data, x = "score", y = "more", hue = "group")
            sns.scatterplot(data, x = "score", y = "more", hue = "more")
        }
        sc.pl.violin(adata.obs, x = "group", y = "score", hue = "group", inner = "stick")
        sns.clustermap(adata.obs[listOf("more")].also { it.set("again", adata.obs["more"]) })
    }

    @Test
    fun `the same chart twice has the same bytes`() {
        val adata = FigureSamples.cells(60)
        for (draw in listOf<() -> Figure>(
            { sns.stripplot(adata, x = "group", y = "score") }, { sc.pl.bar(adata, x = "group", y = "score") },
            { sc.pl.jointplot(adata, "score", "Ga", kind = "hex") },
        )) {
            assertThat(draw().toSvg()).isEqualTo(draw().toSvg())
        }
    }

    @Test
    fun `dots of a swarm do not cover one another`() {
        val figure = sns.swarmplot(FigureSamples.cells(90).obs, x = "group", y = "score", size = 4)
        val dots = layers(figure, "point").filter { (it["mapping"] as Map<*, *>).size == 2 }
        assertThat(dots.sumOf { column(it, "x").size }).isEqualTo(89)
    }

    @Test
    fun `many rows become a picture`() {
        val figure = sns.stripplot(FigureSamples.cells(25_000).obs, x = "group", y = "score")
        assertThat(layers(figure, "image")).hasSize(1)
        assertThat(figure.toSvg().length).isLessThan(400_000)
    }

    @Test
    fun `numbers of a table stand in its cells`() {
        val t = DataFrame.ofNames("a", "b")
        t.set("x", NumericColumn.of(1.0, 0.25))
        t.set("y", NumericColumn.of(1234.0, Double.NaN))

        fun texts(fmt: String) =
            layers(sc.pl.heatmap(t, annot = true, fmt = fmt), "text").flatMap { Specs.column(it, "label") }
        assertThat(texts(".2g")).contains("1", "0.25", "1.2e+03")
        assertThat(texts(".1f")).contains("1.0", "0.2", "1234.0")
        assertThat(texts("d")).contains("1", "1234")
        assertThat(texts(".0%")).contains("100%", "25%")
        refuses("fmt must be") { sc.pl.heatmap(t, annot = true, fmt = "s") }
        refuses("must be numeric") { sc.pl.heatmap(table()) }
    }

    @Test
    fun `axes take charts and seaborn's words change them`() {
        val (figure, axs) = plt.subplots(1, 2, figsize = 8 to 3)
        sns.histplot(table(), x = "value", ax = axs[0])
        sns.barplot(table(), x = "kind", y = "value", hue = "side", ax = axs[1])
        sns.despine(ax = axs[0])
        sns.moveLegend(axs[1], "upper right")
        assertThat(Specs.plots(figure)).hasSize(2)
        sns.setTheme(style = "white")
        sns.set()
        assertThat(sns.colorPalette("deep")).hasSize(10).startsWith("#4c72b0")
        assertThat(sns.colorPalette("Set2", 3)).hasSize(3)
        assertThat(sns.colorPalette("viridis")).hasSize(6)
        assertThat(sns.colorPalette("hls", 2)).isEqualTo(listOf("#db5f57", "#57d3db"))
        refuses("style must be one of") { sns.setStyle("dart") }
        refuses("kind must be one of") { sns.catplot(table(), kind = "boxes") }
    }

    @Test
    fun `what is asked for and is not there is named`() {
        val adata = FigureSamples.cells(12)
        refuses("scorr") { sc.pl.hist(adata, "scorr") }
        refuses("valu") { sc.pl.hist(table(), "valu") }
        refuses("x must name a column, got nothing") { sc.pl.hist(table()) }
        refuses("stat must be one of") { sc.pl.hist(table(), "value", stat = "sum") }
        refuses("multiple must be one of [layer, stack, dodge, fill], got 'stak'. Did you mean 'stack'?") {
            sc.pl.hist(table(), "value", multiple = "stak")
        }
        refuses("multiple = \"stack\" needs commonBins = true") {
            sc.pl.hist(table(), "value", hue = "kind", multiple = "stack", commonBins = false)
        }
        refuses("bins must be a number") { sc.pl.hist(table(), "value", bins = "many") }
        refuses("binwidth must be positive") { sc.pl.hist(table(), "value", binwidth = 0) }
        refuses("log = true needs numbers, but 'kind' holds categories") { sc.pl.hist(table(), "kind", log = true) }
        refuses("hue has no place in a histogram of the plane") { sc.pl.hist(table(), "value", "other", hue = "kind") }
        refuses("y = 'kind' must be numeric") { sc.pl.box(table(), x = "side", y = "kind") }
        refuses("order names 'q', which is no category of 'kind' [z, a]") {
            sc.pl.box(table(), x = "kind", y = "value", order = listOf("q"))
        }
        refuses("orient must be \"v\" or \"h\"") { sc.pl.box(table(), x = "kind", y = "value", orient = "up") }
        refuses("errorbar must be") { sc.pl.bar(table(), x = "kind", y = "value", errorbar = 3) }
        refuses("estimator must be one of") { sc.pl.bar(table(), x = "kind", y = "value", estimator = "men") }
        refuses("share = true makes stacked bars 1 high together") {
            sc.pl.bar(table(), x = "kind", y = "value", share = true)
        }
        refuses("countplot needs x or y, and not both") { sc.pl.countplot(table()) }
        refuses("kind must be one of") { sc.pl.jointplot(table(), "value", "other", kind = "hexes") }
        refuses("hue goes with kind") { sc.pl.jointplot(table(), "value", "other", hue = "kind", kind = "hex") }
        refuses("pairs draws 2 to 12 variables, got 1") { sc.pl.pairs(table(), "value") }
        refuses("so that there is no density") { sc.pl.kdeplot(listOf(1, 1, 1)) }
        refuses("inner must be one of") { sc.pl.violin(table(), x = "kind", y = "value", inner = "boxes") }
        refuses("a chart needs rows") { sc.pl.hist(DataFrame.ofNames(), "value") }
        refuses("hue has length 2, but the number of values is 6") {
            sc.pl.hist(table(), "value", hue = listOf("a", "b"))
        }
    }
}
