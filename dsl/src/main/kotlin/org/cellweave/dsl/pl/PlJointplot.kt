package org.cellweave.dsl

import org.cellweave.distribution.HexBins
import org.cellweave.distribution.Histogram
import org.cellweave.distribution.KernelDensity
import org.cellweave.dsl.plot.Box
import org.cellweave.dsl.plot.Canvas
import org.cellweave.dsl.plot.CanvasAxes
import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ColorKeys
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.shown.ChartData
import org.cellweave.util.Quantile
import kotlin.math.ceil
import kotlin.math.pow

/**
 * Draws two variables in the plane with the distribution of each at its side: seaborn's `jointplot`.
 *
 * Without [hue] the sides are histograms, with it, and with `kind = "kde"`, densities. Rows without both values are
 * left out.
 *
 * Reads `obs`, X, raw or a layer of an AnnData, or the columns of a table. Writes `uns[{hue}_colors]` of an AnnData.
 *
 * @param kind `scatter`, `hex`, `kde` or `hist`
 * @param hue column whose categories are drawn apart, with `scatter` and `kde`
 * @param size diameter of dots in points
 * @param gridsize hexagons side by side; by the spread of the values by default
 * @param cmap colours of counts
 * @param figsize width and height in inches; 6 by 6 by default
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.jointplot(
    data: Any?,
    x: Any,
    y: Any,
    hue: Any? = null,
    kind: String = "scatter",
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    size: Number = 4,
    gridsize: Int? = null,
    cmap: Any? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    HistOptions.oneOf(kind, listOf("scatter", "hex", "kde", "hist"), "kind")
    require(hue == null || kind == "scatter" || kind == "kde") {
        "hue goes with kind = \"scatter\" or \"kde\", not with \"$kind\""
    }
    val output = ChartOutput("jointplot", title, Output(save, show, ax, figsize, dpi))
    val options = HistOptions(
        kde = true, multiple = "layer", element = "bars", fill = true, commonBins = true, commonNorm = true,
        log = false, hueOrder = hueOrder, palette = palette, color = color, bwAdjust = 1.0,
    )
    val figure = JointFigure(ChartData.of(data, useRaw, layer), x, y, hue, options, output)
    return output.finish(figure.panel(kind, size.toDouble() * Look.PIXELS_PER_POINT, gridsize, cmap))
}

/** A plane with its two sides. */
private class JointFigure(
    data: ChartData,
    x: Any,
    y: Any,
    hue: Any?,
    options: HistOptions,
    private val output: ChartOutput,
) {
    private val plane = PlaneDensityFigure(data, x, y, hue, options, KernelDensity.Params.DEFAULTS)
    private val groups = plane.groups
    private val names = data.required(x, "x").name to data.required(y, "y").name

    fun panel(kind: String, diameter: Double, gridsize: Int?, cmap: Any?): Panel {
        val points = groups.all
        val (xEnds, yEnds) = if (kind == "kde") {
            plane.ends()
        } else {
            // Hexagons and bins are drawn up to their edges.
            val margin = if (kind == "scatter") MARGIN else HEX_MARGIN
            Ends.padded(points.x.min(), points.x.max(), margin, 0.5) to
                Ends.padded(points.y.min(), points.y.max(), margin, 0.5)
        }
        val across = ChartAxis.numbers(xEnds.first, xEnds.second, names.first)
        val up = ChartAxis.numbers(yEnds.first, yEnds.second, names.second)
        val keys = groups.keys()?.let { ColorKeys(it.title, it.names, it.colors) }
        val left = CanvasAxes.besides(up, output.look)
        val right = keys?.let { it.width + 2 * EDGE } ?: EDGE
        val top = if (output.title.isNullOrEmpty()) EDGE else TITLE
        val width = (output.size?.first ?: (SIDE + left + right).toInt()).toDouble()
        val height = (output.size?.second ?: (SIDE + top + CanvasAxes.BELOW).toInt()).toDouble()
        val canvas = Canvas(width.toInt(), height.toInt(), output.look)
        val whole = Box(left, top, maxOf(LEAST, width - left - right), maxOf(LEAST, height - top - CanvasAxes.BELOW))
        val side = minOf(whole.w, whole.h) * SIDE_PART
        val main = Box(whole.x, whole.y + side + GAP, whole.w - side - GAP, whole.h - side - GAP)
        val axes = CanvasAxes(canvas, main, across, up)
        draw(kind, axes, canvas, diameter, gridsize, cmap)
        val above = CanvasAxes(canvas, Box(main.x, whole.y, main.w, side), across, up)
        val beside = CanvasAxes(canvas, Box(main.x + main.w + GAP, main.y, side, main.h), across, up)
        side(above, kind, lying = false)
        side(beside, kind, lying = true)
        canvas.lines(
            listOf(
                doubleArrayOf(main.x, whole.y + side, main.x + main.w, whole.y + side),
                doubleArrayOf(main.x + main.w + GAP, main.y, main.x + main.w + GAP, main.y + main.h),
            ),
        )
        axes.frame()
        axes.below()
        axes.left()
        output.title?.takeIf { it.isNotEmpty() }?.let {
            canvas.texts(listOf(whole.x + whole.w / 2 to top / 2), listOf(it), output.look.titleSize)
        }
        keys?.draw(canvas, width - right / 2, main.y)
        return canvas.build()
    }

    private fun draw(
        kind: String,
        axes: CanvasAxes,
        canvas: Canvas,
        diameter: Double,
        gridsize: Int?,
        cmap: Any?,
    ) {
        val points = groups.all
        when (kind) {
            "scatter" -> axes.dots(points.x, points.y, groups.colors, { groups.codes[it] }, diameter)
            "kde" -> plane.lines(LEVELS).forEachIndexed { g, ends ->
                canvas.lines(
                    ends.map { doubleArrayOf(axes.x(it[0]), axes.y(it[1]), axes.x(it[2]), axes.y(it[3])) },
                    groups.colors[g], 1.2,
                )
            }
            "hex" -> hexagons(axes, canvas, gridsize ?: usualGrid(), cmap)
            else -> bins(axes, canvas, cmap)
        }
    }

    /** seaborn's: the mean of both variables' numbers of bins by Freedman and Diaconis, at most 50. */
    private fun usualGrid(): Int = listOf(groups.all.x, groups.all.y)
        .map(::bins)
        .average()
        .toInt()
        .coerceAtLeast(1)

    private fun bins(values: DoubleArray): Double {
        val sorted = values.sortedArray()
        val spread = Quantile.ofSorted(sorted, 0.75) - Quantile.ofSorted(sorted, 0.25)
        val width = 2 * spread * values.size.toDouble().pow(-1.0 / 3)
        val n = if (width > 0) ceil((sorted.last() - sorted[0]) / width) else kotlin.math.sqrt(values.size.toDouble())
        return minOf(n, 50.0)
    }

    private fun hexagons(axes: CanvasAxes, canvas: Canvas, gridsize: Int, cmap: Any?) {
        val hexes = HexBins.run(groups.all.x, groups.all.y, gridsize)
        val map = counts(cmap)
        val most = hexes.counts().maxOrNull()?.toDouble() ?: 1.0
        for (k in hexes.counts().indices) {
            val (dx, dy) = hexes.stepX() / 2 to hexes.stepY() / 6
            val corners = listOf(dx to -dy, dx to dy, 0.0 to 2 * dy, -dx to dy, -dx to -dy, 0.0 to -2 * dy)
            canvas.shape(
                corners.map { axes.x(hexes.x()[k] + it.first) }, corners.map { axes.y(hexes.y()[k] + it.second) },
                map.hex(hexes.counts()[k] / most), 0.0,
            )
        }
    }

    private fun bins(axes: CanvasAxes, canvas: Canvas, cmap: Any?) {
        val (x, y) = groups.all.x to groups.all.y
        val (xEdges, yEdges) = Histogram.edges(x, Histogram.Bins.AUTO) to Histogram.edges(y, Histogram.Bins.AUTO)
        val counts = Histogram.counts(x, y, xEdges, yEdges)
        val most = counts.maxOf { it.max() }
        val map = counts(cmap)
        val cells = counts.indices.flatMap { i -> counts[i].indices.filter { counts[i][it] > 0 }.map { i to it } }
        canvas.boxes(
            cells.map { (i, j) ->
                val (left, top) = axes.x(xEdges[i]) to axes.y(yEdges[j + 1])
                Box(left, top, axes.x(xEdges[i + 1]) - left, axes.y(yEdges[j]) - top)
            },
            cells.map { (i, j) -> map.hex(counts[i][j] / most) },
        )
    }

    /** From white by the first group's colour to black. */
    private fun counts(cmap: Any?): ColorMap =
        if (cmap == null) ColorMap.of(listOf("#ffffff", groups.colors[0], "#000000"), "") else colorMap(cmap, "Blues")

    private fun side(axes: CanvasAxes, kind: String, lying: Boolean) {
        fun values(points: PlanePoints) = if (lying) points.y else points.x
        if (groups.hue == null && kind != "kde") {
            val own = values(groups.all)
            val edges = Histogram.edges(own, Histogram.Bins.AUTO)
            val counts = Histogram.counts(own, edges)
            val top = counts.max() * (1 + MARGIN)
            val high = DoubleArray(counts.size) { counts[it] / top }
            axes.bars(edges, high, lying, groups.colors[0], BARS)
            return
        }
        val curves = groups.points.map { p ->
            values(p).takeIf(KernelDensity::exists)?.let { v ->
                KernelDensity.run(v, KernelDensity.Params.DEFAULTS) to v.size
            }
        }
        val all = groups.all.x.size
            .toDouble()
        val top = curves.filterNotNull().maxOfOrNull { (c, n) -> c.height().max() * n / all } ?: return
        for (g in curves.indices.reversed()) {
            val (curve, n) = curves[g] ?: continue
            val axis = if (lying) axes.y else axes.x
            val inside = curve.at().indices.filter { curve.at()[it] in axis.low..axis.high }
            if (inside.size < 2) continue
            axes.curve(
                DoubleArray(inside.size) { curve.at()[inside[it]] },
                DoubleArray(inside.size) { curve.height()[inside[it]] * n / all / (top * (1 + MARGIN)) },
                lying, groups.colors[g],
            )
        }
    }

    private companion object {
        const val SIDE = 400.0
        const val SIDE_PART = 0.16
        const val GAP = 8.0
        const val EDGE = 12.0
        const val TITLE = 36.0
        const val LEAST = 80.0
        const val MARGIN = 0.05
        const val HEX_MARGIN = 0.01
        const val BARS = 0.75
        const val LEVELS = 10
    }
}
