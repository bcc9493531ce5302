package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfLogarithms
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.mnn.MultiBatchNormalize
import org.cellweave.integrate.mnn.MultiBatchNormalize.Params.DEFAULTS as BATCH_NORM

/**
 * Logarithms of counts with the coverage of all batches brought down to the lowest. See [MultiBatchNormalize].
 *
 * Reads `X` (or [layer]; counts) and `obs[batchKey]`. Writes `X`, `obs[keyAdded]` (size factors) and `uns["log1p"]`,
 * which holds the base of the logarithm.
 *
 * @param sizeFactors column of `obs`; null for the cells' totals
 * @param minMean lowest average of a gene over two batches for their ratio to count
 * @param layer where the counts are, when not in `X`
 */
public fun Preprocessing.multiBatchNormalize(
    adata: AnnData,
    batchKey: String = "batch",
    sizeFactors: String? = null,
    minMean: Number = BATCH_NORM.minMean(),
    layer: String? = null,
    keyAdded: String = "size_factor",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batches = target.categories(batchKey, "batchKey")
    val params = MultiBatchNormalize.Params(minMean.toDouble(), BATCH_NORM.logBase(), BATCH_NORM.pseudoCount())
    val sizes = sizeFactors?.let { target.sizeFactors(it) }
    val source = target.source(layer)
    target.warnOfLogarithms("multiBatchNormalize", layer, source)
    val result =
        target.running("multiBatchNormalize", source) {
            MultiBatchNormalize.run(source.x, batches, sizes, params, it)
        }
    target.makeActual()
    target.putMatrix(null, result.x())
    target.obs.set(keyAdded, NumericColumn.of(*result.sizeFactors()))
    target.uns["log1p"] = dict("base" to params.logBase())
    return target
}
