package org.cellweave.dsl

import org.cellweave.clonal.association.GraphAssociations
import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.diffexp.Significance
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.dsl.slots.weightedGraph
import org.cellweave.util.Check
import org.cellweave.clonal.association.GraphAssociations.Params.DEFAULTS as ON_GRAPH

/**
 * Principal components that follow a graph, and how smooth every feature is on it. See [GraphAssociations].
 *
 * Reads `X` (or [layer]), which `sc.pp.scale` should have scaled, and `obsp[graphKey]`. Writes `obsm[keyAdded]`,
 * `varm["gPCs"]` (loadings), `uns["gpca"]` (`evals`, `varexpl`, `graph_key`, `n_pcs`) and to `var` Moran's I with its
 * p-value: `morans_i`, `morans_i_pval` and `morans_i_p_adj`. Unlike in the Python package features are centred for it,
 * and its variance counts their kurtosis, so that p-values of features with outliers are other ones.
 *
 * @param adjMethod `fdr_bh` or `bonferroni`
 */
public fun ClonalTools.graphAssociations(
    adata: AnnData,
    layer: String? = null,
    graphKey: String = "connectivities",
    nPcs: Int = ON_GRAPH.nPcs(),
    adjMethod: String = "fdr_bh",
    keyAdded: String = "X_gPCA",
    randomState: Long = ON_GRAPH.seed(),
): AnnData {
    val adjust = Check.oneOf(adjMethod, Adjustment::class.java, "adjMethod")
    val params = GraphAssociations.Params(nPcs, randomState)
    val source = adata.source(layer)
    val graph = adata.weightedGraph(graphKey)
    require(graph.nnz() > 0) { "obsp['$graphKey'] has no edges, along which features could be associated" }
    val added = "added\n    '$keyAdded', $nPcs components guided by the graph (adata.obsm)\n" +
        "    'gPCs', their loadings (adata.varm)\n    'morans_i', 'morans_i_pval' and 'morans_i_p_adj' (adata.var)"
    Log.timed<Unit>("computing graph associations", { added }) {
        val result = adata.running("graphAssociations", source) { GraphAssociations.run(graph, source.x, params, it) }
        adata.obsm.set(keyAdded, result.scores())
        adata.varm.set("gPCs", result.loadings())
        adata.uns["gpca"] = dict(
            "evals" to NdArray.of(*result.eigenvalues()),
            "varexpl" to NdArray.of(*result.explained()),
            "graph_key" to graphKey,
            "n_pcs" to nPcs.toLong(),
        )
        val adjusted = Significance.keepingNaN(result.pvalue()) { adjust.of(it) }
        adata.`var`.set("morans_i", NumericColumn.of(*result.moransI()))
        adata.`var`.set("morans_i_pval", NumericColumn.of(*result.pvalue()))
        adata.`var`.set("morans_i_p_adj", NumericColumn.of(*adjusted))
    }
    return adata
}
