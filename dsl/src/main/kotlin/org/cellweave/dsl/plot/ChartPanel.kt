package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.pow
import kotlin.math.sin

/** One axis of a chart: numbers, or names one place apart. */
internal class ChartAxis private constructor(
    val low: Double,
    val high: Double,
    val title: String,
    val breaks: List<Double>,
    val labels: List<String>,
    val isNames: Boolean,
) {
    /** Whether names are longer than Lets-Plot writes them. */
    val isOwn: Boolean get() = isNames && labels.any { it.length > LONGEST_TICK }

    /** With [room] below the lowest value. */
    fun spec(aesthetic: String, room: Double = 0.0): Spec = axis(aesthetic, low - room, high, title, breaks, labels)

    companion object {
        private const val HALF = 0.5
        private const val LONGEST_TICK = 15

        /** The ends of a logarithmic axis are logarithms, its marks the numbers. */
        fun numbers(low: Double, high: Double, title: String, log: Boolean = false, marks: Int = 6): ChartAxis {
            val breaks = if (log) logBreaks(low, high) else niceBreaks(low, high, marks)
            val labels = if (log) breaks.map { tickLabel(tidy(10.0.pow(it))) } else tickLabels(breaks)
            return ChartAxis(low, high, title, breaks, labels, isNames = false)
        }

        /** @param down the first name is uppermost: its place is 0, the next ones' -1, -2, ... */
        fun names(names: List<String>, title: String, down: Boolean = false): ChartAxis {
            val at = names.indices.map { if (down) 0.0 - it else it.toDouble() }
            return ChartAxis(
                (at.minOrNull() ?: 0.0) - HALF, (at.maxOrNull() ?: 0.0) + HALF, title, at, names, isNames = true,
            )
        }
    }
}

/** What a chart's colours mean. */
internal class ChartKeys(
    val title: String,
    val names: List<String>,
    val colors: List<String>,
    val lines: Boolean = false,
)

/** Dots of one colour, which become a picture where there are many. */
internal class DotCloud(val x: DoubleArray, val y: DoubleArray, val color: String, val diameter: Double)

