package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.sourceOf
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.integrate.mnn.ReducedMnn

/**
 * Brings batches together by mutual nearest neighbours in an embedding: [fastMnn] without its components. See
 * [ReducedMnn].
 *
 * Reads `obsm[basis]` and `obs[batchKey]`. Writes `obsm[adjustedBasis]` and `uns["reduced_mnn"]` (as [fastMnn] does).
 *
 * @param restrict as the other arguments: see [fastMnn]
 */
public fun Preprocessing.reducedMnn(
    adata: AnnData,
    batchKey: String = "batch",
    basis: String = "X_pca",
    adjustedBasis: String = "X_pca_mnn",
    k: Int = MERGE_PLAN.k(),
    propK: Number? = MERGE_PLAN.propK(),
    restrict: Any? = null,
    ndist: Number = REDUCED_MNN.ndist(),
    mergeOrder: Any? = null,
    autoMerge: Boolean = MERGE_PLAN.autoMerge(),
    minBatchSkip: Number? = REDUCED_MNN.minBatchSkip(),
    keyAdded: String = "reduced_mnn",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batches = target.categories(batchKey, "batchKey").withoutUnused()
    val params = ReducedMnn.Params(
        mergePlan(k, propK?.toDouble(), mergeOrder, autoMerge), ndist.toDouble(), minBatchSkip?.toDouble(),
    )
    val method = ReducedMnn.with(params, target.restriction(restrict))
    val source = target.sourceOf(method.reads(), basis)
    val done = { _: ReducedMnn.Result -> "added\n    '$adjustedBasis', corrected coordinates (adata.obsm)" }
    val result =
        Log.timed("merging batches by mutual neighbors", done) {
            target.integrate(method, "reducedMnn", source, listOf(batches))
        }
    target.store(result.integrated().first(), adjustedBasis)
    target.uns[keyAdded] =
        dict("params" to recordedPlan(batchKey, params.plan()) + recordedMerges(params) + dict("basis" to basis)) +
        mergeReport(result.merges(), result.order(), batches) + lossReport(result.merges())
    return target
}
