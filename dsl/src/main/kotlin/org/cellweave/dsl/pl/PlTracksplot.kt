package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.TracksFigure
import org.cellweave.dsl.shown.TableOptions
import org.cellweave.dsl.shown.TablePlan

/**
 * Draws one row per gene in which every cell is a bar, cells sorted and coloured by group.
 *
 * Each row has its own scale, whose upper end is written at its right. Where a pixel stands for several
 * cells it shows the one farthest from zero.
 *
 * Reads `obs[groupby]`, X, raw or a layer, with [dendrogram] also `uns[dendrogram_{groupby}]`. Writes
 * `uns[{groupby}_colors]`.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param dendrogram true, or the key of the tree in `uns`; made where it is not there or is over other groups
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 */
public fun Plotting.tracksplot(
    adata: AnnData,
    varNames: Any,
    groupby: Any,
    useRaw: Boolean? = null,
    log: Boolean = false,
    dendrogram: Any = false,
    geneSymbols: String? = null,
    varGroupPositions: List<Pair<Int, Int>>? = null,
    varGroupLabels: List<String>? = null,
    layer: String? = null,
    figsize: Pair<Number, Number>? = null,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val options = TableOptions(
        varNames = varNames, groupby = groupby, useRaw = useRaw, log = log, title = title, dendrogram = dendrogram,
        geneSymbols = geneSymbols,
        varGroupPositions = varGroupPositions, varGroupLabels = varGroupLabels, layer = layer, swapAxes = true,
        figsize = figsize ?: insideOf(ax),
    )
    val plan = TablePlan(adata, options)
    return finish(
        listOf(Placed(tracksOf(plan), 0, 0)), "tracksplot", Output(save, show, ax, dpi = dpi), genes = plan.genes,
    )
}

internal fun tracksOf(plan: TablePlan): Panel {
    val values = plan.perCell().values
    return TracksFigure(framed(plan, "viridis"), plan.groupedCells(), values).build()
}
