package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.metrics.Lisi
import org.cellweave.metrics.Lisi.Params.DEFAULTS as LISI

/**
 * The effective number of labels around every cell, one column per key. See [Lisi].
 *
 * Reads `obsm[useRep]` and `obs[keys]`. Writes nothing.
 *
 * @param perplexity effective number of neighbours; three times as many are searched
 */
public fun Metrics.lisi(
    adata: AnnData,
    keys: List<String>,
    useRep: String = "X_pca",
    perplexity: Number = LISI.perplexity(),
    randomState: Long = 0,
): DataFrame {
    require(keys.isNotEmpty()) { "keys must name at least one column of obs" }
    val codes = keys.map { adata.categories(it, "keys").codes() }
    val out = DataFrame("obs", adata.obs.index, adata.obs.indexName)
    val params = Lisi.Params(perplexity.toDouble(), LISI.tolerance())
    val lists = nearest(adata.denseEmbedding(useRep), params.nNeighbors(), randomState)
    keys.forEachIndexed { i, key -> out.set(key, NumericColumn.of(*Lisi.run(lists, codes[i], params).values())) }
    return out
}

/**
 * How well batches are mixed: the median [lisi] of the batch, scaled so that 0 is apart and 1 is even.
 *
 * Reads `obsm[useRep]` and `obs[batchKey]`. Writes nothing.
 *
 * Korsunsky et al. 2019, doi:10.1038/s41592-019-0619-0; Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 */
public fun Metrics.ilisi(
    adata: AnnData,
    batchKey: String,
    useRep: String = "X_pca",
    perplexity: Number = LISI.perplexity(),
    randomState: Long = 0,
): Double = scaled(adata, batchKey, "batchKey", useRep, perplexity.toDouble(), randomState).integration()

/**
 * How well cell types are kept apart: the median [lisi] of the label, scaled so that 1 is apart.
 *
 * Reads `obsm[useRep]` and `obs[labelKey]`. Writes nothing.
 *
 * Korsunsky et al. 2019, doi:10.1038/s41592-019-0619-0; Luecken et al. 2022, doi:10.1038/s41592-021-01336-8.
 */
public fun Metrics.clisi(
    adata: AnnData,
    labelKey: String,
    useRep: String = "X_pca",
    perplexity: Number = LISI.perplexity(),
    randomState: Long = 0,
): Double = scaled(adata, labelKey, "labelKey", useRep, perplexity.toDouble(), randomState).conservation()

private fun scaled(
    adata: AnnData,
    key: String,
    argument: String,
    useRep: String,
    perplexity: Double,
    randomState: Long,
): Lisi.Result {
    val codes = adata.categories(key, argument).codes()
    val params = Lisi.Params(perplexity, LISI.tolerance())
    return Lisi.run(nearest(adata.denseEmbedding(useRep), params.nNeighbors(), randomState), codes, params)
}
