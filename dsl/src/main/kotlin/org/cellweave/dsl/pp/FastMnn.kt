package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.mnn.FastMnn
import org.cellweave.integrate.mnn.MultiBatchPca
import org.cellweave.integrate.mnn.ReducedMnn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.integrate.mnn.FastMnn.Params.DEFAULTS as FAST_MNN

/**
 * Brings batches together by mutual nearest neighbours in components where each batch counts the same. See [FastMnn].
 *
 * Reads `X` (or `layer`; logarithms), `obs[batchKey]` and the genes of [maskVar]. Writes `obsm["X_mnn"]` (corrected
 * coordinates), `varm["mnn_loadings"]`, `varm["mnn_lost_var"]` (of every gene, by batch) and `uns["mnn"]` (`params`;
 * per merge `merge_left`, `merge_right`, `n_pairs`, `batch_size`, `skipped`, `lost_var`; `pairs_left`, `pairs_right`);
 * with [keyAdded] under that name. Expression after the correction: `sc.get.mnnDf`.
 *
 * @param propK neighbours as a share of a batch's cells, where that is more than [k]
 * @param restrict cells that may be neighbours: a mask, or a boolean column of `obs`
 * @param ndist bandwidth of the smoothing, in distances to the middle one of the nearest
 * @param d number of components
 * @param weights of batches: null for equal, false for their sizes, numbers, or nested lists of batches
 * @param mergeOrder names of batches in the order of merges, or nested lists of them; null for that of the categories
 * @param autoMerge merges the two with the most pairs next
 * @param minBatchSkip merges whose batch effect is smaller, between 0 and 1, are left out; null for none
 * @param maskVar boolean column of `var`; by default `highly_variable` when it is there; [ALL_GENES] for all
 * @param correctAll gives loadings to the other genes, too
 */
public fun Preprocessing.fastMnn(
    adata: AnnData,
    batchKey: String = "batch",
    k: Int = MERGE_PLAN.k(),
    propK: Number? = MERGE_PLAN.propK(),
    restrict: Any? = null,
    cosNorm: Boolean = FAST_MNN.cosNorm(),
    ndist: Number = REDUCED_MNN.ndist(),
    d: Int = FAST_MNN.pca().d(),
    weights: Any? = null,
    mergeOrder: Any? = null,
    autoMerge: Boolean = MERGE_PLAN.autoMerge(),
    minBatchSkip: Number? = REDUCED_MNN.minBatchSkip(),
    maskVar: Any? = null,
    correctAll: Boolean = FAST_MNN.pca().correctAll(),
    layer: String? = null,
    keyAdded: String = "mnn",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batches = target.categories(batchKey, "batchKey").withoutUnused()
    val merges = ReducedMnn.Params(
        mergePlan(k, propK?.toDouble(), mergeOrder, autoMerge), ndist.toDouble(), minBatchSkip?.toDouble(),
    )
    val params = FastMnn.Params(cosNorm, MultiBatchPca.Params(d, batchWeights(weights, batches), correctAll), merges)
    val genes = chosenGenes(target, maskVar)
    val method = FastMnn.with(params, genes.mask, target.restriction(restrict))
    val done = { _: FastMnn.Result -> "added\n    'X_$keyAdded', corrected coordinates (adata.obsm)" }
    val result =
        Log.timed("running fastMNN", done) {
            target.integrate(method, "fastMnn", target.source(layer), listOf(batches))
        }
    target.store(result.integrated().first(), "X_$keyAdded")
    target.varm.set("${keyAdded}_loadings", result.loadings())
    target.varm.set("${keyAdded}_lost_var", DenseMatrix.ofRows(result.lostVarianceOfGenes()).transpose())
    val told =
        recordedPlan(batchKey, merges.plan()) + recordedMerges(merges) + recorded(params, "cosNorm") +
            recorded(params.pca(), "d", "correctAll") + listOfNotNull(genes.column?.let { "mask_var" to it })
    target.uns[keyAdded] =
        dict("params" to told) + mergeReport(result.merges(), result.order(), batches) + lossReport(result.merges())
    return target
}
