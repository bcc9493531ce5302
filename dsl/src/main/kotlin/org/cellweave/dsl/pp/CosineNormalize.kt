package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.slots.geneMask
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.mnn.CosineNorm

/**
 * Divides every cell by its length, so that cells are compared by direction. See [CosineNorm].
 *
 * Reads and writes `X` (or `layer`; logarithms). Writes `obs[keyAdded]`, the lengths, when it is given.
 *
 * @param maskVar genes whose length it is, a boolean column of `var` or a mask; null for all
 */
public fun Preprocessing.cosineNormalize(
    adata: AnnData,
    maskVar: Any? = null,
    layer: String? = null,
    keyAdded: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val genes = maskVar?.let { target.geneMask(it, "maskVar") }
    val source = target.source(layer)
    warnOfCounts("cosineNormalize", source)
    val result = target.running("cosineNormalize", source) { CosineNorm.run(source.x, genes) }
    target.makeActual()
    target.putMatrix(layer, result.x())
    if (keyAdded != null) target.obs.set(keyAdded, NumericColumn.of(*result.norms()))
    return target
}
