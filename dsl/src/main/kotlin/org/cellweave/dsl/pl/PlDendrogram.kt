package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.CorrelationFigure
import org.cellweave.dsl.plot.Dendrogram
import org.cellweave.dsl.plot.DendrogramFigure
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.Side
import org.cellweave.dsl.plot.groupsOf
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Draws the tree over groups of cells.
 *
 * Reads `uns[dendrogram_{groupby}]`, made by `sc.tl.dendrogram`.
 *
 * @param dendrogramKey another key of the tree in `uns`
 * @param orientation where the root is: `top`, `bottom`, `left` or `right`
 */
public fun Plotting.dendrogram(
    adata: AnnData,
    groupby: String,
    dendrogramKey: String? = null,
    orientation: String = "top",
    removeLabels: Boolean = false,
    save: Any? = null,
): Figure {
    val side = Check.oneOf(orientation, Side::class.java, "orientation")
    val tree = Dendrogram.find(adata, groupby, dendrogramKey ?: true, true)!!
    return finish(listOf(Placed(DendrogramFigure(tree, side, !removeLabels).build(), 0, 0)), "dendrogram", save)
}

/**
 * Draws the correlations of the groups' mean profiles.
 *
 * Reads `uns[dendrogram_{groupby}]`, made by `sc.tl.dendrogram`, and `obs[groupby]`.
 *
 * @param dendrogram true or null draws the tree and sorts by it; false keeps the categories' order; or its key in `uns`
 * @param showCorrelationNumbers writes the correlation into every cell
 * @param vmin -1 by default, with [vmax] 1, where neither they nor [norm] are given
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param norm a [Norm] of the colours; excludes the three limits
 */
public fun Plotting.correlationMatrix(
    adata: AnnData,
    groupby: String,
    showCorrelationNumbers: Boolean = false,
    dendrogram: Any? = null,
    figsize: Pair<Number, Number>? = null,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    cmap: Any = "bwr",
    save: Any? = null,
): Figure {
    require(dendrogram == null || dendrogram is Boolean || dendrogram is String) {
        "dendrogram must be true, false or a key of uns, got $dendrogram"
    }
    val stored = Dendrogram.find(adata, groupby, dendrogram as? String ?: true, true)!!
    val names = groupsOf(adata, groupby).names.filter { it in stored.order }
    val correlation = stored.correlation ?: throw MissingKeyException(
        "uns['${dendrogram as? String ?: "dendrogram_$groupby"}']", "correlation_matrix", emptyList(),
        "Run sc.tl.dendrogram(groupby = \"$groupby\") again.",
    )
    require(correlation.size == names.size && stored.order.size == names.size) {
        "the tree is over ${stored.order}, but obs['$groupby'] has $names; run sc.tl.dendrogram again"
    }
    val order = if (dendrogram == false) names.indices.toList() else stored.order.map(names::indexOf)
    val values = Array(order.size) { r -> DoubleArray(order.size) { correlation[order[r]][order[it]] } }
    val all = values.flatMap { it.asList() }.toDoubleArray()
    val whole = vmin == null && vmax == null && norm == null
    val limits = Limits.choose(all, norm, if (whole) -1 else vmin, if (whole) 1 else vmax, vcenter, 0)
    val panel = CorrelationFigure(
        order.map { names[it] }, values, if (dendrogram == false) null else stored.tree(), ColorMap.of(cmap, "bwr"),
        limits, showCorrelationNumbers, figsize,
    ).build()
    return finish(listOf(Placed(panel, 0, 0)), "correlation_matrix", save)
}
