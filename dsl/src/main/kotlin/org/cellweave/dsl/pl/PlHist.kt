package org.cellweave.dsl

import org.cellweave.dsl.shown.ChartData

/**
 * Draws how often numbers, or categories, occur: seaborn's `histplot`.
 *
 * Bins are numpy's, the same for all groups unless [commonBins] is false. Rows without a value, or without a group
 * where there is [hue], are left out. With [x] and [y] the plane is cut into bins, coloured by their counts.
 *
 * Reads `obs`, X, raw or a layer of an AnnData, or the columns of a table. Writes `uns[{hue}_colors]` of an AnnData.
 *
 * @param data an AnnData, a table, a map of columns, or the numbers themselves
 * @param x column or gene, or a list of values; with [y] alone bars lie
 * @param hue column whose categories are drawn apart
 * @param bins number of bins, their edges, or `auto`
 * @param discrete whether bars stand on whole numbers
 * @param kde whether a smooth density is drawn over the bars
 * @param stat `count`, `frequency`, `density`, `probability`, `proportion` or `percent`
 * @param multiple `layer`, `stack`, `dodge` or `fill`: how bars of groups share a place
 * @param element `bars`, `step` or `poly`
 * @param commonNorm whether all groups together make 1, 100 per cent or an area of 1
 * @param log whether the axis of numbers is logarithmic; bins are equal there
 * @param color of all bars where there is no [hue]
 * @param bwAdjust factor of the density's bandwidth
 * @param cmap colours of counts in the plane
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.hist(
    data: Any?,
    x: Any? = null,
    y: Any? = null,
    hue: Any? = null,
    bins: Any = "auto",
    binwidth: Number? = null,
    binrange: Pair<Number, Number>? = null,
    discrete: Boolean = false,
    kde: Boolean = false,
    stat: String = "count",
    multiple: String = "layer",
    element: String = "bars",
    fill: Boolean = true,
    cumulative: Boolean = false,
    commonBins: Boolean = true,
    commonNorm: Boolean = true,
    log: Boolean = false,
    hueOrder: Any? = null,
    palette: Any? = null,
    color: String? = null,
    bwAdjust: Number = 1,
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
    val source = ChartData.of(data, useRaw, layer)
    val output = ChartOutput("hist", title, Output(save, show, ax, figsize, dpi))
    val binning = Binning(bins, binwidth, binrange, discrete, stat, cumulative)
    if (x != null && y != null) {
        require(hue == null) { "hue has no place in a histogram of the plane; leave it, or x or y, away" }
        return output.finish(PlaneHistFigure(source, x, y, binning, cmap, output).panel())
    }
    val options = HistOptions(
        kde = kde, multiple = multiple, element = element, fill = fill, commonBins = commonBins,
        commonNorm = commonNorm, log = log, hueOrder = hueOrder, palette = palette, color = color,
        bwAdjust = bwAdjust.toDouble(),
    )
    return output.finish(HistFigure(source, x ?: y, hue, y != null, binning, options, output).panel())
}
