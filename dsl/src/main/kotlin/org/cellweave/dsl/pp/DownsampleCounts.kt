package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.namingCulprit
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.slots.source
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.DownsampleCounts
import org.cellweave.preprocess.DownsampleCounts.Params.DEFAULTS as DOWNSAMPLE

/**
 * Draws counts at random until every cell, or all of them together, have at most a given total.
 * See [DownsampleCounts].
 *
 * Reads and writes `X`, raw counts; sparse stays sparse.
 *
 * @param countsPerCell total of a cell: a number, or one for each cell; exactly one of the two is given
 */
public fun Preprocessing.downsampleCounts(
    adata: AnnData,
    countsPerCell: Any? = null,
    totalCounts: Long? = null,
    randomState: Long = DOWNSAMPLE.seed(),
    replace: Boolean = DOWNSAMPLE.replace(),
    copy: Boolean = false,
): AnnData {
    require((countsPerCell == null) != (totalCounts == null)) {
        "exactly one of countsPerCell and totalCounts must be given, got " +
            if (totalCounts == null) "neither" else "both"
    }
    val aim =
        if (totalCounts != null) {
            DownsampleCounts.Target.total(totalCounts)
        } else {
            perCell(countsPerCell!!, adata.nObs)
        }
    val source = adata.source(null)
    val result =
        adata.namingCulprit("downsampleCounts", source) {
            DownsampleCounts.run(source.x, aim, DownsampleCounts.Params(replace, randomState))
        }
    val target = adata.target(copy)
    target.makeActual()
    target.X = result.x().wideEnough()
    return target
}

/** Drawn with replacement, counts of a gene may exceed what a narrow type of `X` holds; int64 holds them. */
private fun Matrix.wideEnough(): Matrix {
    val type = dtype()
    if (!type.isInteger) return this
    val limit = type.highest()
    val csr = toCsr()
    val exceeds =
        (0 until csr.blockCount()).map(csr::block).any { block ->
            (block.firstRow() until block.endRow()).any { i ->
                (block.start(i) until block.end(i)).any { block.value(it) > limit }
            }
        }
    return if (exceeds) withDType(DType.INT64) else this
}

private fun perCell(counts: Any, nCells: Int): DownsampleCounts.Target =
    when (counts) {
        is Int -> DownsampleCounts.Target.perCell(counts.toLong(), nCells)
        is Long -> DownsampleCounts.Target.perCell(counts, nCells)
        is LongArray -> DownsampleCounts.Target.perCell(counts)
        is IntArray -> DownsampleCounts.Target.perCell(LongArray(counts.size) { counts[it].toLong() })
        is Collection<*> -> DownsampleCounts.Target.perCell(counts.map { (it as Number).toLong() }.toLongArray())
        else -> throw IllegalArgumentException(
            "countsPerCell must be a whole number or one for each cell, got a ${counts::class.simpleName}",
        )
    }
