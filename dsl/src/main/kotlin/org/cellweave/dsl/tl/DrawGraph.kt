package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.embed.ForceAtlas2
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.cellweave.embed.ForceAtlas2.Params.DEFAULTS as FA

/**
 * Draws the neighbour graph by forces between its cells. See [ForceAtlas2].
 *
 * Reads `obsp["connectivities"]` and `uns["neighbors"]`, or [adjacency]. Writes `obsm["X_draw_graph_fa"]` and
 * `uns["draw_graph"]`; [keyAddedExt] takes the place of `fa`, and
 * [keyAdded] that of the whole key.
 *
 * @param layout `fa`, the only layout there is so far
 * @param initPos a key of `obsm` to start from, `paga` for the positions in `uns["paga"]`, or null for random ones
 * @param root of tree layouts, which are not there; must be null
 * @param maxiter number of iterations
 */
public fun Tools.drawGraph(
    adata: AnnData,
    layout: String = "fa",
    initPos: String? = null,
    root: Int? = null,
    randomState: Long = FA.seed(),
    adjacency: Matrix? = null,
    keyAddedExt: String? = null,
    neighborsKey: String? = null,
    obsp: String? = null,
    copy: Boolean = false,
    maxiter: Int = FA.maxIter(),
    keyAdded: String? = preset.keyAdded("graph_$layout"),
): AnnData {
    require(layout == "fa") {
        "layout must be 'fa' (ForceAtlas2), got '$layout'. The igraph layouts of scanpy are not available; " +
            "use layout = \"fa\" or sc.tl.umap()"
    }
    require(root == null) { "root is only used by tree layouts, got root = $root with layout = 'fa'" }
    require(adjacency == null || (neighborsKey == null && obsp == null)) {
        "adjacency excludes neighborsKey and obsp"
    }
    val target = adata.target(copy)
    val graph = adjacency?.toCsr() ?: target.neighborGraph(neighborsKey, obsp).connectivities
    val start = initPos?.let { startOf(target, it) }
    val params =
        ForceAtlas2.Params
            .builder()
            .maxIter(maxiter)
            .seed(randomState)
            .build()
    val key = if (keyAddedExt != null || keyAdded == null) "X_draw_graph_${keyAddedExt ?: layout}" else keyAdded
    val result =
        Log.timed<ForceAtlas2.Result>(
            "drawing single-cell graph using layout '$layout'",
            { "added\n    '$key', graph_drawing coordinates (adata.obsm)" },
        ) {
            withProgress { ForceAtlas2.run(ForceAtlas2.Input(graph, start), params, it) }
        }
    target.obsm.set(key, result.coordinates())
    target.uns["draw_graph"] = dict("params" to dict("layout" to layout, "random_state" to randomState))
    return target
}

/** Coordinates to start from: an embedding, or each cell at its group's place in the PAGA layout. */
private fun startOf(adata: AnnData, initPos: String): DenseMatrix {
    if (initPos in adata.obsm.keys || initPos != "paga") {
        return adata.embedding(initPos).toDense()
    }
    val paga = adata.unsMap("paga")
    val groups = adata.groups(paga["groups"] as? String ?: "", "uns['paga']['groups']")
    val centres = centres(paga, groups.nCategories())
    val out = DenseMatrix.zeros(adata.nObs, 2, DType.FLOAT32)
    for (i in 0 until adata.nObs) {
        val g = groups.codes()[i]
        require(g >= 0) { "cell $i has no group in obs['${paga["groups"]}']; initPos = paga needs one for each cell" }
        out.set(i, 0, centres[2 * g])
        out.set(i, 1, centres[2 * g + 1])
    }
    return out
}

/** x and y of each group in turn. */
private fun centres(paga: Map<String, Any?>, nGroups: Int): DoubleArray {
    val place =
        when (val pos = paga["pos"]) {
            is NdArray -> pos.toDoubles()
            is Matrix -> pos.toDense().doubleData()
            else -> throw MissingKeyException("uns['paga']", "pos", paga.keys, "Run sc.pl.paga() first.")
        }
    require(place.size == 2 * nGroups) {
        "uns['paga']['pos'] must hold x and y of $nGroups groups, got ${place.size} numbers; run sc.pl.paga() again"
    }
    return place
}
