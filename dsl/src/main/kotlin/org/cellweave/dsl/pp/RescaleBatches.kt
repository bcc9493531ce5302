package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.integrate
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.mnn.RegressBatches
import org.cellweave.integrate.mnn.RescaleBatches
import org.cellweave.integrate.mnn.RescaleBatches.Params.DEFAULTS as RESCALE

/**
 * Scales every gene of every batch down to the batch where its mean is lowest. See [RescaleBatches].
 *
 * Reads `X` (or `layer`; logarithms of counts), `obs[batchKey]` and `uns["log1p"]`. Writes `X` (or `layer`), sparse
 * where it is sparse.
 *
 * @param logBase of the logarithms; null for what `uns["log1p"]` says, or 2 where it is not there
 * @param pseudoCount what was added before the logarithm
 */
public fun Preprocessing.rescaleBatches(
    adata: AnnData,
    batchKey: String = "batch",
    logBase: Number? = null,
    pseudoCount: Number = RESCALE.pseudoCount(),
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val known = if ("log1p" in target.uns) logBase(target) ?: Math.E else RESCALE.logBase()
    val method = RescaleBatches.with(RescaleBatches.Params(logBase?.toDouble() ?: known, pseudoCount.toDouble()))
    val batches = target.categories(batchKey, "batchKey")
    val result = target.integrate(method, "rescaleBatches", target.source(layer), listOf(batches))
    target.makeActual()
    target.putMatrix(layer, result.x())
    return target
}

/**
 * Subtracts from every gene its mean in the cell's batch. See [RegressBatches].
 *
 * Reads `X` (or `layer`; logarithms) and `obs[batchKey]`. Writes `X` (or `layer`), dense.
 *
 * @param restrict cells that means are taken of: a mask, or a boolean column of `obs`
 */
public fun Preprocessing.regressBatches(
    adata: AnnData,
    batchKey: String = "batch",
    restrict: Any? = null,
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val method = RegressBatches.ready(target.restriction(restrict))
    val batches = target.categories(batchKey, "batchKey")
    val result = target.integrate(method, "regressBatches", target.source(layer), listOf(batches))
    target.makeActual()
    target.putMatrix(layer, result.x())
    return target
}
