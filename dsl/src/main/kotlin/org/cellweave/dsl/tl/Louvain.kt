package org.cellweave.dsl

import org.cellweave.cluster.Louvain
import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.matrix.Matrix
import org.cellweave.util.Check
import org.cellweave.cluster.Louvain.Params.DEFAULTS as LOUVAIN

/**
 * Louvain communities of the neighbour graph. See [Louvain].
 *
 * Reads `obsp["connectivities"]` and `uns["neighbors"]`. Writes `obs[keyAdded]` (categorical) and `uns[keyAdded]`
 * (`params`). Both flavors run the same program, which heeds [resolution] in either; the neighbour graph is
 * symmetric, so that [directed] changes nothing.
 *
 * @param restrictTo a column of `obs` and some of its categories: only their cells are clustered anew
 * @param adjacency a graph to use in place of the stored one
 * @param flavor `vtraag` or `igraph`
 */
public fun Tools.louvain(
    adata: AnnData,
    resolution: Number = LOUVAIN.resolution(),
    randomState: Long = LOUVAIN.seed(),
    restrictTo: Pair<String, List<String>>? = null,
    keyAdded: String = "louvain",
    adjacency: Matrix? = null,
    flavor: String = "vtraag",
    directed: Boolean = true,
    useWeights: Boolean = LOUVAIN.useWeights(),
    neighborsKey: String? = null,
    obsp: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val program = Check.oneOf(flavor, LouvainFlavor::class.java, "flavor").spelled()
    Log.debug("flavor $program, ${if (directed) "directed" else "undirected"}: one program for all")
    val params = Louvain.Params(resolution.toDouble(), useWeights, randomState)
    val graph = adjacency?.toCsr() ?: target.neighborGraph(neighborsKey, obsp).connectivities
    val key = if (restrictTo != null && keyAdded == "louvain") "louvain_R" else keyAdded
    val found = { r: Louvain.Result ->
        "found ${r.nCommunities()} clusters and added\n    '$key', the cluster labels (adata.obs, categorical)"
    }
    Log.timed("running Louvain clustering", found) {
        val part = restrictTo?.let { restricted(target, it) }
        val r = withProgress { Louvain.run(if (part == null) graph else subgraph(graph, part), params, it) }
        val labels = restrictTo?.let { relabelled(target, it, part!!, r.labels()) }
        target.obs.set(key, labels ?: CategoricalColumn.ofLabels(r.labels(), r.nCommunities()))
        r
    }
    val stored: Any = if (resolution is Int || resolution is Long) resolution.toLong() else resolution.toDouble()
    target.uns[key] = dict("params" to dict("resolution" to stored, "random_state" to randomState))
    return target
}

private enum class LouvainFlavor { VTRAAG, IGRAPH }
