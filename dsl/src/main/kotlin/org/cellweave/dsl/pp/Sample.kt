package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.axisNumber
import org.cellweave.dsl.slots.remedy
import org.cellweave.preprocess.Sampling
import org.cellweave.util.MissingKeyException
import org.cellweave.preprocess.Sampling.Params.DEFAULTS as SAMPLING

/**
 * Draws cells (or genes) at random; those drawn stay, in the order of the draws. See [Sampling].
 *
 * Reads a column of `obs` (or `var`) when [p] names one. Writes every slot: the others are removed.
 *
 * @param fraction share to draw; exactly one of [fraction] and [n] is given
 * @param rng seed of the draws; scanpy's default draws anew every time, here it is fixed
 * @param axis `obs` or 0 for cells, `var` or 1 for genes
 * @param p probabilities that sum to 1, or a mask; an array, or the name of a column
 */
public fun Preprocessing.sample(
    adata: AnnData,
    fraction: Number? = null,
    n: Int? = null,
    rng: Long = SAMPLING.seed(),
    copy: Boolean = false,
    replace: Boolean = SAMPLING.replace(),
    axis: Any = "obs",
    p: Any? = null,
): AnnData {
    val cells = axisNumber(axis) == 0
    val params = Sampling.Params(fraction?.toDouble(), n, replace, rng)
    val there = if (cells) adata.nObs else adata.nVars
    val drawn = Sampling.run(there, p?.let { probabilities(adata, cells, it) }, params)
    Log.debug("... sampled to ${drawn.size} ${if (cells) "obs" else "var"}")
    val some = AxisIndex.positions(*drawn)
    val rows = if (cells) some else AxisIndex.ALL
    val columns = if (cells) AxisIndex.ALL else some
    if (copy) return adata.select(rows, columns).copy()
    adata.subset(rows, columns)
    return adata
}

/**
 * Draws cells at random without replacement, as older scripts call it; [sample] does more.
 *
 * Reads nothing. Writes every slot: the other cells are removed.
 */
public fun Preprocessing.subsample(
    adata: AnnData,
    fraction: Number? = null,
    nObs: Int? = null,
    randomState: Long = SAMPLING.seed(),
    copy: Boolean = false,
): AnnData = sample(adata, fraction?.toDouble(), nObs, randomState, copy)

private fun probabilities(adata: AnnData, cells: Boolean, p: Any): DoubleArray =
    when (p) {
        is DoubleArray -> p
        is BooleanArray -> p.shares()
        is Column -> p.shares()
        is String -> {
            val table = if (cells) adata.obs else adata.`var`
            val slot = if (cells) "obs" else "var"
            (table.find(p) ?: throw MissingKeyException(slot, p, table.keys, remedy(p, slot))).shares()
        }
        else -> throw IllegalArgumentException(
            "p must be probabilities, a mask or the name of a column, got a ${p::class.simpleName}",
        )
    }

private fun Column.shares(): DoubleArray =
    when (this) {
        is BooleanColumn -> values().shares()
        is NumericColumn -> toDoubles()
        else -> throw IllegalArgumentException("p must name a column of numbers or booleans, got ${dtypeName()}")
    }

private fun BooleanArray.shares(): DoubleArray {
    val share = 1.0 / maxOf(1, count { it })
    return DoubleArray(size) { if (this[it]) share else 0.0 }
}
