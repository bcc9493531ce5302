package org.cellweave.dsl.plot

import kotlin.math.log10
import kotlin.math.max

/** How many clones have which size, and how many have at least this size. */
internal class CloneSizePanels(
    private val sizes: DoubleArray,
    private val bins: Int,
    private val log: Boolean,
    private val color: String,
    private val look: Look,
) {
    fun histogram(): Panel {
        val (low, high) = Ends.of(sizes).let { (a, b) -> if (a == b) a - 0.5 to b + 0.5 else a to b }
        val step = (high - low) / bins
        val counts = IntArray(bins)
        for (s in sizes) counts[((s - low) / step).toInt().coerceIn(0, bins - 1)]++
        val shown = counts.indices.filter { counts[it] > 0 }
        // A single clone has the logarithm 0, and is to be seen.
        val floor = if (log) tidy(log10(LEAST)) else 0.0
        val tops = shown.map { if (log) log10(counts[it].toDouble()) else counts[it].toDouble() }
        val bars = AxesPanel.boxes(
            shown.map { low + it * step }, shown.map { low + (it + 1) * step }, shown.map { floor }, tops, color,
        )
        val margin = (high - low) * MARGIN
        val top = tops.max() + (tops.max() - floor) * MARGIN
        return AxesPanel(
            PanelAxis(low - margin, high + margin, "Clone size"), PanelAxis(floor, top, "Number of clones", log),
            listOf(bars), "", look, SIDE, SIDE,
        ).build()
    }

    /** A step down behind each size that a clone has. */
    fun cumulative(): Panel {
        val distinct = sizes.distinct().sorted()
        val x = ArrayList<Double>()
        val y = ArrayList<Double>()
        for (size in distinct) {
            val atLeast = sizes.count { it >= size }.toDouble()
            if (x.isNotEmpty()) {
                x += x.last()
                y += atLeast
            }
            x += size
            y += atLeast
        }
        val across = DoubleArray(x.size) { if (log) log10(x[it]) else x[it] }
        val (low, high) = Ends.padded(across.min(), across.max(), MARGIN, HALF)
        val top = max(1.0, sizes.size * (1 + MARGIN))
        val line = AxesPanel.line(across, y.toDoubleArray(), "color" to color, "size" to Look.size(WIDTH))
        return AxesPanel(
            PanelAxis(low, high, "Clone size", log), PanelAxis(0.0, top, "Clones of at least this size"), listOf(line),
            "", look, SIDE, SIDE,
        ).build()
    }

    private companion object {
        const val SIDE = 270
        const val MARGIN = 0.05
        const val LEAST = 0.7
        const val HALF = 0.5
        const val WIDTH = 1.9
    }
}

/**
 * One history of losses.
 *
 * @property name in the legend
 * @property dash how the line is parted: one of [DASHES]
 */
internal class LossLine(val name: String, val losses: DoubleArray, val color: String, val dash: String) {
    companion object {
        /** Patterns that can be told apart, the plain one first. */
        val DASHES: List<String> = listOf("solid", "dashed", "dotted", "longdash", "dotdash", "twodash")
    }
}

/** Losses after every step, and how much each step has lowered them. */
internal class LossPanels(
    private val lines: List<LossLine>,
    private val step: String,
    private val look: Look,
    /** What the loss is. */
    private val loss: String = MEAN,
) {
    /** Whether some step has lowered the loss. */
    val fall: Boolean get() = lines.any { (1 until it.losses.size).any { k -> it.losses[k] < it.losses[k - 1] } }

    fun losses(title: String = loss): Panel {
        val (low, high) = Ends.of(*lines.map { it.losses }.toTypedArray())
        val (bottom, top) = Ends.padded(low, high, MARGIN, 0.0)
        return panel(lines.map { it.losses }, PanelAxis(bottom, top, title))
    }

    /** On a logarithmic axis, where a step that has not lowered the loss has no place. */
    fun decreases(): Panel {
        val logs = lines.map { line ->
            DoubleArray(max(0, line.losses.size - 1)) {
                val by = line.losses[it] - line.losses[it + 1]
                if (by > 0) log10(by) else Double.NaN
            }
        }
        val (low, high) = Ends.of(*logs.toTypedArray())
        val (bottom, top) = if (low < high) Ends.padded(low, high, MARGIN, 0.0) else low - 1 to high + 1
        // a longer one has no room beside the panel
        val name = if (loss == MEAN) "Decrease of the mean loss" else "Decrease of the loss"
        return panel(logs, PanelAxis(bottom, top, name, log = true))
    }

    private fun panel(values: List<DoubleArray>, y: PanelAxis): Panel {
        val last = max(1, values.maxOf { it.size })
        val layers = values.mapIndexed { i, v ->
            val own = AxesPanel.line(
                DoubleArray(v.size) { it + 1.0 }, v, "size" to Look.size(WIDTH), "show_legend" to (lines.size > 1),
            )
            named(own, lines[i].name)
        }
        val names = if (lines.size > 1) lines.map { it.name } else emptyList()
        val scales = listOf(scale("color", names) { it.color }, scale("linetype", names) { it.dash })
        val margin = last * MARGIN / 2
        return AxesPanel(
            PanelAxis(1 - margin, last + margin, step, whole = true), y, layers, "", look, SIDE, HEIGHT,
            scales, names,
        ).build()
    }

    /** Colours and dashes have the same names, so that they share a legend. */
    private fun scale(aesthetic: String, names: List<String>, value: (LossLine) -> String) =
        spec(
            "aesthetic" to aesthetic, "discrete" to true, "values" to lines.map(value),
            "limits" to lines.map { it.name }, "name" to "", "guide" to if (names.isEmpty()) "none" else "legend",
        )

    /** With the colour and the dashes that the scales have for [name]. */
    private fun named(line: Spec, name: String): Spec {
        val data = line["data"] as Map<*, *>
        val n = (data["x"] as List<*>).size
        return line + mapOf(
            "data" to data + ("line" to List(n) { name }),
            "mapping" to (line["mapping"] as Map<*, *>) + mapOf("color" to "line", "linetype" to "line"),
        )
    }

    companion object {
        const val MEAN = "Mean loss"
        private const val SIDE = 270
        private const val HEIGHT = 190
        private const val MARGIN = 0.05
        private const val WIDTH = 1.9
    }
}
