package org.cellweave.dsl.slots

import org.cellweave.data.AnnData

/** All keys of an object by their slots, and those of `uns["paga"]`. */
internal fun keysOf(adata: AnnData): Set<Pair<String, String>> {
    val all = LinkedHashSet<Pair<String, String>>()
    adata.layers.keys.mapTo(all) { "layers" to it }
    adata.obs.keys.mapTo(all) { "obs" to it }
    adata.`var`.keys.mapTo(all) { "var" to it }
    adata.obsm.keys.mapTo(all) { "obsm" to it }
    adata.varm.keys.mapTo(all) { "varm" to it }
    adata.obsp.keys.mapTo(all) { "obsp" to it }
    adata.uns.keys.mapTo(all) { "uns" to it }
    (adata.uns["paga"] as? Map<*, *>)?.keys?.mapTo(all) { "uns['paga']" to it.toString() }
    return all
}
