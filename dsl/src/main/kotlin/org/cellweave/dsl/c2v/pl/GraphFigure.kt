package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.Edges
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.Check
import kotlin.math.abs

/**
 * Draws an embedding with the links of a graph below its dots; with [oriented] each has a head at its end.
 *
 * Above 20,000 links they are a picture between vector axes. A graph that is the same in both directions has no heads.
 *
 * Reads `obsp[graphKey]`, `obsm[basis]`, `obs`, X, raw or a layer, `uns[{key}_colors]`. Writes `uns[{key}_colors]`.
 *
 * @param color obs columns and genes, one or a list
 * @param linewidth in pixels
 * @param size area of the dots in square points; 120000 / cells by default
 * @param title of the panels, one or a list
 * @param ncols panels in a row
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.graph(
    adata: AnnData,
    graphKey: String = "connectivities",
    basis: String = "X_umap",
    oriented: Boolean = false,
    color: Any? = null,
    linewidth: Number = 0.5,
    linecolor: String = "black",
    size: Number? = null,
    frameon: Boolean? = null,
    palette: Any? = null,
    colorMap: Any? = null,
    legendLoc: String? = "right margin",
    title: Any? = null,
    ncols: Int = 4,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    Check.positive(linewidth.toDouble(), "linewidth")
    require(graphKey in adata.obsp.keys || graphKey !in adata.obsm.keys) {
        "graphKey must name a graph in obsp, such as connectivities, but '$graphKey' is in obsm; give it as " +
            "basis = \"$graphKey\""
    }
    val edges = links(adata, graphKey, oriented, linewidth.toDouble(), Palettes.color(linecolor, "linecolor"))
    val options = EmbeddingOptions(
        color = color, size = size, frameon = frameon, palette = palette, colorMap = colorMap, legendLoc = legendLoc,
        title = title, ncols = ncols, show = show, save = save, ax = ax, figsize = figsize, dpi = dpi,
    )
    return EmbeddingFigure(adata, basis, options, "graph", given = edges).build()
}

/** One link per pair where the graph is symmetric or direction does not matter, else one per entry. */
private fun links(adata: AnnData, key: String, oriented: Boolean, width: Double, color: String): Edges {
    val graph = adata.obsp.matrix(key, remedy(key, "obsp")).toCsr()
    val entries = LinkedHashMap<Long, Double>()
    for (b in 0 until graph.blockCount()) {
        val block = graph.block(b)
        for (row in block.firstRow() until block.endRow()) {
            for (k in block.start(row) until block.end(row)) {
                val column = block.indices()[k]
                val value = block.value(k)
                if (column != row && value != 0.0) entries[row.toLong() * graph.nCols() + column] = value
            }
        }
    }
    val n = graph.nCols().toLong()

    fun mirrored(link: Long) = link % n * n + link / n
    val directed = oriented && entries.any { (link, value) -> abs(value - (entries[mirrored(link)] ?: 0.0)) >= SAME }
    val shown = if (directed) entries.keys.toList() else entries.keys.map { minOf(it, mirrored(it)) }.distinct()
    return Edges(
        IntArray(shown.size) { (shown[it] / n).toInt() }, IntArray(shown.size) { (shown[it] % n).toInt() },
        width / Look.PIXELS_PER_POINT, listOf(color), directed,
    )
}

private const val SAME = 1e-10
