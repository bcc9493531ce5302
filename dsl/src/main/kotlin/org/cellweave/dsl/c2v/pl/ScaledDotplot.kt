package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.DotPlotStyle
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.TableOptions
import org.cellweave.dsl.shown.TablePlan
import org.cellweave.util.Check
import kotlin.math.sqrt

/**
 * Draws genes per group as dots: their area is the fraction of expressing cells, their colour the mean of z scores.
 *
 * A gene that is the same in all cells has scores of 0. The result can be changed as that of `sc.pl.dotplot`.
 *
 * Reads `obs[groupby]`, X, raw or a layer.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param vmin score of the first colour, [vmax] of the last
 * @param maxValue scores above it count as it, as in `sc.pp.scale`
 * @param dendrogram true, or the key of the tree in `uns`
 * @param returnFig keeps the figure from being saved and shown, to be changed first
 */
public fun ClonalPlotting.scaledDotplot(
    adata: AnnData,
    groupby: Any,
    varNames: Any,
    cmap: Any = "RdBu_r",
    vmin: Any? = -2.5,
    vmax: Any? = 2.5,
    maxValue: Number = 5.0,
    colorbarTitle: String = "Mean z score\nin group",
    expressionCutoff: Number = 0.0,
    useRaw: Boolean? = null,
    layer: String? = null,
    title: String? = null,
    dendrogram: Any = false,
    swapAxes: Boolean = false,
    figsize: Pair<Number, Number>? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
    returnFig: Boolean? = null,
): DotPlot {
    Check.positive(maxValue.toDouble(), "maxValue")
    val options = TableOptions(
        varNames = varNames, groupby = groupby, useRaw = useRaw, title = title, colorbarTitle = colorbarTitle,
        dendrogram = dendrogram, layer = layer, swapAxes = swapAxes, vmin = vmin, vmax = vmax, cmap = cmap,
        figsize = figsize,
    )
    val scores = { plan: TablePlan -> meanScores(plan, Expression(adata, useRaw, layer), maxValue.toDouble()) }
    val style = DotPlotStyle(sizeTitle = SIZE_TITLE, dotMax = null, dotMin = null, smallestDot = 0.0)
    return DotPlot(
        adata, options, "scaled_dotplot", style, expressionCutoff.toDouble(), false,
        scores,
    ).finished(Output(save, show, ax, dpi = dpi), returnFig)
}

/** Groups by genes in the order of the plan. */
private fun meanScores(plan: TablePlan, expression: Expression, most: Double): Array<DoubleArray> {
    val members = plan.members()
    val scores = expression.genes(plan.genes).map { scaled(it, most) }
    return Array(members.size) { g ->
        DoubleArray(scores.size) { j -> members[g].sumOf { scores[j][it] } / members[g].size }
    }
}

/** Distances from the mean in deviations of a sample. */
private fun scaled(values: DoubleArray, most: Double): DoubleArray {
    val mean = values.average()
    val deviation = sqrt(values.sumOf { (it - mean) * (it - mean) } / (values.size - 1))
    return DoubleArray(values.size) { if (deviation > 0) minOf((values[it] - mean) / deviation, most) else 0.0 }
}
