package org.cellweave.dsl

import org.cellweave.distribution.Histogram
import org.cellweave.distribution.KernelDensity
import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ChartBar
import org.cellweave.dsl.plot.ChartKeys
import org.cellweave.dsl.plot.ChartMarks
import org.cellweave.dsl.plot.ChartPanel
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.ChartData
import org.cellweave.dsl.shown.Variable
import org.cellweave.util.Check

/** The arguments of a histogram that say how its groups are drawn. */
internal class HistOptions(
    val kde: Boolean,
    val multiple: String,
    val element: String,
    val fill: Boolean,
    val commonBins: Boolean,
    val commonNorm: Boolean,
    val log: Boolean,
    val hueOrder: Any?,
    val palette: Any?,
    val color: String?,
    val bwAdjust: Double,
) {
    init {
        oneOf(multiple, MULTIPLE, "multiple")
        oneOf(element, ELEMENTS, "element")
        require(commonBins || multiple == "layer") { "multiple = \"$multiple\" needs commonBins = true" }
    }

    val stacked: Boolean get() = multiple == "stack" || multiple == "fill"

    companion object {
        private val MULTIPLE = listOf("layer", "stack", "dodge", "fill")
        private val ELEMENTS = listOf("bars", "step", "poly")

        fun oneOf(value: String, known: List<String>, argument: String) =
            require(value in known) {
                "$argument must be one of $known, got '$value'." + Check.suggestion(value, known)
            }
    }
}

/** Bars of one variable, side by side or over one another for its groups. */
internal class HistFigure(
    private val data: ChartData,
    choice: Any?,
    hue: Any?,
    private val lying: Boolean,
    private val binning: Binning,
    private val options: HistOptions,
    private val output: ChartOutput,
) {
    private val variable = if (choice == null && data.single != null) data.single else data.required(choice, "x")
    private val groups = ValueGroups.of(data, variable, hue, options)
    private val names = (variable.values as? Categories)?.names
    private val apart = groups.hue != null

    /** Bars of one group: where they begin and end, and how high they reach. */
    private class Drawn(val edges: DoubleArray, val low: DoubleArray, val high: DoubleArray)

    private class Curve(val at: DoubleArray, val low: DoubleArray, val high: DoubleArray)

    fun panel(): Panel {
        val common = binning.edges(groups.all, names != null).takeIf { options.commonBins }
        val edges = groups.values.map { common ?: binning.edges(it, names != null) }
        val plain = groups.values.indices.map { binning.heights(groups.values[it], edges[it]) }
        val heights = plain.mapIndexed { g, h -> scaled(h, share(g)) }
        val bars = baselines(heights).mapIndexed { g, (low, high) -> Drawn(edges[g], low, high) }
        val curves = if (options.kde) curves(edges, plain) else emptyList()
        val down = lying && names != null
        val marks = ChartMarks(lying, down)
        // The first group lies over the others.
        for (g in bars.indices.reversed()) draw(marks, bars[g], g)
        for (g in curves.indices.reversed()) {
            curves[g]?.let { marks.path(it.at, it.high, groups.colors[g], CURVE) }
        }
        val top = (bars.map { it.high } + curves.mapNotNull { it?.high }).maxOf { h -> h.maxOrNull() ?: 0.0 }
        val places = if (names != null) {
            ChartAxis.names(names, variable.name, down)
        } else {
            val (low, high) = Ends.padded(edges.minOf { it.first() }, edges.maxOf { it.last() }, MARGIN, 0.5)
            ChartAxis.numbers(low, high, variable.name, options.log)
        }
        val upper = if (options.multiple == "fill") 1.0 else (1 + MARGIN) * top
        val values = ChartAxis.numbers(0.0, if (upper > 0) upper else 1.0, binning.title)
        return ChartPanel(
            if (lying) values else places, if (lying) places else values, marks.layers, output.look,
            output.title.orEmpty(), groups.keys(), output.size,
        ).build()
    }

    /** The part of all rows that a group is, where groups are scaled to be one together. */
    private fun share(group: Int): Double =
        if (apart && options.commonNorm && binning.stat != Histogram.Stat.COUNT) {
            groups.values[group].size.toDouble() / groups.all.size
        } else {
            1.0
        }

    private fun scaled(values: DoubleArray, factor: Double) = DoubleArray(values.size) { values[it] * factor }

    /** Where bars begin and end: on the ground, or, stacked, from the last group up. */
    private fun baselines(heights: List<DoubleArray>): List<Pair<DoubleArray, DoubleArray>> {
        if (!options.stacked) return heights.map { DoubleArray(it.size) to it }
        val n = heights[0].size
        val total = DoubleArray(n) { i -> heights.sumOf { it[i] } }
        val below = DoubleArray(n)
        return heights
            .reversed()
            .map { own ->
                val low = below.copyOf()
                for (i in 0 until n) {
                    val part = if (options.multiple != "fill") {
                        own[i]
                    } else if (total[i] > 0) {
                        own[i] / total[i]
                    } else {
                        0.0
                    }
                    below[i] += part
                }
                low to below.copyOf()
            }.reversed()
    }

    private fun curves(edges: List<DoubleArray>, plain: List<DoubleArray>): List<Curve?> {
        val params = KernelDensity.Params
            .builder()
            .cut(0.0)
            .adjust(options.bwAdjust)
            .build()
        val grid = KernelDensity.spaced(groups.all.min(), groups.all.max(), params.grid())
        val found = groups.values.mapIndexed { g, values ->
            if (!KernelDensity.exists(values)) return@mapIndexed null
            val density = if (apart && options.commonBins) {
                KernelDensity.at(values, grid, options.bwAdjust)
            } else {
                KernelDensity.run(values, params)
            }
            val area = plain[g].indices.sumOf { plain[g][it] * (edges[g][it + 1] - edges[g][it]) }
            density.at() to scaled(density.height(), share(g) * area)
        }
        if (!options.stacked || found.any { it == null }) {
            return found.map { it?.let { (at, h) -> Curve(at, DoubleArray(h.size), h) } }
        }
        return baselines(found.map { it!!.second }).map { (low, high) -> Curve(grid, low, high) }
    }

    private fun draw(marks: ChartMarks, bars: Drawn, group: Int) {
        val color = groups.colors[group]
        val n = groups.values.size
        val alpha = when {
            apart && options.multiple == "layer" -> if (options.element == "bars") LAYERED else LAYERED / 2
            options.kde -> LAYERED
            else -> ALONE
        }
        if (options.element != "bars") {
            outline(marks, bars, color, alpha)
            return
        }
        val dodged = options.multiple == "dodge"
        val boxes = bars.high.indices.filter { bars.high[it] > bars.low[it] }.map { i ->
            val width = (bars.edges[i + 1] - bars.edges[i]) / if (dodged) n else 1
            val from = bars.edges[i] + if (dodged) group * width else 0.0
            ChartBar(from, from + width, bars.low[i], bars.high[i])
        }
        val label = groups.names.getOrNull(group)?.let { name -> List(boxes.size) { name } }
        val thin = bars.high.size > THIN_ABOVE
        when {
            !options.fill -> marks.bars(boxes, "rgba(0,0,0,0)", 0.0, color, 1.2, label)
            thin -> marks.bars(boxes, color, alpha, null, 0.0, label)
            else -> marks.bars(boxes, color, alpha, "#000000", EDGE, label)
        }
    }

    private fun outline(marks: ChartMarks, bars: Drawn, color: String, alpha: Double) {
        val steps = options.element == "step"
        val places = ArrayList<Double>()
        val low = ArrayList<Double>()
        val high = ArrayList<Double>()

        fun add(place: Double, i: Int) {
            places += place
            low += bars.low[i]
            high += bars.high[i]
        }
        for (i in bars.high.indices) {
            if (steps) {
                add(bars.edges[i], i)
                add(bars.edges[i + 1], i)
            } else {
                add((bars.edges[i] + bars.edges[i + 1]) / 2, i)
            }
        }
        val at = places.toDoubleArray()
        if (options.fill) marks.area(at, low.toDoubleArray(), high.toDoubleArray(), color, alpha)
        val ends = if (steps && at.isNotEmpty()) at[0] to at.last() else null
        val line = ends?.let { doubleArrayOf(it.first, *at, it.second) } ?: at
        val heights = high.toDoubleArray()
        marks.path(line, if (ends == null) heights else doubleArrayOf(low[0], *heights, low.last()), color, CURVE)
    }

    private companion object {
        const val MARGIN = 0.05
        const val LAYERED = 0.5
        const val ALONE = 0.75
        const val CURVE = 1.8
        const val EDGE = 0.7
        const val THIN_ABOVE = 100
    }
}

