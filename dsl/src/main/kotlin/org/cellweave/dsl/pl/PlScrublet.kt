package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.ScoreHistogram
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.slots.obsColumn
import org.cellweave.dsl.slots.remedy
import org.cellweave.dsl.slots.toLabels
import org.cellweave.dsl.slots.unsMap
import org.cellweave.util.Check
import org.cellweave.util.MissingKeyException

/**
 * Draws how doublet scores are distributed among cells and among simulated doublets, with the threshold.
 *
 * The threshold belongs between the two modes of the simulated doublets. One row of two panels per batch.
 *
 * Reads `obs[doublet_score]` and `uns[scrublet]`, made by `sc.pp.scrublet`.
 *
 * @param scaleHistObs `log` or `linear`, of the densities of cells; so is [scaleHistSim] of simulated doublets
 * @param figsize width and height in inches of one row
 */
public fun Plotting.scrubletScoreDistribution(
    adata: AnnData,
    scaleHistObs: String = "log",
    scaleHistSim: String = "linear",
    figsize: Pair<Number, Number> = 8 to 3,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val logs = listOf(scaleHistObs to "scaleHistObs", scaleHistSim to "scaleHistSim").map { (scale, name) ->
        require(scale in SCALES) { "$name must be one of $SCALES, got '$scale'." + Check.suggestion(scale, SCALES) }
        scale == "log"
    }
    val width = (figsize.first.toDouble() * Look.PIXELS_PER_INCH / 2).toInt()
    val height = (figsize.second.toDouble() * Look.PIXELS_PER_INCH).toInt()
    require(width > 100 && height > 100) { "figsize must be at least 3 by 2 inches, got $figsize" }
    val look = sessionLook()
    val scores = adata.obsColumn("doublet_score").toDoubles()
    val panels = scrubletRuns(adata).flatMap { run ->
        val observed = scores.filterIndexed { i, _ -> run.members[i] }.toDoubleArray()
        val name = if (run.batch == null) "" else " (${run.batch})"

        fun panel(scores: DoubleArray, log: Boolean, title: String) =
            ScoreHistogram(scores, run.threshold, log, title + name, width, height, look).build()
        listOf(
            panel(observed, logs[0], "Observed transcriptomes"),
            panel(run.simulated, logs[1], "Simulated doublets"),
        )
    }
    return finish(grid(panels, 2), "scrublet_score_distribution", Output(save, show, ax, dpi = dpi))
}

private val SCALES = listOf("linear", "log")

private class ScrubletRun(
    val batch: String?,
    val members: BooleanArray,
    val simulated: DoubleArray,
    val threshold: Double?,
)

private fun scrubletRuns(adata: AnnData): List<ScrubletRun> {
    val result = adata.unsMap("scrublet")
    val batches = result["batches"] as? Map<*, *>
        ?: return listOf(scrubletRun(result, null, BooleanArray(adata.nObs) { true }))
    val key = result["batched_by"]?.toString()
        ?: throw MissingKeyException("uns['scrublet']", "batched_by", result.keys, remedy("scrublet", "uns"))
    val groups = adata.obsColumn(key).toLabels()
    val names = groups.categoryNames()
    return batches.map { (name, run) ->
        val code = names.indexOf(name.toString())
        scrubletRun(run as Map<*, *>, name.toString(), BooleanArray(adata.nObs) { groups.codes()[it] == code })
    }
}

private fun scrubletRun(result: Map<*, *>, batch: String?, members: BooleanArray): ScrubletRun {
    val simulated = when (val scores = result["doublet_scores_sim"]) {
        is NdArray -> scores.toDoubles()
        is DoubleArray -> scores
        is FloatArray -> DoubleArray(scores.size) { scores[it].toDouble() }
        else -> throw MissingKeyException(
            "uns['scrublet']", "doublet_scores_sim", result.keys.map { "$it" }, remedy("scrublet", "uns"),
        )
    }
    return ScrubletRun(batch, members, simulated, (result["threshold"] as? Number)?.toDouble())
}
