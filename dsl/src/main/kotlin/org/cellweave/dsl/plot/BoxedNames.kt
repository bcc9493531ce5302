package org.cellweave.dsl.plot

import kotlin.math.hypot
import kotlin.math.min

/** Dots with groups, in their drawing order. */
internal class GroupedDots(
    val x: DoubleArray,
    val y: DoubleArray,
    val order: IntArray,
    val groups: DotColor.Discrete,
)

/**
 * Names of groups in white boxes on their dots, border and text in the group's colour, in place of a legend. A light
 * colour is darkened until it can be read on white.
 *
 * @param centred puts each at the median of its dots; else beside it, where few dots and no other name lie
 * @param line whether a name that is not at its median is tied to it
 * @param reach how far from the median a name may be, in parts of the panel
 */
internal class BoxedNames(
    private val fontSize: Double,
    private val bold: Boolean,
    private val centred: Boolean,
    private val line: Boolean,
    private val reach: Double,
) {
    fun layers(area: DotArea, dots: GroupedDots): List<Spec> {
        val groups = dots.groups
        val members = dots.order.filter { groups.codes[it] >= 0 }.groupBy { groups.codes[it] }
        val shown = groups.names.indices.filter { it in members }
        if (shown.isEmpty()) return emptyList()
        val middles = shown.map { g ->
            val own = members.getValue(g)
            area.pixelX(median(own.map { dots.x[it] })) to area.pixelY(median(own.map { dots.y[it] }))
        }
        val names = shown.map { groups.names[it] }
        val places = if (centred) {
            middles.mapIndexed { i, (x, y) ->
                NamePlacer.inside(x, width(names[i]), area.width) to NamePlacer.inside(y, tall, area.height)
            }
        } else {
            val dotsAt = dots.order.map { area.pixelX(dots.x[it]) to area.pixelY(dots.y[it]) }
            NamePlacer(area.width, area.height, dotsAt)
                .place(middles, names.map(::width), tall, reach * min(area.width, area.height))
        }
        val ties = if (line) places.indices.filter { apart(places[it], middles[it]) > tall } else emptyList()
        val lines = ties.map { i ->
            val (a, b) = middles[i] to places[i]
            area.lines(listOf(doubleArrayOf(a.first, a.second, b.first, b.second)), groups.colors[shown[i]], BORDER)
        }
        val colors = shown.map { Contrast.onWhite(groups.colors[it]) }
        return lines + places.indices.groupBy { colors[it] }.map { (color, own) ->
            boxes(area, own.map(places::get), own.map(names::get), color)
        }
    }

    private fun apart(a: Pair<Double, Double>, b: Pair<Double, Double>) = hypot(a.first - b.first, a.second - b.second)

    private fun boxes(area: DotArea, places: List<Pair<Double, Double>>, names: List<String>, color: String): Spec =
        layer(
            "label",
            mapOf(
                "x" to places.map { area.atX(it.first) }, "y" to places.map { area.atY(it.second) },
                "label" to names,
            ),
            mapOf("x" to "x", "y" to "y", "label" to "label"),
            "color" to color,
            "size" to fontSize / 2, "family" to Look.FONT, "fontface" to if (bold) "bold" else "plain",
            "fill" to "#ffffff", "alpha" to OPACITY, "label_size" to BORDER, "label_r" to ROUND,
            "label_padding" to PADDING,
        )

    private val tall get() = fontSize * (1 + 2 * PADDING)

    private fun width(name: String) =
        Look.textWidth(name, fontSize) * (if (bold) BOLDER else 1.0) + fontSize * 2 * PADDING

    private companion object {
        const val OPACITY = 0.85
        const val BORDER = 0.5
        const val ROUND = 0.3
        const val PADDING = 0.25

        /** Width of bold letters in that of others. */
        const val BOLDER = 1.1
    }
}
