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
                LossLine(title, model.history[key].toDoubles(), Palettes.default(models.size)[m], dashed = k > 0)
            }
        }
    val panel = LossPanels(lines, "Epoch", sessionLook()).losses(keys.singleOrNull() ?: "per cell")
    return finish(grid(listOf(panel), 1), "history", save)
}
