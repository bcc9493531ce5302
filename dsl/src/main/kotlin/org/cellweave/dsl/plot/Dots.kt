package org.cellweave.dsl.plot

import org.cellweave.util.Check
import kotlin.math.abs
import kotlin.math.sqrt

/** What colours the dots of a panel. */
internal sealed interface DotColor {
    class Plain(val hex: String) : DotColor

    /** [codes] are positions in [names]; -1 takes the colour for missing values. */
    class Discrete(val codes: IntArray, val names: List<String>, val colors: List<String>) : DotColor {
        /** Whether there are more names than colours, so that all have the same and a legend would tell nothing. */
        val isBeyondPalette: Boolean get() = names.size > Palettes.MOST && colors.distinct().size == 1
    }

    /** A colour for each dot as 0xRRGGBB; the highest are drawn last. */
    class Painted(val rgb: IntArray, val height: DoubleArray) : DotColor

    class Continuous(val values: DoubleArray, val limits: Limits, val map: ColorMap, val bar: Boolean) : DotColor
}

/** How legends look and where they are. */
internal class LegendStyle(
    val location: String,
    val fontSize: Double?,
    fontWeight: Any,
    val fontOutline: Double?,
    val naInLegend: Boolean,
) {
    val bold: Boolean = isBold(fontWeight, "legendFontweight")

    init {
        require(location in LOCATIONS || location in INSIDE) {
            "legendLoc must be one of ${LOCATIONS + INSIDE.keys}, got '$location'." +
                Check.suggestion(location, LOCATIONS + INSIDE.keys)
        }
    }

    companion object {
        private val LOCATIONS = listOf("right margin", "on data", "none")
        private const val SEMIBOLD = 600
        private val WEIGHTS =
            mapOf(
                "light" to false, "normal" to false, "medium" to false, "semibold" to true, "bold" to true,
                "heavy" to true, "black" to true,
            )

        fun isBold(weight: Any, argument: String): Boolean =
            when (weight) {
                is Number -> weight.toInt() >= SEMIBOLD
                else -> WEIGHTS[weight]
                    ?: throw IllegalArgumentException(
                        "$argument must be a number or one of ${WEIGHTS.keys}, got '$weight'",
                    )
            }

        /** Places inside a panel, as parts of its width and height from the lower left corner; null is found. */
        val INSIDE: Map<String, Pair<Double, Double>?> =
            mapOf(
                "best" to null, "upper right" to (1.0 to 1.0), "upper left" to (0.0 to 1.0),
                "lower left" to (0.0 to 0.0), "lower right" to (1.0 to 0.0), "right" to (1.0 to 0.5),
                "center left" to (0.0 to 0.5), "center right" to (1.0 to 0.5), "lower center" to (0.5 to 0.0),
                "upper center" to (0.5 to 1.0), "center" to (0.5 to 0.5),
            )

        /** A legend without wishes about its letters. */
        fun plain(location: String): LegendStyle =
            LegendStyle(location, fontSize = null, fontWeight = "normal", fontOutline = null, naInLegend = true)

        /** Pixels of a size in points or of matplotlib's name for one. */
        fun fontSize(choice: Any?, look: Look, argument: String = "legendFontsize"): Double? =
            when (choice) {
                null -> null
                is Number -> look.points(choice.toDouble()).also {
                    require(it > 0) { "$argument must be positive, got $choice" }
                }
                else -> SIZES[choice]?.let { it * (if (look.scanpy) look.titleSize else look.legendSize) }
                    ?: throw IllegalArgumentException(
                        "$argument must be a number or one of ${SIZES.keys}, got '$choice'",
                    )
            }

        private val SIZES =
            mapOf(
                "xx-small" to 0.58, "x-small" to 0.69, "small" to 0.83, "medium" to 1.0, "large" to 1.2,
                "x-large" to 1.44, "xx-large" to 1.73,
            )
    }
}

/** Rings around the dots: widths are parts of a dot's diameter, colours the outer and the inner one. */
internal class Outline(width: Pair<Double, Double>, val color: Pair<String, String>) {
    /** Diameters of the rings in diameters of a dot. */
    val innerPart: Double = 1 + 2 * width.second
    val outerPart: Double = innerPart + 2 * width.first
}

/** Ends of the axis across and of the upright one. */
internal typealias AxisLimits = Pair<Pair<Double, Double>, Pair<Double, Double>>

/** Everything that a panel of dots shows besides its coordinates. */
internal data class DotStyle(
    /** Diameter in pixels of a panel without scanpy's style. */
    private val plainDiameter: Double,
    val alpha: Double,
    val naColor: String,
    val sortOrder: Boolean,
    val legend: LegendStyle,
    val look: Look,
    val panelWidth: Int,
    val panelHeight: Int,
    val outline: Outline? = null,
    val frame: Boolean = true,
    val ticks: Boolean = false,
    /** Diameters of single cells in a panel without scanpy's style; they replace [plainDiameter]. */
    private val plainDiameters: DoubleArray? = null,
    val marker: Marker = Marker.CIRCLE,
    /** Whether a unit is as long across as upright. */
    val equal: Boolean = false,
    /** Ends of both axes; null for those around the dots. */
    val limits: AxisLimits? = null,
) {
    /** In pixels. */
    val diameter: Double = plainDiameter * look.dots
    val diameters: DoubleArray? = plainDiameters?.let { all -> DoubleArray(all.size) { all[it] * look.dots } }

    fun diameterOf(cell: Int): Double = diameters?.get(cell) ?: diameter
}

/** Shapes of dots: their number in Lets-Plot, and whether a point is inside one of radius 1. */
internal enum class Marker(val shape: Int, val inside: (Double, Double) -> Boolean) {
    CIRCLE(16, { x, y -> x * x + y * y <= 1 }),
    SQUARE(15, { x, y -> abs(x) <= 1 && abs(y) <= 1 }),
    DIAMOND(18, { x, y -> abs(x) + abs(y) <= 1 }),
    TRIANGLE(17, { x, y -> y <= 0.5 && y >= -1 && abs(x) <= (y + 1) / sqrt(3.0) }),
    ;

    companion object {
        private val NAMES = mapOf("." to CIRCLE, "o" to CIRCLE, "s" to SQUARE, "D" to DIAMOND, "^" to TRIANGLE)

        fun of(name: String): Marker =
            NAMES[name] ?: throw IllegalArgumentException("marker must be one of ${NAMES.keys}, got '$name'")
    }
}

/**
 * Movements of cells as arrows; lengths are those of matplotlib's quiver unless [scale] is given, or [exact] asks for
 * those of the axes, so that an arrow ends where its cell would lie.
 */
internal class Arrows(
    val dx: DoubleArray,
    val dy: DoubleArray,
    val color: String,
    val scale: Double?,
    val width: Double,
    val exact: Boolean = false,
)

/** Edges of a graph, drawn below the dots; one colour, or one for each; [oriented] ones have heads at their ends. */
internal class Edges(
    val from: IntArray,
    val to: IntArray,
    val width: Double,
    val colors: List<String>,
    val oriented: Boolean = false,
)
