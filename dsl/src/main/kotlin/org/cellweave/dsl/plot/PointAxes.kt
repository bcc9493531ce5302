package org.cellweave.dsl.plot

/** The axes of a panel of dots: their marks, the lines between these, and where titles stand. */
internal class PointAxes(
    private val xLimits: Pair<Double, Double>,
    private val yLimits: Pair<Double, Double>,
    private val style: DotStyle,
    /** Marks of the upright axis in place of round numbers. */
    yTicks: Map<Double, String>?,
) {
    private val look = style.look
    private val xBreaks = beside(xLimits)
    private val yBreaks = yTicks?.keys?.toList() ?: niceBreaks(yLimits.first, yLimits.second)
    val yLabels: List<String> = yTicks?.values?.toList() ?: tickLabels(yBreaks)

    /** Pixels that the text of the last mark reaches beyond the right end of the dots; below 0 where it does not. */
    val beyond: Double
        get() {
            val last = xBreaks.lastOrNull() ?: return 0.0
            val half = Look.textWidth(tickLabels(xBreaks).last(), look.tickSize) / Look.GENEROUS / 2
            return half - (xLimits.second - last) / (xLimits.second - xLimits.first) * style.panelWidth
        }

    fun x(shown: Pair<Double, Double>, title: String?): Spec =
        axis("x", shown.first, shown.second, title, xBreaks, tickLabels(xBreaks))

    fun y(shown: Pair<Double, Double>, title: String?): Spec =
        axis("y", shown.first, shown.second, title, yBreaks, yLabels)

    /** Round numbers whose texts stand beside each other. */
    private fun beside(ends: Pair<Double, Double>): List<Double> {
        val choices = (USUAL downTo FEWEST).map { niceBreaks(ends.first, ends.second, it) }
        return choices.firstOrNull { breaks ->
            tickLabels(breaks).sumOf { Look.textWidth(it, look.tickSize) + look.tickSize / 2 } < style.panelWidth
        } ?: choices.last()
    }

    /** @param lined whether the theme draws the lines between marks; else [grid] does */
    fun theme(lined: Boolean): Map<String, Any> {
        // Without an angle Lets-Plot turns texts that it takes for crowded.
        val level = mapOf("axis_text_x" to text(look.tickSize, "angle" to 0.0))
        return if (lined) level + look.grid else level
    }

    /** Lines between marks, where the theme's would reach under what stands beside the dots. */
    fun grid(area: DotArea): Spec {
        val upright = xBreaks.map(area::pixelX).map { doubleArrayOf(it, 0.0, it, area.height.toDouble()) }
        val level = yBreaks.map(area::pixelY).map { doubleArrayOf(0.0, it, area.width.toDouble(), it) }
        return area.lines(upright + level, Look.GRID_COLOR, LINE)
    }

    /** Titles in the middle of the dots, whatever stands beside them; Lets-Plot would take the middle of both. */
    fun titles(room: Room, title: String, xTitle: String?): Map<String, Any> {
        if (room.left == room.right) return emptyMap()
        val whole = (room.left + style.panelWidth + room.right).toDouble()
        val middle = room.left + style.panelWidth / 2.0

        // Lets-Plot centres a text at 0.5 alone; elsewhere it begins there.
        fun start(text: String, size: Double): Double =
            ((middle - Look.textWidth(text, size) / Look.GENEROUS / 2) / whole).coerceIn(0.0, 1.0)
        val out = linkedMapOf<String, Any>("plot_title" to look.title(start(title, look.titleSize)))
        xTitle?.let { out["axis_title_x"] = text(look.labelSize, "hjust" to start(it, look.labelSize)) }
        return out
    }

    private companion object {
        /** Marks that an axis has where there is room. */
        const val USUAL = 6
        const val FEWEST = 2
        const val LINE = 0.8
    }
}
