package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.DotPlotStyle
import org.cellweave.dsl.shown.TableOptions

internal const val SIZE_TITLE = "Fraction of cells\nin group (%)"

/**
 * Draws mean expression (colour) and fraction of expressing cells (area) of genes per group.
 *
 * Reads `obs[groupby]`, X, raw or a layer, with [dendrogram] also `uns[dendrogram_{groupby}]`.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param groupby a column of obs, or several whose pairs are the groups; categories without cells have no row
 * @param numCategories intervals that a numeric [groupby] is cut into
 * @param standardScale `var` or `group`: subtract the least, divide by the largest
 * @param dendrogram true, or the key of the tree in `uns`; made where it is not there or is over other groups
 * @param varGroupPositions first and last gene of every bracket over a list, named by [varGroupLabels]
 * @param dotColorDf numbers to colour by instead: one row per group, one column per gene
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param norm a [Norm] of the colours; excludes the three limits
 * @param returnFig keeps the figure from being saved and shown, to be changed first
 */
public fun Plotting.dotplot(
    adata: AnnData,
    varNames: Any,
    groupby: Any,
    useRaw: Boolean? = null,
    log: Boolean = false,
    numCategories: Int = 7,
    categoriesOrder: Any? = null,
    expressionCutoff: Number = 0.0,
    meanOnlyExpressed: Boolean = false,
    standardScale: String? = null,
    title: String? = null,
    colorbarTitle: String = MEAN_TITLE,
    sizeTitle: String = SIZE_TITLE,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any = false,
    geneSymbols: String? = null,
    varGroupPositions: List<Pair<Int, Int>>? = null,
    varGroupLabels: List<String>? = null,
    varGroupRotation: Number? = null,
    layer: String? = null,
    swapAxes: Boolean = false,
    dotColorDf: DataFrame? = null,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    cmap: Any = "Reds",
    dotMax: Number? = null,
    dotMin: Number? = null,
    smallestDot: Number = 0.0,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
    returnFig: Boolean? = null,
): DotPlot {
    val options = TableOptions(
        varNames = varNames, groupby = groupby, useRaw = useRaw, log = log, numCategories = numCategories,
        categoriesOrder = categoriesOrder, standardScale = standardScale, title = title, colorbarTitle = colorbarTitle,
        dendrogram = dendrogram, geneSymbols = geneSymbols, varGroupPositions = varGroupPositions,
        varGroupLabels = varGroupLabels, varGroupRotation = varGroupRotation, layer = layer, swapAxes = swapAxes,
        vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm, figsize = figsize,
    )
    return DotPlot(
        adata, options,
        name = "dotplot",
        look = DotPlotStyle(
            sizeTitle = sizeTitle, dotMax = dotMax?.toDouble(), dotMin = dotMin?.toDouble(),
            smallestDot = smallestDot.toDouble(),
        ),
        cutoff = expressionCutoff.toDouble(),
        meanOnlyExpressed = meanOnlyExpressed,
        colors = dotColorDf?.let { table -> { plan -> plan.given(table, "dotColorDf") } },
    ).finished(Output(save, show, ax, dpi = dpi), returnFig)
}
