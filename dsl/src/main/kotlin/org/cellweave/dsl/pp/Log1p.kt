package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.changingRows
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.changeable
import org.cellweave.dsl.slots.dict
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.Log1p

/**
 * Takes `log(1 + x)` of every value, in place. See [Log1p].
 *
 * Reads and writes `X` (or `layer`, or `obsm`), converting other types to float32; rows that stay in a file are
 * changed as they are read. Writes `uns["log1p"]`. Warns when `uns["log1p"]` says that it was taken before.
 *
 * @param base of the logarithm; null for the natural one
 * @param chunked accepted as in scanpy; like [chunkSize] it changes nothing, because no copy of the values is made
 */
public fun Preprocessing.log1p(
    adata: AnnData,
    base: Number? = Log1p.Params.DEFAULTS.base(),
    layer: String? = null,
    copy: Boolean = false,
    chunked: Boolean? = null,
    chunkSize: Int? = null,
    obsm: String? = null,
): AnnData {
    requireChunk(chunkSize)
    val target = adata.target(copy)
    val params = Log1p.Params(base?.toDouble())
    if (layer == null && obsm == null && "log1p" in target.uns) {
        Log.warning(
            "adata.X seems to be already log-transformed. To start again from counts: " +
                "adata.X = adata.layers[\"counts\"].copy(); adata.uns.remove(\"log1p\")",
        )
    }
    target.changingRows("log1p", layer, obsm) { Log1p.run(it, params) to Unit }
    target.uns["log1p"] = dict("base" to base?.toDouble())
    return target
}

/**
 * Takes `log(1 + x)` of the values of a matrix, in place unless [copy] is true or they are integers. Reads and writes
 * [x]; the matrix that holds the logarithms is returned.
 */
public fun Preprocessing.log1p(
    x: Matrix,
    base: Number? = Log1p.Params.DEFAULTS.base(),
    copy: Boolean = false,
): Matrix = Log1p.run(x.changeable(copy), Log1p.Params(base?.toDouble()))

internal fun requireChunk(chunkSize: Int?) {
    require(chunkSize == null || chunkSize > 0) { "chunkSize must be positive, got $chunkSize" }
}
