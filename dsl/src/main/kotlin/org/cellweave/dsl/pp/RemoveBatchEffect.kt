package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.design.NumericCovariate
import org.cellweave.dsl.glue.running
import org.cellweave.dsl.glue.target
import org.cellweave.dsl.glue.warnOfCounts
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.categories
import org.cellweave.dsl.slots.covariate
import org.cellweave.dsl.slots.putMatrix
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.dsl.slots.source
import org.cellweave.integrate.limma.RemoveBatchEffect

/**
 * Removes what batches and covariates add to each gene, by limma's linear model. See [RemoveBatchEffect].
 *
 * Reads `X` (or [layer]), logarithms, and the columns of `obs` that are named. Writes the same matrix, dense, or
 * `layers[keyAdded]`.
 *
 * @param batch2 a second column of batches whose effect adds to that of the first
 * @param covariates columns of numbers whose effect is removed as well
 * @param design columns whose effect is to be kept: numbers act linearly, other columns as categories
 * @param group one more column to be kept, as in limma
 * @param keyAdded layer for the result; null to write in place
 */
public fun Preprocessing.removeBatchEffect(
    adata: AnnData,
    batch: String? = null,
    batch2: String? = null,
    covariates: Collection<String> = emptyList(),
    design: Collection<String> = emptyList(),
    group: String? = null,
    layer: String? = null,
    keyAdded: String? = null,
    copy: Boolean = false,
): AnnData {
    val target = adata.target(copy)
    val batches = listOfNotNull(batch, batch2)
    val kept = design + listOfNotNull(group)
    val named = batches + covariates + kept
    requireColumns(target.obs, "obs", named)
    require(named.toSet().size == named.size) {
        "batch, batch2, covariates, design and group must name different columns, got $named"
    }
    if (batches.isEmpty() && covariates.isEmpty()) {
        Log.warning("removeBatchEffect was given neither batch nor covariates; nothing changes.")
        return target
    }
    val numbers =
        covariates.map {
            target.covariate(it) as? NumericCovariate
                ?: throw IllegalArgumentException(
                    "covariates must name columns of numbers, but obs['$it'] holds labels; name it as batch2",
                )
        }
    val columns = batches.map { target.categories(it, "batch") }
    val source = target.source(layer)
    warnOfCounts("removeBatchEffect", source)
    val result =
        Log.timed<RemoveBatchEffect.Result>("removing batch effects", { null }) {
            target.running("removeBatchEffect", source) {
                RemoveBatchEffect.run(
                    source.x, columns, kept.map(target::covariate), RemoveBatchEffect.Params(numbers), it,
                )
            }
        }
    result.warnings().forEach { Log.warning(it) }
    target.makeActual()
    target.putMatrix(keyAdded ?: layer, result.x())
    return target
}
