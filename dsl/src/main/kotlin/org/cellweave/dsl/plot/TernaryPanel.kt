package org.cellweave.dsl.plot

import kotlin.math.sqrt

/** Shares of three parts that add up to one, in a triangle: top, left and right corner. */
internal class TernaryPanel(
    private val corners: List<String>,
    private val shares: List<DoubleArray>,
    /** What a reader who points at a dot is told. */
    private val names: List<String>,
    private val title: String,
    private val look: Look,
) {
    private val top = if (title.isEmpty()) EDGE else TITLE
    private val tall = SIDE * sqrt(3.0) / 2
    private val canvas = Canvas((SIDE + 2 * AROUND).toInt(), (top + tall + BELOW + TIP).toInt(), look)

    fun build(): Panel {
        if (title.isNotEmpty()) canvas.texts(listOf(canvas.width / 2.0 to top / 2), listOf(title), look.titleSize)
        grid()
        val ends = listOf(at(1.0, 0.0, 0.0), at(0.0, 1.0, 0.0), at(0.0, 0.0, 1.0))
        canvas.lines(ends.indices.map { line(ends[it], ends[(it + 1) % 3]) }, thickness = 1.0)
        canvas.texts(listOf(ends[0].first to ends[0].second - 12), corners.take(1), look.labelSize)
        for ((corner, hjust) in listOf(1 to 0.0, 2 to 1.0)) {
            val (x, y) = ends[corner]
            val over = (hjust - HALF) * AROUND
            canvas.texts(listOf(x + over to y + NAME), listOf(corners[corner]), look.labelSize, hjust = hjust)
        }
        canvas.dots(
            shares.map { at(it[0], it[1], it[2]) }, List(shares.size) { DOT }, List(shares.size) { "#808080" },
            Look.size(RIM), mapOf("clones" to names),
        )
        return canvas.build()
    }

    private fun at(up: Double, left: Double, right: Double): Pair<Double, Double> =
        AROUND + SIDE * (right + up / 2) to top + TIP + tall * (left + right)

    private fun line(a: Pair<Double, Double>, b: Pair<Double, Double>) =
        doubleArrayOf(a.first, a.second, b.first, b.second)

    /** Lines of one share each, named at one of their ends. */
    private fun grid() {
        val parts = (1 until STEPS).map { it.toDouble() / STEPS }
        canvas.lines(
            parts.flatMap { p ->
                listOf(
                    line(at(p, 1 - p, 0.0), at(p, 0.0, 1 - p)), line(at(1 - p, p, 0.0), at(0.0, p, 1 - p)),
                    line(at(1 - p, 0.0, p), at(0.0, 1 - p, p)),
                )
            },
            "#d9d9d9",
        )
        val labels = parts.map { Math.round(100 * it).toString() }
        canvas.texts(parts.map { at(it, 0.0, 1 - it).let { (x, y) -> x + 12 to y } }, labels, SMALL)
        canvas.texts(parts.map { at(1 - it, it, 0.0).let { (x, y) -> x - 12 to y } }, labels, SMALL)
        canvas.texts(parts.map { at(0.0, 1 - it, it).let { (x, y) -> x to y + 10 } }, labels, SMALL)
    }

    private companion object {
        const val SIDE = 300.0
        const val AROUND = 40.0
        const val TITLE = 36.0
        const val EDGE = 12.0
        const val TIP = 24.0
        const val BELOW = 44.0
        const val NAME = 26.0
        const val HALF = 0.5
        const val STEPS = 5
        const val SMALL = 10.0
        const val RIM = 0.6

        /** Pixels of a marker of ten square points. */
        val DOT = sqrt(10.0) * Look.PIXELS_PER_POINT
    }
}
