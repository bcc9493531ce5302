package org.cellweave.dsl.plot

import kotlin.math.cos
import kotlin.math.hypot
import kotlin.math.sin
import kotlin.math.sqrt

/** Groups as dots with rims of their own width, joined by arrows. */
internal class GroupArrows(
    private val names: List<String>,
    private val colors: List<String>,
    private val places: List<Pair<Double, Double>>,
    /** From group to group; nothing is drawn for zero. */
    private val weights: List<DoubleArray>,
    /** Pixels of a weight of one. */
    private val linewidth: Double,
) {
    fun layers(area: DotArea): List<Spec> {
        val at = places.map { (x, y) -> area.pixelX(x) to area.pixelY(y) }
        val out = ArrayList<Spec>()
        for (from in names.indices) {
            for (to in names.indices) {
                if (from != to && weights[from][to] > 0) out += arrow(area, at[from], at[to], weights[from][to] * linewidth)
            }
        }
        names.indices.forEach { out += dot(area, it, at[it]) }
        return out
    }

    /** Ends at the rim of the dot that it points to. */
    private fun arrow(area: DotArea, from: Pair<Double, Double>, to: Pair<Double, Double>, width: Double): Spec {
        val length = hypot(to.first - from.first, to.second - from.second)
        if (length <= DOT) return area.lines(emptyList(), BLACK, width)
        val (dx, dy) = (to.first - from.first) / length to (to.second - from.second) / length
        val tip = to.first - dx * DOT / 2 to to.second - dy * DOT / 2
        val angle = kotlin.math.atan2(dy, dx)
        val sides = listOf(angle + HEAD_ANGLE, angle - HEAD_ANGLE).map {
            doubleArrayOf(tip.first, tip.second, tip.first - HEAD * cos(it), tip.second - HEAD * sin(it))
        }
        return area.lines(listOf(doubleArrayOf(from.first, from.second, tip.first, tip.second)) + sides, BLACK, width)
    }

    private fun dot(area: DotArea, group: Int, at: Pair<Double, Double>): Spec =
        layer(
            "point",
            mapOf("x" to listOf(area.atX(at.first)), "y" to listOf(area.atY(at.second)), "group" to listOf(names[group])),
            mapOf("x" to "x", "y" to "y"),
            "shape" to 21, "fill" to colors[group], "color" to BLACK, "size" to Look.size(DOT),
            "stroke" to tidy(weights[group][group] * linewidth), "tooltips" to spec("lines" to listOf("@group")),
        )

    private companion object {
        const val BLACK = "#000000"

        /** Pixels of a marker of 50 square points. */
        val DOT = sqrt(50.0) * Look.PIXELS_PER_POINT
        const val HEAD = 8.0
        const val HEAD_ANGLE = Math.PI / 8
    }
}
