package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.mnn.MnnCorrect
import org.cellweave.integrate.mnn.MnnCorrect.Params.DEFAULTS as MNN_CORRECT

/**
 * Corrects expression by the differences between mutual nearest neighbours of batches. See [MnnCorrect].
 *
 * Reads `X` (or `layer`; logarithms), `obs[batchKey]` and the genes of [maskVar]. Writes `X` (dense, float32) where all
 * genes are corrected, else `obsm["X_mnn_correct"]`, whose columns `uns["mnn_correct"]["features"]` names; and
 * `uns["mnn_correct"]` (`params`, `merge_left`, `merge_right`, `n_pairs`, `pairs_left`, `pairs_right`).
 *
 * @param sigma squared distances are divided by it in the Gaussian
 * @param cosNormIn seeks neighbours among cells of length one; [cosNormOut] corrects such cells
 * @param svdDim directions of biology that shifts have no part in; 0 for none
 * @param varAdj lengthens shifts so that spreads along them agree
 * @param maskVar boolean column of `var`; by default `highly_variable` when it is there; [ALL_GENES] for all
 * @param correctAll corrects genes that were not chosen, too
 * @param mergeOrder as [propK], [restrict] and [autoMerge]: see [fastMnn]
 */
public fun Preprocessing.mnnCorrect(
    adata: AnnData,
    batchKey: String = "batch",
    k: Int = MERGE_PLAN.k(),
    propK: Number? = MERGE_PLAN.propK(),
    restrict: Any? = null,
    sigma: Number = MNN_CORRECT.sigma(),
    cosNormIn: Boolean = MNN_CORRECT.cosNormIn(),
    cosNormOut: Boolean = MNN_CORRECT.cosNormOut(),
    svdDim: Int = MNN_CORRECT.svdDim(),
    varAdj: Boolean = MNN_CORRECT.varAdj(),
    maskVar: Any? = null,
    correctAll: Boolean = MNN_CORRECT.correctAll(),
    mergeOrder: Any? = null,
    autoMerge: Boolean = MERGE_PLAN.autoMerge(),
    layer: String? = null,
    keyAdded: String = "mnn_correct",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batches = target.categories(batchKey, "batchKey").withoutUnused()
    val plan = mergePlan(k, propK?.toDouble(), mergeOrder, autoMerge)
    val params = MnnCorrect.Params(plan, sigma.toDouble(), cosNormIn, cosNormOut, svdDim, varAdj, correctAll)
    val genes = chosenGenes(target, maskVar)
    val method = MnnCorrect.with(params, genes.mask, target.restriction(restrict))
    val result =
        Log.timed<MnnCorrect.Result>("running mnnCorrect", { null }) {
            target.integrate(method, "mnnCorrect", target.source(layer), listOf(batches))
        }
    target.store(result.integrated().first(), "X_$keyAdded")
    val told = recorded(params, "sigma", "cosNormIn", "cosNormOut", "svdDim", "varAdj", "correctAll")
    val features =
        result.features()?.let { columns ->
            "features" to NdArray.of(*Array(columns.size) { target.varNames[columns[it]] })
        }
    target.uns[keyAdded] =
        dict("params" to recordedPlan(batchKey, plan) + told) + listOfNotNull(features) +
        mergeReport(result.merges(), result.order(), batches)
    return target
}
