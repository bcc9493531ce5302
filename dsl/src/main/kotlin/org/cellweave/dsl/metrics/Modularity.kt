package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.matrix.Matrix
import org.cellweave.cluster.Modularity as ModularityOf

/**
 * Modularity of the groups in `obs[labels]` on the neighbour graph. See [ModularityOf].
 *
 * Reads `obs[labels]`, `obsp["connectivities"]` and `uns["neighbors"]`. Writes nothing.
 *
 * Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113.
 *
 * @param resolution 1 for modularity itself
 */
public fun Metrics.modularity(
    adata: AnnData,
    labels: String = "leiden",
    neighborsKey: String? = null,
    obsp: String? = null,
    resolution: Number = 1.0,
): Double {
    val graph = adata.neighborGraph(neighborsKey, obsp).connectivities
    return modularity(graph, adata.groups(labels, "labels"), resolution.toDouble())
}

/** Modularity of the groups [labels] on a symmetric graph. */
public fun Metrics.modularity(
    connectivities: Matrix,
    labels: CategoricalColumn,
    resolution: Number = 1.0,
): Double {
    for (i in 0 until labels.size()) {
        require(!labels.isMissing(i)) {
            "every cell needs a label, but cell $i has none; subset to labelled cells first"
        }
    }
    return ModularityOf.of(connectivities.toCsr(), labels.codes(), resolution.toDouble())
}
