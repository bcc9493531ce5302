package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.DotPlotStyle
import org.cellweave.dsl.plot.Notice
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.StackedViolinStyle
import org.cellweave.dsl.shown.RankedChoice
import org.cellweave.dsl.shown.TableOptions
import org.cellweave.dsl.shown.TablePlan

/**
 * Draws the top genes of every group as a dot plot; colours may be statistics of the test.
 *
 * Reads `uns[key]`, `obs[groupby]`, X or raw, the tree over groups in `uns`.
 *
 * @param nGenes per group, 10 by default; negative takes the lowest scores
 * @param valuesToPlot `scores`, `logfoldchanges`, `pvals`, `pvals_adj`, `log10_pvals`, `log10_pvals_adj`
 * @param varNames genes to show instead, as in [dotplot]
 * @param minLogfoldchange only genes above are shown
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param dendrogram true, false or the key of the tree in `uns`; null draws it unless none is to be had. A tree that is
 *   not there, or is over other groups, is worked out with a warning, as in [dendrogram]
 * @param norm a [Norm] of the colours; excludes the three limits
 */
public fun Plotting.rankGenesGroupsDotplot(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int? = null,
    groupby: String? = null,
    valuesToPlot: String? = null,
    varNames: Any? = null,
    geneSymbols: String? = null,
    minLogfoldchange: Number? = null,
    key: String? = null,
    title: String? = null,
    colorbarTitle: String? = null,
    sizeTitle: String = SIZE_TITLE,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any? = null,
    standardScale: String? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    swapAxes: Boolean = false,
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
    val choice = RankedChoice(
        adata, groups = groups, nGenes = nGenes, groupby = groupby, varNames = varNames, geneSymbols = geneSymbols,
        minLogfoldchange = minLogfoldchange?.toDouble(), key = key,
    )
    val heading = colorbarTitle ?: valuesToPlot?.let(RankedChoice::heading) ?: MEAN_TITLE
    val options = TableOptions(
        varNames = choice.varNames, groupby = choice.groupby, useRaw = useRaw, layer = layer, dendrogram = dendrogram,
        title = title, colorbarTitle = heading, geneSymbols = geneSymbols, standardScale = standardScale,
        swapAxes = swapAxes, vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm, figsize = figsize,
    )
    return DotPlot(
        adata, options,
        name = "rank_genes_groups_dotplot",
        look = DotPlotStyle(
            sizeTitle = sizeTitle, dotMax = dotMax?.toDouble(), dotMin = dotMin?.toDouble(),
            smallestDot = smallestDot.toDouble(),
        ),
        cutoff = 0.0,
        meanOnlyExpressed = false,
        colors = valuesToPlot?.let { field -> { plan -> choice.statistics(field, plan) } },
    ).saying(choice.nothing).finished(Output(save, show, ax, dpi = dpi), returnFig)
}

/**
 * Draws the top genes of every group as a matrix plot; colours may be statistics of the test.
 *
 * Reads `uns[key]`, `obs[groupby]`, X or raw, the tree over groups in `uns`. The arguments are those of
 * [rankGenesGroupsDotplot].
 */
public fun Plotting.rankGenesGroupsMatrixplot(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int? = null,
    groupby: String? = null,
    valuesToPlot: String? = null,
    varNames: Any? = null,
    geneSymbols: String? = null,
    minLogfoldchange: Number? = null,
    key: String? = null,
    title: String? = null,
    colorbarTitle: String? = null,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any? = null,
    standardScale: String? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    swapAxes: Boolean = false,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    cmap: Any = "viridis",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
    returnFig: Boolean? = null,
): MatrixPlot {
    val choice = RankedChoice(
        adata, groups = groups, nGenes = nGenes, groupby = groupby, varNames = varNames, geneSymbols = geneSymbols,
        minLogfoldchange = minLogfoldchange?.toDouble(), key = key,
    )
    val heading = colorbarTitle ?: valuesToPlot?.let(RankedChoice::heading) ?: MEAN_TITLE
    val options = TableOptions(
        varNames = choice.varNames, groupby = choice.groupby, useRaw = useRaw, layer = layer, dendrogram = dendrogram,
        title = title, colorbarTitle = heading, geneSymbols = geneSymbols, standardScale = standardScale,
        swapAxes = swapAxes, vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm, figsize = figsize,
    )
    return MatrixPlot(
        adata, options,
        name = "rank_genes_groups_matrixplot",
        values = valuesToPlot?.let { field -> { plan -> choice.statistics(field, plan) } },
    ).saying(choice.nothing).finished(Output(save, show, ax, dpi = dpi), returnFig)
}

