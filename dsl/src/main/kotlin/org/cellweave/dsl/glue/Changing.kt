package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.float32
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.ValueFacts

/**
 * Changes X, a layer or an array of obsm in place: [change] gets it in memory, row-compressed or dense, float32.
 *
 * Integer and float64 matrices are converted, as numpy's in-place division would refuse them; the converted one is
 * stored when [change] has gone well, so that what a verb refuses stays as it was. What is changed must be the object's
 * own: a backed X gives another matrix at every reading, so that it is read once and kept.
 *
 * @param step the verb, for the message where values do not fit float32
 */
internal fun <R> AnnData.changing(
    step: String,
    layer: String?,
    obsm: String? = null,
    change: (Matrix) -> R,
): R {
    makeActual()
    if (layer == null && obsm == null && isBacked) {
        val then = if (home == null) "the file stays as it is" else "the file stays as it is until adata.write()"
        Log.info("X of ${backed.file()} is read into memory, because it is to be changed; $then")
        toMemory()
    }
    val x = matrixOf(layer, obsm)
    val narrow = x.float32()
    if (narrow !== x) ValueFacts.of(x).requireFloat32(step)
    val result = change(narrow)
    if (narrow !== x) putMatrix(layer, narrow, obsm)
    return result
}
