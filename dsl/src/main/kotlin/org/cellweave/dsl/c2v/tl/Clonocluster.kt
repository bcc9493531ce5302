package org.cellweave.dsl

import org.cellweave.clonal.association.Clonocluster
import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.weightedGraph
import org.cellweave.clonal.association.Clonocluster.Params.DEFAULTS as MIXED

/**
 * A graph between that of expression and that of lineage, to be clustered or laid out. See [Clonocluster].
 *
 * Reads `uns[graphKey]` with its connectivities and `obsp[lineageGraph]`. Writes
 * `obsp["{keyAdded}_connectivities"]` and `uns[keyAdded]`, which other verbs take as in
 * `sc.tl.leiden(adata, neighborsKey = "clonocluster")`.
 *
 * @param alpha from 0, expression alone, to 1, lineage alone
 * @param beta from 0 to 1; the smaller, the sooner lineage counts
 * @param graphKey of `sc.pp.neighbors`; null for `neighbors`
 */
public fun ClonalTools.clonocluster(
    adata: AnnData,
    alpha: Number = MIXED.alpha(),
    beta: Number = MIXED.beta(),
    keyAdded: String = "clonocluster",
    graphKey: String? = null,
    lineageGraph: String = "connected",
): AnnData {
    val params = Clonocluster.Params(alpha.toDouble(), beta.toDouble())
    requireOtherKey(keyAdded, "keyAdded", graphKey ?: "neighbors", "graphKey")
    requireOtherKey("${keyAdded}_connectivities", "\"{keyAdded}_connectivities\"", lineageGraph, "lineageGraph")
    val expression = adata.neighborGraph(graphKey)
    val lineage = adata.weightedGraph(lineageGraph, known = "connected")
    val key = "${keyAdded}_connectivities"
    val added = "added\n    '$key', weighted adjacency matrix (adata.obsp)"
    Log.timed<Unit>("computing clonocluster connectivities", { added }) {
        adata.obsp.set(key, Clonocluster.run(expression.connectivities, lineage, params).connectivities())
        val settings = dict("method" to "umap", "metric" to "custom", "random_state" to 0L)
        val rep = listOfNotNull(expression.params["use_rep"]?.let { "use_rep" to it })
        val distances = (adata.uns[graphKey ?: "neighbors"] as? Map<*, *>)?.get("distances_key") ?: "distances"
        val neighbors = listOfNotNull(expression.params["n_neighbors"]?.let { "n_neighbors" to it })
        // scanpy asks for the key of distances before it takes a graph, though the weights are all it needs
        adata.uns[keyAdded] =
            dict("connectivities_key" to key, "distances_key" to distances, "params" to settings + neighbors + rep)
    }
    return adata
}
