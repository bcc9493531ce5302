package org.cellweave.dsl.plot

/** Names of groups at the medians of their dots, without boxes. */
internal class NamesOnData(
    private val dots: GroupedDots,
    private val area: DotArea,
    private val style: DotStyle,
) {
    fun layers(): List<Spec> {
        val discrete = dots.groups
        val members = dots.order.groupBy { discrete.codes[it] }
        val shown = discrete.names.indices.filter { it in members }
        val names = shown.map { discrete.names[it] }
        val font = style.legend.fontSize ?: style.look.labelSize
        val size = font / 2
        val at = shown.mapIndexed { i, c ->
            // Names stay inside the frame, which would cut them.
            val half = Look.textWidth(names[i], font) * BOLDER / 2 * area.unitX
            val (least, most) = area.x.first + half to area.x.second - half
            val middle = median(members.getValue(c).map { dots.x[it] })
            val across = if (least < most) middle.coerceIn(least, most) else (area.x.first + area.x.second) / 2
            across to median(members.getValue(c).map { dots.y[it] })
        }

        fun texts(dx: Double, dy: Double, color: String) =
            layer(
                "text",
                mapOf("x" to at.map { it.first + dx }, "y" to at.map { it.second + dy }, "label" to names),
                mapOf("x" to "x", "y" to "y", "label" to "label"),
                "size" to size, "family" to Look.FONT, "color" to color,
                "fontface" to if (style.legend.bold) "bold" else "plain",
            )
        val out = ArrayList<Spec>()
        style.legend.fontOutline?.let { points ->
            val unitX = points * Look.PIXELS_PER_POINT * area.unitX
            val unitY = points * Look.PIXELS_PER_POINT * area.unitY
            for (k in 0 until OUTLINE_COPIES) {
                val angle = 2 * Math.PI * k / OUTLINE_COPIES
                out += texts(unitX * Math.cos(angle), unitY * Math.sin(angle), "#ffffff")
            }
        }
        out += texts(0.0, 0.0, "#000000")
        return out
    }

    private companion object {
        const val OUTLINE_COPIES = 12

        /** Width of bold letters in that of others. */
        const val BOLDER = 1.1
    }
}
