package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.ScaleNotCenter

/**
 * Divides every gene by its root mean square within each batch, without centring, so that a sparse matrix stays sparse.
 * See [ScaleNotCenter]. `sc.tl.inmf` does so itself unless told not to with `scale = false`.
 *
 * Reads `X` (or [layer]) and `obs[batchKey]`. Writes `X` (or [layer]).
 *
 * @param batchKey null for one batch
 */
public fun Preprocessing.scaleNotCenter(
    adata: AnnData,
    batchKey: String? = "batch",
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batch = target.batches(batchKey)
    val source = target.source(layer)
    val result = target.running("scaleNotCenter", source) { ScaleNotCenter.run(source.x, batch) }
    target.makeActual()
    target.putMatrix(layer, result.x())
    return target
}
