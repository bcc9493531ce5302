package org.cellweave.dsl.plot

import kotlin.math.max

/** A table of numbers as coloured cells with lines between them, and a colour bar. */
internal class NumberTable(
    private val rows: List<String>,
    private val columns: List<String>,
    /** Rows of the table; a missing number is grey. */
    private val values: List<DoubleArray>,
    private val map: ColorMap,
    private val limits: Limits,
    private val title: String,
    /** Pixels of a cell. */
    private val cell: Pair<Double, Double>,
    private val look: Look,
    /** What stands in the cells, row by row; null for nothing. */
    private val texts: List<List<String>>? = null,
    private val edge: String? = "#000000",
    private val hasBar: Boolean = true,
    /** What the rows are called together. */
    private val rowTitle: String = "",
) {
    private val width = columns.size * cell.first
    private val named = if (rowTitle.isEmpty()) 0.0 else look.labelSize + GAP / 2

    /** Half of the title, which stands over the middle of the table and may be wider than it. */
    private val halfTitle = if (title.isEmpty()) 0.0 else Look.textWidth(title, look.titleSize) / 2 + EDGE / 2
    private val left =
        max(rows.maxOf { Look.textWidth(it, look.tickSize) } + GAP + named, halfTitle - width / 2)
    private val height = rows.size * cell.second
    private val top = if (title.isEmpty()) EDGE else TITLE
    private val below = columns.maxOf { Look.textWidth(it, look.tickSize) } + GAP
    private val bar = UprightBar(map, limits, look, max(SHORTEST, BAR * height))

    fun build(): Panel {
        val right = left + width
        val tall = max(top + height + below, if (hasBar) top + bar.height + EDGE else 0.0)
        val wide = max(right + (if (hasBar) bar.width + 2 * GAP else GAP), left + width / 2 + halfTitle)
        val canvas = Canvas(wide.toInt(), tall.toInt(), look)
        if (named > 0) {
            canvas.texts(
                listOf(look.labelSize / 2 + 2 to top + height / 2), listOf(rowTitle), look.labelSize, angle = 90.0,
            )
        }
        if (title.isNotEmpty()) canvas.texts(listOf(left + width / 2 to top / 2), listOf(title), look.titleSize)
        val places = rows.indices.flatMap { r -> columns.indices.map { c -> r to c } }
        canvas.boxes(
            places.map { (r, c) -> Box(left + c * cell.first, top + r * cell.second, cell.first, cell.second) },
            places.map { (r, c) -> color(values[r][c]) },
            edge,
            mapOf(
                "row" to places.map { rows[it.first] }, "column" to places.map { columns[it.second] },
                "value" to places.map { (r, c) -> values[r][c].takeUnless { it.isNaN() }?.let(::tidy) },
            ),
            GRID,
        )
        texts?.let { written ->
            for ((light, cells) in places.groupBy { (r, c) -> Contrast.isDark(color(values[r][c])) }) {
                canvas.texts(
                    cells.map { (r, c) -> left + (c + 0.5) * cell.first to top + (r + 0.5) * cell.second },
                    cells.map { (r, c) -> written[r][c] }, look.tickSize, color = if (light) "#ffffff" else "#262626",
                )
            }
        }
        if (edge != null) border(canvas)
        canvas.texts(
            rows.indices.map { left - 7 to top + (it + 0.5) * cell.second }, rows, look.tickSize, hjust = 1.0,
        )
        canvas.texts(
            columns.indices.map { left + (it + 0.5) * cell.first to top + height + 7 }, columns, look.tickSize,
            hjust = 1.0, angle = 90.0,
        )
        if (hasBar) bar.draw(canvas, right + GAP + bar.width / 2, top + max(0.0, (height - bar.height) / 2))
        return canvas.build()
    }

    private fun color(value: Double) = if (value.isNaN()) Palettes.NA else map.hex(limits.position(value))

    private fun border(canvas: Canvas) {
        val (x, y) = left + width to top + height
        canvas.lines(
            listOf(
                doubleArrayOf(left, top, x, top), doubleArrayOf(x, top, x, y), doubleArrayOf(x, y, left, y),
                doubleArrayOf(left, y, left, top),
            ),
            thickness = 2.0,
        )
    }

    private companion object {
        const val GRID = 0.5
        const val GAP = 16.0
        const val EDGE = 12.0
        const val TITLE = 36.0
        const val BAR = 0.6
        const val SHORTEST = 60.0
    }
}
