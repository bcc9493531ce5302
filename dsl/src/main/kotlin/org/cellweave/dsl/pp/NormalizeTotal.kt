package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.glue.changingRows
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.ownFloat32
import org.cellweave.matrix.Matrix
import org.cellweave.preprocess.NormalizeTotal
import org.cellweave.preprocess.NormalizeTotal.Params.DEFAULTS as NORMALIZE

/** A normalised matrix and the size factors that its rows were divided by. */
public class Normalized internal constructor(
    @Suppress("ktlint:standard:property-naming") public val X: Matrix,
    public val normFactor: FloatArray,
) {
    public operator fun component1(): Matrix = X

    public operator fun component2(): FloatArray = normFactor
}

/**
 * Scales every cell to the same total, in place. See [NormalizeTotal].
 *
 * Reads and writes `X` (or `layer`), converting other types to float32; rows that stay in a file are changed as they
 * are read. Writes `obs[keyAdded]` (size factors) when [keyAdded] is given.
 *
 * What `excludeHighlyExpressed` does is of Weinreb, Wolock and Klein 2018, doi:10.1093/bioinformatics/btx792.
 *
 * @param targetSum total after scaling; null for the median of the cells' totals
 */
public fun Preprocessing.normalizeTotal(
    adata: AnnData,
    targetSum: Number? = NORMALIZE.targetSum(),
    excludeHighlyExpressed: Boolean = NORMALIZE.excludeHighlyExpressed(),
    maxFraction: Number = NORMALIZE.maxFraction(),
    keyAdded: String? = null,
    layer: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val params = NormalizeTotal.Params(targetSum?.toDouble(), excludeHighlyExpressed, maxFraction.toDouble())
    val factors = target.changingRows("normalizeTotal", layer) { normalized(it, params).run { x() to sizeFactors() } }
    if (keyAdded != null) target.obs.set(keyAdded, NumericColumn.of(*factors))
    return target
}

/**
 * The scaled matrix and the size factors. Reads the same; writes only when [inplace] is true.
 */
public fun Preprocessing.normalizeTotal(
    adata: AnnData,
    inplace: Boolean,
    targetSum: Number? = NORMALIZE.targetSum(),
    excludeHighlyExpressed: Boolean = NORMALIZE.excludeHighlyExpressed(),
    maxFraction: Number = NORMALIZE.maxFraction(),
    keyAdded: String? = null,
    layer: String? = null,
): Normalized {
    val params = NormalizeTotal.Params(targetSum?.toDouble(), excludeHighlyExpressed, maxFraction.toDouble())
    if (!inplace) {
        val x = adata.matrixOf(layer).ownFloat32()
        return normalized(x, params).run { Normalized(x(), sizeFactors()) }
    }
    val made = adata.changingRows("normalizeTotal", layer) {
        normalized(it, params).run { x() to Normalized(x(), sizeFactors()) }
    }
    if (keyAdded != null) adata.obs.set(keyAdded, NumericColumn.of(*made.component2()))
    return made
}

private fun normalized(x: Matrix, params: NormalizeTotal.Params): NormalizeTotal.Result =
    Log
        .timed<NormalizeTotal.Result>("normalizing counts per cell", { null }) {
            val result = NormalizeTotal.run(x, params)
            if (result.emptyCells() > 0) {
                Log.warning(
                    "Some cells have zero counts (${result.emptyCells()}); filter them with sc.pp.filterCells()",
                )
            }
            result
        }
