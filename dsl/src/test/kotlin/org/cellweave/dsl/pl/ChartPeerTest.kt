package org.cellweave.dsl.pl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.within
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.Figure
import org.cellweave.dsl.Peer
import org.cellweave.dsl.bar
import org.cellweave.dsl.box
import org.cellweave.dsl.countplot
import org.cellweave.dsl.hist
import org.cellweave.dsl.sc
import org.cellweave.dsl.writeH5ad
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.util.SplittableRandom
import kotlin.math.abs
import kotlin.math.exp

/** The numbers that charts draw are seaborn's. */
class ChartPeerTest {
    @TempDir
    lateinit var folder: Path

    private val adata = cells()

    private fun cells(): AnnData {
        val random = SplittableRandom(4)
        val n = 240
        val a = FigureSamples.cells(n)
        a.obs.set("value", NumericColumn.of(*DoubleArray(n) { exp(random.nextDouble() * 3 + it % 3 * 0.5) }))
        a.obs.set("whole", NumericColumn.of(*LongArray(n) { random.nextLong(9) }))
        a.obs.set("half", CategoricalColumn.ofTexts(*Array(n) { if (random.nextInt(3) == 0) "left" else "right" }))
        return a
    }

    /** Draws with seaborn as `sns` and writes numbers of what it drew, a line per row. */
    private fun peer(cases: Map<String, String>, dump: String) {
        adata.writeH5ad(folder.resolve("a.h5ad").toString())
        val calls = cases.entries.joinToString("\n") { (name, call) ->
            "plt.close('all')\nax = $call\ndump('$name', ax)"
        }
        Peer.run(
            folder,
            "import seaborn as sns, matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n" +
                "o = ad.read_h5ad('a.h5ad').obs\n" + dump.trimIndent() + "\n" + calls,
        )
    }

    private fun rows(name: String): List<List<Double>> =
        sorted(
            Files.readAllLines(folder.resolve("$name.txt")).filter { it.isNotBlank() }.map { line ->
                line.split(' ').map { it.toDouble() }
            },
        )

    private fun sorted(rows: List<List<Double>>) =
        rows.sortedWith(compareBy({ round(it[0]) }, { round(it[2]) }, { round(it[1]) }, { round(it[3]) }))

    private fun round(v: Double) = Math.rint(v * 1e6)

    private fun bars(figure: Figure): List<List<Double>> {
        val sides = listOf("xmin", "xmax", "ymin", "ymax")
        return sorted(
            Specs.layers(Specs.plots(figure).single()).filter { it["geom"] == "rect" }.flatMap { layer ->
                val columns = sides.map { side -> Specs.column(layer, side).map { it as Double } }
                columns[0].indices.map { i -> columns.map { it[i] } }
            },
        )
    }

    private fun same(name: String, actual: List<List<Double>>, expected: List<List<Double>>) {
        assertThat(actual).`as`(name).hasSameSizeAs(expected)
        for ((a, e) in actual.zip(expected)) {
            for (k in a.indices) {
                assertThat(a[k]).`as`("$name: $a is not $e").isCloseTo(e[k], within(1e-9 * maxOf(1.0, abs(e[k]))))
            }
        }
    }

