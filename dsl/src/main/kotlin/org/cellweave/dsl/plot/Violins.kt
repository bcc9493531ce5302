package org.cellweave.dsl.plot

import java.util.SplittableRandom
import kotlin.math.abs
import kotlin.math.exp
import kotlin.math.log10
import kotlin.math.max
import kotlin.math.pow
import kotlin.math.sin
import kotlin.math.sqrt

/** One violin: where it stands on the axis, what it is called, its values and its colour. */
internal class Violin(
    val label: String,
    val values: DoubleArray,
    val color: String,
    /** Where it stands when several share a place; its position in the list by default. */
    val place: Int? = null,
    /** -1 draws the left half alone, 1 the right half. */
    val side: Int = 0,
    /** Distance from its place, and half its greatest width. */
    val offset: Double = 0.0,
    val reach: Double = 0.4,
)

internal class ViolinStyle(
    val log: Boolean,
    val stripplot: Boolean,
    /** Half the width of the strip of dots. */
    val jitter: Double,
    /** Diameter of the dots in points. */
    val dotSize: Double,
    val densityNorm: String,
    val rotation: Double?,
    val look: Look,
    /** Pixels of the narrowest panel. */
    val least: Int = LEAST,
    /** Bandwidths by which violins reach beyond their values. */
    val cut: Double = 0.0,
    /** What is drawn inside: `box`, `quart`, `stick` or nothing. */
    val inner: String? = null,
) {
    private companion object {
        const val LEAST = 110
    }
}

/**
 * A Gaussian kernel density with Scott's bandwidth on a grid from the least to the largest value, or [cut] bandwidths
 * beyond them.
 */
internal class Density(values: DoubleArray, cut: Double = 0.0) {
    val at: DoubleArray
    val height: DoubleArray

    init {
        val low = values.min()
        val high = values.max()
        if (values.size < 2 || high == low) {
            at = doubleArrayOf(low)
            height = doubleArrayOf(1.0)
        } else {
            val bandwidth = deviation(values) * values.size.toDouble().pow(-0.2)
            val (from, to) = low - cut * bandwidth to high + cut * bandwidth
            at = DoubleArray(GRID) { from + (to - from) * it / (GRID - 1) }
            height = heights(binned(values, low, high), low, high, bandwidth)
        }
    }

    private fun deviation(values: DoubleArray): Double {
        val mean = values.sum() / values.size
        return sqrt(values.sumOf { (it - mean) * (it - mean) } / (values.size - 1))
    }

    /** Weights on a fine grid, each value shared between its two neighbours. */
    private fun binned(values: DoubleArray, low: Double, high: Double): DoubleArray {
        val out = DoubleArray(FINE + 1)
        for (v in values) {
            val position = (v - low) / (high - low) * (FINE - 1)
            val cell = position.toInt()
            out[cell] += 1 - (position - cell)
            out[cell + 1] += position - cell
        }
        return out
    }

    private fun heights(bins: DoubleArray, low: Double, high: Double, bandwidth: Double): DoubleArray {
        val step = (high - low) / (FINE - 1)
        val total = bins.sum() * bandwidth * sqrt(2 * Math.PI)
        return DoubleArray(GRID) { g ->
            var sum = 0.0
            for (b in bins.indices) {
                if (bins[b] > 0) {
                    val z = (at[g] - low - b * step) / bandwidth
                    sum += bins[b] * exp(-0.5 * z * z)
                }
            }
            sum / total
        }
    }

    private companion object {
        const val GRID = 100
        const val FINE = 1024
    }
}

