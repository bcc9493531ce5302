package org.cellweave.dsl.plot

/** What is added to a panel of dots that is already made. */
internal data class Trim(
    val axes: CornerAxes? = null,
    val names: BoxedNames? = null,
    val bar: SmallBar? = null,
    /** Drawn on the dots. */
    val over: ((DotArea) -> List<Spec>)? = null,
) {
    /** Whether the legend beside the panel gives way. */
    val replacesLegend: Boolean get() = names != null || bar != null
}

/** Pixels around the dots of a panel that belong to it. */
internal class Room(val left: Int, val bottom: Int, val right: Int) {
    val isNone: Boolean get() = left == 0 && bottom == 0 && right == 0

    companion object {
        val NONE = Room(0, 0, 0)
    }
}

/** The part of a panel that its dots lie in, in data units and in pixels. */
internal class DotArea(
    val x: Pair<Double, Double>,
    val y: Pair<Double, Double>,
    val width: Int,
    val height: Int,
) {
    val unitX: Double get() = (x.second - x.first) / width
    val unitY: Double get() = (y.second - y.first) / height

    /** The value at so many pixels from the left. */
    fun atX(pixels: Double): Double = at(pixels, x, width)

    /** The value at so many pixels from the bottom. */
    fun atY(pixels: Double): Double = at(pixels, y, height)

    /** Rounding must not move a point over the edge, where Lets-Plot would drop it. */
    private fun at(pixels: Double, ends: Pair<Double, Double>, side: Int): Double {
        val value = tidy(ends.first + pixels * (ends.second - ends.first) / side)
        return if (pixels >= 0 && pixels <= side) value.coerceIn(ends.first, ends.second) else value
    }

    fun pixelX(value: Double): Double = (value - x.first) / unitX

    fun pixelY(value: Double): Double = (value - y.first) / unitY

    /** Lines between points in pixels from the lower left corner, four numbers each. */
    fun lines(ends: List<DoubleArray>, color: String, thickness: Double): Spec =
        layer(
            "segment",
            mapOf(
                "x" to ends.map { atX(it[0]) }, "y" to ends.map { atY(it[1]) },
                "xend" to ends.map { atX(it[2]) }, "yend" to ends.map { atY(it[3]) },
            ),
            mapOf("x" to "x", "y" to "y", "xend" to "xend", "yend" to "yend"),
            "color" to color, "size" to Look.size(thickness),
        )

    /** The outline of a rectangle in pixels from the lower left corner. */
    fun frame(box: Box, thickness: Double): Spec {
        val right = box.x + box.w
        val top = box.y + box.h
        return lines(
            listOf(
                doubleArrayOf(box.x, box.y, right, box.y), doubleArrayOf(right, box.y, right, top),
                doubleArrayOf(right, top, box.x, top), doubleArrayOf(box.x, top, box.x, box.y),
            ),
            "#000000", thickness,
        )
    }

    fun text(
        at: List<Pair<Double, Double>>,
        labels: List<String>,
        size: Double,
        hjust: Double,
        vjust: Double,
        angle: Double = 0.0,
        color: String = "#000000",
    ): Spec =
        layer(
            "text",
            mapOf("x" to at.map { atX(it.first) }, "y" to at.map { atY(it.second) }, "label" to labels),
            mapOf("x" to "x", "y" to "y", "label" to "label"),
            "size" to size / 2, "hjust" to hjust, "vjust" to vjust, "angle" to angle, "family" to Look.FONT,
            "color" to color,
        )
}

/**
 * Two thin arrows in the lower left corner in place of axes, with names below and at the left.
 *
 * @param x where they meet, as a part of the panel's width, as [y] of its height
 * @param length of the shafts in parts of the panel, as [head] is the length and the width of their heads
 * @param thickness of the shafts in pixels
 */
internal class CornerAxes(
    private val x: Double,
    private val y: Double,
    private val length: Double,
    private val head: Double,
    private val thickness: Double,
    private val color: String,
    private val across: String,
    private val upright: String,
    private val fontSize: Double,
) {
    /** Pixels that the names need outside of [area]. */
    fun left(area: DotArea): Int = outside(x, area.width)

    fun bottom(area: DotArea): Int = outside(y, area.height)

    private fun outside(offset: Double, side: Int) = maxOf(0.0, (GAP - offset) * side + LINE * fontSize).toInt()

    fun layers(area: DotArea): List<Spec> {
        val x0 = x * area.width
        val y0 = y * area.height
        val tips = listOf(x0 + length * area.width to y0, x0 to y0 + length * area.height)
        return listOf(
            area.lines(tips.map { (tx, ty) -> doubleArrayOf(x0, y0, tx, ty) }, color, thickness),
            heads(area, tips),
            area.text(listOf(x0 to y0 - GAP * area.height), listOf(across), fontSize, 0.0, 1.0, color = color),
            area.text(listOf(x0 - GAP * area.width to y0), listOf(upright), fontSize, 0.0, 0.0, 90.0, color),
        )
    }

    /** Behind the end of each shaft, hollowed at the back. */
    private fun heads(area: DotArea, ends: List<Pair<Double, Double>>): Spec {
        val size = head * minOf(area.width, area.height)
        val outline = listOf(0.0 to size / 2, size to 0.0, 0.0 to -size / 2, OVERHANG * size to 0.0)
        val right = outline.map { (along, side) -> ends[0].first + along to ends[0].second + side }
        val up = outline.map { (along, side) -> ends[1].first + side to ends[1].second + along }
        val points = right + up
        return layer(
            "polygon",
            mapOf(
                "x" to points.map { area.atX(it.first) }, "y" to points.map { area.atY(it.second) },
                "group" to points.indices.map { if (it < outline.size) 0 else 1 },
            ),
            mapOf("x" to "x", "y" to "y", "group" to "group"),
            "fill" to color, "color" to color, "size" to Look.size(thickness / 2), "alpha" to 1.0,
        )
    }

    private companion object {
        /** Between arrow and name, in parts of the panel. */
        const val GAP = 0.03
        const val LINE = 1.35
        const val OVERHANG = 0.2
    }
}
