package org.cellweave.dsl.plot

import kotlin.math.PI
import kotlin.math.atan2
import kotlin.math.cos
import kotlin.math.hypot
import kotlin.math.sin
import kotlin.math.sqrt

/** Straight lines in the coordinates of a panel: vectors for few, a picture for many. */
internal class LineLayer(
    private val xLimits: Pair<Double, Double>,
    private val yLimits: Pair<Double, Double>,
    private val width: Int,
    private val height: Int,
) {
    private val toX = width / (xLimits.second - xLimits.first)
    private val toY = height / (yLimits.second - yLimits.first)

    /** Ends are in data units, [thickness] in pixels. */
    fun build(ends: List<DoubleArray>, thickness: Double, color: String): Spec = build(ends, thickness, listOf(color))

    /** As above; of one colour, or one for each line. */
    fun build(ends: List<DoubleArray>, thickness: Double, colors: List<String>): Spec {
        if (ends.size > PointPanel.RASTER_ABOVE) {
            return picture(ends, thickness, colors)
        }
        val one = colors.singleOrNull()

        fun side(k: Int) = rounded(DoubleArray(ends.size) { ends[it][k] })
        val data = mapOf("x" to side(0), "y" to side(1), "xend" to side(2), "yend" to side(3))
        val places = data.keys.associateWith { it }
        val size = Look.size(thickness)
        if (one != null || ends.isEmpty()) {
            return layer("segment", data, places, "size" to size, "color" to one)
        }
        // The colour scale belongs to the dots, so that lines have theirs in another aesthetic.
        return layer(
            "segment", data + ("paint" to colors), places + (PAINT to "paint"),
            "size" to size, "color_by" to PAINT,
        )
    }

    private fun picture(ends: List<DoubleArray>, thickness: Double, colors: List<String>): Spec {
        val raster = PointRaster(SCALE * width, SCALE * height, 1.0)
        val rgb = colors.map { it.drop(1).toInt(16) }
        ends.forEachIndexed { i, e ->
            raster.line(
                SCALE * (e[0] - xLimits.first) * toX, SCALE * (yLimits.second - e[1]) * toY,
                SCALE * (e[2] - xLimits.first) * toX, SCALE * (yLimits.second - e[3]) * toY,
                rgb[i % rgb.size], SCALE * thickness,
            )
        }
        return raster.layer(xLimits, yLimits)
    }

    /** Shafts and heads of [arrows] that start at ([x], [y]). */
    fun ofArrows(x: DoubleArray, y: DoubleArray, arrows: Arrows): List<DoubleArray> {
        val moving = x.indices.filter {
            x[it].isFinite() && y[it].isFinite() &&
                hypot(arrows.dx[it], arrows.dy[it]).let { d -> d.isFinite() && d > 0 }
        }
        if (moving.isEmpty()) {
            return emptyList()
        }
        if (arrows.exact) {
            // Coordinates that were rounded on the way have moved, too, by less than shows.
            return moving
                .filter { hypot(arrows.dx[it] * toX, arrows.dy[it] * toY) > SHORTEST }
                .flatMap { arrow(x[it], y[it], arrows.dx[it] * toX, arrows.dy[it] * toY) }
        }
        val mean = moving.sumOf { hypot(arrows.dx[it], arrows.dy[it]) } / moving.size
        // matplotlib's rule: the average arrow is 1 / (1.8 sqrt(n)) of the panel's width.
        val unit = width / (arrows.scale ?: (CROWDING * mean * sqrt(moving.size.toDouble()).coerceAtLeast(FEW)))
        return moving.flatMap { arrow(x[it], y[it], arrows.dx[it] * unit, arrows.dy[it] * unit) }
    }

    /** The parts of an arrow between two points, four numbers, that ends so many pixels before the second. */
    fun headed(ends: DoubleArray, before: Double): List<DoubleArray> {
        val (dx, dy) = (ends[2] - ends[0]) * toX to (ends[3] - ends[1]) * toY
        val part = ((hypot(dx, dy) - before) / hypot(dx, dy)).takeIf { it > 0 } ?: 1.0
        return arrow(ends[0], ends[1], part * dx, part * dy)
    }

    /** Lengths in pixels. */
    private fun arrow(x: Double, y: Double, dx: Double, dy: Double): List<DoubleArray> {
        val tipX = x + dx / toX
        val tipY = y + dy / toY
        val angle = atan2(dy, dx)
        val head = (hypot(dx, dy) * HEAD_PART).coerceIn(1.0, HEAD_LONGEST)
        val sides = listOf(angle + HEAD_ANGLE, angle - HEAD_ANGLE).map {
            inside(tipX, tipY, tipX - head * cos(it) / toX, tipY - head * sin(it) / toY)
        }
        return listOf(inside(x, y, tipX, tipY)) + sides
    }

    /** Lets-Plot drops what ends outside the axes, so that such a line ends at their edge. */
    private fun inside(x0: Double, y0: Double, x1: Double, y1: Double) =
        doubleArrayOf(
            x0.coerceIn(xLimits.first, xLimits.second), y0.coerceIn(yLimits.first, yLimits.second),
            x1.coerceIn(xLimits.first, xLimits.second), y1.coerceIn(yLimits.first, yLimits.second),
        )

    companion object {
        /** The aesthetic that has the lines' own colours. */
        const val PAINT = "paint_a"
        private const val SCALE = 2
        private const val CROWDING = 1.8
        private const val FEW = 10.0

        /** Pixels of an exact arrow that is drawn at all. */
        private const val SHORTEST = 0.5
        private const val HEAD_PART = 0.4
        private const val HEAD_LONGEST = 6.0
        private const val HEAD_ANGLE = PI / 7
    }
}
