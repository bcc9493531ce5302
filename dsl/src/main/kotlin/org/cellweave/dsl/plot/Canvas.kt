package org.cellweave.dsl.plot

/** A rectangle in pixels from the upper left corner. */
internal class Box(val x: Double, val y: Double, val w: Double, val h: Double)

/** A drawing whose coordinates are pixels from the upper left corner, for figures that no axis describes. */
internal class Canvas(val width: Int, val height: Int, val look: Look) {
    private val layers = ArrayList<Spec>()

    /** Lines from (x0, y0) to (x1, y1), four numbers each. */
    fun lines(ends: List<DoubleArray>, color: String = "#000000", thickness: Double = 0.8) {
        if (ends.isEmpty()) return
        layers += layer(
            "segment",
            sides(ends),
            SIDES.associateWith { it },
            "color" to color, "size" to Look.size(thickness),
        )
    }

    /** Lines as [lines] takes them, each of its own thickness. */
    fun links(ends: List<DoubleArray>, thicknesses: List<Double>, color: String, dashed: Boolean, alpha: Double) {
        if (ends.isEmpty()) return
        layers += layer(
            "segment",
            sides(ends) + ("size" to thicknesses.map { tidy(Look.size(it)) }),
            (SIDES + "size").associateWith { it },
            "color" to color, "alpha" to alpha, "linetype" to if (dashed) "dashed" else null,
        )
    }

    fun frame(x: Double, y: Double, w: Double, h: Double) {
        val right = x + w
        val bottom = y + h
        lines(
            listOf(
                doubleArrayOf(x, y, right, y), doubleArrayOf(right, y, right, bottom),
                doubleArrayOf(right, bottom, x, bottom), doubleArrayOf(x, bottom, x, y),
            ),
            thickness = 1.0,
        )
    }

    /** A text; [hjust] 0 starts at the point, 0.5 is centred, 1 ends there, along the text's direction. */
    fun texts(
        at: List<Pair<Double, Double>>,
        labels: List<String>,
        size: Double,
        hjust: Double = 0.5,
        vjust: Double = 0.5,
        angle: Double = 0.0,
        color: String = "#000000",
        bold: Boolean = false,
    ) {
        if (at.isEmpty()) return
        layers += layer(
            "text",
            mapOf("x" to at.map { tidy(it.first) }, "y" to at.map { flip(it.second) }, "label" to labels),
            mapOf("x" to "x", "y" to "y", "label" to "label"),
            "size" to size / 2, "hjust" to hjust, "vjust" to vjust, "angle" to angle,
            "family" to Look.FONT, "color" to color, "fontface" to if (bold) "bold" else null,
        )
    }

    /** Filled circles of the given diameters; [tooltips] are columns shown when a reader points at one. */
    fun dots(
        at: List<Pair<Double, Double>>,
        diameters: List<Double>,
        fills: List<String>,
        edge: Double,
        tooltips: Map<String, List<Any?>> = emptyMap(),
        edgeColor: String = "#000000",
    ) {
        if (at.isEmpty()) return
        val data = linkedMapOf<String, List<Any?>>(
            "x" to at.map { tidy(it.first) }, "y" to at.map { flip(it.second) },
            "size" to diameters.map { tidy(Look.size(it)) }, "fill" to fills,
        )
        data.putAll(tooltips)
        val lines = tooltips.keys.map { "$it|@$it" }
        layers += layer(
            "point", data, mapOf("x" to "x", "y" to "y", "size" to "size", "fill" to "fill"),
            "shape" to FILLED_CIRCLE, "color" to edgeColor, "stroke" to edge,
            "tooltips" to if (lines.isEmpty()) "none" else spec("lines" to lines),
        )
    }

