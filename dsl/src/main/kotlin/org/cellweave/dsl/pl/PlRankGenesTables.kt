package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.DotPlotStyle
import org.cellweave.dsl.plot.HeatmapFigure
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.RankedChoice
import org.cellweave.dsl.plot.StackedViolinStyle
import org.cellweave.dsl.plot.TablePlan
import org.cellweave.dsl.plot.TracksFigure

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
    minLogfoldchange: Double? = null,
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
    dotMax: Double? = null,
    dotMin: Double? = null,
    smallestDot: Double = 0.0,
    save: Any? = null,
    returnFig: Boolean = false,
): DotPlot {
    val choice = RankedChoice(adata, groups, nGenes, groupby, varNames, geneSymbols, minLogfoldchange, key)
    val heading = colorbarTitle ?: valuesToPlot?.let(RankedChoice::heading) ?: MEAN_TITLE
    val limits = Triple(vmin, vmax, vcenter)
    val options = choice.options(
        useRaw, layer, dendrogram, heading, title, standardScale, swapAxes, limits, cmap, norm, figsize,
    )
    return DotPlot(
        adata, options, "rank_genes_groups_dotplot", DotPlotStyle(sizeTitle, dotMax, dotMin, smallestDot), 0.0, false,
        valuesToPlot?.let { field -> { plan -> choice.statistics(field, plan) } },
    ).saying(choice.nothing).finished(save, returnFig)
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
    minLogfoldchange: Double? = null,
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
    save: Any? = null,
    returnFig: Boolean = false,
): MatrixPlot {
    val choice = RankedChoice(adata, groups, nGenes, groupby, varNames, geneSymbols, minLogfoldchange, key)
    val heading = colorbarTitle ?: valuesToPlot?.let(RankedChoice::heading) ?: MEAN_TITLE
    val limits = Triple(vmin, vmax, vcenter)
    val options = choice.options(
        useRaw, layer, dendrogram, heading, title, standardScale, swapAxes, limits, cmap, norm, figsize,
    )
    return MatrixPlot(
        adata, options, "rank_genes_groups_matrixplot",
        valuesToPlot?.let { field -> { plan -> choice.statistics(field, plan) } },
    ).saying(choice.nothing).finished(save, returnFig)
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
    minLogfoldchange: Double? = null,
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
    save: Any? = null,
): Figure {
    val choice = RankedChoice(adata, groups, nGenes, groupby, varNames, geneSymbols, minLogfoldchange, key)
    choice.nothing?.let { return ranked(it, "heatmap", save) }
    val limits = Triple(vmin, vmax, vcenter)
    val options =
        choice.options(
            useRaw, layer, dendrogram, EXPRESSION_TITLE, title, standardScale, swapAxes, limits, cmap, norm, figsize,
        )
    return ranked(HeatmapFigure(TablePlan(adata, options), showGeneLabels).build(), "heatmap", save)
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
    minLogfoldchange: Double? = null,
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
    save: Any? = null,
    returnFig: Boolean = false,
): StackedViolin {
    val choice = RankedChoice(adata, groups, nGenes, groupby, varNames, geneSymbols, minLogfoldchange, key)
    val limits = Triple(vmin, vmax, vcenter)
    val options =
        choice.options(
            useRaw, layer, dendrogram, colorbarTitle, title, standardScale, swapAxes, limits, cmap, norm, figsize,
        )
    return StackedViolin(adata, options, "rank_genes_groups_stacked_violin", StackedViolinStyle.PLAIN)
        .saying(choice.nothing)
        .finished(save, returnFig)
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
    minLogfoldchange: Double? = null,
    key: String? = null,
    title: String? = null,
    figsize: Pair<Number, Number>? = null,
    dendrogram: Any? = null,
    useRaw: Boolean? = null,
    layer: String? = null,
    save: Any? = null,
): Figure {
    val choice = RankedChoice(adata, groups, nGenes, groupby, varNames, geneSymbols, minLogfoldchange, key)
    choice.nothing?.let { return ranked(it, "tracksplot", save) }
    val options = choice.options(useRaw, layer, dendrogram, "", title, swapAxes = true, figsize = figsize)
    return ranked(TracksFigure(TablePlan(adata, options)).build(), "tracksplot", save)
}

private fun ranked(panel: Panel, name: String, save: Any?): Figure =
    finish(listOf(Placed(panel, 0, 0)), "rank_genes_groups_$name", save, name)
