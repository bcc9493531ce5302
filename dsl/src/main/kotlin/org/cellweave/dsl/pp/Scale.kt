package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NumericColumn
import org.cellweave.preprocess.Scale

/**
 * Scales genes to zero mean and unit variance. See [Scale].
 *
 * Reads and writes `X` (or `layer`); a sparse matrix becomes dense unless [zeroCenter] is false. Writes `var["mean"]`
 * and `var["std"]` (with a mask `"mean with mask"`, `"std with mask"`, or `"mean of {key}"`).
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
): AnnData {
    val target = adata.target(copy)
    target.makeActual()
    val mask = maskObs?.let { rowMask(target, it) }
    val x = target.matrixOf(layer)
    if (zeroCenter && x.isSparse) {
        Log.info("... as `zeroCenter` is true, sparse input is densified and may lead to large memory consumption.")
    }
    val result =
        target.namingCulprit("scale", slotName(layer), x) {
            Scale.run(x, mask, Scale.Params(zeroCenter, maxValue?.toDouble()))
        }
    target.putMatrix(layer, result.x())
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

private fun rowMask(adata: AnnData, mask: Any): BooleanArray =
    when (val values = if (mask is String) adata.obsColumn(mask) else mask) {
        is BooleanArray -> values
        is BooleanColumn -> values.values()
        else -> throw IllegalArgumentException(
            "maskObs must be a mask or name a boolean column of obs, got a ${values::class.simpleName}",
        )
    }
