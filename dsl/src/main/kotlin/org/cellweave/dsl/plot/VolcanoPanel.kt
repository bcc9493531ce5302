package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.max
import kotlin.math.sqrt

/** Where a point of a volcano belongs, in drawing order. */
internal enum class VolcanoClass(val color: String, val size: Double) {
    BACKGROUND("#aaaaaa", 3.0),
    LEFT("#a7bacc", 3.0),
    RIGHT("#cfa7a7", 3.0),
    CENTRE_SIGNIFICANT("#afb598", 3.0),
    LEFT_SIGNIFICANT("#4a90e2", 7.0),
    RIGHT_SIGNIFICANT("#d64545", 7.0),
}

/** Points of a volcano: effects across, evidence upright. */
internal class VolcanoPoints(
    val effects: DoubleArray,
    val evidence: DoubleArray,
    val names: List<String>?,
    val classes: List<VolcanoClass>,
    /** Points that are larger and named. */
    val named: List<Int>,
)

/** Effects and evidence of many genes, with dashed lines at the thresholds and names at the strongest. */
internal class VolcanoPanel(
    private val points: VolcanoPoints,
    private val effectLine: Double,
    private val evidenceLine: Double?,
    private val title: String,
    private val xLabel: String,
    private val yLabel: String,
    private val look: Look,
    private val width: Int = SIDE,
    private val height: Int = SIDE,
) {
    private val shown =
        points.effects.indices.filter { points.effects[it].isFinite() && points.evidence[it].isFinite() }
    private val x: Pair<Double, Double>
    private val y: Pair<Double, Double>

    init {
        val across = max(shown.maxOfOrNull { abs(points.effects[it]) } ?: 1.0, effectLine) * (1 + MARGIN)
        x = -across to across
        val high = max(shown.maxOfOrNull { points.evidence[it] } ?: 1.0, evidenceLine ?: 0.0)
        val top = if (high > 0) high else 1.0
        y = -top * MARGIN to top * (1 + 2 * MARGIN)
    }

    private val area = DotArea(x, y, width, height)

    fun build(): Panel =
        AxesPanel(
            PanelAxis(x.first, x.second, xLabel), PanelAxis(y.first, y.second, yLabel),
            thresholds() + dots() + names(), title, look, width, height, grid = false,
        ).build()

    private fun thresholds(): List<Spec> {
        val upright = listOf(-effectLine, effectLine).map { doubleArrayOf(it, y.first, it, y.second) }
        val across = listOfNotNull(evidenceLine?.let { doubleArrayOf(x.first, it, x.second, it) })
        val ends = upright + across
        return listOf(
            layer(
                "segment",
                listOf("x", "y", "xend", "yend").withIndex().associate { (k, side) -> side to ends.map { it[k] } },
                listOf("x", "y", "xend", "yend").associateWith { it },
                "color" to "#808080", "size" to Look.size(LINE), "linetype" to "dashed",
            ),
        )
    }

    private fun dots(): List<Spec> {
        val big = points.named.toSet()
        val small = shown.filter { it !in big }
        if (small.size > PointPanel.RASTER_ABOVE) return listOf(picture(small)) + ringed()
        return VolcanoClass.entries.mapNotNull { kind ->
            val own = small.filter { points.classes[it] == kind }
            if (own.isEmpty()) null else circles(own, kind.color, diameter(kind.size), null)
        } + ringed()
    }

    private fun ringed(): List<Spec> =
        points.named.groupBy { points.classes[it] }.toSortedMap().map { (kind, own) ->
            circles(own, kind.color, diameter(NAMED), "#000000")
        }

    private fun circles(own: List<Int>, color: String, diameter: Double, edge: String?): Spec {
        val data = linkedMapOf<String, List<Any?>>(
            "x" to own.map { tidy(points.effects[it]) }, "y" to own.map { tidy(points.evidence[it]) },
        )
        points.names?.let { names -> data["name"] = own.map { names[it] } }
        return layer(
            "point", data, mapOf("x" to "x", "y" to "y"), "shape" to 21, "fill" to color, "color" to (edge ?: color),
            "stroke" to if (edge == null) 0.0 else Look.size(EDGE), "size" to Look.size(diameter),
            "tooltips" to if (points.names == null) "none" else spec("lines" to listOf("@name")),
        )
    }

    private fun picture(own: List<Int>): Spec {
        val target = PointRaster(SCALE * width, SCALE * height, 1.0)
        for (kind in VolcanoClass.entries) {
            val brush = target.brush(SCALE * diameter(kind.size))
            for (i in own.filter { points.classes[it] == kind }) {
                brush.dot(
                    SCALE * area.pixelX(points.effects[i]), SCALE * (height - area.pixelY(points.evidence[i])),
                    kind.color.drop(1).toInt(16),
                )
            }
        }
        return target.layer(x, y)
    }

    private fun names(): List<Spec> {
        val all = points.names ?: return emptyList()
        if (points.named.isEmpty()) return emptyList()

        fun pixels(i: Int) = area.pixelX(points.effects[i]) to area.pixelY(points.evidence[i])
        val at = points.named.map(::pixels)
        val texts = points.named.map { all[it] }
        val widths = texts.map { Look.textWidth(it, FONT) + 4 }
        val places = NamePlacer(width, height, shown.map(::pixels)).place(at, widths, TALL, REACH)
        val ties = area.lines(
            at.indices.map { i ->
                val (x, y) = places[i]
                doubleArrayOf(
                    at[i].first, at[i].second, at[i].first.coerceIn(x - widths[i] / 2, x + widths[i] / 2),
                    at[i].second.coerceIn(y - TALL / 2, y + TALL / 2),
                )
            },
            "#808080", LINE,
        )
        return listOf(ties, area.text(places, texts, FONT, 0.5, 0.5) + ("fontface" to "italic"))
    }

    private companion object {
        const val SIDE = 300
        const val MARGIN = 0.05
        const val LINE = 0.6
        const val NAMED = 17.0
        const val EDGE = 0.8
        const val FONT = 10.0
        const val TALL = 1.3 * FONT
        const val REACH = 50.0
        const val SCALE = 2

        /** Pixels of a marker of so many square points. */
        fun diameter(area: Double): Double = sqrt(area) * Look.PIXELS_PER_POINT
    }
}