    @Test
    fun `bars of histograms`() {
        val ours = linkedMapOf(
            "plain" to sc.pl.hist(adata, "value"),
            "whole" to sc.pl.hist(adata, "whole"),
            "discrete" to sc.pl.hist(adata.obs, "whole", discrete = true),
            "width" to sc.pl.hist(adata, "value", binwidth = 2, stat = "frequency"),
            "range" to sc.pl.hist(adata, "value", bins = 7, binrange = 0 to 20, stat = "percent"),
            "lying" to sc.pl.hist(adata, y = "value", bins = 9),
            "layer" to sc.pl.hist(adata, "value", hue = "group", stat = "density"),
            "own" to sc.pl.hist(adata, "value", hue = "group", stat = "density", commonNorm = false),
            "apart" to sc.pl.hist(adata, "value", hue = "group", commonBins = false),
            "stack" to sc.pl.hist(adata, "value", hue = "group", multiple = "stack", stat = "probability"),
            "dodge" to sc.pl.hist(adata, "value", hue = "group", multiple = "dodge"),
            "fill" to sc.pl.hist(adata, "value", hue = "group", multiple = "fill", bins = 5),
            "names" to sc.pl.hist(adata, "group", hue = "half", multiple = "dodge", stat = "frequency"),
            "summed" to sc.pl.hist(adata, "value", cumulative = true, stat = "density", bins = 6),
        )
        peer(
            mapOf(
                "plain" to "sns.histplot(o, x='value')",
                "whole" to "sns.histplot(o, x='whole')",
                "discrete" to "sns.histplot(o, x='whole', discrete=True)",
                "width" to
                    // Its own binwidth is stretched until bins end at the largest value.
                    "sns.histplot(o, x='value', bins=np.arange(o['value'].min(), o['value'].max() + 2, 2), stat='frequency')",
                "range" to "sns.histplot(o, x='value', bins=7, binrange=(0, 20), stat='percent')",
                "lying" to "sns.histplot(o, y='value', bins=9)",
                "layer" to "sns.histplot(o, x='value', hue='group', stat='density')",
                "own" to "sns.histplot(o, x='value', hue='group', stat='density', common_norm=False)",
                "apart" to "sns.histplot(o, x='value', hue='group', common_bins=False)",
                "stack" to "sns.histplot(o, x='value', hue='group', multiple='stack', stat='probability')",
                "dodge" to "sns.histplot(o, x='value', hue='group', multiple='dodge')",
                "fill" to "sns.histplot(o, x='value', hue='group', multiple='fill', bins=5)",
                "names" to "sns.histplot(o, x='group', hue='half', multiple='dodge', stat='frequency')",
                "summed" to "sns.histplot(o, x='value', cumulative=True, stat='density', bins=6)",
            ),
            PATCHES,
        )
        for ((name, figure) in ours) same(name, bars(figure), rows(name))
    }

    @Test
    fun `logarithmic bins and smooth curves`() {
        val log = sc.pl.hist(adata, "value", log = true, bins = 6)
        val kde = sc.pl.hist(adata, "value", kde = true, hue = "group")
        peer(
            mapOf(
                "log" to "sns.histplot(o, x='value', log_scale=True, bins=6)",
                "kde" to "sns.histplot(o, x='value', kde=True, hue='group')",
            ),
            """
            def dump(name, ax):
                if name == 'log':
                    rows = [(np.log10(p.get_x()), np.log10(p.get_x() + p.get_width()), 0, p.get_height())
                            for p in ax.patches if p.get_height() > 0]
                else:
                    rows = [(x, x, y, y) for l in ax.lines for x, y in zip(l.get_xdata(), l.get_ydata())]
                np.savetxt(name + '.txt', rows)
            """,
        )
        same("log", bars(log), rows("log"))
        val lines = Specs.layers(Specs.plots(kde).single()).filter { it["geom"] == "path" }
        assertThat(lines).hasSize(3)
        val points = lines.flatMap { l ->
            Specs.column(l, "x").zip(Specs.column(l, "y")).map { (x, y) -> listOf(x as Double, x, y as Double, y) }
        }
        val expected = rows("kde").sortedWith(compareBy({ it[0] }, { it[2] }))
        val found = points.sortedWith(compareBy({ it[0] }, { it[2] }))
        assertThat(found).hasSameSizeAs(expected)
        // Curves are drawn to a hundred-thousandth of their range.
        for ((a, e) in found.zip(expected)) assertThat(a[2]).isCloseTo(e[2], within(2e-3))
    }

