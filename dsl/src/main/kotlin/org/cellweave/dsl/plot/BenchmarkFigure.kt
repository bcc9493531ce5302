package org.cellweave.dsl.plot

import kotlin.math.floor
import kotlin.math.sqrt

/** One column of the table: a measure, drawn as circles, or an aggregate, drawn as bars. */
internal class BenchmarkColumn(
    val title: String,
    val group: String,
    val values: DoubleArray,
    val isAggregate: Boolean,
    /** Whether the lowest value has the colour of the best. */
    val isLowGood: Boolean = false,
)

/** Methods in rows, measures as coloured circles grouped by what they judge, aggregates as bars. */
internal class BenchmarkFigure(
    private val methods: List<String>,
    private val columns: List<BenchmarkColumn>,
    private val map: ColorMap,
    private val barMap: ColorMap,
    private val look: Look,
) {
    private val nameWidth = methods.maxOf { Look.textWidth(it, FONT) } + 2 * PAD
    private val width = floor(nameWidth + columns.size * COLUMN + PAD)
    private val top = GROUP_TITLE + COLUMN_TITLE
    private val height = top + methods.size * ROW + PAD

    fun build(): Panel {
        require(methods.isNotEmpty()) { "the benchmark has no embeddings to draw" }
        val canvas = Canvas(width.toInt(), height.toInt(), look)
        header(canvas)
        rules(canvas)
        canvas.texts(methods.indices.map { PAD to middle(it) }, methods, FONT, hjust = 0.0)
        columns.forEachIndexed { j, column -> if (column.isAggregate) bars(canvas, j) else circles(canvas, j) }
        return canvas.build()
    }

    private fun left(column: Int) = nameWidth + column * COLUMN

    private fun middle(row: Int) = top + (row + 0.5) * ROW

    private fun header(canvas: Canvas) {
        val groups = columns.map { it.group }.distinct()
        for (group in groups) {
            val first = columns.indexOfFirst { it.group == group }
            val last = columns.indexOfLast { it.group == group }
            canvas.texts(listOf((left(first) + left(last + 1)) / 2 to GROUP_TITLE / 2), listOf(group), FONT)
            canvas.lines(listOf(doubleArrayOf(left(first) + 4, GROUP_TITLE - 4, left(last + 1) - 4, GROUP_TITLE - 4)))
        }
        columns.forEachIndexed { j, column ->
            val words = column.title.split(' ', limit = 2)
            canvas.texts(
                words.indices.map { left(j) + COLUMN / 2 to top - 8 - (words.size - 1 - it) * LINE - LINE / 2 },
                words,
                SMALL,
            )
        }
    }

    private fun rules(canvas: Canvas) {
        canvas.lines(listOf(doubleArrayOf(0.0, top, width, top)), thickness = 1.2)
        canvas
            .lines((1 until methods.size).map { doubleArrayOf(0.0, top + it * ROW, width, top + it * ROW) }, "#d0d0d0")
        canvas.lines(listOf(doubleArrayOf(0.0, height - PAD, width, height - PAD)), thickness = 1.2)
        val aggregate = columns.indexOfFirst { it.isAggregate }
        if (aggregate > 0) {
            canvas.lines(listOf(doubleArrayOf(left(aggregate), GROUP_TITLE, left(aggregate), height - PAD)))
        }
    }

    private fun circles(canvas: Canvas, j: Int) {
        val column = columns[j]
        val rows = methods.indices.filter { column.values[it].isFinite() }
        val upwards = position(column.values)
        val position = { it: Double -> if (column.isLowGood) 1 - upwards(it) else upwards(it) }
        val at = rows.map { left(j) + COLUMN / 2 to middle(it) }
        val fills = rows.map { map.hex(position(column.values[it])) }
        val labels = rows.map { "%.2f".format(java.util.Locale.ROOT, column.values[it]) }
        val tooltips = mapOf(
            "embedding" to rows.map { methods[it] },
            "measure" to rows.map { column.title },
            "value" to rows.map { tidy(column.values[it]) },
        )
        canvas.dots(at, rows.map { DIAMETER }, fills, 0.0, tooltips)
        rows.indices.groupBy { ink(fills[it]) }.forEach { (color, own) ->
            canvas.texts(own.map { at[it] }, own.map { labels[it] }, SMALL, color = color)
        }
    }

    private fun bars(canvas: Canvas, j: Int) {
        val column = columns[j]
        val rows = methods.indices.filter { column.values[it].isFinite() }
        val boxes = rows.map {
            val length = BAR * column.values[it].coerceIn(0.0, 1.0)
            Box(left(j) + GAP, middle(it) - BAR_HEIGHT / 2, length, BAR_HEIGHT)
        }
        canvas.boxes(boxes, rows.map { barMap.hex(column.values[it]) })
        canvas.texts(
            rows.indices.map { boxes[it].x + boxes[it].w + 4 to middle(rows[it]) },
            rows.map { "%.2f".format(java.util.Locale.ROOT, column.values[it]) },
            SMALL,
            hjust = 0.0,
        )
    }

    /** Colours span two and a half deviations to each side of the mean, so that alike methods look alike. */
    private fun position(values: DoubleArray): (Double) -> Double {
        val finite = values.filter { it.isFinite() }
        val mean = finite.average()
        val deviation = sqrt(finite.sumOf { (it - mean) * (it - mean) } / finite.size)
        val half = DEVIATIONS * deviation
        return { if (half > 0) (it - mean + half) / (2 * half) else 0.5 }
    }

    private fun ink(fill: String): String {
        val rgb = fill.removePrefix("#").toInt(16)
        val light = 0.299 * (rgb shr 16 and 255) + 0.587 * (rgb shr 8 and 255) + 0.114 * (rgb and 255)
        return if (light < DARK) "#ffffff" else "#000000"
    }

    private companion object {
        const val FONT = 12.0
        const val SMALL = 10.5
        const val PAD = 10.0
        const val COLUMN = 78.0
        const val ROW = 40.0
        const val LINE = 14.0
        const val GROUP_TITLE = 28.0
        const val COLUMN_TITLE = 44.0
        const val DIAMETER = 32.0
        const val BAR = 38.0
        const val BAR_HEIGHT = 24.0
        const val GAP = 6.0
        const val DEVIATIONS = 2.5
        const val DARK = 128
    }
}
