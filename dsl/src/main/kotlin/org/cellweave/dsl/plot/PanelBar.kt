package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.max

/** The colour bar of a panel: framed, as high as the panel and close to it, with marks at its right. */
internal class PanelBar(private val color: DotColor.Continuous, private val look: Look) {
    private val limits = color.limits
    private val breaks = limits.breaks()
    private val labels = limits.labels(breaks)

    /** Pixels that it needs at the right of a panel of [height] pixels. */
    fun right(height: Int): Int =
        ceil(GAP + width(height) + MARK + TO_TEXT + labels.maxOf(::width)).toInt()

    /** Digits are all as wide as a nought. */
    private fun width(number: String) = Look.textWidth(number.replace('1', '0'), look.tickSize)

    private fun width(height: Int): Double = max(LEAST, height / SLIMNESS)

    fun layers(area: DotArea): List<Spec> {
        val box = Box(area.width + GAP, HALF, width(area.height), area.height - 2 * HALF)
        val at = breaks.map { box.y + limits.along(it) * box.h }
        val right = box.x + box.w
        // Lets-Plot cuts what reaches over the panel's ends, so that a text there stands a little inside.
        val near = look.tickSize * HALF_LINE
        return listOf(
            colors(area, box),
            area.frame(box, 1.0),
            area.lines(at.map { doubleArrayOf(right, it, right + MARK, it) }, "#000000", LINE),
            area.text(
                at.map { right + MARK + TO_TEXT to it.coerceIn(near, area.height - near) },
                labels, look.tickSize, 0.0, 0.5,
            ),
        )
    }

    /** Each part reaches under the next one, so that no seam shows. */
    private fun colors(area: DotArea, box: Box): Spec {
        val parts = limits.bar(color.map, STEPS)
        val step = box.h / STEPS
        return layer(
            "rect",
            mapOf(
                "xmin" to List(STEPS) { area.atX(box.x) }, "xmax" to List(STEPS) { area.atX(box.x + box.w) },
                "ymin" to List(STEPS) { area.atY(box.y + it * step) },
                "ymax" to List(STEPS) { area.atY(box.y + minOf((it + 2) * step, box.h)) },
                "fill" to parts,
            ),
            listOf("xmin", "xmax", "ymin", "ymax", "fill").associateWith { it },
            "size" to 0.0, "color" to "rgba(0,0,0,0)", "alpha" to 1.0,
        )
    }

    companion object {
        /** What the colours of a bar need among a plot's scales. */
        val SCALE: Spec = spec("aesthetic" to "fill", "scale_mapper_kind" to "identity", "guide" to "none")

        /** Pixels between the panel and its bar. */
        const val GAP = 4.0
        private const val MARK = 4.0
        private const val TO_TEXT = 3.0

        /** Pixels between the bar and its numbers. */
        const val TO_NUMBERS = MARK + TO_TEXT
        private const val LINE = 0.8

        /** Half the height of digits in their size. */
        private const val HALF_LINE = 0.42
        private const val HALF = 0.5
        private const val LEAST = 8.0

        /** matplotlib's ratio of a bar's sides. */
        private const val SLIMNESS = 30.0
        const val STEPS = 128
    }
}
