package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.sqrt

/** What colours the dots of a panel. */
internal sealed interface DotColor {
    class Plain(val hex: String) : DotColor

    /** [codes] are positions in [names]; -1 takes the colour for missing values. */
    class Discrete(val codes: IntArray, val names: List<String>, val colors: List<String>) : DotColor

    class Continuous(val values: DoubleArray, val limits: Limits, val map: ColorMap, val bar: Boolean) : DotColor
}

/** How legends look and where they are. */
internal class LegendStyle(
    val location: String,
    val fontSize: Double?,
    val fontWeight: String,
    val fontOutline: Double?,
    val naInLegend: Boolean,
) {
    init {
        require(location in LOCATIONS) {
            "legendLoc must be one of $LOCATIONS, got '$location'." +
                org.cellweave.util.Check
                    .suggestion(location, LOCATIONS)
        }
        require(fontWeight in WEIGHTS) { "legendFontweight must be one of $WEIGHTS, got '$fontWeight'" }
    }

    private companion object {
        val LOCATIONS = listOf("right margin", "on data", "none")
        val WEIGHTS = listOf("normal", "bold", "light")
    }
}

/** Rings around the dots: widths are parts of a dot's diameter, colours the outer and the inner one. */
internal class Outline(width: Pair<Double, Double>, val color: Pair<String, String>) {
    /** Diameters of the rings in diameters of a dot. */
    val innerPart: Double = 1 + 2 * width.second
    val outerPart: Double = innerPart + 2 * width.first
}

/** Everything that a panel of dots shows besides its coordinates. */
internal class DotStyle(
    /** Diameter in pixels. */
    val diameter: Double,
    val alpha: Double,
    val naColor: String,
    val sortOrder: Boolean,
    val legend: LegendStyle,
    val outline: Outline? = null,
    val frame: Boolean = true,
    val ticks: Boolean = false,
    val panelWidth: Int = 300,
    val panelHeight: Int = 300,
)

/** Edges of a graph, drawn below the dots. */
internal class Edges(val from: IntArray, val to: IntArray, val width: Double, val color: String)

