package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.HeatmapFigure
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.shown.TableOptions
import org.cellweave.dsl.shown.TablePlan

/**
 * Draws the expression of genes in every cell, cells sorted by group.
 *
 * The cells are one picture between vector axes. Where a pixel stands for several cells it shows their mean.
 *
 * Reads `obs[groupby]`, X, raw or a layer, with [dendrogram] also `uns[dendrogram_{groupby}]`. Writes
 * `uns[{groupby}_colors]`.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param standardScale `var` scales each gene over the cells, `obs` each cell over the genes
 * @param dendrogram true, or the key of the tree in `uns`; made where it is not there or is over other groups
 * @param swapAxes genes from top to bottom, cells from left to right
 * @param showGeneLabels by default up to 50 genes are named
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param norm a [Norm] of the colours; excludes the three limits
 */
public fun Plotting.heatmap(
    adata: AnnData,
    varNames: Any,
    groupby: Any,
    useRaw: Boolean? = null,
    log: Boolean = false,
    numCategories: Int = 7,
    dendrogram: Any = false,
    geneSymbols: String? = null,
    varGroupPositions: List<Pair<Int, Int>>? = null,
    varGroupLabels: List<String>? = null,
    varGroupRotation: Number? = null,
    layer: String? = null,
    standardScale: String? = null,
    swapAxes: Boolean = false,
    showGeneLabels: Boolean? = null,
    figsize: Pair<Number, Number>? = null,
    title: String? = null,
    colorbarTitle: String = EXPRESSION_TITLE,
    categoriesOrder: Any? = null,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    cmap: Any = "viridis",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val options = TableOptions(
        varNames = varNames, groupby = groupby, useRaw = useRaw, log = log, numCategories = numCategories,
        categoriesOrder = categoriesOrder, standardScale = standardScale, title = title, colorbarTitle = colorbarTitle,
        dendrogram = dendrogram, geneSymbols = geneSymbols, varGroupPositions = varGroupPositions,
        varGroupLabels = varGroupLabels, varGroupRotation = varGroupRotation, layer = layer, swapAxes = swapAxes,
        vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm, figsize = figsize ?: insideOf(ax),
    )
    val plan = TablePlan(adata, options)
    return finish(
        listOf(Placed(heatmapOf(plan, showGeneLabels), 0, 0)), "heatmap", Output(save, show, ax, dpi = dpi),
        genes = plan.genes,
    )
}

internal fun heatmapOf(plan: TablePlan, showGeneLabels: Boolean?): Panel {
    val values = plan.perCell().values
    return HeatmapFigure(framed(plan, "viridis"), plan.groupedCells(), values, showGeneLabels).build()
}

internal const val EXPRESSION_TITLE = "Expression\nin cell"
