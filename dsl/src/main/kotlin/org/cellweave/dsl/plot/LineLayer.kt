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
    fun build(ends: List<DoubleArray>, thickness: Double, color: String): Spec {
        if (ends.size > PointPanel.RASTER_ABOVE) {
            return picture(ends, thickness, color)
        }

        fun side(k: Int) = rounded(DoubleArray(ends.size) { ends[it][k] })
        return layer(
            "segment",
            mapOf("x" to side(0), "y" to side(1), "xend" to side(2), "yend" to side(3)),
            mapOf("x" to "x", "y" to "y", "xend" to "xend", "yend" to "yend"),
            "size" to Look.size(thickness), "color" to color,
        )
    }

    private fun picture(ends: List<DoubleArray>, thickness: Double, color: String): Spec {
        val raster = PointRaster(SCALE * width, SCALE * height, 1.0)
        val rgb = color.drop(1).toInt(16)
        for (e in ends) {
            raster.line(
                SCALE * (e[0] - xLimits.first) * toX, SCALE * (yLimits.second - e[1]) * toY,
                SCALE * (e[2] - xLimits.first) * toX, SCALE * (yLimits.second - e[3]) * toY,
                rgb, SCALE * thickness,
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
        val mean = moving.sumOf { hypot(arrows.dx[it], arrows.dy[it]) } / moving.size
        // matplotlib's rule: the average arrow is 1 / (1.8 sqrt(n)) of the panel's width.
        val unit = width / (arrows.scale ?: (CROWDING * mean * sqrt(moving.size.toDouble()).coerceAtLeast(FEW)))
        return moving.flatMap { arrow(x[it], y[it], arrows.dx[it] * unit, arrows.dy[it] * unit) }
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

    private companion object {
        const val SCALE = 2
        const val CROWDING = 1.8
        const val FEW = 10.0
        const val HEAD_PART = 0.4
        const val HEAD_LONGEST = 6.0
        const val HEAD_ANGLE = PI / 7
    }
}
