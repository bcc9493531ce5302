package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.DataFrame
import org.cellweave.design.Categories
import org.cellweave.dsl.session.withProgress
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.firstRepeated
import org.cellweave.dsl.slots.neighborGraph
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.DatasetAlignment
import org.cellweave.metrics.Foscttm
import org.cellweave.metrics.KnnAlignment
import org.cellweave.metrics.MatchingAccuracy
import org.cellweave.metrics.MatchingScore
import org.cellweave.metrics.NeighborAgreement
import org.cellweave.metrics.DatasetAlignment.Params.DEFAULTS as ALIGNMENT
import org.cellweave.metrics.KnnAlignment.Params.DEFAULTS as KNN_ALIGNMENT
import org.cellweave.metrics.NeighborAgreement.Params.DEFAULTS as AGREEMENT

/**
 * The share of cells whose true other half is among their k nearest of the other modality, for k = 1, 2, ...; 1 is best.
 * See [KnnAlignment].
 *
 * Reads `obsm[useRep]` of two objects that hold the same cells in the same order, measured in two modalities.
 * Writes nothing.
 *
 * @param maxNeighbors the largest k
 * @param nDims how many leading columns to use; null for all
 * @return a row for every k: `forward` (cells of the first among the second), `backward` and their `mean`
 */
public fun Metrics.knnAlignment(
    adata1: AnnData,
    adata2: AnnData,
    useRep: String,
    maxNeighbors: Int = KNN_ALIGNMENT.maxNeighbors(),
    metric: String = "euclidean",
    nDims: Int? = null,
): DataFrame {
    requireSameCells(adata1, adata2)
    return aligned(adata1.leading(useRep, nDims), adata2.leading(useRep, nDims), metric, maxNeighbors)
}

/**
 * As for two objects, of one that holds both halves of cells.
 *
 * Reads `obsm[useRep]`, `obs[pairKey]` and `obs[modalityKey]`, as `sc.pp.unpair` writes them. Writes nothing.
 */
public fun Metrics.knnAlignment(
    adata: AnnData,
    pairKey: String,
    useRep: String,
    modalityKey: String = "modality",
    maxNeighbors: Int = KNN_ALIGNMENT.maxNeighbors(),
    metric: String = "euclidean",
    nDims: Int? = null,
): DataFrame {
    val pairs = adata.pairedCells(pairKey, modalityKey)
    val x = adata.leading(useRep, nDims)
    return aligned(x.takeRows(pairs.first), x.takeRows(pairs.second), metric, maxNeighbors)
}

private fun aligned(x: DenseMatrix, y: DenseMatrix, metric: String, maxNeighbors: Int): DataFrame {
    val found = KnnAlignment.run(Foscttm.run(x, y, pairMetric(metric)), KnnAlignment.Params(maxNeighbors))
    val (there, back) = found.forward() to found.backward()
    return numberTable(
        there.indices.map { "${it + 1}" },
        "forward" to there,
        "backward" to back,
        "mean" to DoubleArray(there.size) { (there[it] + back[it]) / 2 },
    )
}

/**
 * How good the partners are that `sc.tl.matchPivots` named for the cells of [adata1] in [adata2]. See [MatchingAccuracy].
 *
 * Reads `obs[partnerKey]` and the names of both; a cell and its other half have the same name. With [labelKey] reads
 * `obs[labelKey]` of both. Writes nothing.
 *
 * @return `exact`, the share of cells whose partner is their other half (NaN where no two names are equal), `label`, the
 *   share whose partner has their label (NaN without [labelKey]), and `matched`, how many cells have a partner
 */
public fun Metrics.matchingAccuracy(
    adata1: AnnData,
    adata2: AnnData,
    labelKey: String? = null,
    partnerKey: String = "partner",
): Map<String, Double> {
    requireNames(adata1, adata2)
    val column = adata1.obsColumn(partnerKey)
    val at = adata2.obsNames.withIndex().associate { (i, name) -> name to i }
    val partners = IntArray(adata1.nObs) {
        if (column.isMissing(it)) {
            MatchingAccuracy.NONE
        } else {
            requireNotNull(at[column.text(it)]) {
                "obs['$partnerKey'] of cell '${adata1.obsNames[it]}' is '${column.text(it)}', which adata2 does not hold"
            }
        }
    }
    val truth = IntArray(adata1.nObs) { at[adata1.obsNames[it]] ?: MatchingAccuracy.NONE }
    val (labels, others) = labelsOfBoth(adata1, adata2, labelKey)
    val found = MatchingAccuracy.run(partners, truth, labels, others)
    return mapOf(
        "exact" to found.exact(),
        "label" to found.label(),
        "matched" to found.matched().toDouble(),
    )
}

/** Cells of both are told apart by their names. */
internal fun requireNames(vararg sides: AnnData) {
    sides.forEachIndexed { i, adata ->
        val twice = adata.obsNames.firstRepeated()
        require(twice == null) {
            "cells are paired by their names, but adata${i + 1} has '${twice?.key}' ${twice?.value} times; " +
                "run obsNamesMakeUnique() first"
        }
    }
}

