package org.cellweave.dsl

import org.cellweave.dsl.plot.Mark
import org.cellweave.dsl.plot.Palettes
import org.cellweave.util.Check
import kotlin.math.PI
import kotlin.math.cos
import kotlin.math.sin

/** The figure that these axes are part of. */
public fun Axes.getFigure(): Figure = figure

/** Parts of the panel from its lower left corner, as coordinates of a text: `transform = ax.transAxes`. */
public val Axes.transAxes: AxesFraction get() = AxesFraction

/** See [transAxes]. */
public object AxesFraction

/** A band between two values of the axis across. */
public fun Axes.axvspan(
    xmin: Number,
    xmax: Number,
    color: String? = null,
    alpha: Number? = null,
    facecolor: String? = color,
    label: String? = null,
): Unit = band("axvspan", "x", xmin, xmax, facecolor, alpha, label)

/** A band between two values of the upright axis. */
public fun Axes.axhspan(
    ymin: Number,
    ymax: Number,
    color: String? = null,
    alpha: Number? = null,
    facecolor: String? = color,
    label: String? = null,
): Unit = band("axhspan", "y", ymin, ymax, facecolor, alpha, label)

private fun Axes.band(
    verb: String,
    axis: String,
    from: Number,
    to: Number,
    color: String?,
    alpha: Number?,
    label: String?,
) {
    val ends = listOf(from.toDouble(), to.toDouble()).sorted()
    require(ends.all { it.isFinite() }) { "$verb needs finite numbers, got $from and $to" }
    draw(verb) { sketch ->
        Mark(
            "rect", mapOf("${axis}min" to ends.take(1), "${axis}max" to ends.drop(1)),
            mapOf("alpha" to (alpha?.toDouble() ?: 1.0), "size" to 0.0, "color" to "rgba(0,0,0,0)"),
            ends.takeIf { axis == "x" }.orEmpty(), ends.takeIf { axis == "y" }.orEmpty(), sketch.color(color), label,
            isFilled = true, span = if (axis == "x") "y" else "x",
        )
    }
}

/**
 * Points with their errors as lines.
 *
 * @param yerr half the length of upright lines, one number or one per point; [xerr] of level ones
 * @param fmt how points are joined, as [plot] takes it
 */
public fun Axes.errorbar(
    x: Any,
    y: Any,
    yerr: Any? = null,
    xerr: Any? = null,
    fmt: String = "-",
    color: String? = null,
    label: String? = null,
) {
    val xs = figureNumbers(x, "x")
    val ys = figureNumbers(y, "y")
    Check.sameLength(ys.size, xs.size, "y", "the length of x")

    fun errors(choice: Any?, name: String): DoubleArray? = choice?.let {
        val all = if (it is Number) DoubleArray(xs.size) { _ -> it.toDouble() } else figureNumbers(it, name)
        Check.sameLength(all.size, xs.size, name, "the length of x")
        all
    }
    val hue = color?.let { Palettes.color(it, "color") } ?: cell("errorbar").drawnByHand.color(null)
    val lines = ArrayList<List<Double>>()
    errors(yerr, "yerr")?.let { e ->
        xs.indices.mapTo(lines) { listOf(xs[it], ys[it] - e[it], xs[it], ys[it] + e[it]) }
    }
    errors(xerr, "xerr")?.let { e ->
        xs.indices.mapTo(lines) { listOf(xs[it] - e[it], ys[it], xs[it] + e[it], ys[it]) }
    }
    if (lines.isNotEmpty()) strokes("errorbar", lines, hue)
    plot(xs, ys, fmt, color = hue, label = label)
}

/** Lines between points, four numbers each. */
internal fun Axes.strokes(
    verb: String,
    ends: List<List<Double>>,
    color: String,
    points: Number? = null,
    type: String? = null,
) {
    val sides = listOf("x", "y", "xend", "yend")
    draw(verb) {
        Mark(
            "segment", sides.withIndex().associate { (k, key) -> key to ends.map { it[k] } },
            mapOf("size" to strokeOf(points), "linetype" to type),
            ends.flatMap { listOf(it[0], it[2]) }, ends.flatMap { listOf(it[1], it[3]) }, color,
        )
    }
}

/** A shape in coordinates of the data, for [addPatch]. */
public class Patch internal constructor(
    internal val xs: List<Double>,
    internal val ys: List<Double>,
    internal val edge: String,
    internal val fill: String?,
    internal val alpha: Double,
    internal val width: Number?,
    internal val line: String,
)

/** Draws a shape such as `plt.Circle(0 to 0, 1.5, color = "k", fill = false)`. */
public fun Axes.addPatch(p: Patch) {
    val data = mapOf("x" to p.xs, "y" to p.ys)
    val (low, high) = p.xs.minOrNull() to p.xs.maxOrNull()
    val reach = listOfNotNull(low, high) to listOfNotNull(p.ys.minOrNull(), p.ys.maxOrNull())
    draw("addPatch") {
        Mark(
            if (p.fill == null) "path" else "polygon", data,
            mapOf(
                "size" to strokeOf(p.width ?: 1), "linetype" to LineFormat.type(p.line), "alpha" to p.alpha,
                "color" to p.edge, "fill" to p.fill,
            ),
            reach.first, reach.second,
        )
    }
}

/**
 * A circle in coordinates of the data, for `ax.addPatch`.
 *
 * @param color of line and area; [edgecolor] and [facecolor] choose them apart
 * @param fill whether the area is coloured
 * @param clipOn taken for lines written for matplotlib; axes grow to show the whole shape in any case
 */
@Suppress("FunctionName", "UNUSED_PARAMETER")
public fun Pyplot.Circle(
    xy: Pair<Number, Number>,
    radius: Number = 5,
    color: String? = null,
    edgecolor: String? = color,
    facecolor: String? = color,
    fill: Boolean = true,
    alpha: Number? = null,
    linewidth: Number? = null,
    lw: Number? = linewidth,
    linestyle: String = "-",
    ls: String = linestyle,
    clipOn: Boolean = true,
): Patch {
    val r = Check.positive(radius.toDouble(), "radius")
    val turns = List(CIRCLE + 1) { 2 * PI * it / CIRCLE }
    return Patch(
        turns.map { xy.first.toDouble() + r * cos(it) }, turns.map { xy.second.toDouble() + r * sin(it) },
        Palettes.color(edgecolor ?: "black", "edgecolor"),
        if (fill) Palettes.color(facecolor ?: "#1f77b4", "facecolor") else null,
        alpha?.let { Check.inRange(it.toDouble(), 0.0, 1.0, "alpha") } ?: 1.0, lw, ls,
    )
}

private const val CIRCLE = 96
