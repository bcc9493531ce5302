package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.mnn.MultiBatchPca
import org.cellweave.integrate.mnn.MultiBatchPca.Params.DEFAULTS as BATCH_PCA

/**
 * Principal components in which every batch counts by a weight, not by its number of cells. See [MultiBatchPca].
 *
 * Reads `X` (or `layer`), `obs[batchKey]` and the genes of [maskVar]. Writes what `sc.pp.pca` writes: `obsm["X_pca"]`,
 * `varm["PCs"]` and `uns["pca"]`; with [keyAdded] all three go under that key.
 *
 * @param d number of components
 * @param weights of batches: null for equal, false for their sizes, numbers in the order of the categories or by name,
 *   or nested lists of batches of which each shares its weight equally
 * @param maskVar boolean column of `var`; by default `highly_variable` when it is there; [ALL_GENES] for all
 * @param correctAll gives loadings to the other genes, too
 */
public fun Preprocessing.multiBatchPca(
    adata: AnnData,
    batchKey: String = "batch",
    d: Int = BATCH_PCA.d(),
    weights: Any? = null,
    maskVar: Any? = null,
    correctAll: Boolean = BATCH_PCA.correctAll(),
    layer: String? = null,
    keyAdded: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batches = target.categories(batchKey, "batchKey").withoutUnused()
    val params = MultiBatchPca.Params(d, batchWeights(weights, batches), correctAll)
    val genes = chosenGenes(target, maskVar)
    val source = target.source(layer)
    val coordinates = keyAdded ?: "X_pca"
    val result =
        Log.timed<MultiBatchPca.Result>("computing PCA of batches", {
            "added\n    '$coordinates', PCA coordinates (adata.obsm)"
        }) {
            target.running("multiBatchPca", source) { MultiBatchPca.run(source.x, batches, genes.mask, params, it) }
        }
    target.obsm.set(coordinates, result.scores())
    target.varm.set(keyAdded ?: "PCs", result.loadings())
    val told =
        dict("batch_key" to batchKey, "use_highly_variable" to (genes.column == "highly_variable")) +
            recorded(params, "d", "correctAll") + listOfNotNull(genes.column?.let { "mask_var" to it })
    val explained = result.explained()
    target.uns[keyAdded ?: "pca"] =
        dict(
            "params" to told,
            "variance" to NdArray.of(*explained),
            "variance_ratio" to NdArray.of(*DoubleArray(explained.size) { explained[it] / result.total() }),
        )
    return target
}
