package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.changingRows
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfLogarithms
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.numericObs
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.Log1p
import org.cellweave.preprocess.NormalizeBySizeFactors

/**
 * Divides every cell by its size factor, in place. See [NormalizeBySizeFactors].
 *
 * Reads and writes `X` (or [layer]), counts, converting other types to float32; reads `obs[key]`, positive numbers, as
 * `sc.pp.scranSizeFactors` writes them. Writes `uns["log1p"]` with [log].
 *
 * @param log takes `log(1 + x)` afterwards, as `sc.pp.log1p`
 */
public fun Preprocessing.normalizeBySizeFactors(
    adata: AnnData,
    key: String = "size_factors",
    log: Boolean = false,
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val factors = target.sizeFactors(key)
    val source = target.source(layer)
    target.warnOfLogarithms("normalizeBySizeFactors", layer, source)
    target.namingCulprit("normalizeBySizeFactors", source) {
        target.changingRows("normalizeBySizeFactors", layer) {
            val divided = NormalizeBySizeFactors.run(it, factors)
            (if (log) Log1p.run(divided, Log1p.Params.DEFAULTS) else divided) to Unit
        }
    }
    if (log) target.uns["log1p"] = dict("base" to Log1p.Params.DEFAULTS.base())
    return target
}

/** A number for every cell, `obs[key]`. */
internal fun AnnData.sizeFactors(key: String): DoubleArray = numericObs(listOf(key)).values.toDense().column(0)
