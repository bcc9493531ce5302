package org.cellweave.dsl.plot

import kotlin.math.PI
import kotlin.math.cos
import kotlin.math.hypot
import kotlin.math.max
import kotlin.math.min
import kotlin.math.sin

/** Finds room for names near what they name, where few dots and no other name lie; all in pixels of a panel. */
internal class NamePlacer(private val width: Int, private val height: Int, dots: List<Pair<Double, Double>>) {
    private val columns = width / CELL + 2
    private val rows = height / CELL + 2

    /** Dots below and to the left of each corner of a grid. */
    private val sums = IntArray((columns + 1) * (rows + 1))

    init {
        for ((x, y) in dots) {
            val c = (x / CELL).toInt().coerceIn(0, columns - 1)
            val r = (y / CELL).toInt().coerceIn(0, rows - 1)
            sums[at(c + 1, r + 1)]++
        }
        for (r in 1..rows) {
            for (c in 1..columns) sums[at(c, r)] += sums[at(c - 1, r)] + sums[at(c, r - 1)] - sums[at(c - 1, r - 1)]
        }
    }

    /**
     * Centres of boxes around names, long ones first.
     *
     * @param at what is named
     * @param reach how far from it a name may be
     */
    fun place(
        at: List<Pair<Double, Double>>,
        widths: List<Double>,
        tall: Double,
        reach: Double,
    ): List<Pair<Double, Double>> {
        val taken = ArrayList<Box>()
        val out = arrayOfNulls<Pair<Double, Double>>(at.size)
        for (i in at.indices.sortedByDescending { widths[it] }) {
            fun box(candidate: Pair<Double, Double>): Box {
                val x = inside(candidate.first, widths[i], width)
                val y = inside(candidate.second, tall, height)
                return Box(x - widths[i] / 2, y - tall / 2, widths[i], tall)
            }
            val best = candidates(at[i], reach).map(::box).minBy { box ->
                val far = hypot(box.x + box.w / 2 - at[i].first, box.y + box.h / 2 - at[i].second)
                dotsIn(box) + OVERLAP * taken.sumOf { shared(it, box) } + DISTANCE * far
            }
            taken += best
            out[i] = best.x + best.w / 2 to best.y + best.h / 2
        }
        return out.map { it!! }
    }

    /** The place itself and rings around it. */
    private fun candidates(at: Pair<Double, Double>, reach: Double): List<Pair<Double, Double>> =
        listOf(at) + (1..RINGS).flatMap { ring ->
            (0 until DIRECTIONS).map { k ->
                val angle = 2 * PI * k / DIRECTIONS
                val far = reach * ring / RINGS
                at.first + far * cos(angle) to at.second + far * sin(angle)
            }
        }

    private fun shared(a: Box, b: Box): Double {
        val w = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
        val h = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
        return if (w > 0 && h > 0) w * h else 0.0
    }

    private fun at(column: Int, row: Int) = row * (columns + 1) + column

    private fun dotsIn(box: Box): Int {
        val c0 = (box.x / CELL).toInt().coerceIn(0, columns)
        val c1 = (((box.x + box.w) / CELL).toInt() + 1).coerceIn(c0, columns)
        val r0 = (box.y / CELL).toInt().coerceIn(0, rows)
        val r1 = (((box.y + box.h) / CELL).toInt() + 1).coerceIn(r0, rows)
        return sums[at(c1, r1)] - sums[at(c0, r1)] - sums[at(c1, r0)] + sums[at(c0, r0)]
    }

    companion object {
        private const val CELL = 4
        private const val RINGS = 8
        private const val DIRECTIONS = 24

        /** A square pixel of another name weighs as many dots, as does a pixel of distance. */
        private const val OVERLAP = 10.0
        private const val DISTANCE = 0.02

        /** The centre nearest to [at] at which a box of this length lies within the side. */
        fun inside(at: Double, length: Double, side: Int): Double =
            if (length < side) at.coerceIn(length / 2, side - length / 2) else side / 2.0
    }
}
