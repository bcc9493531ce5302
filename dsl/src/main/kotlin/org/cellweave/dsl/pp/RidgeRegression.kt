package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.bbknn.RidgeRegression
import org.cellweave.integrate.bbknn.RidgeRegression.Params.DEFAULTS as RIDGE

/**
 * Takes out of scaled expression what batches explain of it beside other labels, before `sc.pp.pca` and a second
 * `sc.pp.bbknn`. See [RidgeRegression].
 *
 * Reads `X`, scaled, and the columns [batchKey] and [confounderKey] of `obs`. Writes `X`, dense, and
 * `layers["X_explained"]`.
 *
 * @param batchKey columns whose part is taken out
 * @param confounderKey columns that share in the fit and are kept, such as cell types or clusters
 * @param alpha strength of the penalty
 */
public fun Preprocessing.ridgeRegression(
    adata: AnnData,
    batchKey: Collection<String>,
    confounderKey: Collection<String> = emptyList(),
    alpha: Number = RIDGE.alpha(),
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val names = batchKey + confounderKey
    requireColumns(target.obs, "obs", names)
    require(names.toSet().size == names.size) {
        "batchKey and confounderKey must name different columns, got $names"
    }
    val batches = batchKey.map { target.categories(it, "batchKey") }
    val confounders = confounderKey.map { target.categories(it, "confounderKey") }
    val source = target.source(null)
    warnOfCounts("ridgeRegression", source)
    val result =
        Log.timed<RidgeRegression.Result>("computing ridge regression", { null }) {
            target.running("ridgeRegression", source) {
                RidgeRegression.run(source.x, batches, confounders, RidgeRegression.Params(alpha.toDouble()), it)
            }
        }
    target.makeActual()
    target.putMatrix(null, result.x())
    target.putMatrix("X_explained", result.explained())
    return target
}

/** As above, of single columns. Reads and writes the same. */
public fun Preprocessing.ridgeRegression(
    adata: AnnData,
    batchKey: String = "batch",
    confounderKey: String? = null,
    alpha: Number = RIDGE.alpha(),
    copy: Boolean = false,
): AnnData = ridgeRegression(adata, listOf(batchKey), listOfNotNull(confounderKey), alpha.toDouble(), copy)
