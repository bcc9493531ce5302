package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.cos
import kotlin.math.max
import kotlin.math.sin

/**
 * Three dimensions seen from where matplotlib's axes are seen by default, azimuth -60 and elevation 30 degrees, without
 * perspective; the box around the dots is as wide as deep and three quarters as high.
 *
 * @param names of the dimensions
 * @param side of the panel in pixels
 */
internal class Cube(values: List<DoubleArray>, names: List<String>, side: Int, private val look: Look) {
    private val names = names.map { Look.wrapped(it, NAME_PART * side, look.labelSize) }
    private val n = values[0].size
    private val ends = values.map { own ->
        val shown = own.indices.filter { i -> values.all { it[i].isFinite() } }.map { own[it] }
        Ends.padded(shown.minOrNull() ?: 0.0, shown.maxOrNull() ?: 0.0, MARGIN, 1.0)
    }
    private val places = values.mapIndexed { d, own ->
        val (low, high) = ends[d]
        DoubleArray(n) { (own[it] - low) / (high - low) }
    }

    /** Where the dots are on the paper; NaN where a coordinate is missing. */
    val across = seen(RIGHT)
    val up = seen(UP)

    /** Larger for dots that are nearer to the eye. */
    val nearness = seen(FORWARD)

    private fun seen(axis: DoubleArray) =
        DoubleArray(n) { i -> dot(axis, places[0][i], places[1][i], places[2][i]) }

    /** The names beside their edges; the box's middle is at 0, 0. */
    val labels: List<Label> = this.names.mapIndexed { d, name ->
        val (a, b) = EDGES[d].let { corner(it) to corner(it or (1 shl d)) }
        val x = (a.first + b.first) / 2
        val y = (a.second + b.second) / 2
        Label(x * AWAY, y * AWAY, name, if (x < 0) 1.0 else 0.0)
    }

    /** Both axes of the paper reach from minus this to this, around the box and the names. */
    private val half: Double = max(
        (0 until CORNERS).maxOf { i -> corner(i).let { max(it.first, it.second) } } * ROOM,
        labels.maxOf { label ->
            val width = label.text.lines().maxOf { Look.textWidth(it, look.labelSize) }
            abs(label.x) / (1 - 2 * width / side)
        },
    )
    val limits: Pair<Double, Double> = -half to half

    /** A corner of the box; bits 0, 1 and 2 say whether it is at the upper end of the dimension. */
    private fun corner(bits: Int): Pair<Double, Double> {
        val (x, y, z) = List(DIMENSIONS) { (bits shr it and 1).toDouble() }
        return dot(RIGHT, x, y, z) to dot(UP, x, y, z)
    }

    private fun dot(axis: DoubleArray, x: Double, y: Double, z: Double) =
        axis[0] * SIDES[0] * (x - 0.5) + axis[1] * SIDES[1] * (y - 0.5) + axis[2] * SIDES[2] * (z - 0.5)

    /** The edges of the box but those three that would lie before the dots. */
    fun frame(): List<DoubleArray> {
        val out = ArrayList<DoubleArray>()
        for (from in 0 until CORNERS) {
            for (d in 0 until DIMENSIONS) {
                val to = from or (1 shl d)
                if (to == from || from == NEAREST || to == NEAREST) continue
                val (a, b) = corner(from) to corner(to)
                out += doubleArrayOf(a.first, a.second, b.first, b.second)
            }
        }
        return out
    }

    /** [side] says which end of the text is there: 0 the left one, 1 the right one. */
    class Label(val x: Double, val y: Double, val text: String, val side: Double)

    private companion object {
        const val MARGIN = 0.02
        const val ROOM = 1.1
        const val NAME_PART = 0.25
        const val AWAY = 1.12
        const val CORNERS = 8
        const val DIMENSIONS = 3

        /** The corner at the upper end of x, the lower of y and the upper of z is next to the eye. */
        const val NEAREST = 5
        val SIDES = doubleArrayOf(4.0, 4.0, 3.0)

        /** Where the edges begin beside which the names are: x and y on the floor before the dots, z at the right. */
        val EDGES = intArrayOf(0, 1, 3)
        val AZIMUTH = Math.toRadians(-60.0)
        val ELEVATION = Math.toRadians(30.0)
        val RIGHT = doubleArrayOf(-sin(AZIMUTH), cos(AZIMUTH), 0.0)
        val UP = doubleArrayOf(-sin(ELEVATION) * cos(AZIMUTH), -sin(ELEVATION) * sin(AZIMUTH), cos(ELEVATION))
        val FORWARD = doubleArrayOf(cos(ELEVATION) * cos(AZIMUTH), cos(ELEVATION) * sin(AZIMUTH), sin(ELEVATION))
    }
}
