package org.cellweave.dsl

import org.cellweave.distribution.KernelDensity
import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ChartMarks
import org.cellweave.dsl.plot.ChartPanel
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PlaneDensity
import org.cellweave.dsl.shown.ChartData
import org.cellweave.util.Check

/**
 * Draws smooth densities of numbers, or, with [x] and [y], lines of equal density in the plane: seaborn's `kdeplot`.
 *
 * Kernels are Gaussian with Scott's bandwidth. A line in the plane has a given share of the points' density outside of
 * it: from a twentieth on, ten of them. Groups without two different values have no density.
 *
 * Reads `obs`, X, raw or a layer of an AnnData, or the columns of a table. Writes `uns[{hue}_colors]` of an AnnData.
 *
 * @param x column or gene, or a list of values; with [y] alone the axis of numbers is upright
 * @param hue column whose categories are drawn apart
 * @param fill whether areas are filled
 * @param commonNorm whether all groups together have an area of 1
 * @param cut bandwidths by which curves reach beyond the values
 * @param levels lines in the plane
 * @param log whether the axis of numbers is logarithmic
 * @param alpha how opaque areas are, 0..1
 * @param linewidth of curves in points
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.kdeplot(
    data: Any?,
    x: Any? = null,
    y: Any? = null,
    hue: Any? = null,
    fill: Boolean = false,
    commonNorm: Boolean = true,
    bwAdjust: Number = KernelDensity.Params.DEFAULTS.adjust(),
    cut: Number = KernelDensity.Params.DEFAULTS.cut(),
    levels: Int = 10,
    log: Boolean = false,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
    alpha: Number? = null,
    linewidth: Number? = null,
): Figure {
    val output = ChartOutput("kdeplot", title, Output(save, show, ax, figsize, dpi))
    val source = ChartData.of(data, useRaw, layer)
    val params = KernelDensity.Params
        .builder()
        .adjust(bwAdjust.toDouble())
        .cut(cut.toDouble())
        .build()
    val options = HistOptions(
        kde = true, multiple = "layer", element = "bars", fill = fill, commonBins = true, commonNorm = commonNorm,
        log = log, hueOrder = hueOrder, palette = palette, color = color, bwAdjust = params.adjust(),
    )
    if (x != null && y != null) {
        val plane = PlaneDensityFigure(source, x, y, hue, options, params)
        return output.finish(plane.panel(output, Check.positive(levels, "levels")))
    }
    val variable = if (x == null && y == null && source.single != null) source.single else source.required(x ?: y, "x")
    val groups = ValueGroups.of(source, variable, hue, options)
    val look = CurveLook(alpha, linewidth)
    return output.finish(densities(groups, options, params, y != null, variable.name, output, look))
}

private fun densities(
    groups: ValueGroups,
    options: HistOptions,
    params: KernelDensity.Params,
    lying: Boolean,
    name: String,
    output: ChartOutput,
    look: CurveLook,
): Panel {
    val curves = groups.values.map { values ->
        if (!KernelDensity.exists(values)) return@map null
        val share = if (groups.hue != null && options.commonNorm) values.size.toDouble() / groups.all.size else 1.0
        val density = KernelDensity.run(values, params)
        density.at() to DoubleArray(density.height().size) { density.height()[it] * share }
    }
    val drawn = curves.filterNotNull()
    require(drawn.isNotEmpty()) { "'$name' has no group with two values that differ, so that there is no density" }
    val marks = ChartMarks(lying)
    for (g in curves.indices.reversed()) {
        val (at, height) = curves[g] ?: continue
        if (options.fill) marks.area(at, DoubleArray(at.size), height, groups.colors[g], look.area)
        marks.path(at, height, groups.colors[g], look.line)
    }
    val (low, high) = drawn.minOf { it.first.first() } to drawn.maxOf { it.first.last() }
    val margin = DENSITY_MARGIN * (high - low)
    val numbers = ChartAxis.numbers(low - margin, high + margin, name, options.log)
    val values = ChartAxis.numbers(0.0, (1 + DENSITY_MARGIN) * drawn.maxOf { it.second.max() }, "Density")
    return ChartPanel(
        if (lying) values else numbers, if (lying) numbers else values, marks.layers, output.look,
        output.title.orEmpty(), groups.keys(lines = !options.fill), output.size,
    ).build()
}

/** How opaque areas of densities are, and how thick their lines, in pixels. */
private class CurveLook(alpha: Number?, linewidth: Number?) {
    val area: Double = alpha?.let { Check.inRange(it.toDouble(), 0.0, 1.0, "alpha") } ?: DENSITY_AREA
    val line: Double = linewidth?.let {
        require(it.toDouble() >= 0) { "linewidth must not be negative, got $it" }
        it.toDouble() * Look.PIXELS_PER_POINT
    } ?: DENSITY_LINE
}

