package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.sin

/** The colours of groups beside cells that are drawn one by one. */
internal class GroupStrip(val colors: List<String>, val heading: String)

/** Pixels of a tree beside a table, for scanpy's 0.8 inches. */
internal const val TREE = 60.0

internal class TableStyle(
    val title: String?,
    /** Groups from left to right and genes from top to bottom. */
    val swapAxes: Boolean,
    /** Angle of the brackets' labels; null stands them upright only where they would collide. */
    val bracketRotation: Double?,
    val look: Look,
    val strip: GroupStrip? = null,
    val geneLabels: Boolean = true,
    /** Notes at the right end of the rows. */
    val rowNotes: List<String> = emptyList(),
    /** Numbers of cells in place of a tree. */
    val totals: Totals? = null,
    /** Pixels that the tree or the totals take. */
    val extra: Double = TREE,
)

/** What surrounds a table of groups and genes: frame, names, brackets, tree, group colours and legends. */
internal class TableLayout(
    val groups: Track,
    val genes: Track,
    private val brackets: List<GeneBracket>,
    private val tree: Tree?,
    given: List<Legend>,
    private val style: TableStyle,
) {
    val swapped: Boolean = style.swapAxes
    private val look = style.look
    private val font = look.tableSize
    private val titleRoom = look.titleSize + 12
    private val heading = look.labelSize + 8
    private val legends = given.map { it.beside((if (style.swapAxes) genes else groups).length) }
    private val strip = style.strip
    private val hasExtra = tree != null || style.totals != null
    val columns: Track = if (swapped) groups else genes
    val rows: Track = if (swapped) genes else groups

    private val columnLabels = labels(columns, !swapped)
    private val rowLabels = labels(rows, swapped)
    private val flat = swapped && strip != null && (columnLabels.all { it.length <= SHORT } || fitLevel())
    private val columnLeader = if (!flat && areMoved(columns, columnLabels)) LEADER else 0.0
    private val rowLeader = if (areMoved(rows, rowLabels)) LEADER else 0.0
    private val stripLeft = strip != null && !swapped
    private val stripBelow = strip != null && swapped

    val left: Double =
        MARGIN + widest(rowLabels) + TICK + 4 + rowLeader + if (stripLeft) STRIP + STRIP_GAP + heading else 0.0
    val top: Double =
        MARGIN + (if (style.title == null) 0.0 else titleRoom) + bracketHeight() +
            if (hasExtra && swapped) style.extra else 0.0
    val right: Double = left + columns.length
    val bottom: Double = top + rows.length

    private val notesWidth = if (style.rowNotes.isEmpty()) {
        0.0
    } else {
        style.rowNotes.maxOf { Look.textWidth(it, NOTE) } +
            8
    }
    private val sideX = right + notesWidth + if (hasExtra && !swapped) style.extra else 0.0
    private val bracketWidth =
        if (swapped && brackets.isNotEmpty()) 24 + brackets.maxOf { Look.textWidth(it.label, font) } else 0.0
    private val legendX = sideX + bracketWidth + GAP
    private val legendWidth = legends.maxOfOrNull { it.width } ?: 0.0
    private val legendHeight = legends.sumOf { it.height } + LEGEND_GAP * max(0, legends.size - 1)

    /** Pixels beside and below the table, and the height that the legends need, with the figure's margin. */
    val around: Pair<Double, Double> get() = sides() - columns.length + EDGES to
        bottom + below() + MARGIN - rows.length + EDGES
    val lowest: Double get() = legendEdge + legendHeight + 2 * MARGIN + EDGES

    /** Legends begin below a title that reaches them. */
    private val legendEdge: Double get() = if (titleMiddle + titleWidth / 2 > legendX) MARGIN + titleRoom else MARGIN

    private val titleWidth = style.title?.let { Look.textWidth(it, look.titleSize) } ?: 0.0

    /** Over the table, as far as the left edge allows. */
    private val titleMiddle = max((left + right) / 2, MARGIN + titleWidth / 2)

    private fun sides() = max(
        if (legends.isEmpty()) legendX - GAP + MARGIN else legendX + legendWidth + MARGIN,
        titleMiddle + titleWidth / 2 + MARGIN,
    )

    val canvas: Canvas = Canvas(
        ceil(sides()).toInt(),
        ceil(max(bottom + below(), legendEdge + legendHeight + MARGIN) + MARGIN).toInt(),
        look,
    )

    private fun labels(track: Track, genes: Boolean) =
        if (genes && !style.geneLabels) emptyList() else track.names

    /** Whether every name has room below its own group. */
    private fun fitLevel(): Boolean {
        val half = columnLabels.map { Look.textWidth(it, font) / 2 }
        val at = columns.names.indices.map(columns::center)
        return at.indices.all { i ->
            val before = if (i == 0) 0.0 else at[i - 1] + half[i - 1] + 8
            at[i] - half[i] >= before && at[i] + half[i] <= columns.length + 8
        }
    }

    /** Whether names keep apart only away from what they name, so that lines have to lead there. */
    private fun areMoved(track: Track, labels: List<String>): Boolean {
        val at = labels.indices.map(track::center)
        val moved = spread(at, labels.map { font + 1 }, 0.0, track.length)
        return at.indices.any { abs(at[it] - moved[it]) > 1.5 }
    }

    private fun widest(names: List<String>) = names.maxOfOrNull { Look.textWidth(it, font) } ?: 0.0

    private fun below(): Double {
        val names = if (flat) font + 2 else widest(columnLabels)
        return names + TICK + 6 + columnLeader + if (stripBelow) STRIP + STRIP_GAP + heading else 0.0
    }

    /** Middle of a cell of the table. */
    fun middle(group: Int, gene: Int): Pair<Double, Double> =
        if (swapped) {
            left + groups.center(group) to top + genes.center(gene)
        } else {
            left + genes.center(gene) to top + groups.center(group)
        }

    /** Fills the cells with the colours of [values], groups by genes; NaN stays empty. */
    fun tiles(
        values: Array<DoubleArray>,
        map: ColorMap,
        limits: Limits,
        across: String,
        edge: String? = Palettes.GREY,
        thickness: Double = Canvas.THIN,
    ) {
        val boxes = ArrayList<Box>()
        val fills = ArrayList<String>()
        val tooltips = TableTooltips(across = across)
        for (g in 0 until groups.size) {
            for (j in 0 until genes.size) {
                val value = values[g][j]
                if (value.isNaN()) continue
                val (x, y) = middle(g, j)
                val along = groups.end(g) - groups.start(g)
                val over = genes.end(j) - genes.start(j)
                val w = if (swapped) along else over
                val h = if (swapped) over else along
                boxes += Box(x - w / 2, y - h / 2, w, h)
                fills += map.hex(limits.position(value))
                tooltips.add(groups.names[g], genes.names[j], value)
            }
        }
        canvas.boxes(boxes, fills, edge, tooltips.columns, thickness)
    }

    /** Draws everything around the table. */
    fun build(): Panel {
        canvas.frame(left, top, columns.length, rows.length)
        strip?.let(::drawStrip)
        drawLabels()
        if (swapped) sideBrackets() else topBrackets()
        tree?.let {
            if (swapped) {
                canvas.tree(it, groups, Side.TOP, left, top - 3, style.extra - 8)
            } else {
                canvas.tree(it, groups, Side.RIGHT, right + 3 + notesWidth, top, style.extra - 8)
            }
        }
        style.totals?.let {
            val side = if (swapped) Side.TOP else Side.RIGHT
            val x = if (swapped) left else right + 3 + notesWidth
            it.draw(canvas, groups, side, x, if (swapped) top - 3 else top, style.extra - 8)
        }
        style.title?.let {
            canvas
                .texts(listOf(titleMiddle to MARGIN + look.titleSize / 2 + 1), listOf(it), look.titleSize)
        }
        canvas.texts(
            style.rowNotes.indices.map { right + 4 to top + rows.start(it) + 6 }, style.rowNotes, NOTE, hjust = 0.0,
        )
        var legendTop = max(legendEdge, (top + bottom - legendHeight) / 2)
        for (legend in legends) {
            legend.draw(canvas, legendX + legendWidth / 2, legendTop)
            legendTop += legend.height + LEGEND_GAP
        }
        return canvas.build()
    }

    /** Lines across the table between its groups. */
    fun separate(color: String) {
        canvas.lines(
            (1 until groups.size).map(groups::start).map {
                if (swapped) {
                    doubleArrayOf(left + it, top, left + it, bottom)
                } else {
                    doubleArrayOf(left, top + it, right, top + it)
                }
            },
            color,
        )
    }

    private fun drawStrip(strip: GroupStrip) {
        val boxes = groups.names.indices.map {
            if (swapped) {
                Box(left + groups.start(it), bottom + STRIP_GAP, groups.end(it) - groups.start(it), STRIP)
            } else {
                val x = left - STRIP_GAP - STRIP
                Box(x, top + groups.start(it), STRIP, groups.end(it) - groups.start(it))
            }
        }
        canvas.boxes(boxes, strip.colors)
        if (swapped) {
            canvas.texts(
                listOf((left + right) / 2 to canvas.height - MARGIN - heading / 2), listOf(strip.heading),
                look.labelSize,
            )
        } else {
            canvas.texts(
                listOf(MARGIN + heading / 2 - 4 to (top + bottom) / 2), listOf(strip.heading), look.labelSize,
                angle = 90.0,
            )
        }
    }

    private fun drawLabels() {
        val lower = bottom + if (stripBelow) STRIP + STRIP_GAP else 0.0
        val outer = left - if (stripLeft) STRIP + STRIP_GAP else 0.0
        if (columnLabels.isNotEmpty()) {
            val ticks = columns.names.indices.map { left + columns.center(it) }
            val gaps = if (flat) columnLabels.map { Look.textWidth(it, font) + 4 } else columnLabels.map { font + 1 }
            val at = spread(ticks, gaps, left, right)
            if (strip == null || !swapped || columnLeader > 0) {
                val end = lower + TICK + columnLeader
                canvas.lines(ticks.zip(if (flat) ticks else at) { from, to -> doubleArrayOf(from, lower, to, end) })
            }
            if (flat) {
                canvas.texts(at.map { it to lower + TICK + font / 2 + 1 }, columnLabels, font)
            } else {
                canvas
                    .texts(
                        at.map {
                            it to lower + TICK + columnLeader + 3
                        },
                        columnLabels, font, hjust = 1.0, angle = 90.0,
                    )
            }
        }
        if (rowLabels.isNotEmpty()) {
            val ticks = rows.names.indices.map { top + rows.center(it) }
            val at = spread(ticks, rowLabels.map { font + 1 }, top, bottom)
            if (strip == null || swapped || rowLeader > 0) {
                val end = outer - TICK - rowLeader
                canvas.lines(ticks.zip(at) { from, to -> doubleArrayOf(end, to, outer, from) })
            }
            canvas.texts(at.map { outer - TICK - rowLeader - 3 to it }, rowLabels, font, hjust = 1.0)
        }
    }

    private fun bracketHeight(): Double =
        if (swapped || brackets.isEmpty()) {
            0.0
        } else {
            16 + if (rotated()) brackets.maxOf { Look.textWidth(it.label, font) * rise() } + 8 else font + 7
        }

    /** Labels stand upright when one would run into the next. */
    private fun angle(): Double = style.bracketRotation ?: if (brackets.any(::tooWide)) 90.0 else 0.0

    private fun tooWide(b: GeneBracket) =
        Look.textWidth(b.label, font) > genes.end(b.to) - genes.start(b.from) + 8

    private fun rotated() = angle() != 0.0

    private fun rise() = abs(sin(Math.toRadians(angle())))

    private fun inset(b: GeneBracket) = minOf(4.0, (genes.end(b.to) - genes.start(b.from)) / 8)

    private fun topBrackets() {
        val y = top - 6
        for (b in brackets) {
            val from = left + genes.start(b.from) + inset(b)
            val to = left + genes.end(b.to) - inset(b)
            canvas.lines(
                listOf(
                    doubleArrayOf(from, y, from, y - 6), doubleArrayOf(from, y - 6, to, y - 6),
                    doubleArrayOf(to, y - 6, to, y),
                ),
                thickness = 1.2,
            )
            val middle = (from + to) / 2
            if (rotated()) {
                canvas.texts(listOf(middle to y - 11), listOf(b.label), font, hjust = 0.0, angle = angle())
            } else {
                canvas.texts(listOf(middle to y - 11 - font / 2), listOf(b.label), font)
            }
        }
    }

    private fun sideBrackets() {
        val x = sideX
        for (b in brackets) {
            val from = top + genes.start(b.from) + inset(b)
            val to = top + genes.end(b.to) - inset(b)
            canvas.lines(
                listOf(
                    doubleArrayOf(x + 6, from, x + 12, from), doubleArrayOf(x + 12, from, x + 12, to),
                    doubleArrayOf(x + 12, to, x + 6, to),
                ),
                thickness = 1.2,
            )
            canvas.texts(listOf(x + 18 to (from + to) / 2), listOf(b.label), font, hjust = 0.0)
        }
    }

    companion object {
        /** Letters of names that lie level even where they have to move apart. */
        private const val SHORT = 2
        private const val EDGES = 2.0 * Canvas.EDGE
        private const val NOTE = 9.0
        private const val TICK = 4.0
        private const val LEADER = 10.0
        private const val MARGIN = 6.0
        private const val GAP = 16.0
        private const val STRIP = 10.0
        private const val STRIP_GAP = 3.0
        private const val LEGEND_GAP = 15.0

        /** Moves labels apart until each has its room, as little as that takes. */
        fun spread(at: List<Double>, room: List<Double>, low: Double, high: Double): List<Double> {
            val out = at.toDoubleArray()
            for (i in 1 until out.size) {
                out[i] = max(out[i], out[i - 1] + (room[i - 1] + room[i]) / 2)
            }
            var limit = max(high, at.lastOrNull() ?: high)
            for (i in out.indices.reversed()) {
                val most = limit - if (i == out.size - 1) 0.0 else (room[i] + room[i + 1]) / 2
                if (out[i] <= most) break
                out[i] = max(most, low)
                limit = out[i]
            }
            return out.asList()
        }
    }
}
