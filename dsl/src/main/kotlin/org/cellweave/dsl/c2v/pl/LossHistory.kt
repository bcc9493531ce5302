package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.plot.LossLine
import org.cellweave.dsl.plot.LossPanels
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.session.Log
import org.cellweave.util.MissingKeyException

/**
 * Draws the loss of an embedding of clones after every step, beside how much each step has lowered it.
 *
 * The counts that were held out have a dashed line. A step that has raised the loss has no place on the logarithmic
 * axis; where no step has lowered it there is no second panel, and a warning.
 *
 * The loss of `clone2vec` is a mean over pairs of neighbours, that of `clone2vecPoi` a negative log-likelihood.
 *
 * Reads `uns[unsKey][lossKey]` and `uns[unsKey]["held_out_history"]`, as `c2v.tl.clone2vec` and `clone2vecPoi` write
 * them.
 *
 * @param unsKey entry of uns; where it is not there `clone2vec` and then `clone2vec_Poi` are taken, with a warning
 * @param lossKey entry of that entry
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.lossHistory(
    clones: AnnData,
    unsKey: String = "clone2vec",
    lossKey: String = "loss_history",
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val key = listOf(unsKey, "clone2vec", "clone2vec_Poi").firstOrNull { lossKey in entry(clones, it).keys }
        ?: throw MissingKeyException(
            "uns", "$unsKey']['$lossKey", clones.uns.keys, "Run c2v.tl.clone2vec() or c2v.tl.clone2vecPoi() first.",
        )
    if (key != unsKey) Log.warning("uns['$unsKey'] has no '$lossKey'; the one of uns['$key'] is drawn")
    val entry = entry(clones, key)
    val losses = figureNumbers(entry[lossKey], "uns['$key']['$lossKey']")
    require(losses.isNotEmpty()) { "uns['$key']['$lossKey'] must have losses, got none" }
    val lines = listOfNotNull(
        LossLine("fitted", losses, "#1f77b4", LossLine.DASHES[0]),
        entry["held_out_history"]?.let {
            LossLine("held out", figureNumbers(it, "uns['$key']['held_out_history']"), "#ff7f0e", LossLine.DASHES[1])
        },
    )
    val solver = (entry["params"] as? Map<*, *>)?.get("solver")
    val loss = if (POISSON_PARTS.any { it in entry.keys }) "Negative log-likelihood" else LossPanels.MEAN
    val panels = LossPanels(lines, if (solver == "sgd") "Epoch" else "Step", sessionLook(), loss)
    if (!panels.fall) Log.warning("no step of uns['$key']['$lossKey'] lowers the loss; there is no panel of decreases")
    val drawn = listOfNotNull(panels.losses(), if (panels.fall) panels.decreases() else null)
    return finish(grid(drawn, 2, PANEL_GAP), "loss_history", Output(save, show, ax, figsize, dpi))
}

private fun entry(clones: AnnData, key: String): Map<*, *> = clones.uns[key] as? Map<*, *> ?: emptyMap<Any, Any>()

/** What a fit or a projection by the Poisson model keeps, and no other. */
private val POISSON_PARTS = listOf("weights", "row_offset")