private const val DENSITY_AREA = 0.25
private const val DENSITY_LINE = 1.8
private const val DENSITY_MARGIN = 0.05

/** Lines of equal density of points, apart by groups. */
internal class PlaneDensityFigure(
    data: ChartData,
    x: Any,
    y: Any,
    hue: Any?,
    options: HistOptions,
    private val params: KernelDensity.Params,
) {
    private val commonNorm = options.commonNorm
    private val across = data.required(x, "x")
    private val up = data.required(y, "y")
    val groups = PlaneGroups.of(data, across, up, hue, options)

    private val densities = groups.points.map { p ->
        if (p.x.size < 3) null else runCatching { density(p) }.getOrNull()
    }

    private fun density(p: PlanePoints): PlaneDensity {
        val factor = Math.pow(p.x.size.toDouble(), -1.0 / 6) * params.adjust()

        fun ends(values: DoubleArray): Pair<Double, Double> {
            // Scott's rule in the plane has another power than the one in which bandwidths of numbers come.
            val reach = params.cut() * KernelDensity.bandwidth(values, params.adjust()) *
                Math.pow(values.size.toDouble(), 0.2 - 1.0 / 6)
            return values.min() - reach to values.max() + reach
        }
        return PlaneDensity(p.x, p.y, factor, ends(p.x), ends(p.y))
    }

    /** Lines, four numbers each, of every group: at the same heights of all, where they are one together. */
    fun lines(levels: Int): List<List<DoubleArray>> {
        val shares = groups.points.map { if (commonNorm) it.x.size.toDouble() / groups.all.x.size else 1.0 }
        val scaled = densities.mapIndexed { g, d -> d?.values?.let { v -> DoubleArray(v.size) { v[it] * shares[g] } } }
        val common = levels(scaled.filterNotNull().flatMap { it.asList() }.toDoubleArray(), levels)
        return densities.mapIndexed { g, d ->
            val own = if (commonNorm || d == null) common else levels(d.values, levels)
            d?.let { own.flatMap { level -> it.contour(level / shares[g]) } }.orEmpty()
        }
    }

    /** Ends of both axes. */
    fun ends(): Pair<Pair<Double, Double>, Pair<Double, Double>> {
        val drawn = densities.filterNotNull()
        require(drawn.isNotEmpty()) {
            "'${across.name}' and '${up.name}' have no group with three points off a line, so that there is no density"
        }
        return (drawn.minOf { it.xEnds.first } to drawn.maxOf { it.xEnds.second }) to
            (drawn.minOf { it.yEnds.first } to drawn.maxOf { it.yEnds.second })
    }

    fun panel(output: ChartOutput, levels: Int): Panel {
        val (x, y) = ends()
        val marks = ChartMarks()
        lines(levels).forEachIndexed { g, ends -> marks.lines(ends, groups.colors[g], 1.2) }
        return ChartPanel(
            ChartAxis.numbers(x.first, x.second, across.name), ChartAxis.numbers(y.first, y.second, up.name),
            marks.layers, output.look, output.title.orEmpty(), groups.keys(), output.size,
        ).build()
    }

    companion object {
        private const val LEAST = 0.05

        /** Heights outside of which lie equally spaced shares of the density. */
        fun levels(values: DoubleArray, n: Int): List<Double> {
            val sorted = values.sortedArrayDescending()
            val total = sorted.sum()
            val summed = DoubleArray(sorted.size)
            var sum = 0.0
            for (i in sorted.indices) {
                sum += sorted[i]
                summed[i] = sum / total
            }
            return (0 until n).map { k ->
                val share = if (n == 1) LEAST else LEAST + (1 - LEAST) * k / (n - 1)
                val at = summed.asList().binarySearch { if (it < 1 - share) -1 else 1 }
                sorted[(-at - 1).coerceIn(0, sorted.size - 1)]
            }
        }
    }
}
