package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.slotName
import org.cellweave.dsl.slots.source
import org.cellweave.neural.data.ThinnedMatrix
import org.cellweave.util.RefusedValueException

/**
 * Keeps every molecule of a cell with one probability, as if it had been sequenced less deeply. See [ThinnedMatrix];
 * [downsampleCounts] draws down to a total instead.
 *
 * Reads and writes `X`, or [layer]: counts. Writes it sparse.
 *
 * @param shares the probability of every cell, in 0 to 1
 */
public fun Preprocessing.thinCounts(
    adata: AnnData,
    shares: DoubleArray,
    layer: String? = null,
    randomState: Long = scvi.settings.seed,
    copy: Boolean = false,
): AnnData {
    val thinned =
        try {
            ThinnedMatrix.run(adata.source(layer).x, shares, randomState)
        } catch (e: RefusedValueException) {
            val place = "cell '${adata.obsNames[e.row()]}', gene '${adata.varNames[e.column()]}', of ${slotName(layer)}"
            throw IllegalArgumentException(e.message!!.replace("[${e.row()}, ${e.column()}]", place), e)
        }
    val target = adata.target(copy)
    target.makeActual()
    if (layer == null) target.X = thinned else target.layers[layer] = thinned
    return target
}
