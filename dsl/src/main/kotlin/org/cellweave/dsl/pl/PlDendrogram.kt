package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.ColorBounds
import org.cellweave.dsl.plot.CorrelationFigure
import org.cellweave.dsl.plot.Dendrogram
import org.cellweave.dsl.plot.DendrogramFigure
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.Side
import org.cellweave.dsl.shown.GroupTree
import org.cellweave.dsl.shown.StoredTree
import org.cellweave.dsl.shown.groupsOf
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.Remedies
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Draws the tree over groups of cells.
 *
 * Reads `uns[dendrogram_{groupby}]`. Where it is not there, or is over other groups than `obs[groupby]` has now, a
 * warning says so and `sc.tl.dendrogram` is run with its defaults, which writes it.
 *
 * @param groupby a column of obs, or several
 * @param dendrogramKey another key of the tree in `uns`
 * @param orientation where the root is: `top`, `bottom`, `left` or `right`
 */
public fun Plotting.dendrogram(
    adata: AnnData,
    groupby: Any,
    dendrogramKey: String? = null,
    orientation: String = "top",
    removeLabels: Boolean = false,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val side = Check.oneOf(orientation, Side::class.java, "orientation")
    val tree = treeOf(adata, texts(groupby, "groupby")!!, dendrogramKey ?: true)
    val panel = DendrogramFigure(tree, side, !removeLabels, sessionLook()).build()
    return finish(listOf(Placed(panel, 0, 0)), "dendrogram", Output(save, show, ax, figsize, dpi))
}

/**
 * Draws the correlations of the groups' mean profiles.
 *
 * Reads `obs[groupby]` and `uns[dendrogram_{groupby}]`, which is made when needed, as in [dendrogram].
 *
 * @param dendrogram true or null draws the tree and sorts by it; false keeps the categories' order; or its key in `uns`
 * @param showCorrelationNumbers writes the correlation into every cell
 * @param vmin -1 by default, with [vmax] 1, where neither they nor [norm] are given
 * @param figsize width and height of the figure in inches of 80 pixels; by default cells of one size
 * @param norm a [Norm] of the colours; excludes the three limits
 */
public fun Plotting.correlationMatrix(
    adata: AnnData,
    groupby: Any,
    showCorrelationNumbers: Boolean = false,
    dendrogram: Any? = null,
    figsize: Pair<Number, Number>? = null,
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    norm: Any? = null,
    cmap: Any = "bwr",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    require(dendrogram == null || dendrogram is Boolean || dendrogram is String) {
        "dendrogram must be true, false or a key of uns, got $dendrogram"
    }
    val keys = texts(groupby, "groupby")!!
    val tree = treeOf(adata, keys, dendrogram as? String ?: true)
    val correlation = tree.correlation ?: throw MissingKeyException(
        "uns['${dendrogram as? String ?: GroupTree.key(keys)}']", "correlation_matrix", emptyList(),
        Remedies.again("dendrogram_*", "uns"),
    )
    val names = if (dendrogram == false) groupsOf(adata, keys).names.filter { it in tree.order } else tree.order
    val order = names.map(tree.order::indexOf)
    val values = Array(order.size) { r -> DoubleArray(order.size) { correlation[order[r]][order[it]] } }
    val whole = vmin == null && vmax == null && norm == null
    val bounds = ColorBounds(
        norm = norm, vmin = if (whole) -1 else vmin, vmax = if (whole) 1 else vmax, vcenter = vcenter,
    )
    val panel = CorrelationFigure(
        names, values, if (dendrogram == false) null else tree.tree(), colorMap(cmap, "bwr"),
        bounds.of(values), showCorrelationNumbers, sessionLook(), figureSize(figsize ?: insideOf(ax)),
    ).build()
    return finish(listOf(Placed(panel, 0, 0)), "correlation_matrix", Output(save, show, ax, dpi = dpi))
}

private fun treeOf(adata: AnnData, keys: List<String>, choice: Any): Dendrogram =
    StoredTree.of(adata, keys, groupsOf(adata, keys).let { it.only(it.used()) }, choice)!!
