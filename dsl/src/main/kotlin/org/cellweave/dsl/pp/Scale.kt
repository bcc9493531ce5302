package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.preset
import org.cellweave.dsl.slots.cellMask
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.source
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Scale

/**
 * Scales genes to zero mean and unit variance. See [Scale].
 *
 * Reads and writes `X` (or `layer`, or `obsm`); a sparse matrix becomes dense unless [zeroCenter] is false. Writes, but
 * for `obsm`, `var["mean"]` and `var["std"]` (with a mask `"mean with mask"`, `"std with mask"`, or `"mean of {key}"`).
 *
 * @param maskObs cells to use and to change: a boolean column of `obs`, or a mask
 */
public fun Preprocessing.scale(
    adata: AnnData,
    zeroCenter: Boolean = preset.zeroCenter(),
    maxValue: Number? = Scale.Params.DEFAULTS.maxValue(),
    copy: Boolean = false,
    layer: String? = null,
    maskObs: Any? = null,
    obsm: String? = null,
): AnnData {
    val target = adata.target(copy)
    target.makeActual()
    val mask = maskObs?.let { target.cellMask(it, "maskObs") }
    val source = target.source(layer, obsm)
    if (zeroCenter && source.x.isSparse) {
        Log.info("... as `zeroCenter` is true, sparse input is densified and may lead to large memory consumption.")
    }
    val result =
        target.namingCulprit("scale", source) {
            Scale.run(source.x, mask, Scale.Params(zeroCenter, maxValue?.toDouble()))
        }
    target.putMatrix(layer, result.x(), obsm)
    if (obsm != null) return target
    val suffix = if (maskObs is String) {
        " of $maskObs"
    } else if (maskObs != null) {
        " with mask"
    } else {
        ""
    }
    target.`var`.set("mean$suffix", NumericColumn.of(*result.mean()))
    target.`var`.set("std$suffix", NumericColumn.of(*result.std()))
    return target
}

/**
 * Scales the columns of a matrix. Reads [x], which may be changed unless [copy] is true; writes nothing else. The
 * scaled matrix is returned.
 *
 * @param maskObs rows to use and to change
 */
public fun Preprocessing.scale(
    x: Matrix,
    zeroCenter: Boolean = preset.zeroCenter(),
    maxValue: Number? = Scale.Params.DEFAULTS.maxValue(),
    copy: Boolean = false,
    maskObs: BooleanArray? = null,
): Matrix = Scale.run(if (copy) x.own() else x, maskObs, Scale.Params(zeroCenter, maxValue?.toDouble())).x()
