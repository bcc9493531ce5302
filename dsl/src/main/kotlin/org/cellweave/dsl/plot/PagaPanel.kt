package org.cellweave.dsl.plot

import kotlin.math.PI
import kotlin.math.cos
import kotlin.math.max
import kotlin.math.min
import kotlin.math.sin
import kotlin.math.sqrt

/** A weighted link between two nodes. */
internal class Link(val from: Int, val to: Int, val weight: Double)

/** Where nodes are. */
internal class Places(val x: DoubleArray, val y: DoubleArray) {
    fun upsideDown() = Places(x, DoubleArray(y.size) { 0.0 - y[it] })
}

/** How nodes are coloured. */
internal sealed interface NodeColors {
    class Plain(val colors: List<String>) : NodeColors

    class Numbers(val values: DoubleArray, val limits: Limits, val map: ColorMap, val bar: Boolean) : NodeColors

    /** Parts per node and colour; [names] explain the colours and may be empty. */
    class Pies(val parts: List<List<Pair<String, Double>>>, val names: List<Pair<String, String>>) : NodeColors
}

/** Lengths are in points, areas in square points. */
internal class PagaStyle(
    val nodeAreas: List<Double>,
    val edgeWidth: (Double) -> Double,
    val fontSize: Double,
    val bold: Boolean,
    val fontOutline: Double?,
    val frame: Boolean,
    val look: Look,
)

