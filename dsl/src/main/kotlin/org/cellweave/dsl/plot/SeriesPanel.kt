package org.cellweave.dsl.plot

/** Values of cells in an order, as a picture: a row per series, dark lines between stretches. */
internal class SeriesRows(
    private val rows: List<DoubleArray>,
    private val colors: (Int, Double) -> Int,
) {
    private val n = rows[0].size

    /** A picture of at most [width] columns; where several cells fall on a column it shows their mean. */
    fun draw(width: Int, rowHeight: Int): PointRaster {
        val columns = width.coerceAtLeast(1)
        val raster = PointRaster(columns, rowHeight * rows.size, 1.0)
        for ((r, row) in rows.withIndex()) {
            for (c in 0 until columns) {
                val from = (c.toLong() * n / columns).toInt()
                val to = maxOf(from + 1, ((c + 1L) * n / columns).toInt())
                raster.fill(c, r * rowHeight, c + 1, (r + 1) * rowHeight, colors(r, mean(row, from, to)))
            }
        }
        return raster
    }

    private fun mean(row: DoubleArray, from: Int, to: Int): Double {
        var sum = 0.0
        var count = 0
        for (i in from until to) {
            if (row[i].isFinite()) {
                sum += row[i]
                count++
            }
        }
        return if (count == 0) Double.NaN else sum / count
    }
}

/** Rows of cells along an order, with a colour bar. */
internal class SeriesPanel(
    private val names: List<String>,
    private val rows: List<DoubleArray>,
    private val marks: List<Double>,
    private val map: ColorMap,
    private val xLabel: String,
    private val look: Look,
) {
    fun build(): Panel {
        val n = rows[0].size
        val finite = rows.flatMap { row -> row.filter { it.isFinite() } }
        val limits = Limits.of(doubleArrayOf(finite.minOrNull() ?: 0.0, finite.maxOrNull() ?: 1.0))
        val height = (ROW * rows.size).coerceAtLeast(LEAST)
        val tall = maxOf(1, 2 * height / rows.size)
        val naRgb = Palettes.NA.drop(1).toInt(16)
        val picture = SeriesRows(rows) { _, v -> if (v.isNaN()) naRgb else map.rgb(limits.position(v)) }
            .draw(2 * WIDTH, tall)
            .layer(0.0 to n.toDouble(), 0.0 to rows.size.toDouble())
        val breaks = niceBreaks(limits.low, limits.high)
        val guide = layer(
            "point",
            mapOf(
                "x" to List(2) {
                    n / 2.0
                },
                "y" to List(2) { rows.size / 2.0 }, "c" to listOf(limits.low, limits.high),
            ),
            mapOf("x" to "x", "y" to "y", "color" to "c"),
            "size" to 0.0, "alpha" to 0.0, "show_legend" to true,
        )
        val ticks = niceBreaks(0.0, n.toDouble())
        val plot = spec(
            "kind" to "plot",
            "layers" to listOf(guide, picture) + changes(rows.size.toDouble()),
            "scales" to listOf(
                axis("x", 0.0, n.toDouble(), xLabel, ticks, tickLabels(ticks)),
                axis("y", 0.0, rows.size.toDouble(), "", rows.indices.map { rows.size - it - 0.5 }, names),
                spec(
                    "aesthetic" to "color", "scale_mapper_kind" to "color_gradientn", "colors" to limits.gradient(map),
                    "limits" to listOf(limits.low, limits.high), "breaks" to breaks, "labels" to tickLabels(breaks),
                    "name" to "",
                    "guide" to
                        spec("name" to "colorbar", "barwidth" to 10.0, "barheight" to height * 0.9, "nbin" to 128),
                ),
            ),
            "coord" to spec("name" to "cartesian"),
            "theme" to look.theme(),
        )
        val left = names.maxOf { Look.textWidth(it, look.tickSize) }.toInt() + 24
        val right = 50 + tickLabels(breaks).maxOf { Look.textWidth(it, look.legendSize) }.toInt()
        return Panel(plot, left + WIDTH + right, height + 56)
    }

    /** Dark dashes on a light line, so that they show on every colour. */
    private fun changes(high: Double): List<Spec> {
        val dark = dashes(marks, 0.0, high) ?: return emptyList()
        return listOf(dark + mapOf("color" to "#ffffff", "linetype" to "solid"), dark)
    }

    companion object {
        private const val WIDTH = 420
        private const val ROW = 26
        private const val LEAST = 120

        /** Dashed upright lines, or null when there are none. */
        fun dashes(at: List<Double>, low: Double, high: Double): Spec? {
            if (at.isEmpty()) {
                return null
            }
            return layer(
                "segment",
                mapOf("x" to at, "y" to at.map { low }, "xend" to at, "yend" to at.map { high }),
                mapOf("x" to "x", "y" to "y", "xend" to "xend", "yend" to "yend"),
                "color" to "#000000", "size" to Look.size(1.2), "linetype" to "dashed",
            )
        }
    }
}