/** A panel of dots: vector graphics for few, a picture between vector axes for many. */
internal class PointPanel(
    private val x: DoubleArray,
    private val y: DoubleArray,
    private val color: DotColor,
    private val style: DotStyle,
    private val title: String,
    private val xLabel: String,
    private val yLabel: String,
    private val edges: Edges? = null,
) {
    private val xLimits = padded(x)
    private val yLimits = padded(y)
    private val order = drawingOrder()
    private val naName: String
    private val naDrawn: Boolean

    init {
        val discrete = color as? DotColor.Discrete
        naName = if (discrete != null && NA in discrete.names) "NA (missing)" else NA
        naDrawn = discrete != null && order.any { discrete.codes[it] < 0 }
    }

    fun build(): Panel {
        val layers = ArrayList<Any>()
        edges?.let { layers += edgeLayer(it) }
        layers.addAll(if (order.size > RASTER_ABOVE) rasterLayers() else vectorLayers())
        val discrete = color as? DotColor.Discrete
        if (discrete != null && style.legend.location == "on data") layers.addAll(labels(discrete))
        val spanX = xLimits.second - xLimits.first
        val spanY = yLimits.second - yLimits.first
        val axes = style.frame
        val plot = spec(
            "kind" to "plot",
            "layers" to layers,
            "scales" to listOfNotNull(
                colorScale(),
                pointAxis("x", xLimits, if (axes) xLabel else null),
                pointAxis("y", yLimits, if (axes) yLabel else null),
                spec("aesthetic" to "size", "scale_mapper_kind" to "identity", "guide" to "none"),
            ),
            "coord" to spec("name" to "fixed", "ratio" to spanX / spanY * style.panelHeight / style.panelWidth),
            "ggtitle" to title.takeIf { it.isNotEmpty() }?.let { spec("text" to it) },
            "theme" to theme(
                frame = style.frame,
                ticks = style.ticks && axes,
                axisTitles = axes,
                legend = if (legendWidth() == 0) "none" else null,
                more = style.legend.fontSize?.let { mapOf("legend_text" to text(it)) } ?: emptyMap(),
            ),
        )
        return Panel(plot, panelWidth(), panelHeight())
    }

    private fun pointAxis(aesthetic: String, limits: Pair<Double, Double>, title: String?): Spec {
        val breaks = niceBreaks(limits.first, limits.second)
        return axis(aesthetic, limits.first, limits.second, title, breaks, tickLabels(breaks))
    }

    private fun panelHeight(): Int =
        style.panelHeight + (if (title.isEmpty()) 12 else 40) +
            (if (style.frame) 22 else 10) + (if (style.ticks && style.frame) 20 else 0)

    private fun panelWidth(): Int {
        val labels = tickLabels(niceBreaks(yLimits.first, yLimits.second)).maxOf { Look.textWidth(it, Look.TICK_SIZE) }
        val left = (if (style.frame) 26 else 8) + (if (style.ticks && style.frame) 10 + labels.toInt() else 0)
        val titleOver = Look.textWidth(title, Look.TITLE_SIZE).toInt() - style.panelWidth
        return left + style.panelWidth + max(12 + legendWidth(), titleOver)
    }

    // ------------------------------------------------------------------------------ data

    private fun padded(values: DoubleArray): Pair<Double, Double> {
        val finite = values.indices.filter { x[it].isFinite() && y[it].isFinite() }
        if (finite.isEmpty()) {
            return -1.0 to 1.0
        }
        val low = finite.minOf { values[it] }
        val high = finite.maxOf { values[it] }
        val pad = if (high > low) (high - low) * MARGIN else 1.0
        return low - pad to high + pad
    }

    /** Cells with coordinates; missing values first, then, for numbers, the largest last. */
    private fun drawingOrder(): IntArray {
        val drawn = x.indices.filter { x[it].isFinite() && y[it].isFinite() }
        val sorted = when {
            !style.sortOrder -> drawn
            color is DotColor.Discrete -> drawn.sortedBy { if (color.codes[it] < 0) 0 else 1 }
            color is DotColor.Continuous -> {
                val key = color.values
                drawn.sortedBy { if (key[it].isNaN()) Double.NEGATIVE_INFINITY else key[it] }
            }
            else -> drawn
        }
        return sorted.toIntArray()
    }

    private fun rgb(i: Int): Int =
        when (color) {
            is DotColor.Plain -> color.hex.drop(1).toInt(16)
            is DotColor.Discrete -> discreteRgb[color.codes[i] + 1]
            is DotColor.Continuous -> {
                val v = color.values[i]
                if (v.isNaN()) naRgb else color.map.rgb(color.limits.position(v))
            }
        }

    private val naRgb = style.naColor.drop(1).toInt(16)

    private val discreteRgb: IntArray by lazy {
        val colors = (color as DotColor.Discrete).colors
        IntArray(colors.size + 1) { if (it == 0) naRgb else colors[it - 1].drop(1).toInt(16) }
    }

    // ------------------------------------------------------------------------------ layers

    private fun vectorLayers(): List<Spec> {
        val data = linkedMapOf<String, List<Any?>>("x" to rounded(pick(x)), "y" to rounded(pick(y)))
        val size = Look.size(style.diameter)
        val out = ArrayList<Spec>()
        val mapping = mutableMapOf("x" to "x", "y" to "y")
        style.outline?.let { ring ->
            val shape = "shape" to SOLID
            val outer = size * ring.outerPart
            out += layer("point", data, mapping, shape, "size" to outer, "color" to ring.color.first)
            out += layer("point", data, mapping, shape, "size" to size * ring.innerPart, "color" to ring.color.second)
        }
        val own = LinkedHashMap(data)
        val constant = (color as? DotColor.Plain)?.hex
        colorValues()?.let {
            own["color"] = it
            mapping["color"] = "color"
        }
        out += layer(
            "point", own, mapping,
            "shape" to SOLID, "size" to size, "color" to constant,
            "alpha" to style.alpha.takeIf { it < 1 }, "show_legend" to true,
        )
        return out
    }

    private fun pick(values: DoubleArray) = DoubleArray(order.size) { values[order[it]] }

    private fun colorValues(): List<Any?>? =
        when (color) {
            is DotColor.Plain -> null
            is DotColor.Discrete -> order.map { i -> if (color.codes[i] < 0) naName else color.names[color.codes[i]] }
            is DotColor.Continuous -> order.map { i ->
                color.values[i].takeUnless { it.isNaN() }?.let {
                    tidy(it).coerceIn(color.limits.low, color.limits.high)
                }
            }
        }

    private fun rasterLayers(): List<Spec> {
        val image = draw()
        val picture = spec(
            "geom" to "image",
            "href" to image.toDataUrl(),
            "xmin" to xLimits.first, "xmax" to xLimits.second,
            "ymin" to yLimits.first, "ymax" to yLimits.second,
            "show_legend" to false,
        )
        val keys = legendKeys() ?: return listOf(picture)
        val middle = List(keys.size) { (xLimits.first + xLimits.second) / 2 }
        val height = List(keys.size) { (yLimits.first + yLimits.second) / 2 }
        val guide = layer(
            "point", mapOf("x" to middle, "y" to height, "color" to keys),
            mapOf("x" to "x", "y" to "y", "color" to "color"),
            "shape" to SOLID, "size" to 0.0, "alpha" to 0.0, "show_legend" to true,
        )
        return listOf(guide, picture)
    }

    private fun legendKeys(): List<Any?>? =
        when (color) {
            is DotColor.Plain -> null
            is DotColor.Discrete -> color.names + listOfNotNull(naName.takeIf { naDrawn })
            is DotColor.Continuous -> listOf(color.limits.low, color.limits.high)
        }

    /** All dots as a picture of twice the panel's pixels. */
    fun draw(): PointRaster {
        val width = SCALE * style.panelWidth
        val height = SCALE * style.panelHeight
        val diameter = max(style.diameter, SMALLEST) * SCALE
        val target = PointRaster(width, height, diameter)
        val toX = width / (xLimits.second - xLimits.first)
        val toY = height / (yLimits.second - yLimits.first)

        fun dots(brush: PointRaster, alpha: Double, rgb: (Int) -> Int) {
            for (i in order) {
                brush.dot((x[i] - xLimits.first) * toX, (yLimits.second - y[i]) * toY, rgb(i), alpha)
            }
        }
        style.outline?.let { ring ->
            val outer = ring.color.first
                .drop(1)
                .toInt(16)
            val inner = ring.color.second
                .drop(1)
                .toInt(16)
            dots(target.brush(diameter * ring.outerPart), 1.0) { outer }
            dots(target.brush(diameter * ring.innerPart), 1.0) { inner }
        }
        dots(target, style.alpha, ::rgb)
        return target
    }

    private fun edgeLayer(graph: Edges): Spec {
        val shown = graph.from.indices.filter { x[graph.from[it]].isFinite() && x[graph.to[it]].isFinite() }

        fun ends(at: IntArray, values: DoubleArray) = rounded(DoubleArray(shown.size) { values[at[shown[it]]] })
        return layer(
            "segment",
            mapOf(
                "x" to ends(graph.from, x), "y" to ends(graph.from, y),
                "xend" to ends(graph.to, x), "yend" to ends(graph.to, y),
            ),
            mapOf("x" to "x", "y" to "y", "xend" to "xend", "yend" to "yend"),
            "size" to Look.size(graph.width * Look.PIXELS_PER_POINT), "color" to graph.color,
        )
    }

    private fun labels(discrete: DotColor.Discrete): List<Spec> {
        val members = order.groupBy { discrete.codes[it] }
        val shown = discrete.names.indices.filter { it in members }
        val at = shown.map { c -> median(members.getValue(c), x) to median(members.getValue(c), y) }
        val names = shown.map { discrete.names[it] }
        val size = (style.legend.fontSize ?: Look.LABEL_SIZE) / 2

        fun texts(dx: Double, dy: Double, color: String) =
            layer(
                "text",
                mapOf("x" to at.map { it.first + dx }, "y" to at.map { it.second + dy }, "label" to names),
                mapOf("x" to "x", "y" to "y", "label" to "label"),
                "size" to size, "family" to Look.FONT, "color" to color,
                "fontface" to if (style.legend.fontWeight == "bold") "bold" else "plain",
            )
        val out = ArrayList<Spec>()
        style.legend.fontOutline?.let { points ->
            val unitX = points * Look.PIXELS_PER_POINT * (xLimits.second - xLimits.first) / style.panelWidth
            val unitY = points * Look.PIXELS_PER_POINT * (yLimits.second - yLimits.first) / style.panelHeight
            for (k in 0 until OUTLINE_COPIES) {
                val angle = 2 * Math.PI * k / OUTLINE_COPIES
                out += texts(unitX * Math.cos(angle), unitY * Math.sin(angle), "#ffffff")
            }
        }
        out += texts(0.0, 0.0, "#000000")
        return out
    }

    private fun median(cells: List<Int>, values: DoubleArray): Double {
        val sorted = cells.map { values[it] }.sorted()
        return (sorted[(sorted.size - 1) / 2] + sorted[sorted.size / 2]) / 2
    }

    // ------------------------------------------------------------------------------ colour scale

    private val hasLegend get() = style.legend.location == "right margin"

    private fun colorScale(): Spec? =
        when (color) {
            is DotColor.Plain -> null
            is DotColor.Discrete -> spec(
                "aesthetic" to "color",
                "discrete" to true,
                "values" to color.colors + listOfNotNull(style.naColor.takeIf { naDrawn }),
                "limits" to color.names + listOfNotNull(naName.takeIf { naDrawn }),
                "breaks" to legendNames(color),
                "name" to "",
                "guide" to if (hasLegend && legendNames(color).isNotEmpty()) discreteGuide(color) else "none",
            )
            is DotColor.Continuous -> spec(
                "aesthetic" to "color",
                "scale_mapper_kind" to "color_gradientn",
                "colors" to color.limits.gradient(color.map),
                "limits" to listOf(color.limits.low, color.limits.high),
                "na_value" to style.naColor,
                "breaks" to barBreaks(color),
                "labels" to tickLabels(barBreaks(color)),
                "name" to "",
                "guide" to if (color.bar) barGuide() else "none",
            )
        }

    private fun legendNames(discrete: DotColor.Discrete): List<String> =
        discrete.names + listOfNotNull(naName.takeIf { naDrawn && style.legend.naInLegend })

    private fun discreteGuide(discrete: DotColor.Discrete): Spec =
        spec(
            "name" to "legend",
            "ncol" to legendColumns(legendNames(discrete).size),
            "override_aes" to spec("size" to LEGEND_DOT, "alpha" to 1.0),
        )

    private fun barBreaks(scale: DotColor.Continuous): List<Double> =
        niceBreaks(scale.limits.low, scale.limits.high).ifEmpty { listOf(scale.limits.low) }

    private fun barGuide(): Spec =
        spec(
            "name" to "colorbar",
            "barwidth" to BAR_WIDTH,
            "barheight" to style.panelHeight * BAR_PART,
            "nbin" to BAR_BINS,
        )

    private fun legendWidth(): Int =
        when (color) {
            is DotColor.Plain -> 0
            is DotColor.Continuous -> if (color.bar) {
                BAR_ROOM + ceil(tickLabels(barBreaks(color)).maxOf { Look.textWidth(it, Look.LEGEND_SIZE) }).toInt()
            } else {
                0
            }
            is DotColor.Discrete -> {
                val names = legendNames(color)
                if (!hasLegend || names.isEmpty()) {
                    0
                } else {
                    val widest = names.maxOf { Look.textWidth(it, style.legend.fontSize ?: Look.LEGEND_SIZE) }
                    24 + legendColumns(names.size) * (KEY_ROOM + ceil(widest).toInt())
                }
            }
        }

    companion object {
        /** More dots than this are drawn as a picture. */
        const val RASTER_ABOVE = 20_000
        const val NA = "NA"

        private const val SOLID = 16
        private const val MARGIN = 0.05
        private const val SCALE = 2

        /** Dots of a picture are at least this wide, in pixels of the panel, so that each one shows. */
        private const val SMALLEST = 0.8
        private const val LEGEND_DOT = 4.0
        private const val BAR_WIDTH = 10.0
        private const val BAR_PART = 0.93
        private const val BAR_BINS = 128
        private const val BAR_ROOM = 43
        private const val KEY_ROOM = 34
        private const val OUTLINE_COPIES = 12
        private const val ROWS = 13

        /** scanpy's one, two or three columns; more when rows would not fit the panel. */
        fun legendColumns(n: Int): Int {
            val usual = if (n <= 14) {
                1
            } else if (n <= 30) {
                2
            } else {
                3
            }
            return max(usual, ceil(n / (ROWS + 1.0)).toInt())
        }

        /** Diameter in pixels of scanpy's marker of [size] square points. */
        fun diameter(size: Double): Double = 0.5 * sqrt(size) * Look.PIXELS_PER_POINT
    }
}
