package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.StackedViolinStyle
import org.cellweave.dsl.shown.TableOptions
import org.cellweave.dsl.shown.texts
import org.cellweave.util.Check

/**
 * Draws a violin for every group and gene, coloured by the median; all share one scale.
 *
 * Reads `obs[groupby]`, X, raw or a layer, with [dendrogram] also `uns[dendrogram_{groupby}]`.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param standardScale `var` scales each gene over the cells, `group` each cell over the genes
 * @param dendrogram true, or the key of the tree in `uns`; made where it is not there or is over other groups
 * @param jitter true, false, or half the strip's width in violins
 * @param size diameter of the strip's dots in points
 * @param rowPalette a palette, colour or list of colours for the rows, instead of medians
 * @param densityNorm `width`, `area` or `count`; [scale] is its older name
 * @param order the older name of [categoriesOrder]
 * @param yticklabels whether the rows show the upper end of their scale
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param norm a [Norm] of the colours; excludes the three limits
 * @param returnFig keeps the figure from being saved and shown, to be changed first
 */
public fun Plotting.stackedViolin(
    adata: AnnData,
    varNames: Any,
    groupby: Any,
    log: Boolean = false,
    useRaw: Boolean? = null,
    numCategories: Int = 7,
    title: String? = null,
    colorbarTitle: String = MEDIAN_TITLE,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any = false,
    geneSymbols: String? = null,
    varGroupPositions: List<Pair<Int, Int>>? = null,
    varGroupLabels: List<String>? = null,
    standardScale: String? = null,
    varGroupRotation: Number? = null,
    layer: String? = null,
    categoriesOrder: Any? = null,
    swapAxes: Boolean = false,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    cmap: Any = "Blues",
    stripplot: Boolean = false,
    jitter: Any = false,
    size: Number = 1,
    rowPalette: Any? = null,
    densityNorm: String = "width",
    yticklabels: Boolean = false,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
    returnFig: Boolean? = null,
    order: Any? = null,
    scale: String? = null,
): StackedViolin {
    val options = TableOptions(
        varNames = varNames, groupby = groupby, useRaw = useRaw, log = log, numCategories = numCategories,
        categoriesOrder = categoriesOrder ?: order, standardScale = standardScale, title = title,
        colorbarTitle = colorbarTitle,
        dendrogram = dendrogram, geneSymbols = geneSymbols, varGroupPositions = varGroupPositions,
        varGroupLabels = varGroupLabels, varGroupRotation = varGroupRotation, layer = layer, swapAxes = swapAxes,
        vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm, figsize = figsize,
    )
    require(size.toDouble() > 0) { "size must be positive, got $size" }
    val style = StackedViolinStyle(
        densityNorm = checkedNorm(scale ?: densityNorm),
        stripplot = stripplot || jitter != false,
        jitter = jitterOf(jitter),
        dotSize = size.toDouble(),
        rowColors = rowPalette?.let(::rowColors),
        scaleLabels = yticklabels,
    )
    return StackedViolin(adata, options, "stacked_violin", style).finished(Output(save, show, ax, dpi = dpi), returnFig)
}

internal const val MEDIAN_TITLE = "Median expression\nin group"

internal fun checkedNorm(densityNorm: String): String {
    val norms = listOf("width", "area", "count")
    require(densityNorm in norms) {
        "densityNorm must be one of $norms, got '$densityNorm'." + Check.suggestion(densityNorm, norms)
    }
    return densityNorm
}

/** Half the width of a strip of dots. */
internal fun jitterOf(jitter: Any): Double =
    when (jitter) {
        true -> 0.18
        false -> 0.0
        is Number -> jitter.toDouble()
        else -> throw IllegalArgumentException("jitter must be true, false or a number, got $jitter")
    }

internal fun rowColors(palette: Any): List<String> {
    if (palette is String && Palettes.isKnown(palette)) {
        return Palettes.named(palette)
    }
    if (palette is String) {
        requireNotNull(Palettes.find(palette)) {
            "rowPalette must be a palette or a colour, got '$palette'." +
                Check.suggestion(palette, Palettes.known) + " Known are ${Palettes.known.joinToString()}."
        }
    }
    val colors = texts(palette, "rowPalette")!!.map { Palettes.color(it, "rowPalette") }
    require(colors.isNotEmpty()) { "rowPalette must have at least one colour, got an empty list" }
    return colors
}
