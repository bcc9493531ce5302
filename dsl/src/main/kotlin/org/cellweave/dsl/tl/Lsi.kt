package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.Lsi
import org.cellweave.preprocess.Lsi.Params.DEFAULTS as LSI

/**
 * Latent semantic indexing of peaks, most often after [tfidf]. See [Lsi].
 *
 * Reads `X` (or [layer]). Writes `obsm["X_lsi"]`, `varm["LSI"]` and `uns["lsi"]` (`stdev`).
 *
 * @param nComps components, the first one counted
 * @param dropFirst leaves out the first component, which mostly says how many counts a cell has
 */
public fun Tools.lsi(
    adata: AnnData,
    scaleEmbeddings: Boolean = LSI.scaleEmbeddings(),
    nComps: Int = LSI.nComps(),
    layer: String? = null,
    dropFirst: Boolean = LSI.dropFirst(),
    seed: Long = LSI.seed(),
    copy: Boolean = false,
): AnnData {
    val params = Lsi.Params(nComps, scaleEmbeddings, dropFirst, seed)
    val target = adata.target(copy)
    val source = target.source(layer)
    val result = withProgress { Lsi.run(source.x, params, it) }
    target.obsm.set("X_lsi", result.embedding())
    target.varm.set("LSI", result.loadings())
    target.uns["lsi"] = dict("stdev" to NdArray.of(*result.stdev()))
    return target
}
