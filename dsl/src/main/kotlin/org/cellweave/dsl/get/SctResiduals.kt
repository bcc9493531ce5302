package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.remedy
import org.cellweave.util.MissingKeyException

/**
 * A new object of the residuals that `sc.pp.sctransform` stored, one gene per column, for verbs that read `X`: as
 * Seurat's `scale.data`.
 *
 * Reads `obsm["sct_residuals"]` and `var["sct_residuals"]`, or what [key] names in place of `sct`. Writes nothing.
 *
 * Hafemeister and Satija 2019, doi:10.1186/s13059-019-1874-1.
 */
public fun Get.sctResiduals(adata: AnnData, key: String = "sct"): AnnData {
    val stored = "${key}_residuals"
    val residuals = adata.denseEmbedding(stored)
    val mask =
        adata.`var`.find(stored) as? BooleanColumn
            ?: throw MissingKeyException("var", stored, adata.`var`.keys, remedy(stored, "var"))
    val genes = mask
        .values()
        .indices
        .filter { mask.values()[it] }
        .toIntArray()
    require(genes.size == residuals.nCols()) {
        "obsm['$stored'] has ${residuals.nCols()} columns, but var['$stored'] marks ${genes.size} genes: some were " +
            "removed since. Run sc.pp.sctransform() again."
    }
    return AnnData(residuals.copy(), adata.obs.copy(), adata.`var`.takeRows(genes))
}
