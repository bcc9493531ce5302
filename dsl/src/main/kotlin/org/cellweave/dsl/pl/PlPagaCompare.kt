package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Places
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.plot.median
import org.cellweave.dsl.shown.PagaGraph

/**
 * Draws cells in an embedding beside the graph of their groups, whose nodes are at the median of their cells.
 *
 * The nodes are there whatever [color] is; scanpy takes `uns["paga"]["pos"]` when it is not the groups.
 *
 * Reads `obsm[X_basis]`, `uns["paga"]`, `obs`, X or raw, `uns[{key}_colors]`. Writes `uns["paga"]["pos"]`,
 * `uns[{key}_colors]`.
 *
 * @param basis the first of `draw_graph_fa`, `umap`, `tsne` and `draw_graph_fr` that is there, by default
 * @param color one obs column or gene for both; the groups by default
 * @param legendFontsize of the names in both; so are [legendFontweight] and [legendFontoutline]
 * @param labels one text per node, or a map from node to text
 */
public fun Plotting.pagaCompare(
    adata: AnnData,
    basis: String? = null,
    edges: Boolean = false,
    color: String? = null,
    alpha: Number = 1.0,
    groups: Any? = null,
    components: Any? = null,
    legendLoc: String? = "on data",
    legendFontsize: Any? = null,
    legendFontweight: Any = "bold",
    legendFontoutline: Number? = null,
    colorMap: Any? = null,
    palette: Any? = null,
    frameon: Boolean = false,
    size: Any? = null,
    title: String? = null,
    titleGraph: String? = null,
    pos: Any? = null,
    threshold: Number? = null,
    labels: Any? = null,
    solidEdges: String = "connectivities",
    dashedEdges: String? = null,
    nodeSizeScale: Number = 1.0,
    nodeSizePower: Number = 0.5,
    edgeWidthScale: Number = 1.0,
    minEdgeWidth: Number? = null,
    maxEdgeWidth: Number? = null,
    addPos: Boolean = true,
    useRaw: Boolean = true,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val graph = PagaGraph(adata)
    val key = color ?: graph.key
    val slot = basis ?: BASES.firstOrNull { adata.obsm.contains("X_$it") } ?: "umap"
    val cells = EmbeddingFigure(
        adata, slot,
        EmbeddingOptions(
            color = key, useRaw = if (adata.raw == null) null else useRaw, edges = edges, groups = groups,
            components = components, colorMap = colorMap, palette = palette, size = size, frameon = frameon,
            legendFontsize = legendFontsize, legendFontweight = legendFontweight, legendLoc = legendLoc,
            legendFontoutline = legendFontoutline, ncols = 1, title = title ?: key, alpha = alpha.toDouble(),
        ),
        slot,
    )
    val (x, y) = cells.coordinates()
    val limits = PointPanel.padded(x, x, y) to PointPanel.padded(y, x, y)
    val places = if (pos == null) medians(graph, x, y) else graph.given(pos)
    val options = PagaOptions(
        threshold = threshold?.toDouble(), solidEdges = solidEdges, dashedEdges = dashedEdges, labels = labels,
        fontsize = legendFontsize, fontweight = legendFontweight, fontoutline = legendFontoutline,
        nodeSizeScale = nodeSizeScale.toDouble(), nodeSizePower = nodeSizePower.toDouble(),
        edgeWidthScale = edgeWidthScale.toDouble(),
        minEdgeWidth = minEdgeWidth?.toDouble(), maxEdgeWidth = maxEdgeWidth?.toDouble(), cmap = colorMap,
        colorbar = true, frameon = frameon,
        useRaw = useRaw,
    )
    val figure = PagaFigure(adata, graph, places, options)
    val nodes = figure.panel(key, titleGraph ?: " ", limits.takeIf { pos == null })
    if (addPos) graph.keep(places)
    return finish(grid(listOf(cells.place()[0].panel, nodes), 2), "paga_compare", Output(save, show, ax, figsize, dpi))
}

private val BASES = listOf("draw_graph_fa", "umap", "tsne", "draw_graph_fr")

private fun medians(graph: PagaGraph, x: DoubleArray, y: DoubleArray): Places {
    fun middle(values: DoubleArray, group: Int): Double {
        val own = values.indices.filter { graph.codes[it] == group && values[it].isFinite() }.map { values[it] }
        require(own.isNotEmpty()) { "group '${graph.names[group]}' has no cell with coordinates; give pos" }
        return median(own)
    }
    val n = graph.names.size
    return Places(DoubleArray(n) { middle(x, it) }, DoubleArray(n) { middle(y, it) })
}
