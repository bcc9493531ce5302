package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.pow
import kotlin.math.sqrt

/** Consecutive genes under one name. */
internal class GeneBracket(val label: String, val from: Int, val to: Int)

/** Means and fractions of genes (columns) in groups (rows), in drawing order. */
internal class DotTable(
    val groups: List<String>,
    val genes: List<String>,
    val colors: Array<DoubleArray>,
    val fractions: Array<DoubleArray>,
)

/** A tree over groups: segments in units of groups (0 is the first group's centre) and height 0..1. */
internal class Tree(val segments: List<DoubleArray>)

/** How the dots look; areas are in square points, widths in points. */
internal data class DotPlotStyle(
    val sizeTitle: String,
    val dotMax: Double?,
    val dotMin: Double?,
    val smallestDot: Double,
    val largestDot: Double = 200.0,
    val sizeExponent: Double = 1.5,
    /** Colours fill the cells, over which the dots are rings. */
    val onSquares: Boolean = false,
    val edgeColor: String? = null,
    val edgeWidth: Double? = null,
    val grid: Boolean = false,
    val sizeLegend: Boolean = true,
    val colorLegend: Boolean = true,
)

/** Lays out scanpy's dot plot: dots, brackets, tree, and two legends at the right. */
internal class DotPlotFigure(
    private val frame: TableFrame,
    private val table: DotTable,
    private val style: DotPlotStyle,
) {
    private val map = frame.map
    private val limits = frame.bounds.of(table.colors)
    private val swapped = frame.swapAxes
    private val largest = style.dotMax ?: (ceil(10 * largestFraction()) / 10)
    private val least = style.dotMin ?: 0.0

    init {
        require(largest in 0.0..1.0) { "dotMax must lie in 0..1, got $largest" }
        require(least in 0.0..1.0) { "dotMin must lie in 0..1, got $least" }
        require(least < largest || (least == 0.0 && largest == 0.0)) {
            "dotMin must be below dotMax, got $least and $largest"
        }
    }

    private val pixels = if (frame.look.scanpy) Look.PIXELS_PER_SCANPY_POINT else PIXELS
    private val cell = CELL_WIDTH * frame.look.cells to CELL_HEIGHT * frame.look.cells
    private val layout = frame.layout(
        Track.uniform(table.groups, if (swapped) cell.first else cell.second),
        Track.uniform(table.genes, if (swapped) cell.second else cell.first),
        listOfNotNull(
            SizeLegend(style.sizeTitle, sizeSteps(), ::diameter, frame.look.noteSize).takeIf { style.sizeLegend },
            ColorLegend(frame.colorbarTitle, map, limits, frame.look.noteSize).takeIf { style.colorLegend },
        ),
        frame.style(),
    )

    private fun largestFraction() =
        table.fractions.maxOf { row -> row.filter { it.isFinite() }.maxOrNull() ?: 0.0 }

    private fun diameter(fraction: Double): Double {
        val part = if (largest > least) ((fraction.coerceIn(least, largest) - least) / (largest - least)) else 0.0
        return sqrt(part.pow(style.sizeExponent) * (style.largestDot - style.smallestDot) + style.smallestDot) * pixels
    }

    fun build(): Panel {
        if (style.grid) grid()
        if (style.onSquares) layout.tiles(table.colors, map, limits, "gene", null)
        dots()
        return layout.build()
    }

    private fun dots() {
        val at = ArrayList<Pair<Double, Double>>()
        val sizes = ArrayList<Double>()
        val fills = ArrayList<String>()
        val tooltips = TableTooltips("fraction")
        for (g in table.groups.indices) {
            for (j in table.genes.indices) {
                val value = table.colors[g][j]
                if (value.isNaN()) continue
                at += layout.middle(g, j)
                sizes += diameter(table.fractions[g][j])
                fills += if (style.onSquares) CLEAR else map.hex(limits.position(value))
                tooltips.add(table.groups[g], table.genes[j], value, table.fractions[g][j])
            }
        }
        val width = style.edgeWidth?.let { it * Look.PIXELS_PER_POINT } ?: if (style.onSquares) RING else EDGE
        layout.canvas.dots(at, sizes, fills, width, tooltips.columns, style.edgeColor ?: "#000000")
    }

    /** Lines through the middles of the cells, below the dots. */
    private fun grid() {
        val (x0, y0) = layout.left to layout.top
        val upright = layout.columns.names.indices
            .map { x0 + layout.columns.center(it) }
        val level = layout.rows.names.indices
            .map { y0 + layout.rows.center(it) }
        layout.canvas.lines(
            upright.map { doubleArrayOf(it, y0, it, layout.bottom) } +
                level.map { doubleArrayOf(x0, it, layout.right, it) },
            "#d9d9d9",
        )
    }

    /** Fractions that the legend shows, smallest first. */
    private fun sizeSteps(): List<Double> {
        val range = largest - least
        if (range <= 0) {
            return listOf(largest)
        }
        val step = if (range <= 0.3) {
            0.05
        } else if (range <= 0.6) {
            0.1
        } else {
            0.2
        }
        val steps =
            generateSequence(largest) { it - step }
                .takeWhile { it > least + 1e-9 }
                .map(::tidy)
                .toList()
                .reversed()
        return if (least > 0) listOf(least) + steps else steps
    }

    companion object {
        /** Width of the line around a dot. */
        const val EDGE = 0.2
        private const val CELL_WIDTH = 27.0
        private const val CELL_HEIGHT = 25.0
        private const val RING = 0.9
        private const val CLEAR = "rgba(0,0,0,0)"

        /** Pixels of a point in this figure, whose cells are as many pixels wide as scanpy's are points. */
        private const val PIXELS = 1.2
    }
}

/** What a reader sees who points at a cell of a table. */
internal class TableTooltips(extra: String? = null, across: String = "gene") {
    private val genes = ArrayList<Any?>()
    private val groups = ArrayList<Any?>()
    private val values = ArrayList<Any?>()
    private val extras = ArrayList<Any?>()

    val columns: Map<String, List<Any?>> =
        linkedMapOf<String, List<Any?>>(across to genes, "group" to groups).also {
            if (extra != null) it[extra] = extras
            it["value"] = values
        }

    fun add(group: String, gene: String, value: Double, more: Double? = null) {
        groups += group
        genes += gene
        values += tidy(value)
        more?.let { extras += tidy(it) }
    }
}
