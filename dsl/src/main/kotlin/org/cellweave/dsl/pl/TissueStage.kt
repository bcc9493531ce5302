package org.cellweave.dsl

import org.cellweave.dsl.plot.AxisLimits
import org.cellweave.dsl.plot.DotColor
import org.cellweave.dsl.plot.DotStyle
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.Spec
import org.cellweave.dsl.plot.spec
import org.cellweave.dsl.plot.tidy
import org.cellweave.dsl.shown.Slide
import org.cellweave.util.Check
import kotlin.math.roundToInt

/** The arguments of `sc.pl.spatial` that embeddings do not have, or have in another meaning. */
internal class TissueOptions(
    cropCoord: List<Number>?,
    alphaImg: Number,
    val bw: Boolean,
    spotSize: Number?,
    size: Any?,
    scaleFactor: Number?,
    naColor: String,
) {
    val crop: List<Double>? = cropCoord?.map { it.toDouble() }?.also {
        require(it.size == 4 && it[0] < it[1] && it[2] < it[3]) {
            "cropCoord must be the left, right, upper and lower end, such as listOf(0, 500, 0, 500), got $cropCoord"
        }
    }
    val alphaImg: Double = Check.inRange(alphaImg.toDouble(), 0.0, 1.0, "alphaImg")
    val spotSize: Double? = spotSize?.let { Check.positive(it.toDouble(), "spotSize") }
    val size: Double = when (size) {
        null -> 1.0
        is Number -> Check.positive(size.toDouble(), "size")
        else -> throw IllegalArgumentException("size must be a factor of the spots' diameter, got $size")
    }
    val scaleFactor: Double? = scaleFactor?.let { Check.positive(it.toDouble(), "scaleFactor") }

    /** Whether spots without a colour of their own have none over a picture. */
    val hidesMissing: Boolean = naColor == NA_BY_DEFAULT

    private companion object {
        const val NA_BY_DEFAULT = "lightgray"
    }
}

/** Spots of their own size on a picture, its first row on top. */
internal class TissueStage(private val slide: Slide, private val options: TissueOptions) {
    /** Coordinates come as multiples of this, where it was given. */
    private val scale = if (options.scaleFactor == null) slide.scaleFactor else 1.0
    private val inPixels = options.scaleFactor ?: slide.scaleFactor
    private val radius = (options.spotSize ?: slide.spotSize) * options.size * inPixels / 2

    /** Spots at [x] and [y], which grows downwards, in [style] as far as it is not about size. */
    fun panel(
        x: DoubleArray,
        y: DoubleArray,
        color: DotColor,
        style: DotStyle,
        title: String,
        names: List<String>,
    ): Panel {
        val across = DoubleArray(x.size) { x[it] * scale }
        val down = DoubleArray(y.size) { y[it] * scale }
        val hidden = slide.image != null && options.hidesMissing
        val shown = DoubleArray(x.size) { if (hidden && isMissing(color, it)) Double.NaN else across[it] }
        val ends = ends(across, down)
        val (xEnds, yEnds) = ends
        val (spanX, spanY) = xEnds.second - xEnds.first to yEnds.second - yEnds.first
        val side = style.panelWidth / maxOf(spanX, spanY)
        val (width, height) = maxOf(LEAST, (side * spanX).roundToInt()) to maxOf(LEAST, (side * spanY).roundToInt())
        val upright = xEnds to (-yEnds.second to -yEnds.first)
        val sized = DotStyle(
            // A spot is as large as on the slide, whatever the style.
            plainDiameter = 2 * radius * width / spanX / style.look.dots, alpha = style.alpha, naColor = style.naColor,
            sortOrder = style.sortOrder, legend = style.legend, look = style.look, panelWidth = width,
            panelHeight = height, outline = style.outline, frame = style.frame, ticks = style.ticks,
            marker = style.marker, limits = upright,
        )
        val up = DoubleArray(down.size) { -down[it] }
        val dots = PointPanel(shown, up, color, sized, title, names[0], names[1]).build()
        return slide.image?.let { below(dots, ends, upright, width to height) } ?: dots
    }

    private fun isMissing(color: DotColor, i: Int): Boolean =
        when (color) {
            is DotColor.Plain -> true
            is DotColor.Painted -> false
            is DotColor.Discrete -> color.codes[i] < 0
            is DotColor.Continuous -> color.values[i].isNaN()
        }

    /** What was asked for, or all spots with matplotlib's margin. */
    private fun ends(x: DoubleArray, y: DoubleArray): AxisLimits {
        options.crop?.let { c ->
            val (left, right, top, bottom) = c.map { it * inPixels }
            return (left to right) to (top to bottom)
        }
        return around(x, y, x) to around(x, y, y)
    }

    private fun around(x: DoubleArray, y: DoubleArray, values: DoubleArray): Pair<Double, Double> {
        val finite = values.indices.filter { x[it].isFinite() && y[it].isFinite() }
        require(finite.isNotEmpty()) { "no spot has coordinates that are finite" }
        val low = finite.minOf { values[it] } - radius
        val high = finite.maxOf { values[it] } + radius
        val margin = MARGIN * (high - low)
        return low - margin to high + margin
    }

    @Suppress("UNCHECKED_CAST")
    private fun below(dots: Panel, ends: AxisLimits, upright: AxisLimits, size: Pair<Int, Int>): Panel {
        val (width, height) = size
        val picture = slide.image!!.part(
            ends.first, ends.second, SHARP * width to SHARP * height, options.bw, options.alphaImg,
        )
        val ground = spec(
            "geom" to "image", "href" to picture, "show_legend" to false,
            "xmin" to tidy(upright.first.first), "xmax" to tidy(upright.first.second),
            "ymin" to tidy(upright.second.first), "ymax" to tidy(upright.second.second),
        )
        val layers = listOf<Spec>(ground) + dots.spec["layers"] as List<Spec>
        return Panel(dots.spec + ("layers" to layers), dots.width, dots.height)
    }

    private companion object {
        const val MARGIN = 0.05
        const val SHARP = 2
        const val LEAST = 40
    }
}
