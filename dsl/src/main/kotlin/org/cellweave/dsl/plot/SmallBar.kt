package org.cellweave.dsl.plot

import kotlin.math.ceil

/**
 * A short colour bar at the lower right corner of a panel, with the two ends of its scale alone.
 *
 * @param width of the bar in parts of the panel, as [height]
 * @param xPad how far it stands over the right edge, in parts of the panel, as [yPad] above the lower one
 * @param digits decimals of the numbers; null for as many as they need
 * @param numbers whether the ends are told as numbers; else as the words Min and Max
 */
internal class SmallBar(
    private val width: Double,
    private val height: Double,
    private val xPad: Double,
    private val yPad: Double,
    private val fontSize: Double,
    private val digits: Int?,
    private val numbers: Boolean,
) {
    /** Pixels that it needs at the right of [area]. */
    fun right(area: DotArea, limits: Limits): Int {
        val text = labels(limits).maxOf { Look.textWidth(it, fontSize) }
        return ceil(maxOf(0.0, xPad * area.width + GAP + text)).toInt()
    }

    fun layers(area: DotArea, color: DotColor.Continuous): List<Spec> {
        val left = (1 - width + xPad) * area.width
        val low = yPad * area.height
        val box = Box(left, low, width * area.width, height * area.height)
        val at = listOf(low, low + box.h).map { left + box.w + GAP to it }
        return listOf(
            colors(area, box, color),
            area.frame(box, 1.0),
            area.text(at.take(1), labels(color.limits).take(1), fontSize, 0.0, 0.0),
            area.text(at.drop(1), labels(color.limits).drop(1), fontSize, 0.0, 1.0),
        )
    }

    private fun colors(area: DotArea, box: Box, color: DotColor.Continuous): Spec {
        val rows = color.limits
            .gradient(color.map)
            .asReversed()
            .map { it.drop(1).toInt(16) }
        val picture = PointRaster(THICK, THICK * rows.size, 1.0)
        rows.forEachIndexed { i, rgb -> picture.fill(0, THICK * i, THICK, THICK * (i + 1), rgb) }
        return picture.layer(
            area.atX(box.x) to area.atX(box.x + box.w), area.atY(box.y) to area.atY(box.y + box.h),
        )
    }

    private fun labels(limits: Limits): List<String> {
        val ends = listOf(limits.low, limits.high)
        return when {
            !numbers -> listOf("Min", "Max")
            digits == null -> tickLabels(ends)
            else -> ends.map {
                tickLabel(
                    java.math
                        .BigDecimal(it)
                        .setScale(digits, ROUNDING)
                        .toDouble(),
                )
            }
        }
    }

    private companion object {
        const val GAP = 4.0
        const val THICK = 4
        val ROUNDING = java.math.RoundingMode.HALF_EVEN
    }
}