/** Codes of the same labels; none without a key. */
private fun labelsOfBoth(adata1: AnnData, adata2: AnnData, key: String?): Pair<Categories, Categories> {
    if (key == null) {
        val (a, b) = listOf(adata1, adata2).map { Categories("label", IntArray(it.nObs) { -1 }, arrayOf("none")) }
        return a to b
    }
    val (a, b) = listOf(adata1, adata2).map { it.categories(key, "labelKey", complete = false) }
    val levels = (a.levels().toList() + b.levels()).distinct()
    val place = levels.withIndex().associate { (code, level) -> level to code }

    fun recoded(read: Categories): Categories {
        val codes = IntArray(read.nCells()) { i ->
            if (read.code(i) < 0) Categories.MISSING else place.getValue(read.level(read.code(i)))
        }
        return Categories(read.name(), codes, levels.toTypedArray())
    }
    return recoded(a) to recoded(b)
}

/**
 * What a graph over two modalities is worth as a matching: the mean weight of the true other half, the weights of a cell
 * to the other modality summing to 1. 1 is best, one divided by the number of pairs is chance. See [MatchingScore].
 *
 * Reads the connectivities of [neighborsKey], `obs[pairKey]` and `obs[modalityKey]`, as `sc.pp.unpair` writes them.
 * Only paired cells count. Writes nothing.
 *
 * @param neighborsKey of `sc.pp.neighbors`, or of `sc.tl.multimap`; null for `neighbors`
 * @return `forward` (cells of the first modality), `backward` and their `mean`
 */
public fun Metrics.matchingScore(
    adata: AnnData,
    pairKey: String,
    modalityKey: String = "modality",
    neighborsKey: String? = null,
): Map<String, Double> {
    val pairs = adata.pairedCells(pairKey, modalityKey)
    val graph = adata.neighborGraph(neighborsKey).connectivities
    val truth = IntArray(pairs.first.size) { it }

    fun score(of: IntArray, among: IntArray) =
        MatchingScore.run(graph.takeRows(of).takeCols(among).toCsr(), truth)
    val (there, back) = score(pairs.first, pairs.second) to score(pairs.second, pairs.first)
    return mapOf("forward" to there, "backward" to back, "mean" to (there + back) / 2)
}

/**
 * liger's alignment: how well data sets lie among each other; about 1 where they are mixed, 0 where they are apart. See
 * [DatasetAlignment].
 *
 * Reads `obsm[useRep]` and `obs[batchKey]`. Writes nothing.
 *
 * @param nNeighbors 0 for a hundredth of the cells that are drawn, at least 10
 */
public fun Metrics.datasetAlignment(
    adata: AnnData,
    batchKey: String,
    useRep: String,
    nNeighbors: Int = ALIGNMENT.nNeighbors(),
    randomState: Long = ALIGNMENT.seed(),
): Double {
    val sets = adata.categories(batchKey, "batchKey")
    val params = DatasetAlignment.Params(nNeighbors, randomState)
    return withProgress { DatasetAlignment.run(adata.denseEmbedding(useRep), sets, params, it) }.alignment()
}

/**
 * liger's agreement: how many of their nearest neighbours cells keep, as the Jaccard index of the lists before and after an
 * integration; 1 where nothing changed. See [NeighborAgreement].
 *
 * Reads `obsm[preIntegrated]` and `obsm[useRep]`, with [batchKey] of every batch by itself. Writes nothing.
 *
 * @return a row for every batch that has cells and one, `all`, with the mean over all cells
 */
public fun Metrics.neighborAgreement(
    adata: AnnData,
    useRep: String,
    preIntegrated: String = "X_pca",
    batchKey: String? = null,
    nNeighbors: Int = AGREEMENT.nNeighbors(),
    randomState: Long = AGREEMENT.seed(),
): DataFrame {
    val (before, after) = adata.denseEmbedding(preIntegrated) to adata.denseEmbedding(useRep)
    val params = NeighborAgreement.Params(nNeighbors, randomState)
    val sets = batchKey?.let { adata.categories(it, "batchKey").withoutUnused() }
    val members = sets?.members()?.toList() ?: emptyList()
    val all = members.ifEmpty { listOf(IntArray(adata.nObs) { it }) }
    val byCell = all.mapIndexed { level, cells ->
        try {
            withProgress { NeighborAgreement.run(before.takeRows(cells), after.takeRows(cells), params, it) }.byCell()
        } catch (e: IllegalArgumentException) {
            if (sets == null) throw e
            throw IllegalArgumentException("batch '${sets.level(level)}': ${e.message}", e)
        }
    }
    val overall = byCell.sumOf { it.sum() } / adata.nObs
    val means = members.indices.map { byCell[it].average() } + overall
    return numberTable(members.indices.map { sets!!.level(it) } + "all", "agreement" to means.toDoubleArray())
}
