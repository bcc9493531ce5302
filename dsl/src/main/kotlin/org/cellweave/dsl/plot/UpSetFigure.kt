package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.min

/** A set, called [name] with [note] below it; sets of one [group] hang together. */
internal class UpSetRow(val name: String, val note: String, val size: Int, val group: Int)

/** What just the sets at [of] have. */
internal class UpSetColumn(val of: Set<Int>, val size: Int)

/**
 * An UpSet plot: bars of the sizes of intersections above a matrix of dots that says of which sets each is, and bars of
 * the sizes of the sets at its side.
 */
internal class UpSetFigure(
    private val rows: List<UpSetRow>,
    private val columns: List<UpSetColumn>,
    private val unit: String,
    /** Above everything; empty for none. */
    private val title: String,
    /** Below everything; empty for none. */
    private val note: String,
    private val look: Look,
) {
    private val tick = look.tickSize
    private val names = rows.maxOf { max(Look.textWidth(it.name, look.labelSize), Look.textWidth(it.note, tick)) }
    private val most = columns.maxOf { it.size }
    private val largest = rows.maxOf { it.size }
    private val setMarks = niceBreaks(0.0, largest.toDouble(), 2).filter { it == Math.rint(it) }
    private val barMarks = niceBreaks(0.0, most.toDouble(), 4).filter { it == Math.rint(it) }
    private val barEnd = max(most.toDouble(), barMarks.last())
    private val setEnd = max(largest.toDouble(), setMarks.last())
    private val setRoom = PAD + Look.textWidth("$largest", tick) + GAP
    private val matrix = ceil(setRoom + SET_BAR + GAP + names + 2 * GAP)
    private val right = matrix + columns.size * COLUMN
    private val texts = min(max(Look.textWidth(title, look.titleSize), Look.textWidth(note, tick)), MAX_TEXT)
    private val width = ceil(max(right + PAD, max(MIN_WIDTH, texts) + 2 * PAD))
    private val titleLines = if (title.isEmpty()) emptyList() else lines(title, look.titleSize)
    private val noteLines = if (note.isEmpty()) emptyList() else lines(note, tick)
    private val top = PAD + titleLines.size * 1.3 * look.titleSize + (if (titleLines.isEmpty()) 0.0 else GAP) + tick
    private val base = top + BARS
    private val below = base + GAP
    private val end = below + rows.size * ROW
    private val height = end + AXIS + noteLines.size * 1.3 * tick + PAD

    private fun lines(text: String, size: Double) = Look.wrapped(text, width - 2 * PAD, size).lines()

    private fun center(column: Int) = matrix + (column + 0.5) * COLUMN

    private fun middle(row: Int) = below + (row + 0.5) * ROW

    private val palette = Palettes.default(rows.maxOf { it.group } + 1)

    private fun colorOf(row: Int) = if (palette.size > 1) palette[rows[row].group] else INK

    fun build(): Panel {
        val canvas = Canvas(width.toInt(), ceil(height).toInt(), look)
        canvas.texts(
            titleLines.indices.map { width / 2 to PAD + (it + 0.5) * 1.3 * look.titleSize }, titleLines, look.titleSize,
        )
        val stripes = rows.indices.filter { it % 2 == 0 }.map {
            Box(matrix - GAP / 2, middle(it) - ROW / 2, right - matrix + GAP / 2, ROW)
        }
        canvas.boxes(stripes, stripes.map { STRIPE })
        bars(canvas)
        dots(canvas)
        sets(canvas)
        canvas.texts(
            noteLines.indices.map { width / 2 to end + AXIS + (it + 0.5) * 1.3 * tick }, noteLines, tick,
        )
        return canvas.build()
    }

    private fun bars(canvas: Canvas) {
        fun y(value: Double) = base - value / barEnd * BARS
        val boxes = columns.mapIndexed { j, it ->
            val size = y(it.size.toDouble())
            Box(center(j) - BAR / 2, size, BAR, base - size)
        }
        val of = columns.map { column -> column.of.sorted().joinToString(", ") { rows[it].name } }
        canvas.boxes(boxes, columns.map { INK }, tooltips = mapOf("parts" to of, unit to columns.map { it.size }))
        canvas.texts(
            columns.indices.map { center(it) to boxes[it].y - tick * 0.7 }, columns.map { "${it.size}" },
            if (columns.any { Look.textWidth("${it.size}", tick) > COLUMN }) tick * SMALLER else tick,
        )
        canvas.lines(
            listOf(doubleArrayOf(matrix, base, right, base), doubleArrayOf(matrix, base, matrix, y(barEnd))) +
                barMarks.map { doubleArrayOf(matrix - TICK, y(it), matrix, y(it)) },
        )
        canvas.texts(barMarks.map { matrix - TICK - 3 to y(it) }, tickLabels(barMarks), tick, hjust = 1.0)
        val marks = tickLabels(barMarks).maxOf { Look.textWidth(it, tick) }
        canvas.texts(
            listOf(matrix - TICK - marks - 2 * GAP to base - BARS / 2), listOf("$unit of just these parts"),
            look.labelSize, angle = 90.0,
        )
    }

    private fun dots(canvas: Canvas) {
        val joined = columns.indices.filter { columns[it].of.size > 1 }.map {
            doubleArrayOf(center(it), middle(columns[it].of.min()), center(it), middle(columns[it].of.max()))
        }
        canvas.lines(joined, INK, LINE)
        val cells = columns.indices.flatMap { j -> rows.indices.map { j to it } }
        canvas.dots(
            cells.map { (j, i) -> center(j) to middle(i) }, cells.map { DOT },
            cells.map { (j, i) -> if (i in columns[j].of) colorOf(i) else ABSENT }, 0.0,
        )
    }

    private fun sets(canvas: Canvas) {
        val edge = setRoom + SET_BAR

        fun x(value: Double) = edge - value / setEnd * SET_BAR
        val boxes = rows.mapIndexed { i, it ->
            Box(x(it.size.toDouble()), middle(i) - BAR / 2, edge - x(it.size.toDouble()), BAR)
        }
        canvas.boxes(
            boxes, rows.indices.map(::colorOf),
            tooltips = mapOf("part" to rows.map { it.name }, unit to rows.map { it.size }),
        )
        canvas.texts(rows.indices.map { boxes[it].x - 4 to middle(it) }, rows.map { "${it.size}" }, tick, hjust = 1.0)
        val named = edge + GAP
        canvas.texts(
            rows.indices.map { named to middle(it) - 0.6 * tick }, rows.map { it.name }, look.labelSize, hjust = 0.0,
        )
        canvas.texts(
            rows.indices.map { named to middle(it) + 0.7 * look.labelSize }, rows.map { it.note }, tick * SMALLER,
            hjust = 0.0, color = "#666666",
        )
        canvas.lines(
            listOf(doubleArrayOf(x(setEnd), end, edge, end)) +
                setMarks.map { doubleArrayOf(x(it), end, x(it), end + TICK) },
        )
        canvas.texts(setMarks.map { x(it) to end + TICK + 8 }, tickLabels(setMarks), tick)
        canvas.texts(listOf(x(setEnd / 2) to end + TICK + 8 + 1.5 * tick), listOf(unit), look.labelSize)
    }

    private companion object {
        const val PAD = 12.0
        const val GAP = 10.0
        const val ROW = 34.0
        const val COLUMN = 36.0
        const val BAR = 22.0
        const val BARS = 150.0
        const val SET_BAR = 90.0
        const val AXIS = 44.0
        const val DOT = 17.0
        const val LINE = 2.0
        const val TICK = 4.0
        const val SMALLER = 0.9
        const val MIN_WIDTH = 280.0
        const val MAX_TEXT = 620.0
        const val INK = "#333333"
        const val ABSENT = "#dcdcdc"
        const val STRIPE = "#f4f4f4"
    }
}