    /** Filled rectangles; [tooltips] are columns shown when a reader points at one. */
    fun boxes(
        boxes: List<Box>,
        fills: List<String>,
        edge: String? = null,
        tooltips: Map<String, List<Any?>> = emptyMap(),
        thickness: Double = THIN,
        alpha: Double = 1.0,
    ) {
        if (boxes.isEmpty()) return
        val data = linkedMapOf<String, List<Any?>>(
            "xmin" to boxes.map { tidy(it.x) }, "xmax" to boxes.map { tidy(it.x + it.w) },
            "ymin" to boxes.map { flip(it.y + it.h) }, "ymax" to boxes.map { flip(it.y) }, "fill" to fills,
        )
        data.putAll(tooltips)
        val lines = tooltips.keys.map { "$it|@$it" }
        layers += layer(
            "rect", data, listOf("xmin", "xmax", "ymin", "ymax", "fill").associateWith { it },
            "size" to if (edge ==
                null
            ) {
                0.0
            } else {
                Look.size(thickness)
            },
            "color" to (edge ?: "rgba(0,0,0,0)"), "alpha" to alpha,
            "tooltips" to if (lines.isEmpty()) "none" else spec("lines" to lines),
        )
    }

    /** A closed outline, filled. */
    fun shape(x: List<Double>, y: List<Double>, fill: String, thickness: Double = 0.5, alpha: Double = 1.0) {
        layers += layer(
            "polygon", mapOf("x" to x.map(::tidy), "y" to y.map(::flip)), mapOf("x" to "x", "y" to "y"),
            "fill" to fill, "color" to "#333333", "size" to Look.size(thickness), "alpha" to alpha,
        )
    }

    /** A picture that fills a rectangle. */
    fun picture(box: Box, href: String) {
        layers += spec(
            "geom" to "image", "href" to href, "show_legend" to false,
            "xmin" to tidy(box.x), "xmax" to tidy(box.x + box.w),
            "ymin" to flip(box.y + box.h), "ymax" to flip(box.y),
        )
    }

    /** A bar from left to right in the given colours. */
    fun colorBar(x: Double, y: Double, w: Double, h: Double, colors: List<String>) {
        val step = w / colors.size
        // Each part reaches under its right neighbour, so that no seam shows.
        boxes(colors.indices.map { Box(x + it * step, y, minOf(2 * step, w - it * step), h) }, colors)
        frame(x, y, w, h)
    }

    fun build(): Panel {
        val identity = listOf("size", "fill").map {
            spec("aesthetic" to it, "scale_mapper_kind" to "identity", "guide" to "none")
        }
        val plot = spec(
            "kind" to "plot",
            "layers" to layers,
            "scales" to listOf(
                axis("x", 0.0, width.toDouble()),
                axis("y", 0.0, height.toDouble()),
            ) + identity,
            "coord" to spec("name" to "fixed", "ratio" to 1.0),
            "theme" to look.theme(frame = false, ticks = false, axisTitles = false, legend = "none"),
        )
        return Panel(plot, width + 2 * EDGE, height + 2 * EDGE, isDrawing = true, remade = { w, h ->
            val factor = minOf((w - 2 * EDGE).toDouble() / width, (h - 2 * EDGE).toDouble() / height)
            Panel(plot + ("layers" to layers.map { zoomed(it, factor) }), w, h, isDrawing = true)
        })
    }

    /** A layer whose letters, dots and lines are as many times larger. */
    private fun zoomed(layer: Spec, factor: Double): Spec =
        layer.mapValues { (key, value) ->
            when {
                key in LENGTHS && value is Number -> value.toDouble() * factor
                key == "data" && value is Map<*, *> && "size" in value ->
                    value + ("size" to (value["size"] as List<*>).map { (it as Number).toDouble() * factor })
                else -> value
            }
        }

    private fun sides(ends: List<DoubleArray>): Map<String, List<Any?>> =
        SIDES.withIndex().associate { (k, name) -> name to ends.map { if (k % 2 == 0) tidy(it[k]) else flip(it[k]) } }

    private fun flip(y: Double) = tidy(height - y)

    companion object {
        private val SIDES = listOf("x", "y", "xend", "yend")
        private val LENGTHS = listOf("size", "stroke")
        private const val FILLED_CIRCLE = 21

        /** Width of the lines between cells. */
        const val THIN = 0.3

        /** What Lets-Plot keeps free around a plot. */
        const val EDGE = 6
    }
}
