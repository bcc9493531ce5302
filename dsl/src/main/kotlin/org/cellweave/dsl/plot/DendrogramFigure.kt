package org.cellweave.dsl.plot

import kotlin.math.ceil

/** A tree over groups on its own. */
internal class DendrogramFigure(
    private val dendrogram: Dendrogram,
    private val side: Side,
    private val labels: Boolean,
    private val look: Look,
) {
    fun build(): Panel {
        val track = Track.uniform(dendrogram.order, STEP)
        val names = if (labels) dendrogram.order.maxOf { Look.textWidth(it, look.tableSize) } + 10 else 0.0
        val upright = side == Side.TOP || side == Side.BOTTOM
        val depth = DEPTH + names + 2 * MARGIN
        val length = track.length + 2 * MARGIN
        val canvas = Canvas(
            ceil(if (upright) length else depth).toInt(), ceil(if (upright) depth else length).toInt(),
            look,
        )
        // The tree starts at the labels and grows away from them.
        val base = when (side) {
            Side.TOP, Side.LEFT -> MARGIN + DEPTH
            Side.BOTTOM, Side.RIGHT -> MARGIN + names
        }
        val (x, y) = if (upright) MARGIN to base else base to MARGIN
        canvas.tree(dendrogram.tree(), track, side, x, y, DEPTH, LINE)
        if (labels) {
            val before = side == Side.BOTTOM || side == Side.RIGHT
            val at = track.names.indices.map {
                val along = MARGIN + track.center(it)
                val over = if (before) base - 6 else base + 6
                if (upright) along to over else over to along
            }
            // Text that stands upright reads from below, so that its end is at its top.
            val hjust = if (upright != before) 1.0 else 0.0
            canvas.texts(
                at, track.names, look.tableSize,
                hjust = if (upright) {
                    hjust
                } else if (before) {
                    1.0
                } else {
                    0.0
                },
                angle = if (upright) 90.0 else 0.0,
            )
        }
        return canvas.build()
    }

    private companion object {
        const val STEP = 36.0
        const val DEPTH = 220.0
        const val MARGIN = 8.0
        const val LINE = "#555555"
    }
}
