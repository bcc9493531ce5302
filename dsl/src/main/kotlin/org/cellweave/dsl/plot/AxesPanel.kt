package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.pow

/** One axis of a panel; the ends of a logarithmic one are logarithms, its marks the numbers. */
internal class PanelAxis(
    val low: Double,
    val high: Double,
    val title: String,
    private val log: Boolean = false,
    /** Whether only whole numbers are marked. */
    whole: Boolean = false,
) {
    val breaks: List<Double> =
        (if (log) logBreaks(low, high) else niceBreaks(low, high)).filter { !whole || it == Math.rint(it) }
    val labels: List<String> = if (log) breaks.map { tickLabel(10.0.pow(it)) } else tickLabels(breaks)

    fun spec(aesthetic: String): Spec = axis(aesthetic, low, high, title, breaks, labels)
}

/** Layers between two axes, with a pale grid. */
internal class AxesPanel(
    private val x: PanelAxis,
    private val y: PanelAxis,
    private val layers: List<Spec>,
    private val title: String,
    private val look: Look,
    private val width: Int,
    private val height: Int,
    private val scales: List<Spec> = emptyList(),
    /** Names of a legend at the right, if the scales have one. */
    private val legend: List<String> = emptyList(),
    private val grid: Boolean = true,
) {
    fun build(): Panel {
        val lines = if (grid) {
            mapOf("panel_grid" to GRID, "panel_grid_minor" to "blank")
        } else {
            emptyMap()
        }
        val plot = spec(
            "kind" to "plot",
            "layers" to layers,
            "scales" to listOf(x.spec("x"), y.spec("y")) + scales,
            "coord" to spec("name" to "cartesian"),
            "ggtitle" to title.takeIf { it.isNotEmpty() }?.let { spec("text" to it) },
            "theme" to look.theme(legend = if (legend.isEmpty()) "none" else null, more = lines),
        )
        val left = y.labels.maxOf { Look.textWidth(it, look.tickSize) } + AXIS
        val right = if (legend.isEmpty()) EDGE else KEYS + legend.maxOf { Look.textWidth(it, look.legendSize) }
        val titleOver = Look.textWidth(title, look.titleSize) - width
        return Panel(
            plot, ceil(left + width + max(right, titleOver)).toInt(),
            height + (if (title.isEmpty()) EDGE.toInt() else 40) + 48,
        )
    }

    companion object {
        private const val AXIS = 36
        private const val EDGE = 16.0
        private const val KEYS = 50.0
        private val GRID = spec("name" to "line", "color" to "#dfdfdf", "size" to 0.6, "blank" to false)

        /** A line through points; a point that is not finite parts it. */
        fun line(x: DoubleArray, y: DoubleArray, vararg constants: Pair<String, Any?>): Spec {
            val part = IntArray(x.size)
            for (i in 1 until x.size) part[i] = part[i - 1] + if (x[i].isFinite() && y[i].isFinite()) 0 else 1
            val shown = x.indices.filter { x[it].isFinite() && y[it].isFinite() }
            return layer(
                "path",
                mapOf(
                    "x" to rounded(DoubleArray(shown.size) { x[shown[it]] }),
                    "y" to rounded(DoubleArray(shown.size) { y[shown[it]] }),
                    "part" to shown.map { "${part[it]}" },
                ),
                mapOf("x" to "x", "y" to "y", "group" to "part"),
                *constants,
            )
        }

        fun boxes(xmin: List<Double>, xmax: List<Double>, ymin: List<Double>, ymax: List<Double>, fill: String): Spec =
            layer(
                "rect",
                mapOf(
                    "xmin" to xmin.map(::tidy), "xmax" to xmax.map(::tidy), "ymin" to ymin.map(::tidy),
                    "ymax" to ymax.map(::tidy),
                ),
                listOf("xmin", "xmax", "ymin", "ymax").associateWith { it },
                "fill" to fill, "color" to "#000000", "size" to Look.size(0.8), "alpha" to 1.0,
            )
    }
}
