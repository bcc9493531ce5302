package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.slots.unsMap
import kotlin.math.roundToInt

/**
 * Draws anchors as lines between cells of two batches, the darker the higher their score, below the cells of an
 * embedding that was made before the batches were brought together.
 *
 * Reads `obsm[X_basis]`, `uns[unsKey]` of `sc.pp.findIntegrationAnchors` and the graph that it names. Writes
 * `uns[{key}_colors]`.
 *
 * @param basis an embedding, with or without its `X_`
 * @param color as of `sc.pl.embedding`; null for the batches
 * @param linewidth in pixels
 */
public fun Plotting.anchors(
    adata: AnnData,
    basis: String = "umap",
    color: Any? = null,
    linewidth: Number = 0.4,
    palette: Any? = null,
    size: Any? = null,
    alpha: Number = 1.0,
    legendLoc: String? = "right margin",
    title: Any? = null,
    unsKey: String = ANCHORS_KEY,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val stored = adata.storedIntegration(unsKey)
    val batchKey = adata.unsMap(unsKey)[BATCH_KEY] as String
    val graph = stored.anchors.graph()
    val shades = ArrayList<String>()
    for (i in 0 until graph.nRows()) {
        val row = graph.blockOf(i)
        for (p in row.start(i) until row.end(i)) {
            if (row.indices()[p] > i) shades += shade(row.value(p))
        }
    }
    require(shades.isNotEmpty()) { "${stored.anchors.name()} has no anchors to draw" }
    return embedding(
        adata, basis, color ?: batchKey, edges = true, edgesWidth = linewidth.toDouble(), edgesColor = shades,
        neighborsKey = unsKey, palette = palette, size = size, alpha = alpha.toDouble(), legendLoc = legendLoc,
        title = title,
        show = show, save = save, ax = ax, figsize = figsize, dpi = dpi,
    )
}

/** Light grey for a score of 0, nearly black for 1. */
private fun shade(score: Double): String {
    val grey = (LIGHTEST - (LIGHTEST - DARKEST) * score.coerceIn(0.0, 1.0)).roundToInt()
    return "#" + "%02x".format(grey).repeat(3)
}

private const val LIGHTEST = 225
private const val DARKEST = 50
