package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.LossLine
import org.cellweave.dsl.plot.LossPanels
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.texts

/**
 * Draws what the training of models recorded, epoch by epoch: a colour per model and a dash pattern per key, as the
 * legend shows. What has another unit than bounds and losses, which are per cell, has a panel of its own: scores of a
 * classifier, `kl_weight`, `learning_rate`.
 *
 * @param models by the name that the legend has
 * @param keys series of `model.history`, one or a list; those that a model lacks are left out
 */
public fun ModelPlotting.history(
    models: Map<String, GenerativeModel>,
    keys: Any = listOf("elbo_train"),
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    require(models.isNotEmpty()) { "models must hold at least one, by its name: mapOf(\"SCVI\" to model)" }
    val untrained = models.entries.firstOrNull { it.value.history.nRows() == 0 }?.key
    require(untrained == null) { "'$untrained' has no history, because it is not trained. Call train() first" }
    val asked = texts(keys, "keys").orEmpty().distinct()
    val histories = models.mapValues { (_, model) -> model.history }
    val known = histories.values.flatMap { it.keys }.distinct()
    val unknown = asked.firstOrNull { it !in known }
    require(asked.isNotEmpty() && unknown == null) {
        "keys must be series of a history, got '${unknown ?: asked}'; there are $known"
    }
    val panels =
        asked.groupBy(::unit).flatMap { (unit, alike) ->
            alike.chunked(LossLine.DASHES.size).map { few ->
                LossPanels(lines(histories, few), "Epoch", sessionLook()).losses(few.singleOrNull() ?: unit)
            }
        }
    return finish(
        grid(panels, minOf(panels.size, PANELS_IN_A_ROW), PANEL_GAP), "history", Output(save, show, ax, figsize, dpi),
    )
}

/** A line per model and key, as far as models have these. */
private fun lines(histories: Map<String, DataFrame>, keys: List<String>): List<LossLine> {
    val colors = Palettes.default(histories.size)
    return histories.entries.flatMapIndexed { m, (name, history) ->
        keys.mapIndexedNotNull { k, key ->
            if (key !in history.keys) return@mapIndexedNotNull null
            val title =
                when {
                    keys.size == 1 -> name
                    histories.size == 1 -> key
                    else -> "$name, $key"
                }
            LossLine(title, bridged(history[key].toDoubles()), colors[m], LossLine.DASHES[k])
        }
    }
}

/** What the axis says; series of another unit cannot be read off it. */
private fun unit(key: String): String =
    when {
        key in SETTINGS -> key
        SCORES.any(key::endsWith) -> "score"
        else -> "per cell"
    }

/** Shares and errors of a classifier, which lie between 0 and 1. */
private val SCORES = listOf("_accuracy", "_f1_score", "_calibration_error")

/** What a training was told, epoch by epoch. */
private val SETTINGS = listOf("kl_weight", "learning_rate")

private const val PANELS_IN_A_ROW = 2

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
