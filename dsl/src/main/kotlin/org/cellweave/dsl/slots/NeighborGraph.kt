package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.graph.GraphCheck
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException
import org.cellweave.util.RefusedValueException

/** The graph under a key of `sc.pp.neighbors`. */
internal class NeighborGraph(
    val connectivities: CsrMatrix,
    val params: Map<String, Any?>,
)

@Suppress("UNCHECKED_CAST")
internal fun AnnData.neighborGraph(neighborsKey: String?, obspKey: String? = null): NeighborGraph {
    require(neighborsKey == null || obspKey == null) { "neighborsKey and obsp exclude each other" }
    if (obspKey != null) {
        return NeighborGraph(obsp.matrix(obspKey, "").toCsr(), emptyMap())
    }
    val key = neighborsKey ?: "neighbors"
    val stored =
        uns[key] as? Map<String, Any?>
            ?: throw MissingKeyException("uns", key, uns.keys, remedy("neighbors", "uns", added(neighborsKey)))
    val matrixKey = stored["connectivities_key"] as? String ?: "connectivities"
    return NeighborGraph(obsp.matrix(matrixKey, remedy("connectivities", "obsp")).toCsr(), stored.settings())
}

/**
 * `obsp[key]` as a graph. A weight that is negative or not finite is told by the names of its ends.
 *
 * @param known the key under which a verb writes such a graph by default
 */
internal fun AnnData.weightedGraph(key: String, known: String = key): CsrMatrix {
    val graph = obsp.matrix(key, remedy(known, "obsp")).toCsr()
    try {
        GraphCheck.weights(graph)
    } catch (e: RefusedValueException) {
        throw IllegalArgumentException(
            "weights of obsp['$key'] must be finite and not negative, but that from '${obsNames[e.row()]}' to " +
                "'${obsNames[e.column()]}' is ${e.value()}",
            e,
        )
    }
    return graph
}

private fun added(neighborsKey: String?) = neighborsKey?.let { "keyAdded = \"$it\"" }.orEmpty()

/** The graph that a verb is given as [adjacency], or the one under a key of `sc.pp.neighbors` or of `obsp`. */
internal fun AnnData.graphOf(adjacency: Matrix?, neighborsKey: String?, obsp: String?): CsrMatrix {
    require(adjacency == null || (neighborsKey == null && obsp == null)) { "adjacency excludes neighborsKey and obsp" }
    val graph = adjacency?.toCsr() ?: neighborGraph(neighborsKey, obsp).connectivities
    require(graph.nRows() == nObs) { "adjacency must have $nObs rows, got ${graph.describe()}" }
    return graph
}
