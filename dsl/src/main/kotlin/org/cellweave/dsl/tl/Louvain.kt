package org.cellweave.dsl

import org.cellweave.cluster.Louvain
import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.Clustering
import org.cellweave.dsl.glue.Communities
import org.cellweave.dsl.glue.asGiven
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.shown.restricted
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.graphOf
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
 * @param restrictTo a column of `obs` and one or some of its categories: only their cells are clustered anew
 * @param adjacency a graph to use in place of the stored one
 * @param flavor `vtraag` or `igraph`
 */
public fun Tools.louvain(
    adata: AnnData,
    resolution: Number = LOUVAIN.resolution(),
    randomState: Long = LOUVAIN.seed(),
    restrictTo: Pair<String, Any>? = null,
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
    val graph = target.graphOf(adjacency, neighborsKey, obsp)
    val clustering = Clustering("Louvain", "louvain", keyAdded, restricted(restrictTo))
    clustering.run(target, graph) { used, progress ->
        Louvain.run(used, params, progress).let { Communities(it.labels(), it.nCommunities(), it) }
    }
    val given = mapOf("resolution" to asGiven(resolution))
    target.uns[clustering.key] = dict("params" to recorded(params, "resolution", "seed", resolved = given))
    return target
}

private enum class LouvainFlavor { VTRAAG, IGRAPH }
