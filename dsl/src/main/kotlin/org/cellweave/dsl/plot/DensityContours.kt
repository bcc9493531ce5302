package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.exp
import kotlin.math.floor
import kotlin.math.sqrt

/**
 * A Gaussian kernel density in the plane on a square grid over given ends.
 *
 * The kernel has the covariance of the points times the square of [bandwidth], as scipy's gaussian_kde with a number
 * for its method; beyond six deviations it counts as nothing.
 *
 * @throws IllegalArgumentException when the points lie on a line
 */
internal class PlaneDensity(
    x: DoubleArray,
    y: DoubleArray,
    bandwidth: Double,
    val xEnds: Pair<Double, Double>,
    val yEnds: Pair<Double, Double>,
) {
    /** Rows from the lowest y up, [GRID] values each. */
    val values = DoubleArray(GRID * GRID)

    private val stepX = (xEnds.second - xEnds.first) / (GRID - 1)
    private val stepY = (yEnds.second - yEnds.first) / (GRID - 1)

    init {
        val n = x.size
        val meanX = x.average()
        val meanY = y.average()
        val factor = bandwidth * bandwidth / (n - 1)
        val varX = factor * x.sumOf { (it - meanX) * (it - meanX) }
        val varY = factor * y.sumOf { (it - meanY) * (it - meanY) }
        val both = factor * x.indices.sumOf { (x[it] - meanX) * (y[it] - meanY) }
        val determinant = varX * varY - both * both
        require(determinant > FLAT * varX * varY) { "points on a line have no density in the plane" }
        val scale = 1 / (2 * Math.PI * sqrt(determinant) * n)
        val (reachX, reachY) = REACH * sqrt(varX) to REACH * sqrt(varY)
        for (i in 0 until n) {
            add(x[i], y[i], reachX, reachY) { dx, dy ->
                scale * exp(-(varY * dx * dx - 2 * both * dx * dy + varX * dy * dy) / determinant / 2)
            }
        }
    }

    private inline fun add(
        x: Double,
        y: Double,
        reachX: Double,
        reachY: Double,
        kernel: (Double, Double) -> Double,
    ) {
        for (r in cells(y, yEnds.first, stepY, reachY)) {
            val dy = yEnds.first + r * stepY - y
            for (c in cells(x, xEnds.first, stepX, reachX)) {
                values[r * GRID + c] += kernel(xEnds.first + c * stepX - x, dy)
            }
        }
    }

    private fun cells(at: Double, low: Double, step: Double, reach: Double): IntRange {
        val first = ceil((at - reach - low) / step).toInt().coerceAtLeast(0)
        return first..floor((at + reach - low) / step).toInt().coerceAtMost(GRID - 1)
    }

    /** Between the points of the grid, in cells from its corner. */
    fun at(column: Double, row: Double): Double {
        val c = column.toInt().coerceIn(0, GRID - 2)
        val r = row.toInt().coerceIn(0, GRID - 2)
        val u = column - c
        val v = row - r
        val k = r * GRID + c
        return (1 - v) * ((1 - u) * values[k] + u * values[k + 1]) +
            v * ((1 - u) * values[k + GRID] + u * values[k + GRID + 1])
    }

    /** Lines of one height, four numbers each in data units. */
    fun contour(level: Double): List<DoubleArray> {
        val out = ArrayList<DoubleArray>()
        for (r in 0 until GRID - 1) {
            for (c in 0 until GRID - 1) crossings(c, r, level, out)
        }
        return out
    }

    /** Where a contour crosses the four sides of a square, joined in pairs. */
    private fun crossings(c: Int, r: Int, level: Double, out: MutableList<DoubleArray>) {
        val corners = listOf(c to r, c + 1 to r, c + 1 to r + 1, c to r + 1)
        val heights = corners.map { (i, j) -> values[j * GRID + i] - level }
        val points = ArrayList<Pair<Double, Double>>(4)
        for (k in 0 until 4) {
            val next = (k + 1) % 4
            if ((heights[k] >= 0) == (heights[next] >= 0)) continue
            val part = heights[k] / (heights[k] - heights[next])
            points += xEnds.first + stepX * (corners[k].first + part * (corners[next].first - corners[k].first)) to
                yEnds.first + stepY * (corners[k].second + part * (corners[next].second - corners[k].second))
        }
        // Of a saddle the two lines that part its low corners.
        val turn = if (points.size == 4 && (heights[0] >= 0) != (heights.sum() >= 0)) 1 else 0
        for (k in 0 until points.size / 2) {
            val a = points[(2 * k + turn) % points.size]
            val b = points[(2 * k + 1 + turn) % points.size]
            out += doubleArrayOf(a.first, a.second, b.first, b.second)
        }
    }

    companion object {
        const val GRID = 100
        private const val REACH = 6.0
        private const val FLAT = 1e-12
    }
}

/** Densities as bands of colour with dark lines between them. */
internal class DensityContours(
    private val density: PlaneDensity,
    private val map: ColorMap,
    private val lineColor: String,
    private val lineWidth: Double,
) {
    private val top = density.values.max()

    /** Round heights, below the highest point. */
    val levels: List<Double> = niceBreaks(0.0, top, LEVELS).filter { it > 0 && it < top }

    fun layers(): List<Spec> {
        val ends = levels.flatMap(density::contour)
        val lines = layer(
            "segment",
            listOf("x", "y", "xend", "yend").withIndex().associate { (k, side) ->
                side to rounded(DoubleArray(ends.size) { ends[it][k] })
            },
            listOf("x", "y", "xend", "yend").associateWith { it },
            "color" to lineColor, "size" to Look.size(lineWidth),
        )
        return listOf(bands(), lines)
    }

    /** A picture; below the lowest line nothing is drawn. */
    private fun bands(): Spec {
        val pixels = IntArray(SIDE * SIDE) { at ->
            val column = (at % SIDE + 0.5) / SIDE * (PlaneDensity.GRID - 1)
            val row = (SIDE - 0.5 - at / SIDE) / SIDE * (PlaneDensity.GRID - 1)
            val band = levels.count { density.at(column, row) >= it }
            if (band == 0) 0 else (OPACITY shl 24) or map.rgb(band.toDouble() / levels.size)
        }
        return spec(
            "geom" to "image", "href" to Picture(SIDE, SIDE, pixels).toDataUrl(), "show_legend" to false,
            "xmin" to tidy(density.xEnds.first), "xmax" to tidy(density.xEnds.second),
            "ymin" to tidy(density.yEnds.first), "ymax" to tidy(density.yEnds.second),
        )
    }

    private companion object {
        const val LEVELS = 8
        const val SIDE = 600
        const val OPACITY = 204
    }
}
