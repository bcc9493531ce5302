package org.cellweave.dsl.plot

import org.cellweave.cluster.Linkage
import org.cellweave.util.Parallel
import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.sqrt

/** Clusters the rows of a table by average or another linkage of their distances. */
internal object RowTrees {
    /** Pairwise distances take memory and time with the square of this. */
    private const val MOST = 4000
    private const val BLOCK = 32

    fun checked(n: Int, what: String) {
        require(n in 2..MOST) { "clustermap needs 2 to $MOST $what, got $n; subset the object first" }
    }

    fun of(rows: Array<DoubleArray>, method: Linkage.Method): Dendrogram {
        val distances = Array(rows.size) { DoubleArray(rows.size) }
        Parallel.forRange(rows.size, BLOCK) { from, to ->
            for (i in from until to) {
                for (j in 0 until i) {
                    distances[i][j] = euclidean(rows[i], rows[j])
                }
            }
        }
        for (i in rows.indices) {
            for (j in 0 until i) distances[j][i] = distances[i][j]
        }
        return Dendrogram.of(Linkage.run(distances, method))
    }

    private fun euclidean(a: DoubleArray, b: DoubleArray): Double {
        var sum = 0.0
        for (k in a.indices) {
            val d = a[k] - b[k]
            sum += d * d
        }
        return sqrt(sum)
    }
}

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
    figsize: Pair<Number, Number>? = null,
) {
    private val cellOrder = cellTree.leaves()
    private val geneOrder = geneTree.leaves()
    private var rows = track(cellOrder.map { cells[it] })
    private var columns = track(geneOrder.map { genes[it] })
    private var rowLabels = if (rows.size <= MOST_LABELS) rows.names else emptyList()
    private var columnLabels = if (columns.size <= MOST_LABELS) columns.names else emptyList()
    private val legends: List<Legend> =
        listOf(ColorLegend("Expression", map, limits)) + rowColors.map { ColorKeys(it.key, it.names, it.colors) }

    private val left = MARGIN + TREE + rowColors.size * (STRIP + GAP)
    private val top = MARGIN + TREE
    private val legendWidth = legends.maxOf { it.width }
    private val legendHeight = legends.sumOf { it.height + LEGEND_GAP }
    private val below
        get() = max(widest(columnLabels), if (rowColors.isEmpty()) 0.0 else widest(rowColors.map { it.key }))

    init {
        FigureSize.of(figsize)?.let { size ->
            stretch(size)
            // Names that would run into each other are left out, which makes room.
            if (isCrowded(rows)) rowLabels = emptyList()
            if (isCrowded(columns)) columnLabels = emptyList()
            stretch(size)
        }
    }

    private fun isCrowded(track: Track) = track.length / track.size < TableLayout.FONT + 1

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

    private fun widest(names: List<String>) = names.maxOfOrNull { Look.textWidth(it, TableLayout.FONT) + 8 } ?: 0.0

    fun build(): Panel {
        val legendX = right + widest(rowLabels) + LEGEND_ROOM
        val canvas = Canvas(
            ceil(legendX + legendWidth + MARGIN).toInt(),
            ceil(max(bottom + below, top + legendHeight) + 2 * MARGIN).toInt(),
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
            columnLabels.indices.map { left + columns.center(it) to bottom + 6 }, columnLabels, TableLayout.FONT,
            hjust = 1.0, angle = 90.0,
        )
        canvas.texts(
            rowLabels.indices.map { right + 5 to top + rows.center(it) }, rowLabels, TableLayout.FONT, hjust = 0.0,
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
            listOf(x + STRIP / 2 to bottom + 6), listOf(colors.key), TableLayout.FONT, hjust = 1.0, angle = 90.0,
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

/** A tree over groups on its own. */
internal class DendrogramFigure(
    private val dendrogram: Dendrogram,
    private val side: Side,
    private val labels: Boolean,
) {
    fun build(): Panel {
        val track = Track.uniform(dendrogram.order, STEP)
        val names = if (labels) dendrogram.order.maxOf { Look.textWidth(it, TableLayout.FONT) } + 10 else 0.0
        val upright = side == Side.TOP || side == Side.BOTTOM
        val depth = DEPTH + names + 2 * MARGIN
        val length = track.length + 2 * MARGIN
        val canvas = Canvas(
            ceil(if (upright) length else depth).toInt(), ceil(if (upright) depth else length).toInt(),
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
                at, track.names, TableLayout.FONT,
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
