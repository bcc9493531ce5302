package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.allOrNothing
import org.cellweave.dsl.session.Log
import org.cellweave.integrate.mnn.FastMnn.Params.DEFAULTS as FAST_MNN

private const val QUICK_TOP_GENES = 5000

/**
 * From counts to corrected coordinates: [multiBatchNormalize], [highlyVariableGenes] within batches, [fastMnn]. When a
 * step fails, the object is as it was.
 *
 * Reads `X` (or [layer]; counts) and `obs[batchKey]`. Writes what the three write: `X` (logarithms),
 * `obs["size_factor"]`, `var["highly_variable"]`, `obsm["X_mnn"]`, `varm["mnn_loadings"]`, `uns["mnn"]` and so on.
 *
 * Haghverdi et al. 2018, doi:10.1038/nbt.4091.
 *
 * @param nTopGenes genes to choose; all where there are fewer
 * @param layer where the counts are, when not in `X`
 * @param mergeOrder as [k], [d], [weights] and [autoMerge]: see [fastMnn]
 */
public fun Preprocessing.quickCorrect(
    adata: AnnData,
    batchKey: String = "batch",
    nTopGenes: Int = QUICK_TOP_GENES,
    k: Int = MERGE_PLAN.k(),
    d: Int = FAST_MNN.pca().d(),
    weights: Any? = null,
    mergeOrder: Any? = null,
    autoMerge: Boolean = MERGE_PLAN.autoMerge(),
    layer: String? = null,
    keyAdded: String = "mnn",
    copy: Boolean = false,
): AnnData =
    Log.timed<AnnData>("running quickCorrect", { null }) {
        adata.allOrNothing(copy) {
            multiBatchNormalize(it, batchKey, layer = layer)
            highlyVariableGenes(it, nTopGenes = minOf(nTopGenes, it.nVars), flavor = "seurat", batchKey = batchKey)
            fastMnn(
                it, batchKey, k, d = d, weights = weights, mergeOrder = mergeOrder, autoMerge = autoMerge,
                keyAdded = keyAdded,
            )
        }
    }
