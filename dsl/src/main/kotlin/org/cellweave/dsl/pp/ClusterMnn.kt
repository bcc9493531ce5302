package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.NdArray
import org.cellweave.design.Categories
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.sourceOf
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.integrate.BatchTree
import org.cellweave.integrate.mnn.ClusterMnn
import org.cellweave.integrate.mnn.ClusterMnn.Params.DEFAULTS as CLUSTER_MNN

/**
 * Brings batches together by clusters that were found in each of them: their centres are merged by mutual nearest
 * neighbours, and cells follow the centres of their batch. See [ClusterMnn].
 *
 * Reads `obsm[basis]`, `obs[batchKey]` and `obs[clusterKey]`. Writes `obsm[adjustedBasis]`; `obs[keyAdded]`, the
 * meta-cluster of every cell, which clusters that correspond have in common; and `uns["cluster_mnn"]` as
 * [reducedMnn] does, where pairs are of clusters, with their `cluster_batch`, `cluster_name` and `meta_cluster`.
 *
 * @param clusterKey labels within each batch; that two batches use one label says nothing
 * @param mergeOrder as [autoMerge] and [minBatchSkip]: see [fastMnn]
 */
public fun Preprocessing.clusterMnn(
    adata: AnnData,
    batchKey: String = "batch",
    clusterKey: String,
    basis: String = "X_pca",
    adjustedBasis: String = "X_pca_cluster_mnn",
    mergeOrder: Any? = null,
    autoMerge: Boolean = CLUSTER_MNN.autoMerge(),
    minBatchSkip: Number? = CLUSTER_MNN.minBatchSkip(),
    keyAdded: String = "cluster_mnn",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batches = target.categories(batchKey, "batchKey").withoutUnused()
    val clusters = target.categories(clusterKey, "clusterKey").withoutUnused()
    require(batchKey != clusterKey) { "batchKey and clusterKey must name different columns, got '$batchKey' twice" }
    val params = ClusterMnn.Params(mergeOrder?.let { BatchTree.of(it) }, autoMerge, minBatchSkip?.toDouble())
    val method = ClusterMnn.with(params, clusters)
    val source = target.sourceOf(method.reads(), basis)
    val done = { r: ClusterMnn.Result ->
        "found ${r.metaClusters().toSet().size} meta-clusters and added\n" +
            "    '$adjustedBasis', corrected coordinates (adata.obsm)\n    '$keyAdded', the meta-clusters (adata.obs)"
    }
    val result =
        Log.timed("merging clusters of batches by mutual neighbors", done) {
            target.integrate(method, "clusterMnn", source, listOf(batches))
        }
    target.store(result.integrated().first(), adjustedBasis)
    val meta = result.metaClusters()
    target.obs.set(keyAdded, CategoricalColumn.ofLabels(meta.of(result.clusterOf()), meta.max() + 1))
    val told =
        dict("batch_key" to batchKey, "cluster_key" to clusterKey, "basis" to basis) +
            recorded(params, "autoMerge", "minBatchSkip")
    target.uns[keyAdded] =
        dict("params" to told) + mergeReport(result.merges(), result.order(), batches) + lossReport(result.merges()) +
        clusterReport(result, batches, clusters)
    return target
}

private fun IntArray.of(places: IntArray) = IntArray(places.size) { this[places[it]] }

private fun clusterReport(result: ClusterMnn.Result, batches: Categories, clusters: Categories): Map<String, Any?> {
    val meta = result.metaClusters()
    val first = IntArray(meta.size) { cluster -> result.clusterOf().indexOf(cluster) }
    return dict(
        "cluster_batch" to NdArray.of(*Array(meta.size) { batches.level(batches.code(first[it])) }),
        "cluster_name" to NdArray.of(*Array(meta.size) { clusters.level(clusters.code(first[it])) }),
        "meta_cluster" to NdArray.of(*meta),
    )
}
