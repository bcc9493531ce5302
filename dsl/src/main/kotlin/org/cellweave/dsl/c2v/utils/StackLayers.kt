package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.concat.Concat
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.LayerMask
import org.cellweave.dsl.slots.MASK_KEY
import org.cellweave.matrix.NanRows

/**
 * A new object in which layers stand one below the other: a row for each clone and layer, called `layer:clone`.
 *
 * Reads [layers], and the table `obsm[maskKey]`, which says in a column for every layer which rows it has. Writes
 * nothing to [adata]; rows that a layer does not have, and those with NaN, are left out. `obs` and `obsm` are repeated,
 * `obs[layerColAdded]` says which layer a row is from, `varm`, `varp` and `uns` are those of [adata].
 *
 * @param layers null for all
 * @param maskKey null for the one that `uns["mask_key"]` names, an empty text for none
 */
public fun ClonalUtilities.stackLayers(
    adata: AnnData,
    layers: List<String>? = null,
    layerColAdded: String = "layer",
    maskKey: String? = null,
): AnnData {
    val names = layers ?: adata.layers.keys.toList()
    require(names.isNotEmpty()) {
        "stackLayers needs layers, but the object has none; c2v.pp.transferExpression(splitObs = ...) makes some"
    }
    require(names.distinct().size == names.size) { "layers must differ from each other, got $names" }
    val mask = LayerMask.of(adata, maskKey)
    val told = { it: AnnData -> "created ${it.nObs} rows by ${it.nVars} genes, obs['$layerColAdded'] tells the layer" }
    return Log.timed("stacking layers $names", told) {
        val parts = names.map { adata.layerRows(it, mask) }
        val stacked = Concat.run(parts, Concat.Params.DEFAULTS).adata()
        require(stacked.nObs > 0) { "no row of $names is left: each has NaN or is masked" }
        val from = names.zip(parts).flatMap { (name, part) -> List(part.nObs) { name } }.toTypedArray()
        stacked.obs.set(layerColAdded, CategoricalColumn.ofTexts(from, names.toTypedArray(), false))
        adata.varm.keys.forEach { stacked.varm.set(it, adata.varm.get(it)) }
        adata.varp.keys.forEach { stacked.varp.set(it, adata.varp.get(it)) }
        adata.uns.filterKeys { it != MASK_KEY }.forEach { (key, value) -> stacked.uns[key] = value }
        stacked
    }
}

private fun AnnData.layerRows(layer: String, mask: LayerMask?): AnnData {
    val x = layers.matrix(layer, "")
    val nan = NanRows.of(x)
    val granted = mask?.rows(layer)
    val rows = (0 until nObs).filter { granted?.get(it) != false && !nan[it] }.toIntArray()
    val names = rows.map { "$layer:${obsNames[it]}" }
    val table = obs.takeRows(rows).also { it.names = names }
    val part = AnnData(x.takeRows(rows), table, DataFrame.ofNames(*varNames.toTypedArray()))
    for (key in obsm.keys) {
        val taken = obsm.get(key).takeRows(rows)
        part.obsm.set(key, if (taken is DataFrame) taken.also { it.names = names } else taken)
    }
    return part
}
