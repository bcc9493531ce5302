package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.GraphDrawing
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.withThreads
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.embedding
import org.cellweave.dsl.slots.graphOf
import org.cellweave.graphdraw.ForceAtlas2
import org.cellweave.graphdraw.FruchtermanReingold
import org.cellweave.graphdraw.KamadaKawai
import org.cellweave.graphdraw.TreeLayout
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.graphdraw.ForceAtlas2.Params.DEFAULTS as FA

private val LAYOUTS = listOf("fa", "fr", "kk", "rt", "rt_circular")

/**
 * Draws the neighbour graph: by forces between its cells, by its shortest paths or as a tree. See [ForceAtlas2],
 * [FruchtermanReingold], [KamadaKawai], [TreeLayout].
 *
 * Reads `obsp["connectivities"]` and `uns["neighbors"]`, or [adjacency]. Writes `obsm["X_draw_graph_{layout}"]` and
 * `uns["draw_graph"]`; [keyAddedExt] takes the place of the layout, and [keyAdded] that of the whole key.
 *
 * @param layout `fa`, `fr`, `kk` (at most [KamadaKawai.LARGEST] cells), `rt` or `rt_circular`; only `fa` uses weights
 * @param initPos a key of `obsm` to start from, `paga` or true for the positions in `uns["paga"]`, or null or false
 *   for random ones; not of trees
 * @param root of a tree; the cell with most links by default
 * @param nJobs threads for this call; null for `sc.settings.nJobs`. The result is the same for any number
 * @param maxiter number of iterations, 500 by default; not of trees
 */
public fun Tools.drawGraph(
    adata: AnnData,
    layout: String = "fa",
    initPos: Any? = null,
    root: Int? = null,
    randomState: Long = FA.seed(),
    adjacency: Matrix? = null,
    keyAddedExt: String? = null,
    neighborsKey: String? = null,
    obsp: String? = null,
    copy: Boolean = false,
    maxiter: Int? = null,
    keyAdded: String? = preset.keyAdded("graph_$layout"),
    nJobs: Int? = null,
): AnnData = withThreads(nJobs) {
    GraphDrawing.check(layout, LAYOUTS)
    val tree = layout in GraphDrawing.TREES
    val from = initPos.takeUnless { it == false }
    require(root == null || tree) { "root is only used by tree layouts, got root = $root with layout = '$layout'" }
    require(from == null || !tree) { "initPos is not used by tree layouts, got $initPos with layout = '$layout'" }
    require(maxiter == null || !tree) { "maxiter is not used by tree layouts, got $maxiter with layout = '$layout'" }
    val target = adata.target(copy)
    val graph = target.graphOf(adjacency, neighborsKey, obsp)
    val start = from?.let { startOf(target, if (it == true) "paga" else it.toString()) }
    val drawing = GraphDrawing(layout, randomState, start, listOfNotNull(root), maxiter)
    val key = if (keyAddedExt != null || keyAdded == null) "X_draw_graph_${keyAddedExt ?: layout}" else keyAdded
    val coordinates =
        Log.timed<DenseMatrix>(
            "drawing single-cell graph using layout '$layout'",
            { "added\n    '$key', graph_drawing coordinates (adata.obsm)" },
        ) {
            withProgress { drawing.draw(graph, it) }
        }
    target.obsm.set(key, coordinates)
    target.uns["draw_graph"] = dict("params" to dict("layout" to layout, "random_state" to randomState))
    target
}

/** Coordinates to start from: an embedding, or each cell at its group's place in the PAGA layout. */
private fun startOf(adata: AnnData, initPos: String): DenseMatrix {
    if (initPos in adata.obsm.keys || initPos != "paga") {
        return adata.embedding(initPos).toDense()
    }
    return pagaPlaces(adata)
}
