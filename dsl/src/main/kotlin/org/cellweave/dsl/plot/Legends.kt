package org.cellweave.dsl.plot

import kotlin.math.max

/** One of the explanations at the right of a table. */
internal interface Legend {
    val width: Double
    val height: Double

    fun draw(canvas: Canvas, center: Double, top: Double)
}

private const val SMALL = 10.0

private fun headingWidth(text: String) = text.split('\n').maxOf { Look.textWidth(it, SMALL) } + 4

private fun Canvas.heading(text: String, center: Double, top: Double) {
    val lines = text.split('\n')
    texts(lines.indices.map { center to top + 24 - (lines.size - it) * 13 + 6 }, lines, SMALL)
}

/** A bar of colours with numbers below and a title above. */
internal class ColorLegend(private val title: String, private val map: ColorMap, private val limits: Limits) : Legend {
    override val width: Double = max(headingWidth(title), BAR_WIDTH + 28)
    override val height: Double = 80.0

    override fun draw(canvas: Canvas, center: Double, top: Double) {
        canvas.heading(title, center, top)
        val x = center - BAR_WIDTH / 2
        val y = top + 30
        val colors = if (limits.bent) map.sampled(STOPS) { it } else limits.gradient(map)
        canvas.colorBar(x, y, BAR_WIDTH, BAR_HEIGHT, colors)
        val breaks = breaks()
        val at = breaks.map { x + part(it) * BAR_WIDTH }
        canvas.lines(at.map { doubleArrayOf(it, y + BAR_HEIGHT, it, y + BAR_HEIGHT + 3) })
        val labels = if (limits.bent) breaks.map(::tickLabel) else tickLabels(breaks)
        canvas.texts(at.map { it to y + BAR_HEIGHT + 11 }, labels, SMALL)
    }

    /** Where on the bar a value is, 0..1. */
    private fun part(value: Double) =
        if (limits.bent) limits.position(value) else (value - limits.low) / (limits.high - limits.low)

    /** The marks of a bent scale that have room beside those before them; null for fewer than two. */
    private fun bentBreaks(): List<Double>? {
        val out = ArrayList<Double>()
        var end = -Double.MAX_VALUE
        for (mark in limits.breaks()) {
            val half = Look.textWidth(tickLabel(mark), SMALL) / 2 + 2.5
            val at = part(mark) * BAR_WIDTH
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
            val room = tickLabels(breaks).sumOf { Look.textWidth(it, SMALL) + 5 }
            if (breaks.size >= 2 && room < BAR_WIDTH + 10) {
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
) : Legend {
    override val width: Double = max(headingWidth(title), fractions.size * STEP + 4)
    override val height: Double = 80.0

    override fun draw(canvas: Canvas, center: Double, top: Double) {
        canvas.heading(title, center, top)
        val first = center - (fractions.size - 1) * STEP / 2
        val y = top + 40
        val at = fractions.indices.map { first + it * STEP to y }
        canvas.dots(at, fractions.map(diameter), List(fractions.size) { "#808080" }, DotPlotFigure.EDGE)
        canvas.lines(at.map { (x, _) -> doubleArrayOf(x, y + 11, x, y + 14) })
        canvas.texts(at.map { (x, _) -> x to y + 22 }, fractions.map { Math.round(it * 100).toString() }, SMALL)
    }

    private companion object {
        const val STEP = 23.0
    }
}

/** Squares of colour with their names. */
internal class ColorKeys(
    private val title: String,
    private val names: List<String>,
    private val colors: List<String>,
) : Legend {
    override val width: Double = max(headingWidth(title), (names.maxOfOrNull { Look.textWidth(it, SMALL) } ?: 0.0) + 18)
    override val height: Double = 26 + names.size * STEP

    override fun draw(canvas: Canvas, center: Double, top: Double) {
        canvas.heading(title, center, top)
        val x = center - width / 2
        canvas.boxes(names.indices.map { Box(x, top + 26 + it * STEP, 11.0, 11.0) }, colors)
        canvas.texts(names.indices.map { x + 16 to top + 31.5 + it * STEP }, names, SMALL, hjust = 0.0)
    }

    private companion object {
        const val STEP = 16.0
    }
}
