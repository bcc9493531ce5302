package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.store
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.anchors.AnchorIntegration
import org.cellweave.integrate.anchors.AnchorIntegration.Params.DEFAULTS as INTEGRATION

/**
 * Expression without the batches' part, by anchors, as Seurat's `IntegrateData`. See [AnchorIntegration].
 *
 * Reads `X` (or [layer]), logarithms, and the anchors that `uns[unsKey]` tells of. Writes `obsm[keyAdded]`, cells by
 * genes, and `uns[keyAdded]`: the genes, and in which steps batches joined. Then as with any expression:
 * `sc.pp.pca(adata, obsm = "X_integrated")`.
 *
 * @param featuresToIntegrate genes to correct: names, or a boolean column of `var`; null for those of the anchors
 * @param dims principal components that distances to anchors are taken in
 * @param kWeight cells with anchors that a cell looks at; fewer where there are fewer, with a warning
 * @param sdWeight the larger, the more do score and distance of an anchor matter
 * @param sampleTree in which order batches join: pairs of a batch by its name and what an earlier pair made by its
 *   number from 0, as in `listOf("a" to "b", 0 to "c")`; null where their anchors decide
 * @param preserveOrder the first of each pair stays; otherwise the side with more cells
 */
public fun Preprocessing.integrateData(
    adata: AnnData,
    featuresToIntegrate: Any? = null,
    dims: Int = INTEGRATION.dims(),
    kWeight: Int = INTEGRATION.kWeight(),
    sdWeight: Number = INTEGRATION.sdWeight(),
    sampleTree: List<Pair<Any, Any>>? = null,
    preserveOrder: Boolean = INTEGRATION.preserveOrder(),
    layer: String? = null,
    unsKey: String = ANCHORS_KEY,
    keyAdded: String = "X_integrated",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params = AnchorIntegration.Params(dims, kWeight, sdWeight.toDouble(), preserveOrder)
    val stored = target.storedIntegration(unsKey)
    val features = target.integrationGenes(stored.features, "anchor_features of uns['$unsKey']")
    val wanted = featuresToIntegrate?.let { target.integrationGenes(it, "featuresToIntegrate") }
    val order = stored.order(sampleTree)
    val source = target.source(layer)
    warnOfCounts("integrateData", source)
    val result =
        Log.timed<AnchorIntegration.Result>("integrating data", { "added\n    .obsm['$keyAdded'], expression" }) {
            target.running("integrateData", source) {
                AnchorIntegration.run(
                    source.x, features, wanted, stored.anchors, stored.reference, order, params, it,
                )
            }
        }
    warnAll(result.warnings())
    target.store(result.integrated().first(), keyAdded)
    val genes = result.features()
    target.uns[keyAdded] =
        stored.report(result, params) +
        dict("features" to NdArray.of(*Array(genes.size) { target.varNames[genes[it]] }), "anchors_key" to unsKey)
    return target
}

/**
 * Coordinates without the batches' part, by anchors, as Seurat's `IntegrateEmbeddings`. See [AnchorIntegration].
 *
 * Reads `obsm[useRep]` and the anchors that `uns[unsKey]` tells of. Writes `obsm[keyAdded]` and `uns[keyAdded]`: in
 * which steps batches joined. Distances to anchors are taken in the coordinates themselves.
 *
 * @param dimsToIntegrate the first columns to correct; null for all
 * @param kWeight cells with anchors that a cell looks at; fewer where there are fewer, with a warning
 * @param sampleTree as of `sc.pp.integrateData`
 */
public fun Preprocessing.integrateEmbeddings(
    adata: AnnData,
    useRep: String = "X_pca",
    dimsToIntegrate: Int? = null,
    kWeight: Int = INTEGRATION.kWeight(),
    sdWeight: Number = INTEGRATION.sdWeight(),
    sampleTree: List<Pair<Any, Any>>? = null,
    preserveOrder: Boolean = INTEGRATION.preserveOrder(),
    unsKey: String = ANCHORS_KEY,
    keyAdded: String = "X_pca_integrated",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val stored = target.storedIntegration(unsKey)
    val order = stored.order(sampleTree)
    val source = target.source(null, useRep)
    val columns = dimsToIntegrate ?: source.x.nCols()
    require(columns in 1..source.x.nCols()) {
        "dimsToIntegrate must be 1 to the ${source.x.nCols()} columns of ${source.slot}, got $columns"
    }
    val params = AnchorIntegration.Params(columns, kWeight, sdWeight.toDouble(), preserveOrder)
    val result =
        Log.timed<AnchorIntegration.Result>("integrating embeddings", { "added\n    .obsm['$keyAdded']" }) {
            target.running("integrateEmbeddings", source) {
                val x = source.x.takeCols(IntArray(columns) { c -> c })
                AnchorIntegration.onEmbedding(x, stored.anchors, stored.reference, order, params, it)
            }
        }
    warnAll(result.warnings())
    target.store(result.integrated().first(), keyAdded)
    target.uns[keyAdded] = stored.report(result, params) + dict("use_rep" to useRep, "anchors_key" to unsKey)
    return target
}
