package org.cellweave.dsl

import org.cellweave.dsl.plot.LossLine
import org.cellweave.dsl.plot.LossPanels
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.grid

/**
 * Draws what the training of models recorded, epoch by epoch: a line per model and key, solid for the first key and
 * dashed
 * for the others.
 *
 * @param models by the name that the legend has
 * @param keys series of `model.history`; those that a model lacks are left out
 */
public fun ModelPlotting.history(
    models: Map<String, GenerativeModel>,
    keys: List<String> = listOf("elbo_train"),
    save: Any? = null,
): Figure {
    require(models.isNotEmpty()) { "models must hold at least one, by its name: mapOf(\"SCVI\" to model)" }
    val untrained = models.entries.firstOrNull { it.value.history.nRows() == 0 }?.key
    require(untrained == null) { "'$untrained' has no history, because it is not trained. Call train() first" }
    val known = models.values.flatMap { it.history.keys }.distinct()
    val unknown = keys.firstOrNull { it !in known }
    require(keys.isNotEmpty() && unknown == null) {
        "keys must be series of a history, got '${unknown ?: keys}'; there are $known"
    }
    val lines =
        models.entries.flatMapIndexed { m, (name, model) ->
            keys.mapIndexedNotNull { k, key ->
                if (key !in model.history.keys) return@mapIndexedNotNull null
                val title = if (keys.size == 1) {
                    name
                } else if (models.size == 1) {
                    key
                } else {
                    "$name, $key"
                }
                val values = bridged(model.history[key].toDoubles())
                LossLine(title, values, Palettes.default(models.size)[m], dashed = k > 0)
            }
        }
    val title = keys.singleOrNull() ?: if (keys.all(::isScore)) "score" else "per cell"
    val panel = LossPanels(lines, "Epoch", sessionLook()).losses(title)
    return finish(grid(listOf(panel), 1), "history", save)
}

/** Shares and errors of a classifier, which lie between 0 and 1. */
private fun isScore(key: String) = SCORES.any(key::endsWith)

private val SCORES = listOf("_accuracy", "_f1_score", "_calibration_error")

/** Epochs that were not validated lie on the line between those that were. */
internal fun bridged(values: DoubleArray): DoubleArray {
    val out = values.copyOf()
    val known = values.indices.filter { !values[it].isNaN() }
    for ((from, to) in known.zipWithNext()) {
        for (i in from + 1 until to) {
            out[i] = values[from] + (values[to] - values[from]) * (i - from) / (to - from)
        }
    }
    return out
}
