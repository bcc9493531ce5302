package org.cellweave.dsl

import org.cellweave.distribution.Estimate
import org.cellweave.dsl.plot.ChartBar
import org.cellweave.dsl.plot.ChartMarks
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.shown.ChartData
import org.cellweave.util.Check

/**
 * Draws means of groups as bars with their intervals (seaborn's `barplot`), or what groups are made of.
 *
 * With numbers in [y] bars are means, or another [estimator], with a bootstrap interval that is the same at every call.
 * Without them bars are numbers of rows, one for each category of [x], parted by [hue]: `stacked = true, share = true`
 * shows the composition of samples. Without both a table's own numbers are drawn: rows are categories, columns the
 * parts, as of a cross-table. Rows without a value or without a group are left out.
 *
 * Reads `obs`, X, raw or a layer of an AnnData, or the columns of a table. Writes `uns[{x}_colors]` and
 * `uns[{hue}_colors]` of an AnnData.
 *
 * @param data an AnnData, a table, a map of columns, or the numbers themselves
 * @param x column of groups; a name or a list of values
 * @param y column of numbers, or of groups for bars that lie
 * @param hue column whose categories stand side by side, or on one another
 * @param estimator `mean`, `median`, `sum`, `min`, `max`, `std` or `count`
 * @param errorbar `ci`, `pi`, `se` or `sd`, alone or with its level (`"ci" to 95`), or null for none
 * @param stacked whether bars of a group stand on one another; by default where rows are counted
 * @param share whether stacked bars make 1 together
 * @param nBoot draws of a bootstrap interval
 * @param rotation degrees by which names are turned; upright where they have no room by default
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.bar(
    data: Any?,
    x: Any? = null,
    y: Any? = null,
    hue: Any? = null,
    order: Any? = null,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    orient: String? = null,
    estimator: String = "mean",
    errorbar: Any? = "ci",
    stacked: Boolean? = null,
    share: Boolean = false,
    nBoot: Int = Estimate.Params.DEFAULTS.draws(),
    seed: Number = Estimate.Params.DEFAULTS.seed(),
    rotation: Number? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val output = ChartOutput("bar", title, Output(save, show, ax, figsize, dpi))
    val choice = GroupChoice(x, y, hue, order, hueOrder, palette, color, orient)
    val source = ChartData.of(data, useRaw, layer)
    val counted = Composition.of(source, choice)
    val table = counted ?: Composition.estimates(
        GroupedValues.of(source, choice), estimates(estimator, errorbar, nBoot, seed.toLong()),
    )
    return output.finish(table.panel(stacked ?: (counted != null), share, output, rotation?.toDouble()))
}

/**
 * Draws numbers of rows of categories as bars: seaborn's `countplot`.
 *
 * Reads `obs` of an AnnData, or the columns of a table. Writes `uns[{x}_colors]` and `uns[{hue}_colors]` of an AnnData.
 *
 * @param x column of groups; with [y] in its place bars lie
 * @param hue column whose categories stand side by side
 * @param stat `count`, `probability`, `proportion` or `percent` of all rows
 */
public fun Plotting.countplot(
    data: Any?,
    x: Any? = null,
    y: Any? = null,
    hue: Any? = null,
    order: Any? = null,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    stat: String = "count",
    rotation: Number? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    HistOptions.oneOf(stat, listOf("count", "probability", "proportion", "percent"), "stat")
    require((x == null) != (y == null)) { "countplot needs x or y, and not both" }
    val output = ChartOutput("countplot", title, Output(save, show, ax, figsize, dpi))
    val choice = GroupChoice(x, y, hue, order, hueOrder, palette, color, null)
    val counts = Composition.counts(ChartData.of(data), choice).scaled(stat)
    return output.finish(counts.panel(stacked = false, share = false, output, rotation?.toDouble()))
}

/** `errorbar` as seaborn spells it. */
internal fun estimates(estimator: String, errorbar: Any?, draws: Int, seed: Long): Estimate.Params {
    val (name, level) = when (errorbar) {
        null -> "none" to null
        is String -> errorbar to null
        is Pair<*, *> -> errorbar.first.toString() to errorbar.second as? Number
        else -> throw IllegalArgumentException(
            "errorbar must be \"ci\", \"pi\", \"se\" or \"sd\", alone or with its level, or null, got $errorbar",
        )
    }
    val interval = Check.oneOf(name, Estimate.Interval::class.java, "errorbar")
    val usual = if (interval == Estimate.Interval.SE || interval == Estimate.Interval.SD) 1.0 else 95.0
    return Estimate.Params
        .builder()
        .estimator(Check.oneOf(estimator, Estimate.Of::class.java, "estimator"))
        .interval(interval)
        .level(level?.toDouble() ?: usual)
        .draws(draws)
        .seed(seed)
        .build()
}

