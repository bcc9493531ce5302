package org.cellweave.dsl.slots

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.Raw
import org.cellweave.matrix.Matrix

/**
 * A matrix that a verb reads, and what messages call it.
 *
 * @property columns names of the columns; null where they have numbers alone
 */
internal open class Source(
    val slot: String,
    val x: Matrix,
    val columns: List<String>? = null,
)

/** Expression from `X`, a layer or raw, with a row of [genes] for every column. */
internal class GeneSource(
    slot: String,
    x: Matrix,
    val genes: DataFrame,
    val isRaw: Boolean,
) : Source(slot, x, genes.names) {
    /** Where each gene stands; a name of several genes is refused where it is asked for. */
    val index: NameIndex by lazy { NameIndex.of(if (isRaw) "raw.var" else "var", genes.names) }
}

/**
 * Whether genes are read from raw, which every verb decides by this rule: null takes raw where there is one and no
 * [layer] is named, as scanpy does.
 */
internal fun AnnData.readsRaw(useRaw: Boolean?, layer: String?): Boolean {
    requireOnePlace(useRaw, layer, null)
    if (useRaw == true) requiredRaw()
    return useRaw ?: (layer == null && raw != null)
}

/** Expression as [readsRaw] chooses it. */
internal fun AnnData.expression(useRaw: Boolean?, layer: String? = null): GeneSource =
    if (readsRaw(useRaw, layer)) {
        GeneSource("raw", raw.x, raw.`var`, true)
    } else {
        GeneSource(slotName(layer), matrixOf(layer), `var`, false)
    }

/** `X`, [layer] or `obsm[obsm]`. */
internal fun AnnData.source(layer: String?, obsm: String? = null): Source =
    Source(slotName(layer, obsm), matrixOf(layer, obsm), if (obsm == null) varNames else null)

/** The snapshot that `useRaw = true` asks for. */
internal fun AnnData.requiredRaw(): Raw =
    requireNotNull(raw) { "useRaw = true, but adata.raw is not set; set adata.raw or pass useRaw = false" }

/** Refuses two places to read from. */
internal fun requireOnePlace(useRaw: Boolean?, layer: String?, obsm: String?) {
    val named =
        listOfNotNull(
            "useRaw = true".takeIf { useRaw == true },
            layer?.let { "layer = '$it'" },
            obsm?.let { "obsm = '$it'" },
        )
    require(named.size <= 1) { "${named.joinToString(" and ")} exclude each other; give one of them" }
}

/** The slot that [matrixOf] reads, as it is written in messages. */
internal fun slotName(layer: String?, obsm: String? = null): String =
    if (obsm != null) {
        "obsm['$obsm']"
    } else if (layer != null) {
        "layers['$layer']"
    } else {
        "X"
    }
