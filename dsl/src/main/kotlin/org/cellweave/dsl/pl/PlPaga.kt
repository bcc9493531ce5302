package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.LayoutChoice
import org.cellweave.dsl.shown.PagaGraph
import org.cellweave.dsl.shown.texts

/**
 * Draws the graph of groups of `sc.tl.paga`, one panel per entry of [color].
 *
 * Areas of nodes grow with the number of cells, widths of links with their weights.
 *
 * Reads `uns["paga"]`, `obs`, X or raw, `uns[{key}_colors]`. Writes `uns["paga"]["pos"]`, `uns[{key}_colors]`.
 *
 * @param threshold weights below it are not drawn; 0.01 by default
 * @param color the groups, another categorical column (a pie per node), numbers or genes (their means), a list of
 *   these, or a map from node to a map from colour to part
 * @param layout `fr`, `fa` or `kk`, which use the weights of [solidEdges]; `rt`, `rt_circular` or `eq_tree` for the
 *   tree of `sc.tl.paga`; `circle`, `grid` or `random`
 * @param layoutKwds `maxiter` of `fr`, `fa` and `kk`
 * @param initPos positions from which `fr`, `fa` and `kk` start, given like [pos]
 * @param root a node or several, by name or number; null for those with most links
 * @param labels one text per node, or a map from node to text
 * @param randomState seed of the layout
 * @param pos positions of the nodes: a matrix of two columns or a list of pairs; replaces [layout]
 * @param addPos keeps the positions
 * @param plot false only computes the positions: the figure is not shown
 */
public fun Plotting.paga(
    adata: AnnData,
    threshold: Number? = null,
    color: Any? = null,
    layout: String? = null,
    layoutKwds: Map<String, Any> = emptyMap(),
    initPos: Any? = null,
    root: Any? = 0,
    labels: Any? = null,
    solidEdges: String = "connectivities",
    dashedEdges: String? = null,
    fontsize: Any? = null,
    fontweight: Any = "bold",
    fontoutline: Number? = null,
    nodeSizeScale: Number = 1.0,
    nodeSizePower: Number = 0.5,
    edgeWidthScale: Number = 1.0,
    minEdgeWidth: Number? = null,
    maxEdgeWidth: Number? = null,
    title: Any? = null,
    randomState: Long = 0,
    pos: Any? = null,
    cmap: Any? = null,
    colorbar: Boolean = true,
    frameon: Boolean? = null,
    addPos: Boolean = true,
    useRaw: Boolean = true,
    ncols: Int = 4,
    plot: Boolean = true,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val options = PagaOptions(
        threshold = threshold?.toDouble(), solidEdges = solidEdges, dashedEdges = dashedEdges, labels = labels,
        fontsize = fontsize,
        fontweight = fontweight, fontoutline = fontoutline, nodeSizeScale = nodeSizeScale.toDouble(),
        nodeSizePower = nodeSizePower.toDouble(), edgeWidthScale = edgeWidthScale.toDouble(),
        minEdgeWidth = minEdgeWidth?.toDouble(),
        maxEdgeWidth = maxEdgeWidth?.toDouble(), cmap = cmap, colorbar = colorbar, frameon = frameon, useRaw = useRaw,
    )
    val graph = PagaGraph(adata)
    val wish = LayoutChoice(name = layout, kwds = layoutKwds, initPos = initPos, root = root, seed = randomState)
    val places = graph.places(pos, wish, solidEdges, options.least)
    val figure = PagaFigure(adata, graph, places, options)
    val colors: List<Any?> = if (color is Map<*, *>) listOf(color) else texts(color, "color") ?: listOf(null)
    val titles = texts(title, "title")
    require(titles == null || titles.size == colors.size) {
        "title must have one entry per panel (${colors.size}), got ${titles!!.size}"
    }
    val panels = colors.mapIndexed { i, one ->
        figure.panel(one, titles?.get(i) ?: (one as? String)?.takeIf { colors.size > 1 || it != graph.key } ?: "")
    }
    if (addPos) graph.keep(places)
    val drawn = finish(grid(panels, ncols), "paga", Output(save, if (plot) show else false, ax, figsize, dpi))
    // Nobody misses what was not to be drawn.
    if (!plot) DrawnFigures.saved(drawn)
    return drawn
}
