package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.preprocess.Log1p

/**
 * Takes `log(1 + x)` of every value, in place. See [Log1p].
 *
 * Reads and writes `X` (or `layer`), converting other types to float32. Writes `uns["log1p"]`.
 * Warns when `uns["log1p"]` says that it was taken before.
 *
 * @param base of the logarithm; null for the natural one
 */
public fun Preprocessing.log1p(
    adata: AnnData,
    base: Number? = Log1p.Params.DEFAULTS.base(),
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params = Log1p.Params(base?.toDouble())
    if (layer == null && "log1p" in target.uns) {
        Log.warning(
            "adata.X seems to be already log-transformed. To start again from counts: " +
                "adata.X = adata.layers[\"counts\"].copy(); adata.uns.remove(\"log1p\")",
        )
    }
    Log1p.run(target.float32Matrix(layer), params)
    target.uns["log1p"] = dict("base" to base?.toDouble())
    return target
}