/** Violins side by side with their cells as dots. */
internal class ViolinPanel(
    private val violins: List<Violin>,
    private val style: ViolinStyle,
    private val title: String,
    private val xLabel: String,
    private val yLabel: String,
) {
    private val look = style.look
    private val shown = violins.map { v -> prepared(v.values) }
    private val densities = shown.map { if (it.isEmpty()) null else Density(it, style.cut) }
    private val low: Double
    private val high: Double
    private val places = violins.mapIndexed { i, v -> v.place ?: i }
    private val names = (0..(places.maxOrNull() ?: -1)).map { p -> violins[places.indexOf(p)].label }
    private val panelWidth = max(max(style.least, names.size * perGroup()).coerceAtMost(WIDEST), titleWidth())
    private val panelHeight = 260

    /** Names that lie level need more than a violin does. */
    private fun perGroup(): Int =
        if (style.rotation != null) {
            PER_GROUP
        } else {
            (names.maxOf { Look.textWidth(it, look.tickSize) }.toInt() + 10).coerceIn(PER_GROUP, MOST_PER_GROUP)
        }

    private fun titleWidth() = Look.textWidth(title, look.titleSize).toInt()

    init {
        val all = densities.filterNotNull().map { it.at }
        // Without a value there is a frame without a violin, so that the other panels are drawn.
        val ends = Ends.padded(all.minOfOrNull { it.min() } ?: 0.5, all.maxOfOrNull { it.max() } ?: 0.5, 0.05, 0.5)
        low = ends.first
        high = ends.second
    }

    private fun prepared(values: DoubleArray): DoubleArray {
        val finite = values.filter { it.isFinite() && (!style.log || it > 0) }
        return DoubleArray(finite.size) { if (style.log) log10(finite[it]) else finite[it] }
    }

    fun build(): Panel {
        val layers = ArrayList<Any>()
        layers.addAll(shapes())
        if (style.stripplot) layers.add(strip())
        val ticks = if (style.log) logBreaks(low, high) else niceBreaks(low, high)
        val labels = if (style.log) ticks.map { tickLabel(tidy(10.0.pow(it))) } else tickLabels(ticks)
        val at = names.indices.map { it.toDouble() }
        val labelWidth = labels.maxOf { Look.textWidth(it, look.tickSize) }
        val longest = names.maxOf { Look.textWidth(it, look.tickSize) }
        // An axis shortens long names, so that they are drawn, upright, below a frame of our own.
        val own = names.any { it.length > LONGEST_TICK }
        val rotation = if (own) 90.0 else style.rotation
        val below = if (rotation == null) 0.0 else longest * abs(sin(Math.toRadians(rotation)))
        val room = if (own) (below + OWN_TICK + 6) / panelHeight * (high - low) else 0.0
        if (own) layers.addAll(ownLabels())
        val plot = spec(
            "kind" to "plot",
            "layers" to layers,
            "scales" to listOf(
                axis("x", -0.5, names.size - 0.5, xLabel, at, names),
                axis("y", low - room, high, yLabel, ticks, labels),
                spec("aesthetic" to "fill", "scale_mapper_kind" to "identity", "guide" to "none"),
            ),
            "ggtitle" to title.takeIf { it.isNotEmpty() }?.let { spec("text" to it) },
            "theme" to if (own) {
                val without = mapOf("axis_text_x" to "blank", "axis_ticks_x" to "blank", "panel_grid_x" to "blank")
                look.theme(frame = false, legend = "none", more = look.grid + without)
            } else {
                val level = if (look.scanpy) mapOf("panel_grid_x" to "blank") else emptyMap()
                look.theme(xAngle = rotation, legend = "none", more = look.grid + level)
            },
        )
        val height = panelHeight + (if (title.isEmpty()) 12 else 40) + 24 + (if (xLabel.isEmpty()) 0 else 20) + below
        return Panel(plot, panelWidth + labelWidth.toInt() + 44, height.toInt())
    }

    /** A frame around the values, and the names below it. */
    private fun ownLabels(): List<Spec> {
        val pixel = (high - low) / panelHeight
        val right = names.size - 0.5
        val ticks = names.indices.map { doubleArrayOf(it.toDouble(), low, it.toDouble(), low - OWN_TICK * pixel) }
        val frame = listOf(
            doubleArrayOf(-0.5, low, right, low), doubleArrayOf(-0.5, high, right, high),
            doubleArrayOf(-0.5, low, -0.5, high), doubleArrayOf(right, low, right, high),
        )
        val ends = frame + ticks
        val sides = listOf("x", "y", "xend", "yend")
        return listOf(
            layer(
                "segment", sides.withIndex().associate { (k, side) -> side to ends.map { it[k] } },
                sides.associateWith { it }, "color" to "#000000", "size" to Look.size(1.2),
            ),
            layer(
                "text",
                mapOf(
                    "x" to names.indices.map { it.toDouble() },
                    "y" to names.map { low - (OWN_TICK + 4) * pixel }, "label" to names,
                ),
                mapOf("x" to "x", "y" to "y", "label" to "label"),
                "size" to look.tickSize / 2, "family" to Look.FONT, "color" to "#000000", "angle" to 90.0,
                "hjust" to 1.0, "vjust" to 0.5,
            ),
        )
    }

    private fun shapes(): List<Spec> {
        val peak = densities.maxOf { it?.height?.max() ?: 0.0 }
        val most = shown.maxOf { it.size }.toDouble()
        val out = ArrayList<Spec>()
        for ((v, density) in densities.withIndex()) {
            if (density == null) continue
            val own = density.height.max()
            val half = violins[v].reach * when (style.densityNorm) {
                "area" -> own / peak
                "count" -> shown[v].size / most
                else -> 1.0
            }
            val middle = places[v] + violins[v].offset
            val right = density.height.map { if (violins[v].side < 0) middle else middle + half * it / own }
            val left = density.height.map { if (violins[v].side > 0) middle else middle - half * it / own }.reversed()
            val y = density.at.asList()
            out += layer(
                "polygon",
                mapOf(
                    "x" to rounded((right + left).toDoubleArray()), "y" to rounded((y + y.reversed()).toDoubleArray()),
                ),
                mapOf("x" to "x", "y" to "y"),
                "fill" to violins[v].color, "color" to "#333333", "size" to 0.6, "alpha" to 1.0,
            )
            if (style.inner != null) {
                val marks = ChartMarks()
                val widths = DoubleArray(density.at.size) { half * density.height[it] / own }
                ViolinMarks(marks).inside(middle, density.at, widths, shown[v].sortedArray(), style.inner)
                out += marks.layers
            }
        }
        return out
    }

    private fun strip(): Spec {
        val random = SplittableRandom(SEED)
        val total = shown.sumOf { it.size }
        val x = DoubleArray(total)
        val y = DoubleArray(total)
        var k = 0
        for ((v, values) in shown.withIndex()) {
            val violin = violins[v]
            // Beside the line where two halves meet, each half keeps its own dots.
            val spread = if (violin.side == 0) violin.reach / 0.4 else 0.5
            val center = places[v] + violin.offset + violin.side * style.jitter * spread
            for (value in values) {
                x[k] = center + style.jitter * spread * (2 * random.nextDouble() - 1)
                y[k++] = value
            }
        }
        val diameter = style.dotSize * Look.PIXELS_PER_POINT
        if (total <= PointPanel.RASTER_ABOVE) {
            return layer(
                "point", mapOf("x" to rounded(x), "y" to rounded(y)), mapOf("x" to "x", "y" to "y"),
                "shape" to 16, "size" to Look.size(diameter), "color" to "#000000",
            )
        }
        val picture = PointRaster(2 * panelWidth, 2 * panelHeight, max(diameter, 0.8) * 2)
        for (i in x.indices) {
            picture.dot((x[i] + 0.5) / names.size * 2 * panelWidth, (high - y[i]) / (high - low) * 2 * panelHeight, 0)
        }
        return spec(
            "geom" to "image", "href" to picture.toDataUrl(), "show_legend" to false,
            "xmin" to -0.5, "xmax" to names.size - 0.5, "ymin" to low, "ymax" to high,
        )
    }

    private companion object {
        const val SEED = 0L
        const val PER_GROUP = 30
        const val MOST_PER_GROUP = 130
        const val WIDEST = 900

        /** Letters of a name that Lets-Plot leaves whole on an axis. */
        const val LONGEST_TICK = 15
        const val OWN_TICK = 4.0
    }
}