    @Test
    fun `boxes and their whiskers`() {
        val ours = linkedMapOf(
            "box" to sc.pl.box(adata, x = "group", y = "value"),
            "hue" to sc.pl.box(adata.obs, x = "group", y = "value", hue = "half", order = listOf("c", "a")),
            "own" to sc.pl.box(adata.obs, x = "group", y = "value", hue = "group", whis = 0.5),
        )
        peer(
            mapOf(
                "box" to "sns.boxplot(o, x='group', y='value')",
                "hue" to "sns.boxplot(o, x='group', y='value', hue='half', order=['c', 'a'])",
                "own" to "sns.boxplot(o, x='group', y='value', hue='group', whis=0.5)",
            ),
            """
            def dump(name, ax):
                rows, ends = [], []
                for c in ax.containers:
                    for b in c.boxes:
                        e = b.get_path().get_extents()
                        rows.append((e.x0, e.x1, e.y0, e.y1))
                    ends += [(c_.get_ydata()[0],) * 4 for c_ in c.caps]
                np.savetxt(name + '.txt', rows)
                np.savetxt(name + '_ends.txt', ends)
            """,
        )
        for ((name, figure) in ours) {
            same(name, bars(figure), rows(name))
            val caps = Specs.layers(Specs.plots(figure).single()).filter { it["geom"] == "segment" }.flatMap { l ->
                val (from, to) = listOf("y", "yend").map { k -> Specs.column(l, k).map { it as Double } }
                val (x0, x1) = listOf("x", "xend").map { k -> Specs.column(l, k).map { it as Double } }
                // Whiskers end where their caps are; medians are as wide as boxes.
                from.indices.filter { x0[it] == x1[it] }.map { to[it] }
            }
            val expected = rows(name + "_ends").map { it[0] }
            assertThat(caps.sorted().map { round(it) }).`as`(name).isEqualTo(expected.sorted().map { round(it) })
        }
    }

    @Test
    fun `bars of means with intervals, and counts`() {
        val ours = linkedMapOf(
            "se" to sc.pl.bar(adata, x = "group", y = "value", errorbar = "se"),
            "sd" to sc.pl.bar(adata, x = "group", y = "value", hue = "half", errorbar = "sd" to 2),
            "pi" to sc.pl.bar(adata.obs, x = "group", y = "value", estimator = "median", errorbar = "pi" to 50),
            "ci" to sc.pl.bar(adata.obs, x = "group", y = "value"),
            "count" to sc.pl.countplot(adata, x = "group", hue = "half"),
            "percent" to sc.pl.countplot(adata, x = "group", stat = "percent"),
        )
        peer(
            mapOf(
                "se" to "sns.barplot(o, x='group', y='value', errorbar='se')",
                "sd" to "sns.barplot(o, x='group', y='value', hue='half', errorbar=('sd', 2))",
                "pi" to "sns.barplot(o, x='group', y='value', estimator='median', errorbar=('pi', 50))",
                "ci" to "sns.barplot(o, x='group', y='value')",
                "count" to "sns.countplot(o, x='group', hue='half')",
                "percent" to "sns.countplot(o, x='group', stat='percent')",
            ),
            PATCHES + """
                ends = [tuple(l.get_xdata()) + tuple(l.get_ydata()) for l in ax.lines if len(l.get_xdata()) == 2]
                np.savetxt(name + '_ends.txt', ends)
            """,
        )
        for ((name, figure) in ours) {
            same(name, bars(figure), rows(name))
            val lines = Specs.layers(Specs.plots(figure).single()).filter { it["geom"] == "segment" }.flatMap { l ->
                val columns = listOf("x", "xend", "y", "yend").map { k -> Specs.column(l, k).map { it as Double } }
                columns[0].indices.map { i -> columns.map { it[i] } }
            }
            val expected = rows(name + "_ends")
            if (name != "ci") {
                same("$name interval", sorted(lines), expected)
            } else {
                // seaborn draws anew at every call.
                assertThat(lines).hasSameSizeAs(expected)
                for ((a, e) in sorted(lines).zip(expected)) {
                    assertThat(a[3] - a[2]).isCloseTo(e[3] - e[2], within(0.2 * (e[3] - e[2])))
                }
            }
        }
    }

    private companion object {
        const val PATCHES = """
            def dump(name, ax):
                rows = [(p.get_x(), p.get_x() + p.get_width(), p.get_y(), p.get_y() + p.get_height())
                        for p in ax.patches if p.get_height() > 0 and p.get_width() > 0]
                np.savetxt(name + '.txt', rows)
            """
    }
}
