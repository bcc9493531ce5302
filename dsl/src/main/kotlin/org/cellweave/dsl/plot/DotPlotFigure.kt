package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.pow
import kotlin.math.sin
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

internal class DotPlotStyle(
    val title: String?,
    val colorbarTitle: String,
    val sizeTitle: String,
    val map: ColorMap,
    val limits: Limits,
    val dotMax: Double?,
    val dotMin: Double?,
    val smallestDot: Double,
    val swapAxes: Boolean,
    val bracketRotation: Double?,
)

/** Lays out scanpy's dot plot: dots, brackets, tree, and two legends at the right. */
internal class DotPlotFigure(
    private val table: DotTable,
    private val brackets: List<GeneBracket>,
    private val tree: Tree?,
    private val style: DotPlotStyle,
) {
    private val swapped = style.swapAxes
    private val nColumns = if (swapped) table.groups.size else table.genes.size
    private val nRows = if (swapped) table.genes.size else table.groups.size
    private val columnNames = if (swapped) table.groups else table.genes
    private val rowNames = if (swapped) table.genes else table.groups
    private val areaWidth = nColumns * CELL_WIDTH
    private val areaHeight = nRows * CELL_HEIGHT

    private val largest = style.dotMax ?: (ceil(10 * table.fractions.maxOf { row -> row.maxOrNull() ?: 0.0 }) / 10)
    private val least = style.dotMin ?: 0.0

    init {
        require(largest in 0.0..1.0) { "dotMax must lie in 0..1, got $largest" }
        require(least in 0.0..1.0) { "dotMin must lie in 0..1, got $least" }
        require(least < largest || (least == 0.0 && largest == 0.0)) {
            "dotMin must be below dotMax, got $least and $largest"
        }
    }

    private fun diameter(fraction: Double): Double {
        val part = if (largest > least) ((fraction.coerceIn(least, largest) - least) / (largest - least)) else 0.0
        return sqrt(part.pow(EXPONENT) * (LARGEST_AREA - style.smallestDot) + style.smallestDot) * PIXELS
    }

    fun build(): Panel {
        val left = MARGIN + rowNames.maxOf { Look.textWidth(it, FONT) } + TICK + 4
        val bracketWidth =
            if (swapped && brackets.isNotEmpty()) 24 + brackets.maxOf { Look.textWidth(it.label, FONT) } else 0.0
        val treeWidth = if (tree != null && !swapped) TREE else 0.0
        val treeHeight = if (tree != null && swapped) TREE else 0.0
        val top = MARGIN + (if (style.title == null) 0.0 else 26.0) + bracketHeight() + treeHeight
        val bottom = columnNames.maxOf { Look.textWidth(it, FONT) } + TICK + 6
        val legendX = left + areaWidth + treeWidth + bracketWidth + GAP
        val legendHalf = legendWidth() / 2
        val width = legendX + 2 * legendHalf + MARGIN
        val legendHeight = 175.0
        val height = max(top + areaHeight + bottom, legendHeight + 2 * MARGIN) + MARGIN
        val canvas = Canvas(ceil(width).toInt(), ceil(height).toInt())
        dots(canvas, left, top)
        axes(canvas, left, top)
        if (swapped) sideBrackets(canvas, left + areaWidth + treeWidth, top) else topBrackets(canvas, left, top)
        tree?.let { drawTree(canvas, it, left, top) }
        style.title?.let { canvas.texts(listOf(left + areaWidth / 2 to MARGIN + 8), listOf(it), Look.TITLE_SIZE) }
        val legendTop = max(MARGIN, top + areaHeight / 2 - legendHeight / 2)
        sizeLegend(canvas, legendX + legendHalf, legendTop)
        colorLegend(canvas, legendX + legendHalf, legendTop + 95)
        return canvas.build()
    }

    private fun legendWidth(): Double {
        val titles = (style.sizeTitle.split('\n') + style.colorbarTitle.split('\n')).maxOf { Look.textWidth(it, SMALL) }
        return max(titles, max(BAR_WIDTH + 24, (sizeSteps().size) * STEP)) + 4
    }

    private fun bracketHeight(): Double =
        if (swapped || brackets.isEmpty()) {
            0.0
        } else {
            16 + if (rotated()) brackets.maxOf { Look.textWidth(it.label, FONT) * rise() } + 8 else 18.0
        }

    /** Labels stand upright when one would run into the next. */
    private fun angle(): Double = style.bracketRotation ?: if (brackets.any(::tooWide)) 90.0 else 0.0

    private fun tooWide(b: GeneBracket) = Look.textWidth(b.label, FONT) > (b.to - b.from + 1) * CELL_WIDTH + 8

    private fun rotated() = angle() != 0.0

    private fun rise() = abs(sin(Math.toRadians(angle())))

    private fun dots(canvas: Canvas, left: Double, top: Double) {
        val at = ArrayList<Pair<Double, Double>>()
        val sizes = ArrayList<Double>()
        val fills = ArrayList<String>()
        val names = ArrayList<String>()
        val groups = ArrayList<String>()
        val fractions = ArrayList<Double>()
        val values = ArrayList<Double?>()
        for (g in table.groups.indices) {
            for (j in table.genes.indices) {
                val value = table.colors[g][j]
                if (value.isNaN()) continue
                val column = if (swapped) g else j
                val row = if (swapped) j else g
                at += left + (column + 0.5) * CELL_WIDTH to top + (row + 0.5) * CELL_HEIGHT
                sizes += diameter(table.fractions[g][j])
                fills += style.map.hex(style.limits.position(value))
                names += table.genes[j]
                groups += table.groups[g]
                fractions += tidy(table.fractions[g][j])
                values += tidy(value)
            }
        }
        val tooltips = mapOf("gene" to names, "group" to groups, "fraction" to fractions, "value" to values)
        canvas.dots(at, sizes, fills, EDGE, tooltips)
    }

    private fun axes(canvas: Canvas, left: Double, top: Double) {
        canvas.frame(left, top, areaWidth, areaHeight)
        val columns = List(nColumns) { left + (it + 0.5) * CELL_WIDTH }
        val rows = List(nRows) { top + (it + 0.5) * CELL_HEIGHT }
        val bottom = top + areaHeight
        canvas.lines(columns.map { doubleArrayOf(it, bottom, it, bottom + TICK) })
        canvas.lines(rows.map { doubleArrayOf(left - TICK, it, left, it) })
        canvas.texts(columns.map { it to bottom + TICK + 3 }, columnNames, FONT, hjust = 1.0, angle = 90.0)
        canvas.texts(rows.map { left - TICK - 3 to it }, rowNames, FONT, hjust = 1.0)
    }

    private fun topBrackets(canvas: Canvas, left: Double, top: Double) {
        val y = top - 6
        for (b in brackets) {
            val from = left + b.from * CELL_WIDTH + 4
            val to = left + (b.to + 1) * CELL_WIDTH - 4
            canvas.lines(
                listOf(
                    doubleArrayOf(from, y, from, y - 6), doubleArrayOf(from, y - 6, to, y - 6),
                    doubleArrayOf(to, y - 6, to, y),
                ),
                thickness = 1.2,
            )
            val middle = (from + to) / 2
            if (rotated()) {
                canvas.texts(listOf(middle to y - 11), listOf(b.label), FONT, hjust = 0.0, angle = angle())
            } else {
                canvas.texts(listOf(middle to y - 16), listOf(b.label), FONT)
            }
        }
    }

    private fun sideBrackets(canvas: Canvas, x: Double, top: Double) {
        for (b in brackets) {
            val from = top + b.from * CELL_HEIGHT + 4
            val to = top + (b.to + 1) * CELL_HEIGHT - 4
            canvas.lines(
                listOf(
                    doubleArrayOf(x + 6, from, x + 12, from), doubleArrayOf(x + 12, from, x + 12, to),
                    doubleArrayOf(x + 12, to, x + 6, to),
                ),
                thickness = 1.2,
            )
            canvas.texts(listOf(x + 18 to (from + to) / 2), listOf(b.label), FONT, hjust = 0.0)
        }
    }

    private fun drawTree(canvas: Canvas, tree: Tree, left: Double, top: Double) {
        val depth = TREE - 8
        val lines = tree.segments.map { (g0, h0, g1, h1) ->
            if (swapped) {
                doubleArrayOf(
                    left + (g0 + 0.5) * CELL_WIDTH, top - 3 - h0 * depth,
                    left + (g1 + 0.5) * CELL_WIDTH, top - 3 - h1 * depth,
                )
            } else {
                val x = left + areaWidth + 3
                doubleArrayOf(
                    x + h0 * depth, top + (g0 + 0.5) * CELL_HEIGHT, x + h1 * depth, top + (g1 + 0.5) * CELL_HEIGHT,
                )
            }
        }
        canvas.lines(lines, thickness = 1.0)
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

    private fun sizeLegend(canvas: Canvas, center: Double, top: Double) {
        heading(canvas, style.sizeTitle, center, top)
        val steps = sizeSteps()
        val first = center - (steps.size - 1) * STEP / 2
        val y = top + 40
        val at = steps.indices.map { first + it * STEP to y }
        canvas.dots(at, steps.map(::diameter), List(steps.size) { "#808080" }, EDGE)
        canvas.lines(at.map { (x, _) -> doubleArrayOf(x, y + 11, x, y + 14) })
        canvas.texts(at.map { (x, _) -> x to y + 22 }, steps.map { Math.round(it * 100).toString() }, SMALL)
    }

    private fun colorLegend(canvas: Canvas, center: Double, top: Double) {
        heading(canvas, style.colorbarTitle, center, top)
        val limits = style.limits
        val x = center - BAR_WIDTH / 2
        val y = top + 30
        canvas.colorBar(x, y, BAR_WIDTH, BAR_HEIGHT, limits.gradient(style.map))
        val breaks = barBreaks()
        val at = breaks.map { x + (it - limits.low) / (limits.high - limits.low) * BAR_WIDTH }
        canvas.lines(at.map { doubleArrayOf(it, y + BAR_HEIGHT, it, y + BAR_HEIGHT + 3) })
        canvas.texts(at.map { it to y + BAR_HEIGHT + 11 }, tickLabels(breaks), SMALL)
    }

    /** As many round numbers as fit under the bar. */
    private fun barBreaks(): List<Double> {
        val limits = style.limits
        for (n in 5 downTo 2) {
            val breaks = niceBreaks(limits.low, limits.high, n)
            val room = tickLabels(breaks).sumOf { Look.textWidth(it, SMALL) + 5 }
            if (breaks.size >= 2 && room < BAR_WIDTH + 10) {
                return breaks
            }
        }
        return listOf(limits.low, limits.high).map {
            java.math
                .BigDecimal(it)
                .round(java.math.MathContext(2))
                .toDouble()
        }
    }

    private fun heading(canvas: Canvas, text: String, center: Double, top: Double) {
        val lines = text.split('\n')
        canvas.texts(lines.indices.map { center to top + 24 - (lines.size - it) * 13 + 6 }, lines, SMALL)
    }

    private companion object {
        const val CELL_WIDTH = 27.0
        const val CELL_HEIGHT = 25.0
        const val FONT = 11.0
        const val SMALL = 10.0
        const val TICK = 4.0
        const val MARGIN = 6.0
        const val GAP = 22.0
        const val TREE = 60.0
        const val STEP = 23.0
        const val BAR_WIDTH = 96.0
        const val BAR_HEIGHT = 14.0
        const val EDGE = 0.2
        const val EXPONENT = 1.5
        const val LARGEST_AREA = 200.0

        /** Pixels of a point in this figure, whose cells are as many pixels wide as scanpy's are points. */
        const val PIXELS = 1.2
    }
}
