package org.cellweave.dsl.plot

import kotlin.math.max
import kotlin.math.min

/** An upright bar of colours with numbers at its right, and a title along them. */
internal class UprightBar(
    private val map: ColorMap,
    private val limits: Limits,
    private val look: Look,
    override val height: Double = 280.0,
    title: String = "",
) : Legend {
    private val heading = title.replace('\n', ' ')
    private val breaks = limits.breaks()
    private val texts = limits.labels(breaks)
    private val numbers = texts.maxOf { Look.textWidth(it, look.legendSize) }
    override val width: Double = BAR + TO_TEXT + numbers + if (heading.isEmpty()) 0.0 else look.legendSize + 2 * TITLE

    override fun beside(table: Double): Legend {
        val least = max(SHORTEST, Look.textWidth(heading, look.legendSize))
        return UprightBar(map, limits, look, max(table, least), heading)
    }

    override fun draw(canvas: Canvas, center: Double, top: Double) {
        val x = center - width / 2
        val colors = limits.bar(map, STEPS).asReversed()
        val step = height / colors.size
        canvas.boxes(
            colors.indices.map { Box(x, top + it * step, BAR, min(2 * step, height - it * step)) },
            colors,
        )
        canvas.frame(x, top, BAR, height)
        val at = breaks.map { top + height * (1 - limits.along(it)) }
        canvas.lines(at.map { doubleArrayOf(x + BAR, it, x + BAR + 4, it) })
        canvas.texts(at.map { x + BAR + TO_TEXT to it }, texts, look.legendSize, hjust = 0.0)
        if (heading.isNotEmpty()) {
            val middle = x + BAR + TO_TEXT + numbers + TITLE + look.legendSize / 2
            canvas.texts(listOf(middle to top + height / 2), listOf(heading), look.legendSize, angle = 90.0)
        }
    }

    private companion object {
        const val BAR = 10.0
        const val TO_TEXT = 7.0
        const val TITLE = 5.0
        const val STEPS = 65
        const val SHORTEST = 60.0
    }
}
