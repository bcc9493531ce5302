package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.max

/** Colours of the rows by one column of obs. */
internal class RowColors(val key: String, val codes: IntArray, val names: List<String>, val colors: List<String>)

/** Cells by genes with the trees of both, as a picture between vector axes. */
internal class ClusterMapFigure(
    /** One array per gene. */
    private val values: Array<DoubleArray>,
    cells: List<String>,
    genes: List<String>,
    private val cellTree: Dendrogram,
    private val geneTree: Dendrogram,
    private val rowColors: List<RowColors>,
    private val map: ColorMap,
    private val limits: Limits,
    private val look: Look,
    size: FigureSize? = null,
) {
    private val cellOrder = cellTree.leaves()
    private val geneOrder = geneTree.leaves()
    private var rows = track(cellOrder.map { cells[it] })
    private var columns = track(geneOrder.map { genes[it] })
    private var rowLabels = if (rows.size <= MOST_LABELS) rows.names else emptyList()
    private var columnLabels = if (columns.size <= MOST_LABELS) columns.names else emptyList()
    private val legends: List<Legend> =
        listOf(ColorLegend("Expression", map, limits, look.noteSize)) +
            rowColors.map { ColorKeys(it.key, it.names, it.colors, look.noteSize) }

    private val left = MARGIN + TREE + rowColors.size * (STRIP + GAP)
    private val top = MARGIN + TREE
    private val legendWidth = legends.maxOf { it.width }
    private val legendHeight = legends.sumOf { it.height + LEGEND_GAP }
    private val below
        get() = max(widest(columnLabels), if (rowColors.isEmpty()) 0.0 else widest(rowColors.map { it.key }))

    init {
        size?.let {
            stretch(it)
            // Names that would run into each other are left out, which makes room.
            if (isCrowded(rows)) rowLabels = emptyList()
            if (isCrowded(columns)) columnLabels = emptyList()
            stretch(it)
        }
    }

    private fun isCrowded(track: Track) = track.length / track.size < look.tableSize + 1

    private fun stretch(size: FigureSize) {
        val edges = 2.0 * Canvas.EDGE
        val (x, y) = size.left(
            left + widest(rowLabels) + LEGEND_ROOM + legendWidth + MARGIN + edges,
            top + below + 2 * MARGIN + edges,
            columns.size, rows.size, top + legendHeight + 2 * MARGIN + edges,
        )
        columns = columns.stretched(x)
        rows = rows.stretched(y)
    }

    private val right = left + columns.length
    private val bottom = top + rows.length

    private fun track(names: List<String>): Track =
        Track.uniform(
            names,
            if (names.size <=
                MOST_LABELS
            ) {
                (LENGTH / names.size).coerceIn(LABELLED, WIDEST)
            } else {
                LENGTH / names.size
            },
        )

    private fun widest(names: List<String>) = names.maxOfOrNull { Look.textWidth(it, look.tableSize) + 8 } ?: 0.0

    fun build(): Panel {
        val legendX = right + widest(rowLabels) + LEGEND_ROOM
        val canvas = Canvas(
            ceil(legendX + legendWidth + MARGIN).toInt(),
            ceil(max(bottom + below, top + legendHeight) + 2 * MARGIN).toInt(),
            look,
        )
        val box = Box(left, top, columns.length, rows.length)
        val tiles = Tiles(rows.size, columns.size, map, limits) { r, c -> values[geneOrder[c]][cellOrder[r]] }
        canvas.picture(box, tiles.picture(box).toDataUrl())
        canvas.frame(left, top, columns.length, rows.length)
        canvas.tree(geneTree.tree(), columns, Side.TOP, left, top - 3, TREE - 6, LINE)
        val treeX = left - rowColors.size * (STRIP + GAP) - 3
        canvas.tree(cellTree.tree(), rows, Side.LEFT, treeX, top, TREE - 6, LINE)
        rowColors.forEachIndexed { k, colors -> strip(canvas, colors, treeX + 3 + k * (STRIP + GAP)) }
        canvas.texts(
            columnLabels.indices.map { left + columns.center(it) to bottom + 6 }, columnLabels, look.tableSize,
            hjust = 1.0, angle = 90.0,
        )
        canvas.texts(
            rowLabels.indices.map { right + 5 to top + rows.center(it) }, rowLabels, look.tableSize, hjust = 0.0,
        )
        var y = top
        for (legend in legends) {
            legend.draw(canvas, legendX + legendWidth / 2, y)
            y += legend.height + LEGEND_GAP
        }
        return canvas.build()
    }

    private fun strip(canvas: Canvas, colors: RowColors, x: Double) {
        // Neighbours of one group are one box.
        val boxes = ArrayList<Box>()
        val fills = ArrayList<String>()
        var start = 0
        for (i in 1..rows.size) {
            val code = colors.codes[cellOrder[start]]
            if (i == rows.size || colors.codes[cellOrder[i]] != code) {
                boxes += Box(x, top + rows.start(start), STRIP, rows.end(i - 1) - rows.start(start))
                fills += if (code < 0) Palettes.NA else colors.colors[code]
                start = i
            }
        }
        canvas.boxes(boxes, fills)
        canvas.texts(
            listOf(x + STRIP / 2 to bottom + 6), listOf(colors.key), look.tableSize, hjust = 1.0, angle = 90.0,
        )
    }

    private companion object {
        const val MARGIN = 6.0
        const val TREE = 80.0
        const val STRIP = 12.0
        const val GAP = 3.0
        const val LEGEND_GAP = 12.0
        const val LEGEND_ROOM = 22.0
        const val LENGTH = 480.0
        const val LABELLED = 14.0
        const val WIDEST = 30.0
        const val MOST_LABELS = 60
        const val LINE = "#555555"
    }
}
