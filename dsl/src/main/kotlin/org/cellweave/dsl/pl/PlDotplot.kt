package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.DotPlotFigure
import org.cellweave.dsl.plot.DotPlotStyle
import org.cellweave.dsl.plot.DotTable
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.TableOptions
import org.cellweave.dsl.plot.TablePlan

internal const val SIZE_TITLE = "Fraction of cells\nin group (%)"

/**
 * Draws mean expression (colour) and fraction of expressing cells (area) of genes per group.
 *
 * Reads `obs[groupby]`, X, raw or a layer, with [dendrogram] also `uns[dendrogram_{groupby}]`.
 *
 * @param varNames a gene, a list, or a map from a bracket's label to genes
 * @param groupby a column of obs, or several whose pairs are the groups
 * @param numCategories intervals that a numeric [groupby] is cut into
 * @param standardScale `var` or `group`: subtract the least, divide by the largest
 * @param dendrogram true, or the key of the tree in `uns`
 * @param varGroupPositions first and last gene of every bracket over a list, named by [varGroupLabels]
 * @param dotColorDf numbers to colour by instead: one row per group, one column per gene
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param norm a [Norm] of the colours; excludes the three limits
 */
public fun Plotting.dotplot(
    adata: AnnData,
    varNames: Any,
    groupby: Any,
    useRaw: Boolean? = null,
    log: Boolean = false,
    numCategories: Int = 7,
    categoriesOrder: List<String>? = null,
    expressionCutoff: Double = 0.0,
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
    dotMax: Double? = null,
    dotMin: Double? = null,
    smallestDot: Double = 0.0,
    save: Any? = null,
): Figure {
    val plan = TablePlan(
        adata,
        TableOptions(
            varNames, groupby, useRaw, log, numCategories, categoriesOrder, standardScale, title, colorbarTitle,
            dendrogram, geneSymbols, varGroupPositions, varGroupLabels, varGroupRotation, layer, swapAxes, vmin, vmax,
            vcenter, cmap, norm, figsize,
        ),
    )
    val colors = dotColorDf?.let { plan.given(it, "dotColorDf") }
    val sizes = DotSizes(expressionCutoff, meanOnlyExpressed, sizeTitle, dotMax, dotMin, smallestDot)
    return dotFigure(plan, colors, sizes, "dotplot", save)
}

/** The arguments of a dot plot that say how large the dots are. */
internal class DotSizes(
    val cutoff: Double,
    val meanOnlyExpressed: Boolean,
    val title: String,
    val dotMax: Double?,
    val dotMin: Double?,
    val smallestDot: Double,
)

/** @param colors in drawing order; null for the means */
internal fun dotFigure(
    plan: TablePlan,
    colors: Array<DoubleArray>?,
    sizes: DotSizes,
    name: String,
    save: Any?,
): Figure {
    val values = plan.grouped(sizes.cutoff, sizes.meanOnlyExpressed)
    val table =
        DotTable(plan.groups, plan.genes, colors ?: plan.ordered(values.means), plan.ordered(values.fractions))
    val options = plan.options
    val style = DotPlotStyle(
        options.title, options.colorbarTitle, sizes.title, ColorMap.of(options.cmap, "Reds"),
        plan.limits(table.colors), sizes.dotMax, sizes.dotMin, sizes.smallestDot, options.swapAxes,
        options.varGroupRotation?.toDouble(), options.figsize,
    )
    return finish(listOf(Placed(DotPlotFigure(table, plan.brackets, plan.tree, style).build(), 0, 0)), name, save, "dotplot_")
}
