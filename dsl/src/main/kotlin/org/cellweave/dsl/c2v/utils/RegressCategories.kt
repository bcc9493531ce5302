package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.shown.texts
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.source
import org.cellweave.preprocess.CategoryResiduals

/**
 * Takes from expression what labels of the cells explain of it, all labels together; every gene keeps its mean. See
 * [CategoryResiduals].
 *
 * Reads `X` (or [layer]) and the columns of `obs`. Writes `layers["X_regressed"]`, or the layer's name before
 * [keyAdded]: dense, and the same as `X` where the labels explain nothing. The Python package takes off the means of
 * one label after another, so that their order counts, and loses the mean of the gene.
 *
 * @param obsKey one column of labels, or a list of them
 */
public fun ClonalUtilities.regressCategories(
    adata: AnnData,
    obsKey: Any,
    layer: String? = null,
    keyAdded: String = "regressed",
): AnnData {
    val keys = texts(obsKey, "obsKey").orEmpty()
    require(keys.isNotEmpty()) { "obsKey must name a column of labels, got an empty list" }
    val labels = keys.map { adata.categories(it, "obsKey") }
    val source = adata.source(layer)
    val added = "${layer ?: "X"}_$keyAdded"
    Log.timed<Unit>("regressing $keys out of ${source.slot}", { "added\n    '$added' (adata.layers)" }) {
        val residuals = adata.running("regressCategories", source) { CategoryResiduals.run(source.x, labels, it) }
        adata.layers.set(added, residuals)
    }
    return adata
}
