package org.cellweave.dsl.glue

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.float32
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.ValueFacts

/**
 * Changes X, a layer or an array of obsm in place: [change] gets it in memory, row-compressed or dense, float32.
 *
 * Integer and float64 matrices are converted, as numpy's in-place division would refuse them; the converted one is
 * stored when [change] has gone well, so that what a verb refuses stays as it was. What is changed must be the object's
 * own: rows that stay in a file are read and kept.
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
    val x = matrixOf(layer, obsm)
    if (!x.staysElsewhere() && !(layer == null && obsm == null && isBacked)) {
        return changed(step, layer, obsm, x) { it to change(it) }
    }
    val then = if (home == null) "the file stays as it is" else "the file stays as it is until adata.write()"
    val what = layer?.let { "layers['$it'] of" } ?: "X of"
    Log.info("$what ${backed?.file() ?: "a file"} is read into memory, because it is to be changed; $then")
    putMatrix(layer, x.inMemory(), obsm)
    return changed(step, layer, obsm, matrixOf(layer, obsm)) { it to change(it) }
}

/**
 * As [changing], by a step that changes row after row: rows that stay in a file are not read now, but changed whenever
 * they are. [change] gives the changed matrix, and a result.
 */
internal fun <R> AnnData.changingRows(
    step: String,
    layer: String?,
    obsm: String? = null,
    change: (Matrix) -> Pair<Matrix, R>,
): R {
    makeActual()
    val x = matrixOf(layer, obsm)
    return if (x.staysElsewhere()) {
        changed(step, layer, obsm, x, change)
    } else {
        changing(step, layer, obsm) { change(it).second }
    }
}

private fun <R> AnnData.changed(
    step: String,
    layer: String?,
    obsm: String?,
    x: Matrix,
    change: (Matrix) -> Pair<Matrix, R>,
): R {
    val narrow = x.float32()
    if (narrow !== x) ValueFacts.of(x).requireFloat32(step)
    val (made, result) = change(narrow)
    if (made !== x) putMatrix(layer, made, obsm)
    return result
}

private fun Matrix.staysElsewhere() = this is CsrMatrix && !isInMemory
