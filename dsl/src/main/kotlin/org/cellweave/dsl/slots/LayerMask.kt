package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.util.MissingKeyException

/** What `c2v.pp.transferExpression` notes in `uns` of the table that says which rows each layer has. */
internal const val MASK_KEY = "mask_key"

/** Which rows each layer has: a table of `obsm` with a boolean column for every layer. */
internal class LayerMask private constructor(private val table: DataFrame, private val slot: String) {
    fun rows(layer: String): BooleanArray = maskOf(table, slot, layer, "maskKey")

    companion object {
        /** The mask that [maskKey] names, or `uns["mask_key"]`; null for none, as for an empty text. */
        fun of(adata: AnnData, maskKey: String?): LayerMask? {
            val key = (maskKey ?: adata.uns[MASK_KEY] as? String)?.ifEmpty { null } ?: return null
            val found = adata.obsm.find(key)
                ?: throw MissingKeyException("obsm", key, adata.obsm.keys, "Give maskKey = \"\" to do without a mask.")
            require(found is DataFrame) {
                "maskKey must name a table with a boolean column for every layer, but obsm['$key'] is a " +
                    found.described()
            }
            return LayerMask(found, "obsm['$key']")
        }
    }
}