/** Layers between two axes, with keys at the right. */
internal class ChartPanel(
    private val x: ChartAxis,
    private val y: ChartAxis,
    private val layers: List<Spec>,
    private val look: Look,
    private val title: String = "",
    private val keys: ChartKeys? = null,
    private val size: Pair<Int, Int>? = null,
    private val panelWidth: Int = WIDTH,
    private val panelHeight: Int = HEIGHT,
    private val dots: List<DotCloud> = emptyList(),
    private val rotation: Double? = null,
) {
    private val longest = x.labels.maxOfOrNull { Look.textWidth(it, look.tickSize) } ?: 0.0
    private val widest = y.labels.maxOfOrNull { Look.textWidth(it, look.tickSize) } ?: 0.0
    private val left = widest + if (y.title.isEmpty()) 16 else 36
    private val right = keys?.let { k ->
        KEYS + max(
            k.names.maxOf { Look.textWidth(it, look.legendSize) }, Look.textWidth(k.title, look.legendSize) - KEY,
        ) + (PointLegend.columns(k.names.size) - 1) * (KEY + k.names.maxOf { Look.textWidth(it, look.legendSize) })
    } ?: EDGE
    private val top = if (title.isEmpty()) EDGE else TITLE
    private val width = size?.let { max(LEAST, it.first - left - right) } ?: panelWidth.toDouble()

    /** Degrees by which names below are turned: those that have no room side by side stand upright. */
    private val angle: Double = rotation
        ?: if (x.isNames && (x.isOwn || longest + GAP > width / max(1, x.labels.size))) UPRIGHT else 0.0
    private val textBelow = max(look.tickSize, longest * sin(Math.toRadians(abs(angle)))) + 14
    private val below = textBelow + if (x.title.isEmpty()) 6 else 20
    private val height = size?.let { max(LEAST, it.second - top - below) } ?: panelHeight.toDouble()
    private val roomBelow = if (x.isOwn) (textBelow - 6) / height * (y.high - y.low) else 0.0
    private val roomLeft = if (y.isOwn) (widest + 6) / width * (x.high - x.low) else 0.0
    private val isOwn get() = x.isOwn || y.isOwn

    fun build(): Panel {
        val plot = spec(
            "kind" to "plot",
            "layers" to layers + cloud() + listOfNotNull(keys?.let(::guide)) + if (isOwn) ownNames() else emptyList(),
            "scales" to listOf(x.spec("x", roomLeft), y.spec("y", roomBelow), identity("fill")) +
                listOfNotNull(keys?.let(::scale)),
            "coord" to spec("name" to "cartesian"),
            "ggtitle" to title.takeIf { it.isNotEmpty() }?.let { spec("text" to it) },
            "theme" to look.theme(frame = !isOwn, legend = if (keys == null) "none" else null, more = texts()),
        )
        val titleOver = Look.textWidth(title, look.titleSize) - width
        val (w, h) = size ?: (ceil(left + width + max(right, titleOver)).toInt() to ceil(top + height + below).toInt())
        return Panel(plot, w, h, remade = ::sized)
    }

    private fun sized(width: Int, height: Int): Panel =
        ChartPanel(
            x, y, layers, look, title, keys, width to height, panelWidth, panelHeight, dots, rotation,
        ).build()

    private fun texts(): Map<String, Any> {
        val out = LinkedHashMap<String, Any>()
        val turned = if (angle == 0.0) 0.5 else 1.0
        out["axis_text_x"] = text(
            look.tickSize, "angle" to angle, "hjust" to turned, "vjust" to if (angle == UPRIGHT) 0.5 else null,
        )
        for ((own, side) in listOf(x.isOwn to "x", y.isOwn to "y")) {
            if (own) {
                out["axis_text_$side"] = "blank"
                out["axis_ticks_$side"] = "blank"
            }
        }
        return out
    }

    /** A frame around the values, and names beside it, which an axis would cut. */
    private fun ownNames(): List<Spec> {
        val (unitX, unitY) = (x.high - x.low) / width to (y.high - y.low) / height
        val ends = arrayListOf(
            doubleArrayOf(x.low, y.low, x.high, y.low), doubleArrayOf(x.low, y.high, x.high, y.high),
            doubleArrayOf(x.low, y.low, x.low, y.high), doubleArrayOf(x.high, y.low, x.high, y.high),
        )
        if (x.isOwn) x.breaks.mapTo(ends) { doubleArrayOf(it, y.low, it, y.low - TICK * unitY) }
        if (y.isOwn) y.breaks.mapTo(ends) { doubleArrayOf(x.low - TICK * unitX, it, x.low, it) }
        val marks = ChartMarks()
        marks.lines(ends, "#000000", 1.0)
        val out = ArrayList(marks.layers)
        if (x.isOwn) out += names(x.breaks, List(x.breaks.size) { y.low - (TICK + 3) * unitY }, x.labels, angle)
        if (y.isOwn) out += names(List(y.breaks.size) { x.low - (TICK + 3) * unitX }, y.breaks, y.labels, 0.0)
        return out
    }

    private fun names(at: List<Double>, up: List<Double>, labels: List<String>, angle: Double): Spec =
        layer(
            "text", mapOf("x" to at, "y" to up, "label" to labels), mapOf("x" to "x", "y" to "y", "label" to "label"),
            "size" to look.tickSize / 2, "family" to Look.FONT, "color" to "#000000", "angle" to angle, "hjust" to 1.0,
            "vjust" to 0.5,
        )

    private fun identity(aesthetic: String) =
        spec("aesthetic" to aesthetic, "scale_mapper_kind" to "identity", "guide" to "none")

    private fun scale(keys: ChartKeys): Spec =
        spec(
            "aesthetic" to "color", "discrete" to true, "values" to keys.colors, "limits" to keys.names,
            "breaks" to keys.names, "name" to keys.title,
            "guide" to spec(
                "name" to "legend", "ncol" to PointLegend.columns(keys.names.size),
                "override_aes" to if (keys.lines) {
                    spec("size" to 1.0, "alpha" to 1.0)
                } else {
                    spec("size" to 5.0, "alpha" to 1.0)
                },
            ),
        )

    /** Invisible marks whose colours the keys explain. */
    private fun guide(keys: ChartKeys): Spec {
        val middle = List(keys.names.size) { (x.low + x.high) / 2 }
        val height = List(keys.names.size) { (y.low + y.high) / 2 }
        return layer(
            if (keys.lines) "path" else "point",
            mapOf("x" to middle, "y" to height, "color" to keys.names),
            mapOf("x" to "x", "y" to "y", "color" to "color"),
            "shape" to if (keys.lines) null else SQUARE, "size" to 0.0, "alpha" to 0.0, "show_legend" to true,
        )
    }

    private fun cloud(): List<Spec> {
        if (dots.sumOf { it.x.size } <= PointPanel.RASTER_ABOVE) {
            return dots.filter { it.x.isNotEmpty() }.map {
                layer(
                    "point", mapOf("x" to rounded(it.x), "y" to rounded(it.y)), mapOf("x" to "x", "y" to "y"),
                    "shape" to 16, "size" to Look.size(it.diameter), "color" to it.color,
                )
            }
        }
        val picture = PointRaster((SCALE * width).toInt(), (SCALE * height).toInt(), 1.0)
        for (cloud in dots) {
            val brush = picture.brush(SCALE * max(cloud.diameter, SMALLEST))
            val rgb = cloud.color.drop(1).toInt(16)
            for (i in cloud.x.indices) {
                val across = (cloud.x[i] - x.low) / (x.high - x.low)
                val up = (y.high - cloud.y[i]) / (y.high - y.low)
                brush.dot(across * SCALE * width, up * SCALE * height, rgb)
            }
        }
        return listOf(picture.layer(x.low to x.high, y.low to y.high))
    }

    companion object {
        const val WIDTH = 400
        const val HEIGHT = 300
        private const val EDGE = 14.0
        private const val TITLE = 40.0
        private const val KEYS = 56.0
        private const val KEY = 30.0
        private const val GAP = 6.0
        private const val LEAST = 60.0
        private const val UPRIGHT = 90.0
        private const val SQUARE = 15
        private const val SCALE = 2
        private const val TICK = 4.0
        private const val SMALLEST = 0.8
    }
}