/** A number for each level of each category, as bars side by side or on one another. */
internal class Composition private constructor(
    private val groups: GroupedValues,
    private val numbers: List<List<Estimate.Result>>,
    private val valueTitle: String,
) {
    /** Counts in parts of all rows. */
    fun scaled(stat: String): Composition {
        if (stat == "count") return this
        val total = numbers.sumOf { row -> row.sumOf { it.value() } } / if (stat == "percent") 100 else 1
        return Composition(groups, numbers.map { row -> row.map { plain(it.value() / total) } }, stat)
    }

    fun panel(
        stacked: Boolean,
        share: Boolean,
        output: ChartOutput,
        rotation: Double?,
    ): Panel {
        require(!share || stacked) { "share = true makes stacked bars 1 high together; leave stacked = false away" }
        val marks = groups.marks()
        val bars = if (stacked) onOneAnother(share) else sideBySide()
        for (l in groups.levels.indices.reversed()) {
            // Bars of one category each, where colours differ by category.
            val names = groups.names.indices.filter { bars[it][l] != null }
            for ((color, same) in names.groupBy { groups.color(it, l) }) {
                val label = same.map { groups.levels[l].ifEmpty { groups.names[it] } }
                marks.bars(same.map { bars[it][l]!! }, color, 1.0, "#ffffff", EDGE, label)
            }
        }
        val all = bars.flatten().filterNotNull()
        require(all.isNotEmpty()) { "'$valueTitle' has no value to draw" }
        var low = minOf(0.0, all.minOf { it.low })
        var high = maxOf(0.0, all.maxOf { it.high })
        if (!stacked) {
            val intervals = numbers.flatten().filter { it.low().isFinite() }
            low = minOf(low, intervals.minOfOrNull { it.low() } ?: low)
            high = maxOf(high, intervals.maxOfOrNull { it.high() } ?: high)
            errors(marks)
        }
        val figure = GroupedFigure(groups, output, false, rotation)
        val ends = if (high > low) low to high else 0.0 to 1.0
        return figure.panel(marks, ends, if (share) "share" else valueTitle, fromZero = true, stacked = stacked)
    }

    private fun sideBySide(): List<List<ChartBar?>> =
        numbers.mapIndexed { i, row ->
            row.mapIndexed { l, number ->
                number.value().takeIf { it.isFinite() }?.let { v ->
                    val middle = groups.middle(i, l)
                    ChartBar(middle - groups.half, middle + groups.half, minOf(0.0, v), maxOf(0.0, v))
                }
            }
        }

    /** The first level on top, as in its legend. */
    private fun onOneAnother(share: Boolean): List<List<ChartBar?>> =
        numbers.mapIndexed { i, row ->
            val values = row.map { if (it.value().isFinite()) it.value() else 0.0 }
            require(
                values.all {
                    it >= 0
                },
            ) { "stacked bars must not be negative, but '${groups.names[i]}' has $values" }
            val total = values.sum()
            var below = 0.0
            values
                .reversed()
                .map { v ->
                    val height = if (!share) {
                        v
                    } else if (total > 0) {
                        v / total
                    } else {
                        0.0
                    }
                    val bar = ChartBar(i - STACK / 2, i + STACK / 2, below, below + height)
                    below += height
                    bar.takeIf { height > 0 }
                }.reversed()
        }

    private fun errors(marks: ChartMarks) {
        val ends = ArrayList<DoubleArray>()
        numbers.forEachIndexed { i, row ->
            row.forEachIndexed { l, n ->
                val at = groups.middle(i, l)
                if (n.low().isFinite()) ends += doubleArrayOf(at, n.low(), at, n.high())
            }
        }
        marks.lines(ends, "#424242", ERROR)
    }

    companion object {
        private const val EDGE = 0.5
        private const val ERROR = 2.2
        private const val STACK = 0.8

        private fun plain(value: Double) = Estimate.Result(value, Double.NaN, Double.NaN)

        /** Null where there are numbers to estimate from. */
        fun of(data: ChartData, choice: GroupChoice): Composition? {
            if (choice.x == null && choice.y == null) {
                return if (data.single == null && data.adata == null) crossed(data, choice) else null
            }
            if (choice.x != null && choice.y != null) return null
            val only = data.required(choice.x ?: choice.y, if (choice.x != null) "x" else "y")
            return if (only.isNumeric && choice.hue == null && choice.y != null) null else counts(data, choice)
        }

        fun estimates(groups: GroupedValues, params: Estimate.Params): Composition =
            Composition(
                groups, groups.values.map { row -> row.map { Estimate.run(it, params) } }, groups.valueTitle,
            )

        /** Rows of every category and level. */
        fun counts(data: ChartData, choice: GroupChoice): Composition {
            val groups = GroupedValues.counted(data, choice)
            return Composition(groups, groups.values.map { row -> row.map { plain(it.size.toDouble()) } }, "count")
        }

        /** The numbers of a table: rows are categories, columns levels. */
        private fun crossed(data: ChartData, choice: GroupChoice): Composition {
            val columns = data.wide()
            require(columns.isNotEmpty()) { "give x or y; without them data must be a table with columns of numbers" }
            val groups = GroupedValues.crossed(data, columns, choice)
            return Composition(
                groups,
                groups.values.map { row -> row.map { plain(it.firstOrNull() ?: Double.NaN) } }, "",
            )
        }
    }
}
