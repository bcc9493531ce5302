package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.groups
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.Foscttm
import org.cellweave.metrics.LabelTransfer
import org.cellweave.metrics.PairMetric
import org.cellweave.neighbors.Metric
import org.cellweave.util.Check
import org.cellweave.metrics.LabelTransfer.Params.DEFAULTS as TRANSFER

/**
 * Fraction of samples closer than the true match; 0 is best, 0.5 is chance. See [Foscttm].
 *
 * Reads `obsm[useRep]` of two objects that hold the same cells in the same order, measured in two modalities.
 * Writes nothing.
 *
 * @param nDims how many leading columns to use; null for all
 * @return `forward` (cells of the first among the second), `backward` and their `mean`
 */
public fun Metrics.foscttm(
    adata1: AnnData,
    adata2: AnnData,
    useRep: String,
    metric: String = "euclidean",
    nDims: Int? = null,
): Map<String, Double> {
    require(adata1.obsNames == adata2.obsNames) {
        val at = adata1.obsNames.zip(adata2.obsNames).indexOfFirst { (a, b) -> a != b }
        "the two objects must hold the same cells in the same order" +
            if (at >= 0) "; row $at is '${adata1.obsNames[at]}' and '${adata2.obsNames[at]}'" else ""
    }
    val result =
        Foscttm.run(
            leading(adata1, useRep, nDims),
            leading(adata2, useRep, nDims),
            Check.oneOf(metric, PairMetric::class.java, "metric"),
        )
    return mapOf("forward" to result.forward(), "backward" to result.backward(), "mean" to result.mean())
}

/**
 * How often a cell has the label of its nearest cells in another group, such as the other modality, both ways.
 *
 * A row `a to b` is about the cells of b, each of which is given the label of its nearest cells in a.
 *
 * Reads `obsm[useRep]`, `obs[labelKey]` and the two [groups] of `obs[groupKey]`. Writes nothing. See [LabelTransfer].
 *
 * @param groups two levels of [groupKey]; null when it has just two
 * @param nNeighbors of which the most frequent label counts
 * @return one row per direction, from the side that gives its labels to the side that takes them, with `accuracy` and
 *   `balanced_accuracy`
 */
public fun Metrics.labelTransferAccuracy(
    adata: AnnData,
    labelKey: String,
    groupKey: String,
    groups: Pair<String, String>? = null,
    useRep: String = "X_pca",
    nNeighbors: Int = TRANSFER.nNeighbors(),
    metric: String = "euclidean",
): DataFrame {
    val grouping = adata.categories(groupKey, "groupKey")
    val labels = adata.categories(labelKey, "labelKey")
    val names = groups?.toList() ?: grouping.withoutUnused().levels().toList()
    require(names.size == 2) {
        "obs['$groupKey'] has the levels $names; name two of them with groups = \"a\" to \"b\""
    }
    val levels = positionsOf(names, grouping.levels().toList(), "groups")
    val cells = levels.map { grouping.members()[it] }
    val x = adata.denseEmbedding(useRep)
    val both =
        LabelTransfer.both(
            x.takeRows(cells[0]),
            labels.take(cells[0]),
            x.takeRows(cells[1]),
            labels.take(cells[1]),
            LabelTransfer.Params(nNeighbors, Metric.named(metric)),
        )
    val results = listOf(both.forward(), both.backward())
    return numberTable(
        listOf("${names[1]} to ${names[0]}", "${names[0]} to ${names[1]}"),
        "accuracy" to DoubleArray(2) { results[it].accuracy() },
        "balanced_accuracy" to DoubleArray(2) { results[it].balanced() },
    )
}

private fun leading(adata: AnnData, key: String, nDims: Int?): DenseMatrix {
    val x = adata.denseEmbedding(key)
    if (nDims == null) {
        return x
    }
    require(nDims in 1..x.nCols()) { "nDims must lie in 1..${x.nCols()}, the columns of obsm['$key'], got $nDims" }
    return x.takeCols(IntArray(nDims) { it })
}