/** A graph of groups: links, nodes as dots or pies, names. */
internal class PagaPanel(
    private val places: Places,
    private val labels: List<String>,
    private val solid: List<Link>,
    private val dashed: List<Link>,
    private val colors: NodeColors,
    private val style: PagaStyle,
    private val title: String,
    /** Data range of the axes, x and then y, where another panel sets it. */
    private val limits: Pair<Pair<Double, Double>, Pair<Double, Double>>? = null,
) {
    private val look = style.look
    private val side = look.side.toDouble()
    private val top = look.top(title.isNotEmpty()) - Canvas.EDGE
    private val point = Look.PIXELS_PER_POINT * look.dots
    private val legend: Legend? = when (colors) {
        is NodeColors.Plain -> null
        is NodeColors.Numbers -> if (colors.bar) UprightBar(colors.map, colors.limits, look, side) else null
        is NodeColors.Pies -> colors.names.takeIf { it.isNotEmpty() }?.let { names ->
            ColorKeys("", names.map { it.first }, names.map { it.second }, look.noteSize)
        }
    }
    private val diameters = style.nodeAreas.map { sqrt(it) * point }
    private val points = project()

    fun build(): Panel {
        val beside = legend?.let { it.width + GAP } ?: 0.0
        val half = Look.textWidth(title, look.titleSize) / 2
        val middle = max(LEFT + side / 2, half)
        val width = max(LEFT + side + GAP + beside, middle + half).toInt()
        val canvas = Canvas(width, (top + side + GAP).toInt(), look)
        draw(canvas, dashed, true)
        draw(canvas, solid, false)
        nodes(canvas)
        names(canvas)
        if (style.frame) canvas.frame(LEFT, top, side, side)
        if (title.isNotBlank()) {
            canvas.texts(listOf(middle to top - look.titleSize / 2 - 5), listOf(title), look.titleSize)
        }
        legend?.let { it.draw(canvas, LEFT + side + BESIDE + it.width / 2, top + (side - it.height) / 2) }
        return canvas.build()
    }

    /** Pixels of the nodes; without limits each axis is stretched until the graph fills the panel. */
    private fun project(): List<Pair<Double, Double>> {
        limits?.let { (x, y) ->
            return places.x.indices.map {
                LEFT + (places.x[it] - x.first) / (x.second - x.first) * side to
                    top + (y.second - places.y[it]) / (y.second - y.first) * side
            }
        }
        if (labels.isEmpty()) {
            return emptyList()
        }
        val room = side - 2 * max(MARGIN, diameters.max() / 2 + GAP / 2)
        val spanX = places.x.max() - places.x.min()
        val spanY = places.y.max() - places.y.min()
        val fitX = if (spanX > 0) room / spanX else Double.MAX_VALUE
        val fitY = if (spanY > 0) room / spanY else Double.MAX_VALUE
        val scaleX = if (fitX == Double.MAX_VALUE) 1.0 else fitX
        val scaleY = if (fitY == Double.MAX_VALUE) 1.0 else fitY
        val middleX = (places.x.max() + places.x.min()) / 2
        val middleY = (places.y.max() + places.y.min()) / 2
        return places.x.indices.map {
            LEFT + side / 2 + (places.x[it] - middleX) * scaleX to top + side / 2 - (places.y[it] - middleY) * scaleY
        }
    }

    /** Weaker links first; of the two directions of a link the stronger one counts. */
    private fun draw(canvas: Canvas, links: List<Link>, dashed: Boolean) {
        val strongest = HashMap<Pair<Int, Int>, Double>()
        for (link in links) {
            strongest.merge(min(link.from, link.to) to max(link.from, link.to), link.weight, ::maxOf)
        }
        val sorted = strongest.entries.sortedWith(compareBy({ it.value }, { it.key.first }, { it.key.second }))
        canvas.links(
            sorted.map { (ends, _) ->
                val (a, b) = points[ends.first] to points[ends.second]
                doubleArrayOf(a.first, a.second, b.first, b.second)
            },
            sorted.map { style.edgeWidth(it.value) * point },
            if (dashed) "#808080" else "#000000", dashed, if (dashed) DASHED_ALPHA else 1.0,
        )
    }

    private fun nodes(canvas: Canvas) {
        when (colors) {
            is NodeColors.Plain -> canvas.dots(points, diameters, colors.colors, 0.0, mapOf("group" to labels))
            is NodeColors.Numbers -> canvas.dots(
                points, diameters,
                colors.values.map { if (it.isNaN()) Palettes.NA else colors.map.hex(colors.limits.position(it)) },
                0.0,
                mapOf("group" to labels, "mean" to colors.values.map { v -> v.takeUnless { it.isNaN() } }),
            )
            is NodeColors.Pies -> colors.parts.forEachIndexed { i, parts -> pie(canvas, i, parts) }
        }
    }

    /** Parts from the top clockwise; what is missing to one is grey. */
    private fun pie(canvas: Canvas, node: Int, parts: List<Pair<String, Double>>) {
        val (cx, cy) = points[node]
        val radius = diameters[node] / 2
        val rest = 1 - parts.sumOf { it.second }
        var from = 0.0
        for ((color, part) in parts + (Palettes.GREY to rest)) {
            if (part <= TINY) continue
            val whole = part > 1 - TINY
            val steps = max(2, (part * STEPS).toInt())
            val rim = (0..steps).map { 2 * PI * (from + part * it / steps) }
            val x = rim.map { cx + radius * sin(it) }
            val y = rim.map { cy - radius * cos(it) }
            canvas.shape(if (whole) x else listOf(cx) + x, if (whole) y else listOf(cy) + y, color, 0.0)
            from += part
        }
    }

    private fun names(canvas: Canvas) {
        // The edge of the drawing would cut longer names.
        val points = points.mapIndexed { i, (x, y) ->
            val half = Look.textWidth(labels[i], style.fontSize) * (if (style.bold) BOLDER else 1.0) / 2
            (if (2 * half < side) x.coerceIn(LEFT + half, LEFT + side - half) else LEFT + side / 2) to y
        }
        style.fontOutline?.let { width ->
            for (k in 0 until OUTLINE_COPIES) {
                val angle = 2 * PI * k / OUTLINE_COPIES
                val by = width * point
                val moved = points.map { it.first + by * cos(angle) to it.second + by * sin(angle) }
                canvas.texts(moved, labels, style.fontSize, color = "#ffffff", bold = style.bold)
            }
        }
        canvas.texts(points, labels, style.fontSize, bold = style.bold)
    }

    private companion object {
        const val LEFT = 6.0
        const val GAP = 12.0
        const val MARGIN = 18.0
        const val BESIDE = 5.0
        const val DASHED_ALPHA = 0.5
        const val STEPS = 60
        const val TINY = 1e-9

        /** Width of bold letters in that of others. */
        const val BOLDER = 1.1
        const val OUTLINE_COPIES = 12
    }
}
