package org.cellweave.dsl

import org.cellweave.dsl.plot.Canvas
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.Placed
import org.cellweave.dsl.plot.Sides

/**
 * Where the panels of a figure are.
 *
 * A figure is as large as its panels, which move apart as changes make them grow, or has a size that its panels share.
 */
internal class FigureLayout(cells: List<FigureCell>) {
    val cells = ArrayList(cells)

    /** Width and height in pixels of a figure whose size was asked for. */
    var whole: Pair<Int, Int>? = null

    /** Title over all panels. */
    var heading: String? = null
    var headingSize: Double = HEADING

    /** A letter for every panel. */
    var letters: List<String>? = null

    /** Axes, `x` and `y`, of which all panels show the same part. */
    var shared: Set<String> = emptySet()

    private val strip: Int
        get() = heading?.takeIf { it.isNotEmpty() }?.let {
            (headingSize * (BESIDE + LINE * it.count { c -> c == '\n' })).toInt()
        } ?: 0
    private val margin get() = if (letters == null) 0 else LETTER

    fun placed(): List<Placed> = whole?.let(::shared) ?: apart()

    /** Panels in parts of a figure of [size]. */
    private fun shared(size: Pair<Int, Int>): List<Placed> {
        val part = (size.second - strip).toDouble() / size.second
        val room = cells.map { PanelChanges.margins(it.panel()) }
        val common = shared.mapNotNull { axis -> ends(axis)?.let { axis to it } }
        return cells.mapIndexed { i, cell ->
            val more = inLine(i, room)
            val width = cell.width - margin - more.left
            val height = (cell.height * part).toInt() - more.top - more.bottom
            val panel = common.fold(cell.panel(maxOf(1, width) to maxOf(1, height))) { sum, (axis, ends) ->
                if (cell.isDrawing) sum else PanelChanges.limits(sum, axis, ends.first, ends.second)
            }
            Placed(panel, cell.x + margin + more.left, strip + (cell.y * part).toInt() + more.top)
        }
    }

    /** Ends of an axis around what any panel with axes shows. */
    private fun ends(axis: String): Pair<Double, Double>? {
        val filled = cells.filter { !it.isDrawing && it.drawnByHand?.isBlank != true }
        val all = filled.mapNotNull { PanelChanges.ends(it.panel(), axis) }
        return if (all.isEmpty()) null else all.minOf { it.first } to all.maxOf { it.second }
    }

    /** What a panel has to leave free so that its frame is in line with those of its row and column. */
    private fun inLine(i: Int, room: List<Sides>): Sides {
        if (cells[i].isDrawing) return Sides.NONE
        val others = cells.indices.filter { !cells[it].isDrawing }
        val row = others.filter { cells[it].y == cells[i].y && cells[it].height == cells[i].height }.map(room::get)
        val column = others.filter { cells[it].x == cells[i].x && cells[it].width == cells[i].width }.map(room::get)
        return Sides(
            left = column.maxOf { it.left } - room[i].left, top = row.maxOf { it.top } - room[i].top,
            bottom = row.maxOf { it.bottom } - room[i].bottom,
        )
    }

    /** Panels in their own size; those to the right of and below one that has grown give way, in line. */
    private fun apart(): List<Placed> {
        val panels = cells.map { it.panel() }
        val left = cells.indices.map { i -> panels[i].grown.left + margin }
        val top = cells.indices.map { panels[it].grown.top }
        val x = pushed({ cells[it].x }, { cells[it].width }, left) { panels[it].grown.right }
        val y = pushed({ cells[it].y }, { cells[it].height }, top) { panels[it].grown.bottom }
        return cells.indices.map { Placed(panels[it], x[it] - left[it] + margin, strip + y[it] - top[it]) }
    }

    /**
     * Where the panels' own room begins along one axis. What one grows [before] its room moves all that begin where it
     * did, what it grows behind moves those that begin after it.
     */
    private fun pushed(start: (Int) -> Int, length: (Int) -> Int, before: List<Int>, after: (Int) -> Int): List<Int> {
        val out = IntArray(cells.size)
        val lead = cells.indices.groupBy(start).mapValues { (_, same) -> same.maxOf { before[it] } }
        val moved = HashMap<Int, Int>()
        for (i in cells.indices.sortedBy(start)) {
            val own = moved.getOrPut(start(i)) {
                cells.indices
                    .filter { start(it) + length(it) <= start(i) }
                    .maxOfOrNull { moved.getValue(start(it)) + lead.getValue(start(it)) + after(it) } ?: 0
            }
            out[i] = start(i) + own + lead.getValue(start(i))
        }
        return out.asList()
    }

    val width: Int get() = whole?.first ?: placed().maxOf { it.x + it.panel.width }
    val height: Int get() = whole?.second ?: placed().maxOf { it.y + it.panel.height }

    /** Whether panels have no size of their own, or texts around them that belong to the figure. */
    val isSettled: Boolean get() = whole != null || strip > 0 || letters != null

    /** Copies of the panels, moved; where the figure has a size they are as large as they are shown. */
    fun copies(x: Int, y: Int): List<FigureCell> =
        if (isSettled) {
            (placed() + texts()).map { FigureCell(it.panel, it.x + x, it.y + y) }
        } else {
            cells.map { it.copy(it.x + x, it.y + y) }
        }

    /** The title and the letters, as plots of their own. */
    fun texts(): List<Placed> {
        val look = sessionLook()
        val title = heading?.takeIf { it.isNotEmpty() }?.let { text ->
            val canvas = Canvas(width - 2 * Canvas.EDGE, strip - 2 * Canvas.EDGE, look)
            val lines = text.split('\n')
            val middle = canvas.height / 2.0
            canvas.texts(
                lines.indices.map { canvas.width / 2.0 to middle + (it - (lines.size - 1) / 2.0) * LINE * headingSize },
                lines, headingSize,
            )
            Placed(canvas.build(), 0, 0)
        }
        return listOfNotNull(title) + letters?.let(::lettered).orEmpty()
    }

    /** Letters of one row at one height, those of a column below one another. */
    private fun lettered(names: List<String>): List<Placed> {
        val now = placed()
        return now.indices.map { i ->
            val x = now.indices.filter { cells[it].x == cells[i].x }.minOf { now[it].x } - margin
            val y = now.indices.filter { cells[it].y == cells[i].y }.minOf { now[it].y }
            Placed(letter(names[i]), x, y)
        }
    }

    private fun letter(name: String): Panel {
        val canvas = Canvas(LETTER, LETTER, sessionLook())
        canvas.texts(listOf(0.0 to LETTER / 2.0), listOf(name), LETTER_SIZE, hjust = 0.0, bold = true)
        val panel = canvas.build()
        return Panel(panel.spec, panel.width, panel.height)
    }

    /** Makes the figure [width] by [height] pixels, every panel in proportion. */
    fun fit(width: Int, height: Int) {
        val now = placed()
        val across = width.toDouble() / this.width
        val upright = (height - strip).toDouble() / (this.height - strip)
        // Parts of the whole, before the title takes its own.
        val stretch = height.toDouble() / (height - strip)
        cells.zip(now) { cell, at ->
            cell.place(
                ((at.x - margin) * across).toInt(), ((at.y - strip) * upright * stretch).toInt(),
                ((at.panel.width + margin) * across).toInt(), (at.panel.height * upright * stretch).toInt(),
            )
        }
        whole = width to height
    }

    private companion object {
        const val HEADING = 16.0
        const val BESIDE = 2.2
        const val LINE = 1.2
        const val LETTER = 20
        const val LETTER_SIZE = 15.0
    }
}
