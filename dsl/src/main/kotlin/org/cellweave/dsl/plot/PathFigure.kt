package org.cellweave.dsl.plot

import kotlin.math.max

/** Cells along a path of groups: the group of each, and rows of values. */
internal class CellPath(
    /** Positions of the nodes among the categories, one per cell. */
    val groups: IntArray,
    val keys: List<String>,
    val rows: List<DoubleArray>,
) {
    val n: Int get() = groups.size

    /** Where a run of cells of one node begins and ends. */
    fun stretches(): List<Triple<Int, Int, Int>> {
        val out = ArrayList<Triple<Int, Int, Int>>()
        var from = 0
        for (i in 1..n) {
            if (i == n || groups[i] != groups[from]) {
                out += Triple(groups[from], from, i)
                from = i
            }
        }
        return out
    }
}

/** A strip below the rows: a name and one colour per cell. */
internal class PathStrip(val name: String, val rgb: (Int) -> Int)

internal class PathStyle(
    val title: String,
    val groupsName: String,
    val showNodeNames: Boolean,
    val showYticks: Boolean,
    val showColorbar: Boolean,
    val tickSize: Double,
    val titleSize: Double,
    val look: Look,
)

/** A row per gene along a path, the nodes and further rows below. */
internal class PathFigure(
    private val path: CellPath,
    private val names: List<String>,
    private val colors: List<String>,
    private val strips: List<PathStrip>,
    private val map: ColorMap,
    private val style: PathStyle,
) {
    private val all = path.rows.flatMap { it.asList() }.toDoubleArray()
    private val limits = Limits.of(all)
    private val top = if (style.title.isEmpty()) EDGE else EDGE + 1.8 * style.titleSize
    private val labels = path.keys + style.groupsName + strips.map { it.name }
    private val left =
        if (style.showYticks) EDGE + 8 + labels.maxOf { Look.textWidth(it, style.tickSize) } else EDGE
    private val rowHeight = max(ROW, LEAST / path.keys.size)

    fun build(): Panel {
        val heat = Box(left, top, WIDTH, rowHeight * path.keys.size)
        val bar = UprightBar(map, limits, style.look, heat.h.coerceAtMost(MOST_BAR))
        val strip = Box(left, heat.y + heat.h + GAP, WIDTH, STRIP)
        val bottom = strip.y + STRIP + strips.size * (GAP + STRIP)
        val right = if (style.showColorbar) bar.width + 2 * EDGE else EDGE
        val canvas = Canvas((left + WIDTH + right).toInt(), (bottom + EDGE).toInt(), style.look)
        val n = path.n
        val tiles = Tiles(path.rows.size, n, map, limits) { row, column -> path.rows[row][column] }
        canvas.picture(heat, tiles.picture(heat).toDataUrl())
        if (style.showColorbar) {
            bar.draw(canvas, left + WIDTH + EDGE + bar.width / 2, top + (heat.h - bar.height) / 2)
        }
        nodes(canvas, strip)
        strips.forEachIndexed { k, own ->
            val box = Box(left, strip.y + (k + 1) * (GAP + STRIP), WIDTH, STRIP)
            canvas.picture(box, line(own.rgb).toDataUrl())
        }
        ticks(canvas, heat, strip)
        if (style.title.isNotEmpty()) {
            canvas.texts(listOf(left + WIDTH / 2 to EDGE + style.titleSize / 2), listOf(style.title), style.titleSize)
        }
        return canvas.build()
    }

    private fun ticks(canvas: Canvas, heat: Box, strip: Box) {
        if (!style.showYticks) return
        val at = path.keys.indices.map { heat.y + (it + 0.5) * rowHeight } +
            (0..strips.size).map { strip.y + it * (GAP + STRIP) + STRIP / 2 }
        canvas.texts(at.map { left - 6 to it }, labels, style.tickSize, hjust = 1.0)
    }

    private fun nodes(canvas: Canvas, strip: Box) {
        val runs = path.stretches()
        val step = WIDTH / path.n
        val boxes = runs.map { (_, from, to) -> Box(left + from * step, strip.y, (to - from) * step, STRIP) }
        canvas.boxes(boxes, runs.map { colors[it.first] }, tooltips = mapOf("group" to runs.map { names[it.first] }))
        if (style.showNodeNames) {
            canvas.texts(
                boxes.map { it.x + it.w / 2 to it.y + STRIP / 2 }, runs.map { names[it.first] }, style.tickSize,
            )
        }
    }

    /** One pixel high; of several cells on a pixel the middle one shows. */
    private fun line(rgb: (Int) -> Int): Picture {
        val width = (2 * WIDTH).toInt()
        return Picture(width, 1, IntArray(width) { (0xff shl 24) or rgb(((it + 0.5) * path.n / width).toInt()) })
    }

    private companion object {
        const val WIDTH = 460.0
        const val ROW = 22.0
        const val LEAST = 110.0
        const val STRIP = 18.0
        const val GAP = 3.0
        const val EDGE = 8.0
        const val MOST_BAR = 280.0
    }
}

