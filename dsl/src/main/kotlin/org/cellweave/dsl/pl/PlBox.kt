package org.cellweave.dsl

import org.cellweave.dsl.plot.BoxMarks
import org.cellweave.dsl.plot.BoxStats
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.shown.ChartData

/**
 * Draws quartiles of groups as boxes: seaborn's `boxplot`.
 *
 * A box reaches from the first to the third quartile, its line is the median; whiskers end at the last values within
 * 1.5 times the box, and rings are values beyond. Without [x] and [y] every column of numbers of a table is a box. Rows
 * without a value or without a group are left out.
 *
 * Reads `obs`, X, raw or a layer of an AnnData, or the columns of a table. Writes `uns[{x}_colors]` and
 * `uns[{hue}_colors]` of an AnnData.
 *
 * @param data an AnnData, a table, a map of columns, or the numbers themselves
 * @param x column of groups, or, with [y] as groups, of numbers; a name or a list of values
 * @param y column of numbers, or of groups
 * @param hue column whose categories stand side by side in every group
 * @param order groups from left to right
 * @param orient `v` or `h`; by default groups are where the categories are
 * @param whis how far whiskers reach beyond the box, in lengths of it
 * @param points whether every value is drawn as a dot, in place of the rings
 * @param showfliers whether values beyond the whiskers are drawn
 * @param log whether the axis of numbers is logarithmic
 * @param rotation degrees by which names are turned; upright where they have no room by default
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.box(
    data: Any?,
    x: Any? = null,
    y: Any? = null,
    hue: Any? = null,
    order: Any? = null,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    orient: String? = null,
    whis: Number = 1.5,
    points: Boolean = false,
    showfliers: Boolean = true,
    fill: Boolean = true,
    log: Boolean = false,
    size: Number = 3,
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
    val output = ChartOutput("box", title, Output(save, show, ax, figsize, dpi))
    val choice = GroupChoice(x, y, hue, order, hueOrder, palette, color, orient)
    val groups = GroupedValues.of(ChartData.of(data, useRaw, layer), choice).shown(log)
    require(whis.toDouble() >= 0) { "whis must not be negative, got $whis" }
    val marks = groups.marks()
    val ends = GroupedFigure.ends(groups)
    val step = maxOf((ends.second - ends.first) / FINEST, Double.MIN_VALUE)
    groups.each { i, l, values ->
        val stats = BoxStats(values.sortedArray(), whis.toDouble())
        val shownFill = groups.color(i, l).takeIf { fill }
        BoxMarks(marks).draw(groups.middle(i, l), groups.half, stats, shownFill, showfliers && !points, step)
    }
    if (points) Strip(groups, marks).jittered(size.toDouble() * Look.PIXELS_PER_POINT, BLACK)
    val figure = GroupedFigure(groups, output, log, rotation?.toDouble())
    return output.finish(figure.panel(marks, ends, groups.valueTitle))
}

private const val FINEST = 2000
private const val BLACK = "#262626"
