package org.cellweave.dsl

import org.cellweave.distribution.Estimate
import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ChartKeys
import org.cellweave.dsl.plot.ChartMarks
import org.cellweave.dsl.plot.ChartPanel
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.ChartData
import org.cellweave.util.Check

/**
 * Draws means along numbers or categories as lines with their intervals: seaborn's `lineplot`.
 *
 * Rows of one [x] (and one [hue]) are a point; the band is the interval, the same at every call. Rows without a value
 * are left out.
 *
 * Reads `obs`, X, raw or a layer of an AnnData, or the columns of a table. Writes `uns[{hue}_colors]` of an AnnData.
 *
 * @param x column of numbers or categories, or a list of values
 * @param y column of numbers, or a list of values
 * @param hue column whose categories have a line each
 * @param estimator `mean`, `median`, `sum`, `min`, `max`, `std` or `count`
 * @param errorbar `ci`, `pi`, `se` or `sd`, alone or with its level (`"ci" to 95`), or null for none
 * @param marker whether points are marked
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.lineplot(
    data: Any?,
    x: Any? = null,
    y: Any? = null,
    hue: Any? = null,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    estimator: String = "mean",
    errorbar: Any? = "ci",
    marker: Boolean = false,
    linewidth: Number = 1.8,
    nBoot: Int = Estimate.Params.DEFAULTS.draws(),
    seed: Number = Estimate.Params.DEFAULTS.seed(),
    useRaw: Boolean? = null,
    layer: String? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val output = ChartOutput("lineplot", title, Output(save, show, ax, figsize, dpi))
    val source = ChartData.of(data, useRaw, layer)
    val params = estimates(estimator, errorbar, nBoot, seed.toLong())
    val choice = GroupChoice(x, y, hue, null, hueOrder, palette, color, null)
    val figure = LineFigure(source, choice, params, output)
    return output.finish(figure.panel(Check.positive(linewidth.toDouble(), "linewidth"), marker))
}

/** A line for each group, and its band. */
private class LineFigure(
    data: ChartData,
    choice: GroupChoice,
    private val params: Estimate.Params,
    private val output: ChartOutput,
) {
    private val up = if (choice.y == null && data.single != null) data.single else data.required(choice.y, "y")
    private val heights = up.numbers()
    private val across = data.variable(choice.x, "x")
    private val places = when (val values = across?.values) {
        null -> DoubleArray(heights.size) { it.toDouble() }
        is Categories -> DoubleArray(values.codes.size) { i ->
            values.codes[i].let { if (it < 0) Double.NaN else it.toDouble() }
        }
        else -> across.numbers()
    }
    private val hue = data.variable(choice.hue, "hue")
    private val levels: Pair<Categories, List<String>>

    init {
        Check.sameLength(places.size, heights.size, "x", "the number of values of y")
        levels = if (hue == null) {
            val own = choice.color?.let { Palettes.color(it, "color") }
            Categories(IntArray(heights.size), listOf("")) to listOf(own ?: ChartData.cycle(1)[0])
        } else {
            Check.sameLength(hue.size, heights.size, "hue", "the number of values of y")
            HueLevels.of(data, hue, choice.hueOrder, choice.palette)
        }
    }

    private class Line(val at: DoubleArray, val points: List<Estimate.Result>)

    private fun lines(): List<Line> {
        val (groups, _) = levels
        val rows = heights.indices.filter { heights[it].isFinite() && places[it].isFinite() && groups.codes[it] >= 0 }
        require(rows.isNotEmpty()) { "'${up.name}' has no value to draw" }
        return groups.names.indices.map { g ->
            val byPlace = rows.filter { groups.codes[it] == g }.groupBy { places[it] }.toSortedMap()
            Line(
                byPlace.keys.toDoubleArray(),
                byPlace.values.map { own -> Estimate.run(DoubleArray(own.size) { heights[own[it]] }, params) },
            )
        }
    }

    fun panel(thickness: Double, marker: Boolean): Panel {
        val lines = lines()
        val marks = ChartMarks()
        for ((line, color) in lines.zip(levels.second)) {
            for (banded in runs(line)) {
                marks.area(
                    DoubleArray(banded.size) { line.at[banded[it]] },
                    DoubleArray(banded.size) { line.points[banded[it]].low() },
                    DoubleArray(banded.size) { line.points[banded[it]].high() }, color, BAND,
                )
            }
            val values = DoubleArray(line.points.size) { line.points[it].value() }
            marks.path(line.at, values, color, thickness)
            if (marker) marks.points(line.at, values, color, MARK)
        }
        val (low, high) = ends(lines.flatMap { l -> l.points.map { doubleArrayOf(it.value(), it.low(), it.high()) } })
        val names = (across?.values as? Categories)?.names
        val (first, last) = ends(lines.map { it.at })
        val title = across?.name.orEmpty()
        val x = names?.let { ChartAxis.names(it, title) } ?: ChartAxis.numbers(first, last, title)
        val keys = hue?.let { ChartKeys(it.name, levels.first.names, levels.second, lines = true) }
        return ChartPanel(
            x, ChartAxis.numbers(low, high, up.name), marks.layers, output.look, output.title.orEmpty(), keys,
            output.size,
        ).build()
    }

    /** Points side by side that have an interval. */
    private fun runs(line: Line): List<List<Int>> {
        val out = ArrayList<ArrayList<Int>>()
        for (i in line.points.indices) {
            if (!line.points[i].low().isFinite()) continue
            if (out.isEmpty() || out.last().last() != i - 1) out += ArrayList<Int>()
            out.last() += i
        }
        return out.filter { it.size > 1 }
    }

    private fun ends(values: List<DoubleArray>): Pair<Double, Double> {
        val (low, high) = Ends.of(*values.toTypedArray())
        return Ends.padded(low, high, MARGIN, 0.5)
    }

    private companion object {
        const val BAND = 0.2
        const val MARGIN = 0.05
        const val MARK = 6.0
    }
}
