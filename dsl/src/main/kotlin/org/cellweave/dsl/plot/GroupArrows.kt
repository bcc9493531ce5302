package org.cellweave.dsl.plot

import kotlin.math.hypot
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
                if (from != to && weights[from][to] > 0) {
                    val rim = DOT / 2 + weights[to][to] * linewidth
                    out += arrow(area, at[from], at[to], weights[from][to] * linewidth, rim)
                }
            }
        }
        names.indices.forEach { out += dot(area, it, at[it]) }
        return out
    }

    /** Ends at the rim of the dot that it points to. */
    private fun arrow(
        area: DotArea,
        from: Pair<Double, Double>,
        to: Pair<Double, Double>,
        width: Double,
        rim: Double,
    ): List<Spec> {
        val length = hypot(to.first - from.first, to.second - from.second)
        val head = HEAD + width
        if (length <= rim + head) return emptyList()
        val (dx, dy) = (to.first - from.first) / length to (to.second - from.second) / length

        fun before(pixels: Double, aside: Double) =
            to.first - pixels * dx - aside * dy to to.second - pixels * dy + aside * dx
        val neck = before(rim + head, 0.0)
        val corners = listOf(before(rim, 0.0), before(rim + head, head / 2), before(rim + head, -head / 2))
        return listOf(
            area.lines(listOf(doubleArrayOf(from.first, from.second, neck.first, neck.second)), BLACK, width),
            layer(
                "polygon",
                mapOf("x" to corners.map { area.atX(it.first) }, "y" to corners.map { area.atY(it.second) }),
                mapOf("x" to "x", "y" to "y"), "fill" to BLACK, "color" to BLACK, "size" to 0.0, "alpha" to 1.0,
            ),
        )
    }

    private fun dot(area: DotArea, group: Int, at: Pair<Double, Double>): Spec =
        layer(
            "point",
            mapOf(
                "x" to listOf(area.atX(at.first)), "y" to listOf(area.atY(at.second)), "group" to listOf(names[group]),
            ),
            mapOf("x" to "x", "y" to "y"),
            "shape" to 21, "fill" to colors[group], "color" to BLACK, "size" to Look.size(DOT),
            "stroke" to tidy(Look.size(weights[group][group] * linewidth)),
            "tooltips" to spec("lines" to listOf("@group")),
        )

    private companion object {
        const val BLACK = "#000000"

        /** Pixels of a marker of 50 square points. */
        val DOT = sqrt(50.0) * Look.PIXELS_PER_POINT
        const val HEAD = 7.0
    }
}
