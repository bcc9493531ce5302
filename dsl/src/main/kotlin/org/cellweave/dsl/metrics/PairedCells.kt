package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.denseEmbedding
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.matrix.DenseMatrix
import org.cellweave.metrics.Foscttm
import org.cellweave.metrics.PairMetric
import org.cellweave.util.Check
import java.util.Locale

/** Rows of one object that are the two halves of a cell, each in its modality. */
internal class PairedCells(
    val modalities: Pair<String, String>,
    val first: IntArray,
    val second: IntArray,
)

/**
 * The cells that have the same value in `obs[pairKey]` and differ in `obs[modalityKey]`. Cells without a value, and those
 * whose other half is not there, are in no pair.
 */
internal fun AnnData.pairedCells(pairKey: String, modalityKey: String): PairedCells {
    val pair = obsColumn(pairKey)
    val modality = categories(modalityKey, "modalityKey", complete = false)
    val rows =
        (0 until nObs)
            .filter { !pair.isMissing(it) && modality.code(it) >= 0 }
            .groupBy { pair.text(it) }
            .filterValues { it.size > 1 }
    for ((value, cells) in rows) {
        val kinds = cells.map { modality.code(it) }.distinct()
        require(cells.size == 2 && kinds.size == 2) {
            "pairKey must name a column in which two cells of different modalities share a value, but " +
                "obs['$pairKey'] is '$value' for ${cells.size} cells of " +
                "${kinds.map { modality.level(it) }}, '${obsNames[cells[0]]}' among them"
        }
    }
    require(rows.isNotEmpty()) {
        "no two cells share a value of obs['$pairKey']. Name the column that says which cells are the same one; " +
            "sc.pp.unpair(mdata) takes paired cells apart and writes it"
    }
    val levels = rows.values
        .flatMap { cells -> cells.map { modality.code(it) } }
        .distinct()
        .sorted()
    require(levels.size == 2) {
        "pairs must be of two modalities, but obs['$modalityKey'] of paired cells is " +
            "${levels.map { modality.level(it) }}. Take a subset of the cells"
    }
    val ordered = rows.values.map { cells -> cells.sortedBy { modality.code(it) } }
    return PairedCells(
        modality.level(levels[0]) to modality.level(levels[1]),
        IntArray(ordered.size) { ordered[it][0] },
        IntArray(ordered.size) { ordered[it][1] },
    )
}

/** Leading columns of an embedding. */
internal fun AnnData.leading(key: String, nDims: Int?): DenseMatrix {
    val x = denseEmbedding(key)
    if (nDims == null) return x
    require(nDims in 1..x.nCols()) { "nDims must lie in 1..${x.nCols()}, the columns of obsm['$key'], got $nDims" }
    return x.takeCols(IntArray(nDims) { it })
}

internal fun requireSameCells(adata1: AnnData, adata2: AnnData) {
    require(adata1.obsNames == adata2.obsNames) {
        val at = adata1.obsNames.zip(adata2.obsNames).indexOfFirst { (a, b) -> a != b }
        "the two objects must hold the same cells in the same order" +
            if (at >= 0) "; row $at is '${adata1.obsNames[at]}' and '${adata2.obsNames[at]}'" else ""
    }
}

internal fun pairMetric(metric: String): PairMetric = Check.oneOf(metric, PairMetric::class.java, "metric")

private const val MANY_TIES = 0.01

/** Says when a good score means that cells fell together. */
internal fun Foscttm.Result.warnOfTies(what: String): Foscttm.Result {
    if (tied() > MANY_TIES) {
        val share = "%.0f".format(Locale.ROOT, 100 * tied())
        Log.warning(
            "foscttm of $what: $share % of the other cells lie just as far away as the true half, and do not count " +
                "as nearer. Places that fell together look better than they are",
        )
    }
    return this
}
