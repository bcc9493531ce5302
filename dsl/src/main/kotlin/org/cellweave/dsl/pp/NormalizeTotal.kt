package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.preprocess.NormalizeTotal

/**
 * Scales every cell to the same total, in place. See [NormalizeTotal].
 *
 * Reads and writes `X` (or `layer`), converting other types to float32. Writes `obs[keyAdded]` (size factors) when
 * [keyAdded] is given.
 *
 * @param targetSum total after scaling; null for the median of the cells' totals
 */
public fun Preprocessing.normalizeTotal(
    adata: AnnData,
    targetSum: Number? = NormalizeTotal.Params.DEFAULTS.targetSum(),
    excludeHighlyExpressed: Boolean = NormalizeTotal.Params.DEFAULTS.excludeHighlyExpressed(),
    maxFraction: Double = NormalizeTotal.Params.DEFAULTS.maxFraction(),
    keyAdded: String? = null,
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params = NormalizeTotal.Params(targetSum?.toDouble(), excludeHighlyExpressed, maxFraction)
    val x = target.float32Matrix(layer)
    Log.timed<NormalizeTotal.Result>("normalizing counts per cell", { null }) {
        val result = NormalizeTotal.run(x, params)
        if (result.emptyCells() > 0) {
            Log.warning("Some cells have zero counts (${result.emptyCells()}); filter them with sc.pp.filterCells()")
        }
        if (keyAdded != null) {
            target.obs.set(keyAdded, NumericColumn.of(*result.sizeFactors()))
        }
        result
    }
    return target
}
