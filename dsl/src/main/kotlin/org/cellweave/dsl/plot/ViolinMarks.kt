package org.cellweave.dsl.plot

/** A density on both sides of a place, with a box, quartiles or nothing inside. */
internal class ViolinMarks(private val marks: ChartMarks) {
    /**
     * @param at values of ascending order, as [widths] has the density's half widths there
     * @param sorted the values themselves
     */
    fun draw(middle: Double, at: DoubleArray, widths: DoubleArray, sorted: DoubleArray, fill: String, inner: String?) {
        val right = DoubleArray(at.size) { middle + widths[it] }
        val left = DoubleArray(at.size) { middle - widths[it] }
        marks.shape(right + left.reversedArray(), at + at.reversedArray(), fill, 1.0, EDGE, 1.0)
        inside(middle, at, widths, sorted, inner)
    }

    /** The box, quartiles or values alone. */
    fun inside(middle: Double, at: DoubleArray, widths: DoubleArray, sorted: DoubleArray, inner: String?) {
        val box = BoxStats(sorted)
        when (inner) {
            "box" -> {
                marks.lines(listOf(doubleArrayOf(middle, box.low, middle, box.high)), EDGE, 1.2)
                marks.lines(listOf(doubleArrayOf(middle, box.lower, middle, box.upper)), EDGE, THICK)
                marks.points(doubleArrayOf(middle), doubleArrayOf(box.middle), "#ffffff", DOT)
            }
            "quart" -> marks.lines(
                listOf(box.lower, box.middle, box.upper).map { v ->
                    val half = widths[nearest(at, v)]
                    doubleArrayOf(middle - half, v, middle + half, v)
                },
                EDGE, 1.0,
            )
            "stick" -> marks.lines(
                sorted.distinct().map { v ->
                    val half = widths[nearest(at, v)]
                    doubleArrayOf(middle - half, v, middle + half, v)
                },
                EDGE, 0.5,
            )
        }
    }

    private fun nearest(at: DoubleArray, value: Double): Int {
        val found = at.binarySearch(value)
        return (if (found >= 0) found else -found - 1).coerceIn(0, at.size - 1)
    }

    private companion object {
        const val EDGE = "#3f3f3f"
        const val THICK = 6.0
        const val DOT = 4.0
    }
}
