package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.floor
import kotlin.math.max

/** Two digits are enough for the end of a scale. */
internal fun shortNumber(value: Double): String =
    tickLabel(
        java.math
            .BigDecimal(value)
            .round(java.math.MathContext(2))
            .toDouble(),
    )

/** Cells one by one, group after group: what heat maps and tracks share. */
internal class CellAxis(frame: TableFrame, members: List<IntArray>, shortest: Double) {
    /** Cells in drawing order. */
    val order: IntArray = members.flatMap { it.asList() }.toIntArray()

    init {
        require(order.isNotEmpty()) { "no cell belongs to a group of '${frame.groupby}'" }
    }

    val groups: Track =
        Track.weighted(frame.groups, members.map { it.size }, max(shortest, frame.groups.size * LABEL_ROOM))

    private companion object {
        const val LABEL_ROOM = 13.0
    }
}

/** Cells by genes as a picture, with the colours of the groups beside it. */
internal class HeatmapFigure(
    private val frame: TableFrame,
    grouped: GroupedCells,
    /** One array over the cells per gene. */
    private val values: Array<DoubleArray>,
    showGeneLabels: Boolean?,
) {
    private val swapped = frame.swapAxes
    private val cells = CellAxis(frame, grouped.members, if (swapped) 640.0 else 420.0)
    private val map = frame.map
    private val limits =
        frame.bounds.of(Array(values.size) { j -> DoubleArray(cells.order.size) { values[j][cells.order[it]] } })
    private val labelled = showGeneLabels ?: (frame.genes.size <= MOST_LABELS)
    private val step = when {
        labelled -> (if (swapped) 15.0 else 18.0) * frame.look.cells
        else -> max(UNLABELLED / frame.genes.size, 2.0).coerceAtMost(18.0)
    }
    private val layout = frame.layout(
        cells.groups, Track.uniform(frame.genes, step),
        listOf(UprightBar(map, limits, frame.look, title = frame.colorbarTitle)),
        frame.style(GroupStrip(grouped.colors, frame.groupby), labelled),
    )

    fun build(): Panel {
        val n = cells.order.size
        val m = frame.genes.size
        val box = Box(layout.left, layout.top, layout.columns.length, layout.rows.length)
        val tiles = if (swapped) {
            Tiles(m, n, map, limits) { row, column -> values[row][cells.order[column]] }
        } else {
            Tiles(n, m, map, limits) { row, column -> values[column][cells.order[row]] }
        }
        layout.canvas.picture(box, tiles.picture(box).toDataUrl())
        layout.separate("#000000")
        return layout.build()
    }

    private companion object {
        const val MOST_LABELS = 50
        const val UNLABELLED = 480.0
    }
}

/** One row per gene: every cell a bar in the colour of its group. */
internal class TracksFigure(frame: TableFrame, grouped: GroupedCells, perCell: Array<DoubleArray>) {
    private val cells = CellAxis(frame, grouped.members, 760.0)
    private val values = perCell.map { v -> DoubleArray(cells.order.size) { v[cells.order[it]] } }
    private val highs = values.map { v -> max(v.filter { it.isFinite() }.maxOrNull() ?: 0.0, 0.0) }
    private val lows = values.map { v -> minOf(v.filter { it.isFinite() }.minOrNull() ?: 0.0, 0.0) }
    private val colors = grouped.colors
    private val layout = frame.layout(
        cells.groups, Track.uniform(frame.genes, ROW), emptyList(),
        frame.style(GroupStrip(colors, frame.groupby), true, highs.map(::shortNumber)),
    )

    fun build(): Panel {
        val box = Box(layout.left, layout.top, layout.columns.length, layout.rows.length)
        layout.separate("#a0a0a0")
        layout.canvas.picture(box, picture(box).toDataUrl())
        return layout.build()
    }

    /** Where a pixel stands for several cells, it shows the one farthest from zero. */
    private fun picture(box: Box): Picture {
        val width = ceil(SCALE * box.w).toInt()
        val height = ceil(SCALE * box.h).toInt()
        val pixels = IntArray(width * height)
        val n = cells.order.size
        for (x in 0 until width) {
            val first = floor(x.toDouble() * n / width).toInt()
            val end = max(first + 1, floor((x + 1.0) * n / width).toInt())
            val color = OPAQUE or colors[groupAt(first)].drop(1).toInt(16)
            for (j in values.indices) {
                val value = (first until end).map { values[j][it] }.filter { it.isFinite() }.maxByOrNull(::abs) ?: 0.0
                val from = pixelRow(j, value)
                val to = pixelRow(j, 0.0)
                for (y in minOf(from, to)..max(from, to)) pixels[y * width + x] = color
            }
        }
        return Picture(width, height, pixels)
    }

    private val starts = cells.groups.names.indices.map {
        Math.round(cells.groups.end(it) / cells.groups.length * cells.order.size).toInt()
    }

    private fun groupAt(cell: Int): Int = starts.indexOfFirst { cell < it }

    private fun pixelRow(j: Int, value: Double): Int {
        val range = (highs[j] - lows[j]).takeIf { it > 0 } ?: 1.0
        val row = layout.rows.length / layout.rows.size
        val free = row - 2 * PAD
        return (SCALE * ((j + 1) * row - PAD - (value - lows[j]) / range * free)).toInt()
    }

    private companion object {
        const val ROW = 24.0
        const val PAD = 2.0
        const val SCALE = 2
        const val OPAQUE = 0xff shl 24
    }
}
