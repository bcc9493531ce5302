package org.cellweave.dsl

import org.cellweave.clonal.association.GroupConnectivity
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.weightedGraph
import org.cellweave.clonal.association.GroupConnectivity.Params.DEFAULTS as CONNECTED

/**
 * Edges between groups over those expected by chance. See [GroupConnectivity].
 *
 * Reads `obs[groupby]`, of which missing labels are left out, and `obsp[graphKey]`. Writes `uns[unsKeyAdded]`
 * (`groupby`, `graph_key`, `label_names`, and `connectivity`, groups by groups), also where there is no edge at all,
 * when the Python package writes nothing.
 */
public fun ClonalTools.groupConnectivity(
    adata: AnnData,
    groupby: String,
    graphKey: String = "connectivities",
    directed: Boolean = CONNECTED.directed(),
    unsKeyAdded: String = "group_connectivity",
): AnnData {
    val groups = adata.categories(groupby, "groupby", complete = false)
    val graph = adata.weightedGraph(graphKey)
    Log.timed<Unit>("computing groups connectivity matrix", { "added uns['$unsKeyAdded']" }) {
        val result = GroupConnectivity.run(graph, groups, GroupConnectivity.Params(directed))
        if (result.nEdges() == 0L) Log.warning("obsp['$graphKey'] has no edge between labelled rows; all is zero")
        adata.uns[unsKeyAdded] = dict(
            "groupby" to groupby,
            "graph_key" to graphKey,
            "label_names" to NdArray.of(*groups.levels()),
            "connectivity" to result.connectivity(),
        )
    }
    return adata
}