/**
 * Draws the top genes of every group in every cell. See [heatmap] and [rankGenesGroupsDotplot].
 *
 * Reads `uns[key]`, `obs[groupby]`, X or raw, the tree over groups in `uns`. Writes
 * `uns[{groupby}_colors]`.
 */
public fun Plotting.rankGenesGroupsHeatmap(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int? = null,
    groupby: String? = null,
    geneSymbols: String? = null,
    varNames: Any? = null,
    minLogfoldchange: Number? = null,
    key: String? = null,
    title: String? = null,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any? = null,
    standardScale: String? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    swapAxes: Boolean = false,
    showGeneLabels: Boolean? = null,
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
    val choice = RankedChoice(
        adata, groups = groups, nGenes = nGenes, groupby = groupby, varNames = varNames, geneSymbols = geneSymbols,
        minLogfoldchange = minLogfoldchange?.toDouble(), key = key,
    )
    val output = Output(save, show, ax, dpi = dpi)
    choice.nothing?.let { return ranked(Notice(it, sessionLook()).build(), "heatmap", output) }
    val options = TableOptions(
        varNames = choice.varNames, groupby = choice.groupby, useRaw = useRaw, layer = layer, dendrogram = dendrogram,
        title = title, colorbarTitle = EXPRESSION_TITLE, geneSymbols = geneSymbols, standardScale = standardScale,
        swapAxes = swapAxes, vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm,
        figsize = figsize ?: insideOf(ax),
    )
    return ranked(heatmapOf(TablePlan(adata, options), showGeneLabels), "heatmap", output)
}

/**
 * Draws the top genes of every group as stacked violins. See [stackedViolin] and [rankGenesGroupsDotplot].
 *
 * Reads `uns[key]`, `obs[groupby]`, X or raw, the tree over groups in `uns`.
 */
public fun Plotting.rankGenesGroupsStackedViolin(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int? = null,
    groupby: String? = null,
    geneSymbols: String? = null,
    varNames: Any? = null,
    minLogfoldchange: Number? = null,
    key: String? = null,
    title: String? = null,
    colorbarTitle: String = MEDIAN_TITLE,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any? = null,
    standardScale: String? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    swapAxes: Boolean = false,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    cmap: Any = "Blues",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
    returnFig: Boolean? = null,
): StackedViolin {
    val choice = RankedChoice(
        adata, groups = groups, nGenes = nGenes, groupby = groupby, varNames = varNames, geneSymbols = geneSymbols,
        minLogfoldchange = minLogfoldchange?.toDouble(), key = key,
    )
    val options = TableOptions(
        varNames = choice.varNames, groupby = choice.groupby, useRaw = useRaw, layer = layer, dendrogram = dendrogram,
        title = title, colorbarTitle = colorbarTitle, geneSymbols = geneSymbols, standardScale = standardScale,
        swapAxes = swapAxes, vmin = vmin, vmax = vmax, vcenter = vcenter, cmap = cmap, norm = norm, figsize = figsize,
    )
    return StackedViolin(adata, options, "rank_genes_groups_stacked_violin", StackedViolinStyle.PLAIN)
        .saying(choice.nothing)
        .finished(Output(save, show, ax, dpi = dpi), returnFig)
}

/**
 * Draws the top genes of every group as tracks. See [tracksplot] and [rankGenesGroupsDotplot].
 *
 * Reads `uns[key]`, `obs[groupby]`, X or raw, the tree over groups in `uns`. Writes
 * `uns[{groupby}_colors]`.
 */
public fun Plotting.rankGenesGroupsTracksplot(
    adata: AnnData,
    groups: Any? = null,
    nGenes: Int? = null,
    groupby: String? = null,
    varNames: Any? = null,
    geneSymbols: String? = null,
    minLogfoldchange: Number? = null,
    key: String? = null,
    title: String? = null,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val choice = RankedChoice(
        adata, groups = groups, nGenes = nGenes, groupby = groupby, varNames = varNames, geneSymbols = geneSymbols,
        minLogfoldchange = minLogfoldchange?.toDouble(), key = key,
    )
    val output = Output(save, show, ax, dpi = dpi)
    choice.nothing?.let { return ranked(Notice(it, sessionLook()).build(), "tracksplot", output) }
    val options = TableOptions(
        varNames = choice.varNames, groupby = choice.groupby, useRaw = useRaw, layer = layer, dendrogram = dendrogram,
        title = title, geneSymbols = geneSymbols, swapAxes = true, figsize = figsize ?: insideOf(ax),
    )
    return ranked(tracksOf(TablePlan(adata, options)), "tracksplot", output)
}

private fun ranked(panel: Panel, name: String, output: Output): Figure =
    finish(listOf(Placed(panel, 0, 0)), "rank_genes_groups_$name", output, name)
