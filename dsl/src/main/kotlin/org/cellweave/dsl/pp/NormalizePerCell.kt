package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.texts

/** scanpy's own: cells without a count are left out. */
private const val ONE_COUNT = 1

/**
 * scanpy's older name for [Preprocessing.normalizeTotal], which it says once: leaves out cells with fewer than
 * [minCounts] counts, and scales the others to the same sum.
 *
 * Reads `X` (and [layers]). Writes `X`, [layers] and the cells' counts before as `obs[keyNCounts]`; removes cells.
 *
 * @param countsPerCellAfter the sum to scale to; null for the median of the cells that are kept
 * @param countsPerCell must be left out; scanpy's users give sums of their own by it
 * @param layers layers to scale as well, each to its own sums, one or a list, or `all`
 * @param useRep null scales layers to their own medians, `after` to [countsPerCellAfter]
 */
public fun Preprocessing.normalizePerCell(
    adata: AnnData,
    countsPerCellAfter: Number? = null,
    countsPerCell: Any? = null,
    keyNCounts: String = "n_counts",
    copy: Boolean = false,
    layers: Any? = null,
    useRep: String? = null,
    minCounts: Number = ONE_COUNT,
): AnnData {
    require(countsPerCell == null) {
        "countsPerCell must be left out; divide by sums of your own with sc.pp.normalizeBySizeFactors"
    }
    require(useRep == null || useRep == "after") { "useRep must be null or 'after', got '$useRep'" }
    val others = if (layers == "all") adata.layers.keys.toList() else texts(layers, "layers").orEmpty()
    others.forEach { adata.layers.get(it) }
    Log.warnOnce(
        "sc.pp.normalizePerCell is scanpy's older name; today it is sc.pp.normalizeTotal(adata, targetSum = 1e4)",
    )
    val target = adata.target(copy)
    val (keep, counts) = filterCells(target, false, minCounts = minCounts)
    target.obs.set(keyNCounts, counts)
    if (keep.any { !it }) target.subset(AxisIndex.mask(*keep), AxisIndex.ALL)
    normalizeTotal(target, countsPerCellAfter)
    others.forEach { normalizeTotal(target, if (useRep == "after") countsPerCellAfter else null, layer = it) }
    return target
}
