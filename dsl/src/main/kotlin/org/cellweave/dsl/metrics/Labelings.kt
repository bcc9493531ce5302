package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.remedy
import org.cellweave.metrics.AdjustedRand
import org.cellweave.metrics.ClusterAgreement
import org.cellweave.metrics.ConfusionMatrix
import org.cellweave.metrics.MutualInformation
import org.cellweave.util.MissingKeyException

private const val LEIDEN_NEIGHBORS = 15

/**
 * Adjusted Rand index of two columns of `obs`. See [AdjustedRand].
 *
 * Reads `obs[key1]` and `obs[key2]`. Writes nothing.
 */
public fun Metrics.ari(adata: AnnData, key1: String, key2: String): Double =
    AdjustedRand.of(adata.categories(key1, "key1").codes(), adata.categories(key2, "key2").codes())

/**
 * Normalised mutual information of two columns of `obs`. See [MutualInformation].
 *
 * Reads `obs[key1]` and `obs[key2]`. Writes nothing.
 */
public fun Metrics.nmi(adata: AnnData, key1: String, key2: String): Double =
    MutualInformation.normalized(
        adata.categories(key1, "key1").codes(),
        adata.categories(key2, "key2").codes(),
    )

/**
 * How well k-means clusters of an embedding, as many as labels, agree with the labels.
 *
 * Reads `obsm[useRep]` and `obs[labelKey]`. Writes nothing.
 *
 * Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 *
 * @return `nmi` and `ari`
 */
public fun Metrics.nmiAriClusterLabelsKmeans(
    adata: AnnData,
    labelKey: String,
    useRep: String = "X_pca",
    randomState: Long = 0,
): Map<String, Double> {
    val labels = adata.categories(labelKey, "labelKey").codes()
    val result = ClusterAgreement.kMeans(adata.denseEmbedding(useRep), labels, randomState)
    return mapOf("nmi" to result.nmi(), "ari" to result.ari())
}

/**
 * How well Leiden clusters agree with the labels, at the best of the resolutions 0.2, 0.4 ... 2.
 *
 * Reads `obs[labelKey]` and `obsm[useRep]`; or, with [neighborsKey], that graph. Writes nothing.
 *
 * Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 *
 * @return `nmi`, `ari` and the `resolution` of the largest NMI
 */
public fun Metrics.nmiAriClusterLabelsLeiden(
    adata: AnnData,
    labelKey: String,
    useRep: String = "X_pca",
    neighborsKey: String? = null,
    randomState: Long = 0,
): Map<String, Double> {
    val labels = adata.categories(labelKey, "labelKey").codes()
    val graph =
        if (neighborsKey != null) {
            adata.neighborGraph(neighborsKey).connectivities
        } else {
            fuzzyGraph(adata.denseEmbedding(useRep), LEIDEN_NEIGHBORS, randomState)
        }
    val result = withProgress { ClusterAgreement.leiden(graph, labels, randomState, it) }
    return mapOf("nmi" to result.nmi(), "ari" to result.ari(), "resolution" to result.resolution())
}

/**
 * How often each level of one column meets each level of another: rows are [orig], columns are [new].
 *
 * Reads two columns of [data], such as `adata.obs`. Writes nothing.
 *
 * @param normalize whether rows are divided by their sums
 */
public fun Metrics.confusionMatrix(
    orig: String,
    new: String,
    data: DataFrame,
    normalize: Boolean = true,
): DataFrame {
    val rows = categories(data, orig)
    val columns = categories(data, new)
    val counts = ConfusionMatrix.counts(rows.codes(), rows.nCategories(), columns.codes(), columns.nCategories())
    val shares = ConfusionMatrix.shares(counts)
    val out = DataFrame("confusion matrix", StringColumn.of(*rows.categoryNames().toTypedArray()), orig)
    columns.categoryNames().forEachIndexed { j, name ->
        out.set(
            name,
            if (normalize) {
                NumericColumn.of(*DoubleArray(counts.size) { shares[it][j] })
            } else {
                NumericColumn.of(*LongArray(counts.size) { counts[it][j] })
            },
        )
    }
    return out
}

private fun categories(data: DataFrame, key: String): CategoricalColumn {
    val column = data.find(key) ?: throw MissingKeyException("data", key, data.keys, remedy(key, "obs"))
    return column as? CategoricalColumn ?: CategoricalColumn.ofTexts(*column.texts())
}
