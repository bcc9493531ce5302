package org.cellweave.dsl.plot

/** A box with whiskers that end in caps, and rings for what lies outside. */
internal class BoxMarks(private val marks: ChartMarks, private val thickness: Double = 1.0) {
    /**
     * @param half of the box's width
     * @param step values closer than this are one ring
     */
    fun draw(middle: Double, half: Double, box: BoxStats, fill: String?, rings: Boolean, step: Double) {
        val ends = ArrayList<DoubleArray>()
        for ((from, to) in listOf(box.lower to box.low, box.upper to box.high)) {
            ends += doubleArrayOf(middle, from, middle, to)
            ends += doubleArrayOf(middle - half / 2, to, middle + half / 2, to)
        }
        marks.lines(ends, EDGE, thickness)
        val bar = listOf(ChartBar(middle - half, middle + half, box.lower, box.upper))
        if (fill == null) {
            marks.bars(bar, "rgba(0,0,0,0)", 0.0, EDGE, thickness)
        } else {
            marks.bars(bar, fill, 1.0, EDGE, thickness)
        }
        marks.lines(listOf(doubleArrayOf(middle - half, box.middle, middle + half, box.middle)), EDGE, thickness)
        if (rings && box.outside.isNotEmpty()) {
            val shown = box.outside.distinctBy { Math.round(it / step) }.toDoubleArray()
            marks.rings(DoubleArray(shown.size) { middle }, shown, EDGE, RING)
        }
    }

    private companion object {
        const val EDGE = "#3f3f3f"
        const val RING = 4.5
    }
}
