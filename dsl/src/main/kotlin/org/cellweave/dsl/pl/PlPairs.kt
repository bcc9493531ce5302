package org.cellweave.dsl

import org.cellweave.distribution.Histogram
import org.cellweave.distribution.KernelDensity
import org.cellweave.dsl.plot.Box
import org.cellweave.dsl.plot.Canvas
import org.cellweave.dsl.plot.CanvasAxes
import org.cellweave.dsl.plot.ChartAxis
import org.cellweave.dsl.plot.ColorKeys
import org.cellweave.dsl.plot.Ends
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.ChartData
import org.cellweave.dsl.shown.Variable
import org.cellweave.dsl.shown.texts
import org.cellweave.util.Check

/**
 * Draws every pair of variables in the plane, and each variable's distribution on the diagonal: seaborn's `pairplot`.
 *
 * Rows without a value of one of the variables, or without a group, are left out.
 *
 * Reads `obs`, X, raw or a layer of an AnnData, or the columns of a table. Writes `uns[{hue}_colors]` of an AnnData.
 *
 * @param vars columns or genes; a table's columns of numbers by default
 * @param hue column whose categories are drawn apart
 * @param diagKind `hist`, `kde`, or `auto`: densities where there are groups
 * @param corner whether only the lower half is drawn
 * @param size diameter of dots in points
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.pairs(
    data: Any?,
    vars: Any? = null,
    hue: Any? = null,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    diagKind: String = "auto",
    corner: Boolean = false,
    size: Number = 3,
    useRaw: Boolean? = null,
    layer: String? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    HistOptions.oneOf(diagKind, listOf("auto", "hist", "kde"), "diagKind")
    val output = ChartOutput("pairs", title, Output(save, show, ax, figsize, dpi))
    val source = ChartData.of(data, useRaw, layer)
    val by = source.variable(hue, "hue")
    val chosen = texts(vars, "vars")?.map { source.required(it, "vars") }
        ?: source.wide().filter { it.name != by?.name }.also {
            require(it.isNotEmpty()) { "vars must name columns or genes to draw; without it data must be a table" }
        }
    require(chosen.size in 2..MOST_PAIRS) { "pairs draws 2 to $MOST_PAIRS variables, got ${chosen.size}" }
    val levels = by?.let { HueLevels.of(source, it, hueOrder, palette) }
    val plain = color?.let { Palettes.color(it, "color") } ?: ChartData.cycle(1)[0]
    val figure = PairsFigure(chosen, by, levels, plain, output)
    val densities = diagKind == "kde" || diagKind == "auto" && by != null
    return output.finish(figure.panel(densities, corner, size.toDouble() * Look.PIXELS_PER_POINT))
}

private const val MOST_PAIRS = 12

/** A grid of planes with shared axes. */
private class PairsFigure(
    private val variables: List<Variable>,
    private val hue: Variable?,
    private val levels: Pair<Categories, List<String>>?,
    plain: String,
    private val output: ChartOutput,
) {
    private val colors = levels?.second ?: listOf(plain)
    private val rows: IntArray
    private val values: List<DoubleArray>
    private val codes: IntArray

    init {
        val all = variables.map { it.numbers() }
        val n = all[0].size
        hue?.let { Check.sameLength(it.size, n, "hue", "the number of rows") }
        rows = (0 until n)
            .filter { i ->
                all.all { it[i].isFinite() } && (levels == null || levels.first.codes[i] >= 0)
            }.toIntArray()
        require(rows.isNotEmpty()) { "no row has a value of each of ${variables.map { it.name }}" }
        values = all.map { v -> DoubleArray(rows.size) { v[rows[it]] } }
        codes = IntArray(rows.size) { levels?.first?.codes?.get(rows[it]) ?: 0 }
    }

    private val axes = variables.indices.map { k ->
        val (low, high) = Ends.padded(values[k].min(), values[k].max(), MARGIN, 0.5)
        ChartAxis.numbers(low, high, variables[k].name, marks = MARKS)
    }

    fun panel(densities: Boolean, corner: Boolean, diameter: Double): Panel {
        val n = variables.size
        val keys = levels?.let { ColorKeys(hue!!.name, it.first.names, it.second) }
        val left = axes.maxOf { CanvasAxes.besides(it, output.look) }
        val right = keys?.let { it.width + 2 * EDGE } ?: EDGE
        val top = if (output.title.isNullOrEmpty()) EDGE else TITLE
        val width = (output.size?.first ?: (left + n * SIDE + (n - 1) * GAP + right).toInt()).toDouble()
        val height = (output.size?.second ?: (top + n * SIDE + (n - 1) * GAP + CanvasAxes.BELOW).toInt()).toDouble()
        val canvas = Canvas(width.toInt(), height.toInt(), output.look)
        val cellW = maxOf(LEAST, (width - left - right - (n - 1) * GAP) / n)
        val cellH = maxOf(LEAST, (height - top - CanvasAxes.BELOW - (n - 1) * GAP) / n)
        for (r in 0 until n) {
            for (c in 0 until n) {
                if (corner && c > r) continue
                val box = Box(left + c * (cellW + GAP), top + r * (cellH + GAP), cellW, cellH)
                val cell = CanvasAxes(canvas, box, axes[c], axes[r])
                if (r == c) {
                    diagonal(cell, r, densities)
                } else {
                    cell.dots(values[c], values[r], colors, { codes[it] }, diameter)
                }
                cell.frame()
                if (r == n - 1) cell.below()
                if (c == 0) cell.left(marks = r != 0)
            }
        }
        output.title?.takeIf { it.isNotEmpty() }?.let {
            canvas.texts(listOf(width / 2 to top / 2), listOf(it), output.look.titleSize)
        }
        keys?.draw(canvas, width - right / 2, top)
        return canvas.build()
    }

    private fun diagonal(cell: CanvasAxes, k: Int, densities: Boolean) {
        val parts = colors.indices.map { g -> values[k].filterIndexed { i, _ -> codes[i] == g }.toDoubleArray() }
        if (densities) {
            val curves = parts.map { p ->
                if (KernelDensity.exists(p)) KernelDensity.run(p, KernelDensity.Params.DEFAULTS) else null
            }
            val tops = curves.indices.mapNotNull { g -> curves[g]?.let { it.height().max() * parts[g].size } }
            val top = tops.maxOrNull() ?: return
            for (g in curves.indices.reversed()) {
                val curve = curves[g] ?: continue
                val inside = curve.at().indices.filter { curve.at()[it] in axes[k].low..axes[k].high }
                if (inside.size < 2) continue
                cell.curve(
                    DoubleArray(inside.size) { curve.at()[inside[it]] },
                    DoubleArray(inside.size) { curve.height()[inside[it]] * parts[g].size / (top * (1 + MARGIN)) },
                    false, colors[g],
                )
            }
            return
        }
        val edges = Histogram.edges(values[k], Histogram.Bins.AUTO)
        val counts = parts.map { Histogram.counts(it, edges) }
        val top = counts.maxOf { it.max() } * (1 + MARGIN)
        for (g in counts.indices.reversed()) {
            val alpha = if (counts.size > 1) LAYERED else ALONE
            cell.bars(edges, DoubleArray(counts[g].size) { counts[g][it] / top }, false, colors[g], alpha)
        }
    }

    private companion object {
        const val SIDE = 150.0
        const val GAP = 12.0
        const val EDGE = 12.0
        const val TITLE = 36.0
        const val LEAST = 30.0
        const val MARGIN = 0.05
        const val MARKS = 4
        const val LAYERED = 0.5
        const val ALONE = 0.75
    }
}
