package org.cellweave.dsl.plot

import kotlin.math.max

/** One of the explanations at the right of a table. */
internal interface Legend {
    val width: Double
    val height: Double

    /** The same where it grows with the table at its left, which is [table] pixels high. */
    fun beside(table: Double): Legend = this

    fun draw(canvas: Canvas, center: Double, top: Double)
}

/** Size of the texts for which the lengths below are meant. */
private const val SMALL = 10.0

private fun headingWidth(text: String, size: Double) = text.split('\n').maxOf { Look.textWidth(it, size) } + 4

private fun Canvas.heading(text: String, center: Double, top: Double, size: Double) {
    val lines = text.split('\n')
    val unit = size / SMALL
    texts(lines.indices.map { center to top + (24 - (lines.size - it) * 13 + 6) * unit }, lines, size)
}

/** A bar of colours with numbers below and a title above. */
internal class ColorLegend(
    private val title: String,
    private val map: ColorMap,
    private val limits: Limits,
    private val size: Double = SMALL,
) : Legend {
    private val unit = size / SMALL
    private val barWidth = BAR_WIDTH * unit
    private val barHeight = BAR_HEIGHT * unit
    override val width: Double = max(headingWidth(title, size), barWidth + 18)
    override val height: Double = 80.0 * unit

    override fun draw(canvas: Canvas, center: Double, top: Double) {
        canvas.heading(title, center, top, size)
        val x = center - barWidth / 2
        val y = top + 30 * unit
        val colors = if (limits.bent) map.sampled(STOPS) { it } else limits.gradient(map)
        canvas.colorBar(x, y, barWidth, barHeight, colors)
        val breaks = breaks()
        val at = breaks.map { x + part(it) * barWidth }
        canvas.lines(at.map { doubleArrayOf(it, y + barHeight, it, y + barHeight + 3) })
        val labels = if (limits.bent) breaks.map(::tickLabel) else tickLabels(breaks)
        canvas.texts(at.map { it to y + barHeight + 5 + 0.6 * size }, labels, size)
    }

    /** Where on the bar a value is, 0..1. */
    private fun part(value: Double) =
        if (limits.bent) limits.position(value) else (value - limits.low) / (limits.high - limits.low)

    /** The marks of a bent scale that have room beside those before them; null for fewer than two. */
    private fun bentBreaks(): List<Double>? {
        val out = ArrayList<Double>()
        var end = -Double.MAX_VALUE
        for (mark in limits.breaks()) {
            val half = Look.textWidth(tickLabel(mark), size) / 2 + 2.5
            val at = part(mark) * barWidth
            if (at - half >= end) {
                out += mark
                end = at + half
            }
        }
        return out.takeIf { it.size >= 2 }
    }

    /** As many round numbers as fit under the bar. */
    private fun breaks(): List<Double> {
        if (limits.bent) {
            bentBreaks()?.let { return it }
        }
        for (n in 5 downTo 2) {
            val breaks = niceBreaks(limits.low, limits.high, n)
            val room = tickLabels(breaks).sumOf { Look.textWidth(it, size) + 5 }
            if (breaks.size >= 2 && room < barWidth + 10) {
                return breaks
            }
        }
        return listOf(limits.low, limits.high).map {
            java.math
                .BigDecimal(it)
                .round(java.math.MathContext(2))
                .toDouble()
        }
    }

    private companion object {
        const val STOPS = 65
        const val BAR_WIDTH = 96.0
        const val BAR_HEIGHT = 14.0
    }
}

/** Dots of growing size with their percentages. */
internal class SizeLegend(
    private val title: String,
    private val fractions: List<Double>,
    private val diameter: (Double) -> Double,
    private val size: Double = SMALL,
) : Legend {
    private val unit = size / SMALL
    private val step = STEP * unit
    override val width: Double = max(headingWidth(title, size), fractions.size * step + 4)
    override val height: Double = 80.0 * unit

    override fun draw(canvas: Canvas, center: Double, top: Double) {
        canvas.heading(title, center, top, size)
        val first = center - (fractions.size - 1) * step / 2
        val y = top + 40 * unit
        val at = fractions.indices.map { first + it * step to y }
        canvas.dots(at, fractions.map(diameter), List(fractions.size) { "#808080" }, DotPlotFigure.EDGE)
        canvas.lines(at.map { (x, _) -> doubleArrayOf(x, y + 11 * unit, x, y + 14 * unit) })
        canvas.texts(at.map { (x, _) -> x to y + 22 * unit }, fractions.map { Math.round(it * 100).toString() }, size)
    }

    private companion object {
        const val STEP = 21.0
    }
}

/** Squares of colour with their names. */
internal class ColorKeys(
    private val title: String,
    private val names: List<String>,
    private val colors: List<String>,
    private val size: Double = SMALL,
) : Legend {
    private val unit = size / SMALL
    private val step = STEP * unit
    private val first = if (title.isEmpty()) 2.0 else 26.0 * unit
    override val width: Double =
        max(headingWidth(title, size), (names.maxOfOrNull { Look.textWidth(it, size) } ?: 0.0) + 18 * unit)
    override val height: Double = first + names.size * step

    override fun draw(canvas: Canvas, center: Double, top: Double) {
        canvas.heading(title, center, top, size)
        val x = center - width / 2
        canvas.boxes(names.indices.map { Box(x, top + first + it * step, 11 * unit, 11 * unit) }, colors)
        canvas.texts(
            names.indices.map { x + 16 * unit to top + first + 5.5 * unit + it * step }, names, size, hjust = 0.0,
        )
    }

    private companion object {
        const val STEP = 16.0
    }
}
