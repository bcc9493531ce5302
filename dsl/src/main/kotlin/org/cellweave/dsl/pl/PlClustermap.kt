package org.cellweave.dsl

import org.cellweave.cluster.Linkage
import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.ClusterMapFigure
import org.cellweave.dsl.plot.ColorBounds
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.RowColors
import org.cellweave.dsl.shown.Categories
import org.cellweave.dsl.shown.CategoryColors
import org.cellweave.dsl.shown.CellExpression
import org.cellweave.dsl.shown.Expression
import org.cellweave.dsl.shown.RowTrees
import org.cellweave.dsl.shown.columnValues
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.Remedies
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Draws all cells by all genes, both sorted by hierarchical clustering of Euclidean distances. See [Linkage].
 *
 * The cells are one picture between vector axes. Where a pixel stands for several values it shows their mean.
 *
 * Reads X or raw, `obs[obsKeys]`. Writes `uns[{key}_colors]`.
 *
 * @param obsKeys categorical columns of obs, drawn as colours beside the cells
 * @param method `average`, `complete` or `single`
 * @param standardScale `var` scales each gene over the cells, `obs` each cell over the genes
 * @param figsize width and height of the figure in inches of 80 pixels
 * @param norm a [Norm] of the colours; excludes the three limits
 */
public fun Plotting.clustermap(
    adata: AnnData,
    obsKeys: Any? = null,
    useRaw: Boolean? = null,
    method: String = "average",
    standardScale: String? = null,
    cmap: Any = "viridis",
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    layer: String? = null,
    figsize: Pair<Number, Number>? = null,
    norm: Any? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val linkage = Check.oneOf(method, Linkage.Method::class.java, "method")
    val colors = texts(obsKeys, "obsKeys").orEmpty().map { rowColors(adata, it) }
    val expression = Expression(adata, useRaw, layer)
    val genes = expression.allGenes
    RowTrees.checked(genes.size, "genes")
    RowTrees.checked(adata.nObs, "cells")
    val values = CellExpression(expression.all(), false, standardScale).values
    val cells = Array(adata.nObs) { i -> DoubleArray(values.size) { values[it][i] } }
    val limits = ColorBounds(norm = norm, vmin = vmin, vmax = vmax, vcenter = vcenter).of(values)
    val panel = ClusterMapFigure(
        values, adata.obsNames, genes, RowTrees.of(cells, linkage), RowTrees.of(values, linkage), colors,
        colorMap(cmap, "viridis"), limits, sessionLook(), figureSize(figsize ?: insideOf(ax)),
    ).build()
    return finish(listOf(Placed(panel, 0, 0)), "clustermap", Output(save, show, ax, dpi = dpi))
}

private fun rowColors(adata: AnnData, key: String): RowColors {
    val column = adata.obs.find(key) ?: throw MissingKeyException("obs", key, adata.obs.keys, Remedies.column(key))
    val values = columnValues(column) as? Categories
        ?: throw IllegalArgumentException("obsKeys must name categorical columns, but obs['$key'] holds numbers")
    require(values.names.isNotEmpty()) { "obsKeys: no cell has a label in obs['$key']; leave it out" }
    return RowColors(key, values.codes, values.names, CategoryColors.of(adata, key, values.names, null))
}
