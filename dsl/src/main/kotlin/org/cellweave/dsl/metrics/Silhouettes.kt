package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.metrics.IntegrationSilhouette
import org.cellweave.metrics.Silhouette
import org.cellweave.util.Check

/**
 * The silhouette of every cell, from -1 to 1. See [Silhouette].
 *
 * Reads `obsm[useRep]` and `obs[key]`. Writes nothing.
 *
 * @param metric `euclidean` or `cosine`
 * @param between the other group compared with: `nearest`, `mean_other` or `furthest`
 */
public fun Metrics.silhouetteSamples(
    adata: AnnData,
    key: String,
    useRep: String = "X_pca",
    metric: String = "euclidean",
    between: String = "nearest",
): DoubleArray = silhouette(adata, key, "key", useRep, params(metric, between)).values()

/**
 * Mean silhouette of the cell types, scaled to 0..1; 1 is best.
 *
 * Reads `obsm[useRep]` and `obs[labelKey]`. Writes nothing.
 *
 * Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7; Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 */
public fun Metrics.silhouetteLabel(
    adata: AnnData,
    labelKey: String,
    useRep: String = "X_pca",
    metric: String = "euclidean",
): Double =
    IntegrationSilhouette.label(silhouette(adata, labelKey, "labelKey", useRep, params(metric, "nearest")))

/**
 * How mixed batches are within cell types, by absolute silhouettes; 1 is best. See [IntegrationSilhouette.batch].
 *
 * Reads `obsm[useRep]`, `obs[batchKey]` and `obs[labelKey]`. Writes nothing.
 */
public fun Metrics.silhouetteBatch(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    useRep: String = "X_pca",
    metric: String = "euclidean",
    between: String = "nearest",
): Double = batch(adata, batchKey, labelKey, useRep, params(metric, between))

/**
 * Batch removal adapted silhouette: [silhouetteBatch] by cosine and the mean distance to all other batches.
 *
 * Reads `obsm[useRep]`, `obs[batchKey]` and `obs[labelKey]`. Writes nothing.
 *
 * Rautenstrauch and Ohler 2025, doi:10.1038/s41587-025-02743-4.
 */
public fun Metrics.bras(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    useRep: String = "X_pca",
    metric: String = "cosine",
    between: String = "mean_other",
): Double = batch(adata, batchKey, labelKey, useRep, params(metric, between))

/**
 * How well labels that few batches have stand out, by their silhouettes; 1 is best.
 *
 * Reads `obsm[useRep]`, `obs[batchKey]` and `obs[labelKey]`. Writes nothing.
 *
 * Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 *
 * @param maxBatches a label is isolated in at most so many batches; null for the fewest that any label has
 */
public fun Metrics.isolatedLabels(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    useRep: String = "X_pca",
    maxBatches: Int? = null,
): Double {
    require(maxBatches == null || maxBatches > 0) { "maxBatches must be positive, got $maxBatches" }
    val values = silhouette(adata, labelKey, "labelKey", useRep, Silhouette.Params.DEFAULTS).values()
    return IntegrationSilhouette.isolatedLabels(
        values,
        adata.categories(labelKey, "labelKey").codes(),
        adata.categories(batchKey, "batchKey").codes(),
        maxBatches ?: 0,
    )
}

private fun params(metric: String, between: String) =
    Silhouette.Params(
        Check.oneOf(metric, Silhouette.Metric::class.java, "metric"),
        Check.oneOf(between, Silhouette.Between::class.java, "between"),
    )

private fun silhouette(
    adata: AnnData,
    key: String,
    argument: String,
    useRep: String,
    params: Silhouette.Params,
): Silhouette.Result {
    val codes = adata.categories(key, argument).codes()
    return withProgress { Silhouette.run(adata.denseEmbedding(useRep), codes, params, it) }
}

private fun batch(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    useRep: String,
    params: Silhouette.Params,
): Double {
    val batches = adata.categories(batchKey, "batchKey").codes()
    val labels = adata.categories(labelKey, "labelKey").codes()
    val score =
        withProgress { IntegrationSilhouette.batch(adata.denseEmbedding(useRep), labels, batches, params, it) }
    if (score.isNaN()) {
        Log.warning("no label of obs['$labelKey'] has several cells of several batches, so there is no score: NaN")
    }
    return score
}
