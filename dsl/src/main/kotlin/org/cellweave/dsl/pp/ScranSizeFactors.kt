package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.recorded
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfLogarithms
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.geneMask
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.pooling.PooledSizeFactors
import org.cellweave.preprocess.pooling.PooledSizeFactors.Params.DEFAULTS as POOLED

/**
 * Size factors of cells from pools of cells, as scran's `computeSumFactors`. See [PooledSizeFactors].
 *
 * Reads `X` (or [layer]), counts, and `obs[clusters]`. Writes `obs[keyAdded]`, whose mean is one, and `uns[keyAdded]`:
 * `params`, the `reference` cluster and `not_positive`, how many cells had no positive factor of their own. Then
 * `sc.pp.normalizeBySizeFactors(adata)`, or `sc.pp.multiBatchNormalize(adata, sizeFactors = "size_factors")`.
 *
 * @param clusters column of `obs` within whose labels cells are pooled, as `sc.pp.quickCluster` writes one; null to
 *   pool all cells, which few genes should tell apart then
 * @param sizes cells in a pool
 * @param minMean lowest average count of a gene that takes part: 0.1 for UMIs, 1 for reads
 * @param maxClusterSize larger clusters are dealt out into parts of at most that many cells
 * @param positive replaces factors that are not positive by those of cells with as many genes
 * @param refClust the cluster that others are compared with; null for the one with the most genes
 * @param subsetGenes genes that take part: a boolean column of `var` or a mask; null for all
 */
public fun Preprocessing.scranSizeFactors(
    adata: AnnData,
    clusters: String? = null,
    sizes: Collection<Int> = POOLED.sizes().toList(),
    minMean: Number = POOLED.minMean(),
    maxClusterSize: Int = POOLED.maxClusterSize(),
    positive: Boolean = POOLED.positive(),
    refClust: String? = null,
    subsetGenes: Any? = null,
    layer: String? = null,
    keyAdded: String = "size_factors",
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params = PooledSizeFactors.Params(sizes.sorted().toIntArray(), minMean.toDouble(), maxClusterSize, positive)
    val groups = clusters?.let { target.categories(it, "clusters").withoutUnused() }
    require(refClust == null || groups != null) { "refClust = '$refClust' needs clusters, got null" }
    val reference = refClust?.let { positionsOf(listOf(it), groups!!.levels().toList(), "refClust")[0] }
    val genes = subsetGenes?.let { target.geneMask(it, "subsetGenes") }
    val source = target.source(layer)
    target.warnOfLogarithms("scranSizeFactors", layer, source)
    val result =
        Log.timed<PooledSizeFactors.Result>("computing size factors from pools", {
            "added\n    '$keyAdded', size factors (adata.obs)"
        }) {
            target.running("scranSizeFactors", source) {
                PooledSizeFactors.run(PooledSizeFactors.Input(source.x, groups, genes, reference), params, it)
            }
        }
    result.warnings().forEach { Log.warning(it) }
    target.tellNotPositive(result.notPositive(), positive)
    target.obs.set(keyAdded, NumericColumn.of(*result.sizeFactors()))
    target.uns[keyAdded] =
        dict(
            "params" to
                listOfNotNull(clusters?.let { "clusters" to it }, layer?.let { "layer" to it }).toMap() +
                recorded(
                    params, "sizes", "minMean", "maxClusterSize", "positive",
                    resolved = mapOf("sizes" to NdArray.of(*params.sizes())),
                ),
            "not_positive" to result.notPositive().size.toLong(),
        ) + listOfNotNull(groups?.let { "reference" to it.level(result.reference()) })
    return target
}

private fun AnnData.tellNotPositive(cells: IntArray, positive: Boolean) {
    if (cells.isEmpty()) return
    val done =
        if (positive) {
            "they were given those of cells with as many genes"
        } else {
            "they stay as they are, and nothing can be divided by them"
        }
    Log.warning(
        "size factors that are not positive were found for ${cells.size} of $nObs cells, the first " +
            "'${obsNames[cells[0]]}'; $done. Remove cells with few genes, or raise minMean",
    )
}
