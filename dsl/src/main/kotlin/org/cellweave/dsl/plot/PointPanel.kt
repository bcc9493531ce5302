package org.cellweave.dsl.plot

import kotlin.math.ceil
import kotlin.math.max
import kotlin.math.roundToInt
import kotlin.math.sqrt

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
    private val arrows: Arrows? = null,
    /** Marks of the upright axis in place of round numbers. */
    private val yTicks: Map<Double, String>? = null,
    /** Where dashed upright lines are. */
    private val marks: List<Double> = emptyList(),
    /** Of three dimensions: the box around the dots, in place of axes; near dots lie before far ones. */
    private val cube: Cube? = null,
    private val trim: Trim = Trim(),
) {
    private val look = style.look
    private val limits = cube?.let { it.limits to it.limits } ?: limitsOf(x, y, style)
    private val xLimits = limits.first
    private val yLimits = limits.second
    private val framed = style.frame && cube == null && trim.axes == null
    private val order = drawingOrder()
    private val naName: String
    private val naDrawn: Boolean
    private val legend: PointLegend
    private val xTitle = Look.wrapped(xLabel, style.panelWidth + 2.0 * OVERHANG, look.labelSize)
    private val yTitle = Look.wrapped(yLabel, style.panelHeight + 2.0 * OVERHANG, look.labelSize)
    private val lines = LineLayer(xLimits, yLimits, style.panelWidth, style.panelHeight)

    init {
        val discrete = color as? DotColor.Discrete
        naName = if (discrete != null && NA in discrete.names) "NA (missing)" else NA
        naDrawn = discrete != null && order.any { discrete.codes[it] < 0 }
        legend = PointLegend(color, style, naName, naDrawn, trim.replacesLegend, ::emptiestCorner)
    }

    private val axes = PointAxes(xLimits, yLimits, style, yTicks)
    private val area = DotArea(xLimits, yLimits, style.panelWidth, style.panelHeight)
    private val bar = if (hasBar && !trim.replacesLegend) PanelBar(color as DotColor.Continuous, look) else null
    private val room = Room(
        trim.axes?.left(area) ?: 0, trim.axes?.bottom(area) ?: if (trim.bar == null) 0 else LINE_ROOM,
        bar?.right(area.height) ?: (color as? DotColor.Continuous)?.let { trim.bar?.right(area, it.limits) } ?: 0,
    )

    /** Pixels that the last mark needs besides the usual margin; where something stands beside the dots it has room. */
    private val overflow: Int =
        if (style.ticks && framed && room.isNone && legend.width() == 0) {
            max(0, ceil(axes.beyond - look.axisRoom(false) / 2).toInt())
        } else {
            0
        }

    /** Whether colours stand for groups, for numbers, or neither. */
    val hasGroups: Boolean get() = color is DotColor.Discrete
    val hasBar: Boolean get() = color is DotColor.Continuous && color.bar
    val isFlat: Boolean get() = cube == null

    /** The same panel with more or less around its dots. */
    fun trimmed(change: (Trim) -> Trim): Panel =
        PointPanel(
            x, y, color, style, title, xLabel, yLabel, edges, arrows, yTicks, marks, cube, change(trim),
        ).build()

    fun build(): Panel {
        val layers = ArrayList<Any>()
        if (cube != null && style.frame) layers.addAll(box(cube))
        if (look.scanpy && style.ticks && framed && !room.isNone) layers += axes.grid(area)
        edges?.let { layers += edgeLayer(it) }
        if (order.size > RASTER_ABOVE) {
            layers.addAll(rasterLayers())
        } else {
            if (isOneValue()) layers += guide(legendKeys().orEmpty())
            layers.addAll(vectorLayers())
        }
        arrows?.let { layers += lines.build(lines.ofArrows(x, y, it), it.width, it.color) }
        SeriesPanel.dashes(marks, yLimits.first, yLimits.second)?.let { layers += it }
        val discrete = color as? DotColor.Discrete
        if (discrete != null && style.legend.location == "on data" && trim.names == null) {
            layers.addAll(NamesOnData(GroupedDots(x, y, order, discrete), area, style).layers())
        }
        layers.addAll(trimming())
        val spanX = xLimits.second - xLimits.first
        val spanY = yLimits.second - yLimits.first
        val plot = spec(
            "kind" to "plot",
            "layers" to layers,
            "scales" to listOfNotNull(
                legend.scale(),
                axes.x(shownX, if (framed) xTitle else null),
                axes.y(shownY, if (framed) yTitle else null),
                spec("aesthetic" to "size", "scale_mapper_kind" to "identity", "guide" to "none"),
                PanelBar.SCALE.takeIf { bar != null },
                spec("aesthetic" to LineLayer.PAINT, "scale_mapper_kind" to "identity", "guide" to "none")
                    .takeIf { (edges?.colors?.size ?: 0) > 1 },
            ),
            "coord" to if (cube == null && !style.equal) {
                // Fills what titles and legend leave, so that panels below one another begin at the same place.
                spec("name" to "cartesian")
            } else {
                spec("name" to "fixed", "ratio" to spanX / spanY * style.panelHeight / style.panelWidth)
            },
            "ggtitle" to title.takeIf { it.isNotEmpty() }?.let { spec("text" to it) },
            "theme" to look.theme(
                frame = framed && room.isNone,
                ticks = style.ticks && framed,
                axisTitles = framed,
                legend = if (legend.isDrawn) null else "none",
                more = (if (style.ticks && framed) axes.theme(room.isNone) else emptyMap()) +
                    axes.titles(room, title, xTitle.takeIf { framed }) + legend.theme() + margin(),
            ),
        )
        return Panel(
            plot, panelWidth() + room.left + room.right, panelHeight() + room.bottom, this, remade = ::sized,
        )
    }

    /** The same dots, as large as before, in a panel that is [width] by [height] pixels with its texts. */
    private fun sized(width: Int, height: Int): Panel {
        var own = this
        // Texts may break into other lines, and marks of axes change, as the room does.
        repeat(if (cube == null) ROUNDS else 0) {
            val whole = own.build()
            val style = own.style.copy(
                panelWidth = max(LEAST, own.style.panelWidth + width - whole.width),
                panelHeight = max(LEAST, own.style.panelHeight + height - whole.height),
            )
            own = PointPanel(
                x, y, color, style, title, xLabel, yLabel, edges, arrows, yTicks, marks, cube, trim,
            )
        }
        return Panel(own.build().spec, width, height, own)
    }

    private val shownX get() = xLimits.first - room.left * area.unitX to xLimits.second + room.right * area.unitX
    private val shownY get() = yLimits.first - room.bottom * area.unitY to yLimits.second

    private fun trimming(): List<Spec> {
        val out = ArrayList<Spec>()
        if (framed && !room.isNone) {
            out += area.frame(Box(HALF, HALF, area.width - 2 * HALF, area.height - 2 * HALF), 1.0)
        }
        trim.over?.let { out += it(area) }
        trim.axes?.let { out += it.layers(area) }
        if (color is DotColor.Discrete) trim.names?.let { out += it.layers(area, GroupedDots(x, y, order, color)) }
        if (color is DotColor.Continuous) trim.bar?.let { out += it.layers(area, color) }
        bar?.let { out += it.layers(area) }
        return out
    }

    private fun margin(): Map<String, Any> =
        if (overflow == 0) emptyMap() else mapOf("plot_margin" to spec("r" to overflow.toDouble()))

    /** Pixels of the lines of an axis title after the first. */
    private fun moreLines(title: String) = (title.count { it == '\n' } * 1.2 * look.labelSize).roundToInt()

    private fun panelHeight(): Int =
        style.panelHeight + (
            look.top(title.isNotEmpty()) + look.axisRoom(framed) + moreLines(xTitle) +
                if (style.ticks && framed) look.tickSize + MARKS else 0.0
        ).roundToInt()

    private fun panelWidth(): Int {
        val labels = axes.yLabels.maxOf { Look.textWidth(it, look.tickSize) }
        val left = (
            look.axisRoom(framed) + moreLines(yTitle) +
                if (style.ticks && framed) MARKS + labels / Look.GENEROUS else 0.0
        ).roundToInt()
        val titleOver = Look.textWidth(title, look.titleSize).toInt() - style.panelWidth
        val beside = if (legend.width() > 0) legend.width() else look.axisRoom(false).roundToInt() + overflow
        return left + style.panelWidth + max(beside, titleOver)
    }

    // ------------------------------------------------------------------------------ data

    /** Cells with coordinates; missing values first, then, for numbers, the largest last. */
    private fun drawingOrder(): IntArray {
        val drawn = x.indices.filter { x[it].isFinite() && y[it].isFinite() }
        val sorted = when {
            cube != null -> drawn.sortedBy { cube.nearness[it] }
            !style.sortOrder -> drawn
            color is DotColor.Discrete -> drawn.sortedBy { if (color.codes[it] < 0) 0 else 1 }
            color is DotColor.Continuous -> {
                val key = color.values
                drawn.sortedBy { if (key[it].isNaN()) Double.NEGATIVE_INFINITY else key[it] }
            }
            color is DotColor.Painted -> drawn.sortedBy { color.height[it] }
            else -> drawn
        }
        return sorted.toIntArray()
    }

    private fun rgb(i: Int): Int =
        when (color) {
            is DotColor.Plain -> color.hex.drop(1).toInt(16)
            is DotColor.Painted -> color.rgb[i]
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
        val mapping = mutableMapOf("x" to "x", "y" to "y")
        val shape = "shape" to style.marker.shape
        val out = ArrayList<Spec>()

        fun sized(part: Double, own: MutableMap<String, List<Any?>>, aesthetics: MutableMap<String, String>): Double? {
            if (style.diameters == null) {
                return Look.size(style.diameter) * part
            }
            own["size"] = order.map { tidy(Look.size(style.diameterOf(it)) * part) }
            aesthetics["size"] = "size"
            return null
        }
        style.outline?.let { ring ->
            for ((part, hex) in listOf(ring.outerPart to ring.color.first, ring.innerPart to ring.color.second)) {
                val own = LinkedHashMap(data)
                val aesthetics = LinkedHashMap(mapping)
                val size = sized(part, own, aesthetics)
                out += layer("point", own, aesthetics, shape, "size" to size, "color" to hex)
            }
        }
        val own = LinkedHashMap(data)
        colorValues()?.let {
            own["color"] = it
            mapping["color"] = "color"
        }
        val size = sized(1.0, own, mapping)
        out += layer(
            "point", own, mapping,
            shape, "size" to size, "color" to (color as? DotColor.Plain)?.hex,
            "alpha" to style.alpha.takeIf { it < 1 }, "show_legend" to true,
        )
        return out
    }

    private fun pick(values: DoubleArray) = DoubleArray(order.size) { values[order[it]] }

    private fun colorValues(): List<Any?>? =
        when (color) {
            is DotColor.Plain -> null
            is DotColor.Painted -> order.map { i -> "#%06x".format(color.rgb[i]) }
            is DotColor.Discrete -> order.map { i -> if (color.codes[i] < 0) naName else color.names[color.codes[i]] }
            is DotColor.Continuous -> order.map { i ->
                color.values[i].takeUnless { it.isNaN() }?.let {
                    val limits = color.limits
                    if (limits.bent) tidy(limits.position(it)) else tidy(it).coerceIn(limits.low, limits.high)
                }
            }
        }

    private fun rasterLayers(): List<Spec> {
        val picture = draw().layer(xLimits, yLimits)
        return legendKeys()?.let { listOf(guide(it), picture) } ?: listOf(picture)
    }

    private fun barEnds(limits: Limits) = if (limits.bent) listOf(0.0, 1.0) else listOf(limits.low, limits.high)

    /** Invisible dots whose colours a legend or a bar explains. */
    private fun guide(keys: List<Any?>): Spec {
        val middle = List(keys.size) { (xLimits.first + xLimits.second) / 2 }
        val height = List(keys.size) { (yLimits.first + yLimits.second) / 2 }
        return layer(
            "point", mapOf("x" to middle, "y" to height, "color" to keys),
            mapOf("x" to "x", "y" to "y", "color" to "color"),
            "shape" to style.marker.shape, "size" to 0.0, "alpha" to 0.0, "show_legend" to true,
        )
    }

    /** Lets-Plot widens the range of a single value beyond the ends of its scale, and then refuses it. */
    private fun isOneValue(): Boolean {
        if (color !is DotColor.Continuous) return false
        val shown = colorValues().orEmpty().filterIsInstance<Double>()
        val (low, high) = barEnds(color.limits)
        return shown.isEmpty() || shown.max() - shown.min() < NEARLY_ONE * (high - low)
    }

    private fun legendKeys(): List<Any?>? =
        when (color) {
            is DotColor.Plain, is DotColor.Painted -> null
            is DotColor.Discrete -> color.names + listOfNotNull(naName.takeIf { naDrawn })
            is DotColor.Continuous -> barEnds(color.limits)
        }

    /** All dots as a picture of twice the panel's pixels. */
    fun draw(): PointRaster {
        val width = SCALE * style.panelWidth
        val height = SCALE * style.panelHeight
        val target = PointRaster(width, height, SCALE * style.diameter.coerceAtLeast(SMALLEST), style.marker)
        val brushes = HashMap<Int, PointRaster>()
        val toX = width / (xLimits.second - xLimits.first)
        val toY = height / (yLimits.second - yLimits.first)

        fun brush(diameter: Double): PointRaster {
            val steps = (diameter.coerceAtLeast(SMALLEST) * SCALE * STEPS_PER_PIXEL).roundToInt()
            return brushes.getOrPut(steps) { target.brush(steps.toDouble() / STEPS_PER_PIXEL) }
        }

        fun dots(part: Double, alpha: Double, rgb: (Int) -> Int) {
            val one = target.brush(SCALE * part * style.diameter.coerceAtLeast(SMALLEST))
            for (i in order) {
                if (style.diameterOf(i) == 0.0) continue
                val brush = if (style.diameters == null) one else brush(part * style.diameterOf(i))
                brush.dot((x[i] - xLimits.first) * toX, (yLimits.second - y[i]) * toY, rgb(i), alpha)
            }
        }
        style.outline?.let { ring ->
            val (outer, inner) = ring.color.toList().map { it.drop(1).toInt(16) }
            dots(ring.outerPart, 1.0) { outer }
            dots(ring.innerPart, 1.0) { inner }
        }
        dots(1.0, style.alpha, ::rgb)
        return target
    }

    private fun edgeLayer(graph: Edges): Spec {
        val drawn = graph.from.indices.filter { e ->
            listOf(graph.from[e], graph.to[e]).all { x[it].isFinite() && y[it].isFinite() }
        }
        val ends = drawn.map {
            val (a, b) = graph.from[it] to graph.to[it]
            doubleArrayOf(x[a], y[a], x[b], y[b])
        }
        val colors = graph.colors.singleOrNull()?.let { listOf(it) } ?: drawn.map { graph.colors[it] }
        if (graph.oriented) {
            val parts = ends.mapIndexed { i, e -> lines.headed(e, style.diameterOf(graph.to[drawn[i]]) / 2 + 1) }
            val each = if (colors.size == 1) colors else colors.flatMapIndexed { i, c -> List(parts[i].size) { c } }
            return lines.build(parts.flatten(), graph.width * Look.PIXELS_PER_POINT, each)
        }
        return lines.build(ends, graph.width * Look.PIXELS_PER_POINT, colors)
    }

    /** The corner with the fewest dots; of equals the first in matplotlib's order. */
    private fun emptiestCorner(): Pair<Double, Double> {
        val corners = listOf(1.0 to 1.0, 0.0 to 1.0, 0.0 to 0.0, 1.0 to 0.0)
        return corners.minBy { (cx, cy) ->
            order.count { i ->
                val px = (x[i] - xLimits.first) / (xLimits.second - xLimits.first)
                val py = (y[i] - yLimits.first) / (yLimits.second - yLimits.first)
                Math.abs(px - cx) < CORNER && Math.abs(py - cy) < CORNER
            }
        }
    }

    private fun box(cube: Cube): List<Spec> {
        val names = cube.labels
        return listOf(
            lines.build(cube.frame(), BOX_LINE, BOX_COLOR),
            layer(
                "text",
                mapOf(
                    "x" to names.map { it.x }, "y" to names.map { it.y }, "label" to names.map { it.text },
                    "hjust" to names.map { it.side },
                ),
                mapOf("x" to "x", "y" to "y", "label" to "label", "hjust" to "hjust"),
                "size" to look.labelSize / 2, "family" to Look.FONT, "color" to "#000000",
            ),
        )
    }

    companion object {
        /** More dots than this are drawn as a picture. */
        const val RASTER_ABOVE = 20_000
        const val NA = "NA"

        private const val MARGIN = 0.05
        private const val LEAST = 24
        private const val ROUNDS = 2
        private const val NEARLY_ONE = 1e-9
        private const val SCALE = 2
        private const val BOX_LINE = 0.8
        private const val BOX_COLOR = "#b0b0b0"

        /** Dots of a picture are at least this wide, in pixels of the panel, so that each one shows. */
        private const val SMALLEST = 0.8
        private const val CORNER = 0.35

        /** Pixels that an axis title may reach beyond its panel on each side. */
        private const val OVERHANG = 16
        private const val MARKS = 8.0

        /** Pixels that a line on the edge needs outside. */
        private const val LINE_ROOM = 2

        /** Half of the width of a frame. */
        private const val HALF = 0.5
        private const val STEPS_PER_PIXEL = 2

        /** Ends of both axes around all dots. */
        private fun limitsOf(
            x: DoubleArray,
            y: DoubleArray,
            style: DotStyle,
        ): AxisLimits {
            if (style.limits != null) return style.limits
            val across = padded(x, x, y)
            val upright = padded(y, x, y)
            if (!style.equal) return across to upright
            val unit = max(
                (across.second - across.first) / style.panelWidth, (upright.second - upright.first) / style.panelHeight,
            )

            fun around(ends: Pair<Double, Double>, side: Int) =
                ((ends.first + ends.second - unit * side) / 2) to ((ends.first + ends.second + unit * side) / 2)
            return around(across, style.panelWidth) to around(upright, style.panelHeight)
        }

        /** Ends of an axis of [values] around the points that have both coordinates. */
        fun padded(values: DoubleArray, x: DoubleArray, y: DoubleArray): Pair<Double, Double> {
            val finite = values.indices.filter { x[it].isFinite() && y[it].isFinite() }
            if (finite.isEmpty()) {
                return -1.0 to 1.0
            }
            val low = finite.minOf { values[it] }
            val high = finite.maxOf { values[it] }
            return Ends.padded(low, high, MARGIN, 1.0)
        }

        /** Diameter in pixels of scanpy's marker of [size] square points. */
        fun diameter(size: Double): Double = 0.5 * sqrt(size) * Look.PIXELS_PER_POINT
    }
}
