package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.shown.TableOptions

/**
 * Draws mean expression of genes per group as a table of coloured cells.
 *
 * Reads `obs[groupby]`, X, raw or a layer, with [dendrogram] also `uns[dendrogram_{groupby}]`.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param groupby a column of obs, or several whose pairs are the groups; categories without cells have no row
 * @param numCategories intervals that a numeric [groupby] is cut into
 * @param standardScale `var` or `group`: subtract the least, divide by the largest
 * @param dendrogram true, or the key of the tree in `uns`; made where it is not there or is over other groups
 * @param valuesDf numbers to show instead: one row per group, one column per gene
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param norm a [Norm] of the colours; excludes the three limits
 * @param returnFig keeps the figure from being saved and shown, to be changed first
 */
public fun Plotting.matrixplot(
    adata: AnnData,
    varNames: Any,
    groupby: Any,
    useRaw: Boolean? = null,
    log: Boolean = false,
    numCategories: Int = 7,
    categoriesOrder: Any? = null,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any = false,
    title: String? = null,
    cmap: Any = "viridis",
    colorbarTitle: String = MEAN_TITLE,
    geneSymbols: String? = null,
    varGroupPositions: List<Pair<Int, Int>>? = null,
    varGroupLabels: List<String>? = null,
    varGroupRotation: Number? = null,
    layer: String? = null,
    standardScale: String? = null,
    valuesDf: DataFrame? = null,
    swapAxes: Boolean = false,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
    returnFig: Boolean? = null,
): MatrixPlot {
    val options = TableOptions(
        varNames = varNames, groupby = groupby, useRaw = useRaw, log = log, numCategories = numCategories,
        categoriesOrder = categoriesOrder, standardScale = standardScale, title = title, colorbarTitle = colorbarTitle,
        dendrogram = dendrogram, geneSymbols = geneSymbols, varGroupPositions = varGroupPositions,
        varGroupLabels = varGroupLabels, varGroupRotation = varGroupRotation, layer = layer, swapAxes = swapAxes,
        vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm, figsize = figsize,
    )
    return MatrixPlot(
        adata, options,
        name = "matrixplot",
        values = valuesDf?.let { table -> { plan -> plan.given(table, "valuesDf") } },
    ).finished(Output(save, show, ax, dpi = dpi), returnFig)
}

internal const val MEAN_TITLE = "Mean expression\nin group"
