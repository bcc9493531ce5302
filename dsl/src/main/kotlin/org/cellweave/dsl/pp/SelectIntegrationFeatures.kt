package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.BooleanColumn
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.anchors.IntegrationFeatures
import org.cellweave.integrate.anchors.IntegrationFeatures.Params.DEFAULTS as FEATURES

/**
 * Genes that vary in many batches, as Seurat's `SelectIntegrationFeatures`. See [IntegrationFeatures].
 *
 * Reads counts from `layers[layer]` and `obs[batchKey]`. Writes `var["integration_features"]`, the place of each in
 * `var["integration_features_rank"]` (NaN for others), how many batches name a gene in
 * `var["integration_features_nbatches"]`, and `uns["integration_features"]`.
 *
 * @param nFeatures genes to choose
 * @param fvfNFeatures genes that every batch names
 * @param span share of the genes in each local fit of a batch's trend
 * @param layer of counts; null for `X`
 */
public fun Preprocessing.selectIntegrationFeatures(
    adata: AnnData,
    batchKey: String = "batch",
    nFeatures: Int = FEATURES.nFeatures(),
    fvfNFeatures: Int = FEATURES.fvfNFeatures(),
    span: Number = FEATURES.span(),
    layer: String? = "counts",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params = IntegrationFeatures.Params(nFeatures, fvfNFeatures, span.toDouble())
    val batch = target.categories(batchKey, "batchKey")
    val source = target.source(layer)
    val names = target.varNames.toTypedArray()
    val told = { r: IntegrationFeatures.Result -> "added\n    .var['$FEATURES_KEY'], ${r.features().size} genes" }
    val result =
        Log.timed("selecting integration features", told) {
            target.running("selectIntegrationFeatures", source) {
                IntegrationFeatures.run(source.x, names, batch, params)
            }
        }
    result.warnings().forEach { Log.warning(it) }
    val place = DoubleArray(target.nVars) { Double.NaN }
    result.features().forEachIndexed { at, gene -> place[gene] = at.toDouble() }
    target.`var`.set(FEATURES_KEY, BooleanColumn(BooleanArray(place.size) { !place[it].isNaN() }, null))
    target.`var`.set("${FEATURES_KEY}_rank", NumericColumn.of(*place))
    target.`var`.set("${FEATURES_KEY}_nbatches", NumericColumn.of(*result.nBatches()))
    target.uns[FEATURES_KEY] =
        dict("batch_key" to batchKey) + recorded(params, "nFeatures", "fvfNFeatures", "span")
    return target
}