/** The values of a variable, apart by the categories of another, and their colours. */
internal class ValueGroups private constructor(
    /** What the groups are called; null without groups. */
    val hue: String?,
    val names: List<String>,
    val colors: List<String>,
    val values: List<DoubleArray>,
) {
    /** Of all groups together, in the order of rows. */
    lateinit var all: DoubleArray
        private set

    fun keys(lines: Boolean = false): ChartKeys? = hue?.let { ChartKeys(it, names, colors, lines) }

    companion object {
        fun of(
            data: ChartData,
            variable: Variable,
            hue: Any?,
            options: HistOptions,
        ): ValueGroups {
            val numbers = measured(variable, options.log)
            val by = data.variable(hue, "hue")
            val made = if (by == null) {
                val color = options.color?.let { Palettes.color(it, "color") } ?: ChartData.cycle(1)[0]
                val own = numbers.filter { it.isFinite() }.toDoubleArray()
                ValueGroups(null, emptyList(), listOf(color), listOf(own)).also { it.all = own }
            } else {
                Check.sameLength(by.size, numbers.size, "hue", "the number of values")
                val (levels, colors) = HueLevels.of(data, by, options.hueOrder, options.palette)
                val shown = numbers.indices.filter { numbers[it].isFinite() && levels.codes[it] >= 0 }
                val parts = levels.names.indices.map { g ->
                    shown.filter { levels.codes[it] == g }.map { numbers[it] }.toDoubleArray()
                }
                ValueGroups(by.name, levels.names, colors, parts).also { groups ->
                    groups.all = shown.map { numbers[it] }.toDoubleArray()
                }
            }
            require(made.all.isNotEmpty()) { "'${variable.name}' has no value to draw" }
            return made
        }

        private fun measured(variable: Variable, log: Boolean): DoubleArray {
            val values = variable.values
            if (values is Categories) {
                require(!log) { "log = true needs numbers, but '${variable.name}' holds categories" }
                return DoubleArray(values.codes.size) {
                    if (values.codes[it] <
                        0
                    ) {
                        Double.NaN
                    } else {
                        values.codes[it] + 0.0
                    }
                }
            }
            val numbers = variable.numbers()
            return if (log) logarithms(numbers) else numbers
        }
    }
}
