package org.cellweave.dsl.plot

import kotlin.math.log10
import kotlin.math.pow

/** Parts of values per interval of 0..1 such that bars cover an area of 1. */
internal class ScoreDensity(values: DoubleArray, bins: Int) {
    val width: Double = 1.0 / bins
    val heights: DoubleArray

    init {
        val inside = values.filter { it in 0.0..1.0 }
        heights = DoubleArray(bins)
        for (v in inside) {
            heights[minOf((v * bins).toInt(), bins - 1)] += 1 / (inside.size * width)
        }
    }
}

/** Grey bars of scores between 0 and 1, with a line at a threshold. */
internal class ScoreHistogram(
    private val values: DoubleArray,
    private val threshold: Double?,
    private val log: Boolean,
    private val title: String,
    private val width: Int,
    private val height: Int,
    private val look: Look,
) {
    private val density = ScoreDensity(values, BINS)
    private val tallest = density.heights.max()

    private fun y(density: Double) = if (log) log10(density) else density

    fun build(): Panel {
        val lowest = density.heights.filter { it > 0 }.minOrNull() ?: 1.0
        val bottom = if (log) log10(lowest) - BELOW else 0.0
        val top = if (tallest <= 0) {
            bottom + 1
        } else if (log) {
            log10(tallest) + BELOW / 2
        } else {
            tallest * ABOVE
        }
        val breaks = if (log) logBreaks(bottom, top) else niceBreaks(bottom, top, 4)
        val labels = if (log) breaks.map { tickLabel(10.0.pow(it)) } else tickLabels(breaks)
        val xBreaks = niceBreaks(0.0, 1.0, 5)
        val plot = spec(
            "kind" to "plot",
            "layers" to listOf(bars(bottom)) + listOfNotNull(threshold?.let { line(it, bottom, top) }),
            "scales" to listOf(
                axis("x", -SIDE, 1 + SIDE, "Doublet score", xBreaks, tickLabels(xBreaks)),
                axis("y", bottom, top, "Prob. density", breaks, labels),
            ),
            "ggtitle" to spec("text" to title),
            "theme" to look.theme(legend = "none", more = look.grid),
        )
        return Panel(plot, width, height)
    }

    private fun bars(bottom: Double): Spec {
        val drawn = density.heights.indices.filter { density.heights[it] > 0 }
        return layer(
            "rect",
            mapOf(
                "xmin" to drawn.map { tidy(it * density.width) },
                "xmax" to drawn.map { tidy((it + 1) * density.width) },
                "ymax" to drawn.map { tidy(y(density.heights[it])) },
            ),
            mapOf("xmin" to "xmin", "xmax" to "xmax", "ymax" to "ymax"),
            "ymin" to bottom, "fill" to Palettes.GREY, "size" to 0.0, "color" to Palettes.GREY, "alpha" to 1.0,
        )
    }

    private fun line(at: Double, bottom: Double, top: Double): Spec =
        layer(
            "segment",
            mapOf("x" to listOf(at), "y" to listOf(bottom), "xend" to listOf(at), "yend" to listOf(top)),
            mapOf("x" to "x", "y" to "y", "xend" to "xend", "yend" to "yend"),
            "color" to "#000000", "size" to Look.size(1.2),
        )

    private companion object {
        const val BINS = 49
        const val BELOW = 0.12
        const val ABOVE = 1.05
        const val SIDE = 0.05
    }
}
