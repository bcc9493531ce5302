package org.cellweave.dsl

import org.cellweave.clonal.alignment.AnchorSearch
import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.spelled
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.neighbors.Metric
import org.cellweave.clonal.alignment.AnchorSearch.Params.DEFAULTS as MNN

/**
 * Anchors between batches of clones: mutual nearest neighbours, exact, and the order in which batches join. See
 * [AnchorSearch].
 *
 * Reads `obs[batchKey]` and `obsm[useRep]`. Writes `obsp[graphKey]`, symmetric, with weights from 1 for each other's
 * nearest to 0, which is stored too, and `uns[unsKey]`: how it was made, and in `merge_order` the names of the batches
 * and the steps of their merging, by node numbers as scipy's `linkage` has them. The Python package's search is
 * approximate and without a seed, its order of three and more batches is not by their anchors, and it turns the column
 * of batches into text, which stays as it is here.
 *
 * @param batchKey column of `obs` with the batch of every clone
 * @param k nearest clones of the other batch that a clone looks at
 * @param kTrim best anchors that each clone keeps to each other batch; others stay where the other end keeps them
 * @param metric as of `sc.pp.neighbors`, those without arguments
 * @param minAnchors that any two sides which join must have; maps of `c2v.tl.align` want more than there are columns
 */
public fun ClonalTools.findMnn(
    clones: AnnData,
    batchKey: String,
    useRep: String = "X_pca",
    k: Int = MNN.k(),
    kTrim: Int = MNN.kTrim(),
    metric: String = MNN.metric().spelled(),
    unsKey: String = "simple_mnn",
    graphKey: String = "mnn",
    minAnchors: Int = MNN.minAnchors(),
    copy: Boolean = false,
): AnnData {
    val target = clones.target(copy)
    val params = AnchorSearch.Params(k, kTrim, Metric.named(metric), minAnchors)
    val batches = target.cloneBatches(batchKey)
    val source = target.source(null, useRep)
    val found = { result: AnchorSearch.Result ->
        "added\n    '$graphKey', ${result.anchors().graph().nnz() / 2} anchors between ${batches.nLevels()} " +
            "batches\n    .uns['$unsKey'], order of the batches and parameters"
    }
    val result =
        Log.timed("finding MNN anchors across batches", found) {
            target.running("findMnn", source, "clone") { AnchorSearch.run(source.x, batches, params, it) }
        }
    target.obsp.set(graphKey, result.anchors().graph())
    target.uns[unsKey] =
        dict(BATCH_KEY to batchKey, "use_rep" to useRep) + recorded(params, "k", "kTrim", "metric") +
        dict(GRAPH_KEY to graphKey, ORDER to storedOrder(result.order(), batches))
    return target
}
