package org.cellweave.dsl.plot

import kotlin.math.floor
import kotlin.math.roundToLong

/** Quartiles, whiskers at the last value within [whis] times their distance, and what lies outside. */
internal class BoxStats(sorted: DoubleArray, whis: Double = 1.5) {
    val lower = quantile(sorted, 0.25)
    val middle = quantile(sorted, 0.5)
    val upper = quantile(sorted, 0.75)
    private val reach = whis * (upper - lower)
    val low = minOf(lower, sorted.first { it >= lower - reach })
    val high = maxOf(upper, sorted.last { it <= upper + reach })
    val outside: List<Double> = sorted.filter { it < low || it > high }

    private fun quantile(sorted: DoubleArray, q: Double): Double {
        val at = q * (sorted.size - 1)
        val k = floor(at).toInt()
        return sorted[k] + (sorted[minOf(k + 1, sorted.size - 1)] - sorted[k]) * (at - k)
    }
}

/** One box per row, from top to bottom. */
internal class BoxPanel(
    private val names: List<String>,
    private val values: List<DoubleArray>,
    private val log: Boolean,
    private val xLabel: String,
    private val look: Look,
) {
    private val boxes = values.map { row ->
        row
            .copyOf()
            .also { it.sort() }
            .takeIf { it.isNotEmpty() }
            ?.let(::BoxStats)
    }
    private val colors =
        Palettes.default(names.size, true).takeIf { look.scanpy && names.size <= TWENTY }
            ?: HueCircle.colors(names.size)
    private val least = values.filter { it.isNotEmpty() }.minOfOrNull { it.min() } ?: 0.0
    private val largest = values.filter { it.isNotEmpty() }.maxOfOrNull { it.max() } ?: least
    private val ends = Ends.padded(least, largest, MARGIN, MARGIN)
    private val low = ends.first
    private val high = ends.second
    private val height = (if (look.scanpy) SCANPY_ROW else ROW) * names.size

    private fun row(i: Int) = (names.size - 1 - i).toDouble()

    fun build(): Panel {
        val breaks = if (log) logBreaks(low, high) else niceBreaks(low, high)
        val labels = if (log) breaks.map { tickLabel(Math.pow(10.0, it)) } else tickLabels(breaks)
        val rows = names.indices.map(::row)
        val plot = spec(
            "kind" to "plot",
            "layers" to listOf(outliers(), whiskers(), rectangles(), medians()),
            "scales" to listOf(
                axis("x", low, high, xLabel, breaks, labels),
                axis("y", -0.6, names.size - 0.4, "", rows, names),
                spec("aesthetic" to "fill", "scale_mapper_kind" to "identity", "guide" to "none"),
            ),
            "theme" to look.theme(legend = "none", more = look.grid),
        )
        val left = names.maxOf { Look.textWidth(it, look.tickSize) }.toInt() + 24
        return Panel(plot, left + WIDTH, height + 56)
    }

    private fun each(body: (Int, BoxStats) -> Unit) = boxes.forEachIndexed { i, box -> if (box != null) body(i, box) }

    private fun rectangles(): Spec {
        val data = linkedMapOf<String, MutableList<Any?>>()

        fun add(key: String, value: Any) = data.getOrPut(key) { ArrayList() }.add(value)
        each { i, box ->
            add("xmin", tidy(box.lower))
            add("xmax", tidy(box.upper))
            add("ymin", row(i) - HALF)
            add("ymax", row(i) + HALF)
            add("fill", colors[i])
            add("gene", names[i])
            add("median", tickLabel(box.middle))
        }
        val shown = listOf("xmin", "xmax", "ymin", "ymax", "fill").associateWith { it }
        return layer(
            "rect", data, shown, "color" to EDGE, "size" to LINE, "alpha" to 1.0,
            "tooltips" to spec("lines" to listOf("@gene", "median|@median")),
        )
    }

    private fun medians(): Spec {
        val ends = ArrayList<DoubleArray>()
        each { i, box -> ends += doubleArrayOf(box.middle, row(i) - HALF, box.middle, row(i) + HALF) }
        return segments(ends)
    }

    private fun whiskers(): Spec {
        val ends = ArrayList<DoubleArray>()
        each { i, box ->
            val y = row(i)
            for ((from, to) in listOf(box.lower to box.low, box.upper to box.high)) {
                ends += doubleArrayOf(from, y, to, y)
                ends += doubleArrayOf(to, y - HALF / 2, to, y + HALF / 2)
            }
        }
        return segments(ends)
    }

    private fun segments(ends: List<DoubleArray>): Spec =
        layer(
            "segment",
            mapOf(
                "x" to ends.map { tidy(it[0]) }, "y" to ends.map { it[1] },
                "xend" to ends.map { tidy(it[2]) }, "yend" to ends.map { it[3] },
            ),
            mapOf("x" to "x", "y" to "y", "xend" to "xend", "yend" to "yend"),
            "color" to EDGE, "size" to LINE,
        )

    /** Dots that would lie on one another are drawn once. */
    private fun outliers(): Spec {
        val x = ArrayList<Double>()
        val y = ArrayList<Double>()
        val step = (high - low) / (WIDTH * DOTS_PER_PIXEL)
        each { i, box ->
            for (at in box.outside.map { (it / step).roundToLong() }.distinct()) {
                x += tidy((at * step).coerceIn(least, largest))
                y += row(i)
            }
        }
        return layer(
            "point", mapOf("x" to x, "y" to y), mapOf("x" to "x", "y" to "y"),
            "shape" to 16, "size" to 0.8, "color" to EDGE,
        )
    }

    private companion object {
        const val ROW = 16
        const val SCANPY_ROW = 18

        /** Rows that scanpy's style has colours for; more take a circle of hues, as in seaborn. */
        const val TWENTY = 20
        const val WIDTH = 340
        const val HALF = 0.4
        const val MARGIN = 0.04
        const val EDGE = "#3f3f3f"
        const val LINE = 0.45
        const val DOTS_PER_PIXEL = 4
    }
}
