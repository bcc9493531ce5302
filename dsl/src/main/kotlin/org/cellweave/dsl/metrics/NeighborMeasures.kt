package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.metrics.GraphConnectivity
import org.cellweave.metrics.Kbet
import org.cellweave.metrics.NeighborPurity
import org.cellweave.metrics.Kbet.Params.DEFAULTS as KBET

private const val KBET_NEIGHBORS = 50
private const val CONNECTIVITY_NEIGHBORS = 15

/**
 * The share of cells whose neighbours within their cell type have the batches in its proportions. See [Kbet].
 *
 * Reads `obsm[useRep]`, `obs[batchKey]` and `obs[labelKey]`. Writes nothing.
 *
 * @return the acceptance of every label; labels that cannot be tested have NaN. See [kbetPerLabel].
 */
public fun Metrics.kbetDf(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    useRep: String = "X_pca",
    alpha: Number = KBET.alpha(),
    nNeighbors: Int = KBET_NEIGHBORS,
    randomState: Long = KBET.seed(),
): DataFrame {
    val result = kbet(adata, batchKey, labelKey, useRep, alpha.toDouble(), nNeighbors, randomState)
    return numberTable(adata.categories(labelKey, "labelKey").levels().toList(), "kBET" to result.byLabel())
}

/**
 * The mean over cell types of [kbetDf]; 1 is best.
 *
 * Reads `obsm[useRep]`, `obs[batchKey]` and `obs[labelKey]`. Writes nothing.
 *
 * Büttner et al. 2019, doi:10.1038/s41592-018-0254-1; Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 */
public fun Metrics.kbetPerLabel(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    useRep: String = "X_pca",
    alpha: Number = KBET.alpha(),
    nNeighbors: Int = KBET_NEIGHBORS,
    randomState: Long = KBET.seed(),
): Double = kbet(adata, batchKey, labelKey, useRep, alpha.toDouble(), nNeighbors, randomState).mean()

private fun kbet(
    adata: AnnData,
    batchKey: String,
    labelKey: String,
    useRep: String,
    alpha: Double,
    nNeighbors: Int,
    randomState: Long,
): Kbet.Result {
    val batches = adata.categories(batchKey, "batchKey").codes()
    val labels = adata.categories(labelKey, "labelKey")
    val params =
        Kbet.Params
            .builder()
            .alpha(alpha)
            .seed(randomState)
            .build()
    val graph = fuzzyGraph(adata.denseEmbedding(useRep), nNeighbors, randomState)
    val result = withProgress { Kbet.run(graph, labels.codes(), batches, params, it) }
    val without = labels.levels().filterIndexed { code, _ -> result.byLabel()[code].isNaN() }
    if (without.isNotEmpty()) {
        Log.warning("labels with too few cells, or cells of one batch only, have no score: ${without.joinToString()}")
    }
    return result
}

/**
 * How connected each cell type is in the graph of nearest neighbours; 1 is best. See [GraphConnectivity].
 *
 * Reads `obs[labelKey]` and `obsm[useRep]`; or, with [neighborsKey], the connectivities of that graph, as the
 * original scib does. Writes nothing.
 */
public fun Metrics.graphConnectivity(
    adata: AnnData,
    labelKey: String,
    useRep: String = "X_pca",
    nNeighbors: Int = CONNECTIVITY_NEIGHBORS,
    neighborsKey: String? = null,
    randomState: Long = 0,
): Double {
    val labels = adata.categories(labelKey, "labelKey").codes()
    val graph =
        if (neighborsKey != null) {
            adata.neighborGraph(neighborsKey).connectivities
        } else {
            nearest(adata.denseEmbedding(useRep), nNeighbors, randomState).distanceMatrix()
        }
    return GraphConnectivity.run(graph, labels).mean()
}

/**
 * The share of a cell's nearest neighbours that have its label. See [NeighborPurity].
 *
 * Reads `obs[labelKey]` and `obsm[useRep]`; or, with [neighborsKey], the connectivities of that graph, whose weights
 * count: for methods that make a graph alone, such as BBKNN. Writes nothing.
 *
 * @return one row per label that has cells and one, `all`, for all cells
 */
public fun Metrics.neighborPurity(
    adata: AnnData,
    labelKey: String,
    useRep: String = "X_pca",
    nNeighbors: Int = CONNECTIVITY_NEIGHBORS,
    neighborsKey: String? = null,
    randomState: Long = 0,
): DataFrame {
    val labels = adata.categories(labelKey, "labelKey")
    val result =
        if (neighborsKey != null) {
            NeighborPurity.run(adata.neighborGraph(neighborsKey).connectivities, labels.codes())
        } else {
            NeighborPurity.run(nearest(adata.denseEmbedding(useRep), nNeighbors, randomState), labels.codes())
        }
    val shown = (0 until labels.nLevels()).filter { !result.byLabel()[it].isNaN() }
    val purity = DoubleArray(shown.size) { result.byLabel()[shown[it]] }
    return numberTable(shown.map { labels.level(it) } + "all", "purity" to doubleArrayOf(*purity, result.mean()))
}
