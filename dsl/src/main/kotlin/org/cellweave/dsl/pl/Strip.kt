package org.cellweave.dsl

import org.cellweave.dsl.plot.ChartMarks
import java.util.SplittableRandom
import kotlin.math.abs
import kotlin.math.sqrt

/** Every value as a dot near the middle of its group; the same places at every call. */
internal class Strip(private val groups: GroupedValues, private val marks: ChartMarks) {
    /**
     * @param color of all dots; their groups' by default
     * @param jitter half the width of the strip of a group that stands alone
     */
    fun jittered(diameter: Double, color: String? = null, jitter: Double = JITTER) {
        val random = SplittableRandom(0)
        groups.each { i, l, values ->
            val spread = jitter / groups.levels.size
            val places = DoubleArray(values.size) {
                groups.middle(i, l) + spread * (2 * random.nextDouble() - 1)
            }
            marks.dots(places, values, color ?: groups.color(i, l), diameter)
        }
    }

    /**
     * Dots beside one another where they would lie on one another.
     *
     * @param diameter in pixels, as [unit] has them of a value and [place] of a place
     */
    fun swarm(diameter: Double, unit: Double, place: Double) {
        groups.each { i, l, values ->
            val sorted = values.sortedArray()
            val offsets = Swarm(diameter * CLOSER, groups.half * place).offsets(
                DoubleArray(sorted.size) { sorted[it] * unit },
            )
            val places = DoubleArray(sorted.size) { groups.middle(i, l) + offsets[it] / place }
            marks.dots(places, sorted, groups.color(i, l), diameter)
        }
    }

    companion object {
        const val JITTER = 0.1
        private const val CLOSER = 1.05
    }
}

/** Distances from the middle line at which dots of one size touch but do not overlap, as near as can be. */
internal class Swarm(private val diameter: Double, private val most: Double) {
    /**
     * @param heights ascending, in pixels
     */
    fun offsets(heights: DoubleArray): DoubleArray {
        val out = DoubleArray(heights.size)
        for (i in heights.indices) {
            val near = ArrayList<Int>()
            var j = i - 1
            while (j >= 0 && heights[i] - heights[j] < diameter) near += j--
            out[i] = free(heights, out, i, near).coerceIn(-most, most)
        }
        return out
    }

    /** The place nearest to the middle that no earlier dot covers. */
    private fun free(heights: DoubleArray, offsets: DoubleArray, i: Int, near: List<Int>): Double {
        val candidates = ArrayList<Double>()
        candidates += 0.0
        for (j in near) {
            val rise = heights[i] - heights[j]
            val aside = sqrt(diameter * diameter - rise * rise)
            candidates += offsets[j] - aside
            candidates += offsets[j] + aside
        }
        return candidates
            .filter { abs(it) <= most }
            .sortedBy { abs(it) }
            .firstOrNull { at ->
                near.all { j ->
                    val (dx, dy) = at - offsets[j] to heights[i] - heights[j]
                    dx * dx + dy * dy >= diameter * diameter * (1 - TOUCH)
                }
            } ?: most
    }

    private companion object {
        const val TOUCH = 1e-9
    }
}
