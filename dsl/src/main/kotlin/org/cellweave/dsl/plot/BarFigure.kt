package org.cellweave.dsl.plot

import kotlin.math.max
import kotlin.math.min

/** How bars look besides their values. */
internal class BarStyle(
    val map: ColorMap,
    val limits: Limits,
    /** Whether bars lie, one below the other; else they stand side by side. */
    val lying: Boolean,
    /** Of a bar in parts of its place. */
    val width: Double,
    val edge: String,
    /** Whether both axes have a line; else only that of the values, which ends in an arrow. */
    val bothAxes: Boolean,
    val title: String,
    /** Pixels of the bars' part of the figure. */
    val panelWidth: Double,
    val panelHeight: Double,
    val look: Look,
)

/** Bars in the colours of their values, in the order given: from top to bottom, or from left to right. */
internal class BarFigure(
    private val names: List<String>,
    private val values: DoubleArray,
    private val style: BarStyle,
) {
    private val look = style.look
    private val ends = Ends.of(values).let { (low, high) -> Ends.apart(min(0.0, low), max(0.0, high)) }
    private val breaks = niceBreaks(ends.first, ends.second, MARKS)
    private val longest = names.maxOf { Look.textWidth(it, look.tickSize) }
    private val top = if (style.title.isEmpty()) EDGE else TITLE
    private val left =
        GAP + if (style.lying) longest else breakLabels().maxOf { Look.textWidth(it, look.tickSize) }
    private val bottom = if (style.lying) AXIS else longest + GAP

    fun build(): Panel {
        val half = Look.textWidth(style.title, look.titleSize) / 2
        val middle = max(left + style.panelWidth / 2, half)
        val width = max(left + style.panelWidth + RIGHT, middle + half)
        val canvas = Canvas(width.toInt(), (top + style.panelHeight + bottom).toInt(), look)
        if (style.title.isNotEmpty()) canvas.texts(listOf(middle to top / 2), listOf(style.title), look.titleSize)
        canvas.boxes(
            names.indices.map(::bar), values.map { style.map.hex(style.limits.position(it)) }, style.edge,
            mapOf("name" to names, "value" to values.map(::tidy)), BAR_EDGE,
        )
        nameTexts(canvas)
        axes(canvas)
        return canvas.build()
    }

    private fun breakLabels() = tickLabels(breaks)

    /** Pixels from the start of the axis of values. */
    private fun along(value: Double): Double {
        val length = if (style.lying) style.panelWidth else style.panelHeight
        return (value - ends.first) / (ends.second - ends.first) * length
    }

    private fun place(i: Int): Double {
        val length = if (style.lying) style.panelHeight else style.panelWidth
        return (i + 0.5) / names.size * length
    }

    private fun bar(i: Int): Box {
        val (from, to) = along(min(0.0, values[i])) to along(max(0.0, values[i]))
        val thick = style.width * (if (style.lying) style.panelHeight else style.panelWidth) / names.size
        return if (style.lying) {
            Box(left + from, top + place(i) - thick / 2, to - from, thick)
        } else {
            Box(left + place(i) - thick / 2, top + style.panelHeight - to, thick, to - from)
        }
    }

    private fun nameTexts(canvas: Canvas) {
        if (style.lying) {
            canvas.texts(names.indices.map { left - 7 to top + place(it) }, names, look.tickSize, hjust = 1.0)
        } else {
            val y = top + style.panelHeight + 7
            canvas.texts(names.indices.map { left + place(it) to y }, names, look.tickSize, hjust = 1.0, angle = 90.0)
        }
    }

    private fun axes(canvas: Canvas) {
        val low = top + style.panelHeight
        val right = left + style.panelWidth
        val lines = ArrayList<DoubleArray>()
        if (style.lying || style.bothAxes) lines += doubleArrayOf(left, low, right, low)
        if (!style.lying || style.bothAxes) lines += doubleArrayOf(left, low, left, top)
        val marks = breaks.map(::along)
        lines += marks.map {
            if (style.lying) {
                doubleArrayOf(left + it, low, left + it, low + TICK)
            } else {
                doubleArrayOf(left - TICK, low - it, left, low - it)
            }
        }
        if (ends.first < 0 && ends.second > 0) {
            val zero = along(0.0)
            lines += if (style.lying) {
                doubleArrayOf(left + zero, top, left + zero, low)
            } else {
                doubleArrayOf(left, low - zero, right, low - zero)
            }
        }
        canvas.lines(lines)
        val labels = breakLabels()
        if (style.lying) {
            canvas.texts(marks.map { left + it to low + TICK + 8 }, labels, look.tickSize)
        } else {
            canvas.texts(marks.map { left - TICK - 3 to low - it }, labels, look.tickSize, hjust = 1.0)
        }
        if (!style.bothAxes) arrow(canvas, low, right)
    }

    /** At the end of the axis of values. */
    private fun arrow(canvas: Canvas, low: Double, right: Double) {
        if (style.lying) {
            canvas.shape(
                listOf(right, right + HEAD, right), listOf(low - HEAD / 2, low, low + HEAD / 2), "#000000", 0.0,
            )
        } else {
            canvas.shape(listOf(left - HEAD / 2, left, left + HEAD / 2), listOf(top, top - HEAD, top), "#000000", 0.0)
        }
    }

    private companion object {
        const val MARKS = 4
        const val EDGE = 12.0
        const val TITLE = 38.0
        const val GAP = 16.0
        const val AXIS = 28.0
        const val RIGHT = 16.0
        const val TICK = 4.0
        const val HEAD = 8.0
        const val BAR_EDGE = 0.8
    }
}
