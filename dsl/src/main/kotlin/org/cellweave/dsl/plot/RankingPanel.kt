package org.cellweave.dsl.plot

import kotlin.math.pow

/** Names written upwards at their scores, in order. */
internal class RankingPanel(
    private val names: List<String>,
    private val scores: DoubleArray,
    private val low: Double,
    private val high: Double,
    private val title: String,
    private val xLabel: String,
    private val yLabel: String,
    private val fontSize: Double,
    private val look: Look,
    panelWidth: Int = 270,
    panelHeight: Int = 200,
    /** The longest name of all panels that share a scale. */
    private val longestName: String = longest(names),
    /** How many names there are before the break, if there is one. */
    private val gapAfter: Int? = null,
    private val color: String = "#000000",
    /** Whether scores are drawn as their logarithms, which they are already. */
    private val log: Boolean = false,
) {
    private val wide = if (look.scanpy) (panelWidth * SCANPY).toInt() else panelWidth
    private val tall = if (look.scanpy) (panelHeight * SCANPY).toInt() else panelHeight

    private fun place(i: Int): Double = if (gapAfter != null && i >= gapAfter) i + 1.0 else i.toDouble()

    fun build(): Panel {
        val range = if (high > low) high - low else Ends.padded(low, low, 0.0, 1.0).second - low
        val longest = Look.textWidth(longestName, fontSize) + 6
        // Room for the name that starts at the top score.
        val top = high + range * maxOf(0.3, longest / (tall - longest).coerceAtLeast(1.0) * 1.05)
        val bottom = low - range * 0.05
        val breaks = if (log) logBreaks(bottom, top) else niceBreaks(bottom, top)
        val ranks = if (gapAfter != null) {
            emptyList()
        } else {
            niceBreaks(0.0, names.size - 1.0, 8).filter { it == Math.rint(it) }
        }
        // A name without a score has no place.
        val shown = names.indices.filter { !scores[it].isNaN() }
        val labels = layer(
            "text",
            mapOf(
                "x" to shown.map(::place), "y" to shown.map { tidy(scores[it].coerceIn(low, high)) },
                "label" to shown.map { names[it] },
            ),
            mapOf("x" to "x", "y" to "y", "label" to "label"),
            "angle" to 90.0, "hjust" to 0.0, "vjust" to 0.5, "size" to fontSize / 2, "family" to Look.FONT,
            "color" to color,
        )
        val plot = spec(
            "kind" to "plot",
            "layers" to listOf(labels) + listOfNotNull(gapAfter?.let { gap(it) }),
            "scales" to listOf(
                axis("x", -0.9, place(names.size - 1) + 0.9, xLabel, ranks, ranks.map(::tickLabel)),
                axis("y", bottom, top, yLabel, breaks, labels(breaks)),
            ),
            "ggtitle" to spec("text" to title),
            "theme" to look.theme(legend = "none", more = look.grid),
        )
        val left = labels(breaks).maxOf { Look.textWidth(it, look.tickSize) } + 40
        return Panel(plot, wide + left.toInt(), tall + 60 + if (xLabel.isEmpty()) 0 else 20)
    }

    private fun labels(breaks: List<Double>): List<String> =
        if (log) breaks.map { tickLabel(10.0.pow(it)) } else tickLabels(breaks)

    private fun gap(at: Int): Spec =
        layer(
            "text",
            mapOf(
                "x" to listOf(at.toDouble()), "y" to listOf(tidy((scores[at - 1] + scores[at]) / 2)),
                "label" to listOf("..."),
            ),
            mapOf("x" to "x", "y" to "y", "label" to "label"),
            "size" to fontSize / 2, "family" to Look.FONT, "color" to color,
        )

    companion object {
        /** Panels of scanpy's are smaller for the same texts. */
        private const val SCANPY = 0.85

        fun longest(names: List<String>): String = names.maxByOrNull { Look.textWidth(it, 1.0) } ?: ""
    }
}
