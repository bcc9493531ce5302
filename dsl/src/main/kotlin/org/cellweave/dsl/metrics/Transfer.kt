package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.positionsOf
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.Foscttm
import org.cellweave.metrics.LabelTransfer
import org.cellweave.neighbors.Metric
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
    requireSameCells(adata1, adata2)
    return foscttm(adata1.leading(useRep, nDims), adata2.leading(useRep, nDims), metric, useRep).told()
}

/**
 * As for two objects, of one that holds both halves of cells: those with the same value of [pairKey] and different ones
 * of [modalityKey]. Other cells do not count.
 *
 * Reads `obsm[useRep]`, `obs[pairKey]` and `obs[modalityKey]`, as `sc.pp.unpair` writes them. Writes nothing.
 *
 * @return `forward` (cells of the first modality among the second), `backward` and their `mean`
 */
public fun Metrics.foscttm(
    adata: AnnData,
    pairKey: String,
    useRep: String,
    modalityKey: String = "modality",
    metric: String = "euclidean",
    nDims: Int? = null,
): Map<String, Double> {
    val pairs = adata.pairedCells(pairKey, modalityKey)
    val x = adata.leading(useRep, nDims)
    return foscttm(x.takeRows(pairs.first), x.takeRows(pairs.second), metric, useRep).told()
}

internal fun foscttm(x: DenseMatrix, y: DenseMatrix, metric: String, what: String): Foscttm.Result =
    Foscttm.run(x, y, pairMetric(metric)).warnOfTies(what)

private fun Foscttm.Result.told() = mapOf("forward" to forward(), "backward" to backward(), "mean" to mean())

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
