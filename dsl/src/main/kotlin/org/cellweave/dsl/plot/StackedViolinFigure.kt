package org.cellweave.dsl.plot

import java.util.SplittableRandom

internal data class StackedViolinStyle(
    val densityNorm: String,
    val stripplot: Boolean,
    /** Half the width of the strip of dots, in cells. */
    val jitter: Double,
    /** Diameter of the dots in points. */
    val dotSize: Double,
    /** Colours of the rows instead of the medians. */
    val rowColors: List<String>?,
    /** Whether the rows show their scale. */
    val scaleLabels: Boolean,
    /** Width of the outlines in points. */
    val lineWidth: Double? = null,
    /** The common scale, in place of the values' range. */
    val ends: Pair<Double, Double>? = null,
) {
    companion object {
        val PLAIN = StackedViolinStyle("width", false, 0.0, 1.0, null, false)
    }
}

/** A table of groups and genes with a violin in every cell, all on one scale. */
internal class StackedViolinFigure(
    private val frame: TableFrame,
    members: List<IntArray>,
    /** One array over the cells per gene. */
    perCell: Array<DoubleArray>,
    private val style: StackedViolinStyle,
) {
    private val values: List<List<DoubleArray>>
    private val medians: Array<DoubleArray>

    init {
        values = members.map { cells ->
            perCell.map { v -> cells.map { v[it] }.filter { it.isFinite() }.toDoubleArray() }
        }
        medians = Array(values.size) { g -> DoubleArray(values[g].size) { median(values[g][it]) } }
    }

    private val map = frame.map
    private val limits = frame.bounds.of(medians)
    private val swapped = frame.swapAxes
    private val low: Double
    private val high: Double

    init {
        val all = values.flatten().filter { it.isNotEmpty() }
        val least = all.minOfOrNull { it.min() } ?: 0.0
        val largest = all.maxOfOrNull { it.max() } ?: 1.0
        low = style.ends?.first ?: least
        high = style.ends?.second ?: if (largest > least) largest else Ends.padded(least, least, 0.0, 1.0).second
    }

    private val layout = frame.layout(
        Track.uniform(frame.groups, (if (swapped) WIDTH else HEIGHT) * frame.look.cells),
        Track.uniform(frame.genes, (if (swapped) HEIGHT else WIDTH) * frame.look.cells),
        if (style.rowColors ==
            null
        ) {
            listOf(ColorLegend(frame.colorbarTitle, map, limits, frame.look.noteSize))
        } else {
            emptyList()
        },
        frame.style(rowNotes = if (style.scaleLabels) notes() else emptyList()),
    )

    /** Sides of a cell in pixels. */
    private val width = layout.columns.length / layout.columns.size
    private val height = layout.rows.length / layout.rows.size

    private val outline = style.lineWidth?.let { it * Look.PIXELS_PER_POINT } ?: OUTLINE

    private fun notes(): List<String> {
        val rows = if (swapped) frame.genes.size else frame.groups.size
        return List(rows) { shortNumber(high) }
    }

    fun build(): Panel {
        val densities = values.map { row -> row.map { if (it.isEmpty()) null else Density(it) } }
        val peak = densities.flatten().maxOfOrNull { it?.height?.max() ?: 0.0 } ?: 1.0
        val most = values.flatten().maxOf { it.size }.coerceAtLeast(1)
        for (g in values.indices) {
            for (j in values[g].indices) {
                val density = densities[g][j] ?: continue
                val own = density.height.max()
                val part = when (style.densityNorm) {
                    "area" -> own / peak
                    "count" -> values[g][j].size.toDouble() / most
                    else -> 1.0
                }
                violin(g, j, density, part * PART * width / 2 / own)
            }
        }
        if (style.stripplot) strip()
        return layout.build()
    }

    private fun y(middle: Double, value: Double) = middle + height * PART * (0.5 - (value - low) / (high - low))

    private fun violin(g: Int, j: Int, density: Density, scale: Double) {
        val (x, y) = layout.middle(g, j)
        val at = density.at.map { y(y, it.coerceIn(low, high)) }
        val half = density.height.map { it * scale }
        val fill = style.rowColors?.let { it[(if (swapped) j else g) % it.size] }
            ?: map.hex(limits.position(medians[g][j]))
        layout.canvas.shape(half.map { x + it } + half.reversed().map { x - it }, at + at.reversed(), fill, outline)
    }

    /** All cells as one picture over the table. */
    private fun strip() {
        val random = SplittableRandom(SEED)
        val box = Box(layout.left, layout.top, layout.columns.length, layout.rows.length)
        val diameter = maxOf(style.dotSize * Look.PIXELS_PER_POINT, SMALLEST)
        val picture = PointRaster((SCALE * box.w).toInt(), (SCALE * box.h).toInt(), SCALE * diameter)
        for (g in values.indices) {
            for (j in values[g].indices) {
                val (x, y) = layout.middle(g, j)
                for (v in values[g][j]) {
                    val shift = width * style.jitter * (2 * random.nextDouble() - 1)
                    picture.dot((x + shift - box.x) * SCALE, (y(y, v) - box.y) * SCALE, 0)
                }
            }
        }
        layout.canvas.picture(box, picture.toDataUrl())
    }

    companion object {
        private const val WIDTH = 27.0
        private const val HEIGHT = 27.0
        private const val PART = 0.86
        private const val OUTLINE = 0.45
        private const val SCALE = 2
        private const val SMALLEST = 0.8
        private const val SEED = 0L

        /** The middle of the sorted values; NaN when there are none. */
        fun median(values: DoubleArray): Double {
            val sorted = values.sortedArray()
            return if (sorted.isEmpty()) {
                Double.NaN
            } else {
                (sorted[(sorted.size - 1) / 2] + sorted[sorted.size / 2]) / 2
            }
        }
    }
}