/** A line per gene along a path. */
internal class PathLines(
    private val path: CellPath,
    private val xLabel: String,
    private val title: String,
    private val fontSize: Double,
    private val look: Look,
) {
    fun build(): Panel {
        val columns = minOf(path.n, MOST)
        val x = DoubleArray(columns) { (it + 0.5) * path.n / columns }
        val rows = path.rows.map { row -> List(columns) { mean(row, it, columns) } }
        val finite = rows.flatten().filter { it.isFinite() }
        val least = finite.minOrNull() ?: 0.0
        val (low, high) = Ends.padded(least, finite.maxOrNull() ?: least, MARGIN, 0.5)
        val colors = Palettes.default(rows.size, look.scanpy)
        val single = rows.size == 1
        val lines = layer(
            "line",
            mapOf(
                "x" to rows.flatMap { x.asList() }, "y" to rows.flatMap { row -> row.map(::tidy) },
                "key" to rows.indices.flatMap { k -> List(columns) { path.keys[k] } },
            ),
            mapOf("x" to "x", "y" to "y", "color" to "key"),
            "size" to Look.size(1.5 * Look.PIXELS_PER_POINT), "show_legend" to !single,
        )
        val cuts = path.stretches().drop(1).map { it.second.toDouble() }
        val plot = spec(
            "kind" to "plot",
            "layers" to listOf(lines) + listOfNotNull(SeriesPanel.dashes(cuts, low, high)),
            "scales" to listOf(
                axis("x", 0.0, path.n.toDouble(), xLabel, emptyList(), emptyList()),
                axis(
                    "y", low, high, if (single) "${path.keys[0]} (a.u.)" else "", emptyList(), emptyList(),
                ),
                spec(
                    "aesthetic" to "color", "discrete" to true, "values" to colors, "limits" to path.keys,
                    "breaks" to path.keys, "name" to "",
                ),
            ),
            "coord" to spec("name" to "cartesian"),
            "ggtitle" to title.takeIf { it.isNotEmpty() }?.let { spec("text" to it) },
            "theme" to look.theme(
                legend = if (single) "none" else null, more = mapOf("legend_text" to text(fontSize)),
            ),
        )
        val side = if (single) 0.0 else 70 + path.keys.maxOf { Look.textWidth(it, fontSize) }
        return Panel(plot, (WIDTH + side).toInt(), if (title.isEmpty()) HEIGHT else HEIGHT + 28)
    }

    private fun mean(row: DoubleArray, column: Int, columns: Int): Double {
        val from = (column.toLong() * row.size / columns).toInt()
        val to = max(from + 1, ((column + 1L) * row.size / columns).toInt())
        return (from until to).sumOf { row[it] } / (to - from)
    }

    private companion object {
        const val MOST = 1200
        const val WIDTH = 480
        const val HEIGHT = 300
        const val MARGIN = 0.05
    }
}
