package org.cellweave.dsl.plot

import kotlin.math.abs
import kotlin.math.ceil
import kotlin.math.floor
import kotlin.math.log10
import kotlin.math.pow
import kotlin.math.roundToLong

/** A Lets-Plot specification in the form its own front ends exchange. */
internal typealias Spec = Map<String, Any>

/** Pairs without a value are left out. */
internal fun spec(vararg pairs: Pair<String, Any?>): MutableMap<String, Any> {
    val out = LinkedHashMap<String, Any>()
    for ((key, value) in pairs) {
        if (value != null) {
            out[key] = value
        }
    }
    return out
}

/** A plot and the room it needs, in pixels; [dots] is what made it, where it can be trimmed. */
internal class Panel(
    val spec: Spec,
    val width: Int,
    val height: Int,
    val dots: PointPanel? = null,
    /** Whether coordinates are pixels, so that there are no axes. */
    val isDrawing: Boolean = false,
    /** The same plot in another size; where there is none, all but its texts stretches. */
    private val remade: ((width: Int, height: Int) -> Panel)? = null,
    /** Pixels that changes have added at its sides. */
    val grown: Sides = Sides.NONE,
) {
    /** The same plot in so many pixels, with letters and dots as large as before where it has axes. */
    fun sized(width: Int, height: Int): Panel =
        when {
            width == this.width && height == this.height -> this
            remade != null -> remade.invoke(width, height)
            else -> Panel(spec, width, height, dots, isDrawing, null, grown)
        }

    /** With another specification and more room at its sides; it can no longer be made anew. */
    fun changed(spec: Spec, added: Sides = Sides.NONE): Panel =
        Panel(
            spec, width + added.left + added.right, height + added.top + added.bottom, null, isDrawing, null,
            grown + added,
        )
}

/** Pixels at the four sides of a plot. */
internal data class Sides(val left: Int = 0, val top: Int = 0, val right: Int = 0, val bottom: Int = 0) {
    operator fun plus(other: Sides): Sides =
        Sides(left + other.left, top + other.top, right + other.right, bottom + other.bottom)

    companion object {
        val NONE = Sides()
    }
}

/** A layer whose data belongs to it alone; it draws every row and shows no tooltip unless told. */
internal fun layer(
    geom: String,
    data: Map<String, List<Any?>>,
    mapping: Map<String, String>,
    vararg constants: Pair<String, Any?>,
): MutableMap<String, Any> =
    spec(
        "geom" to geom,
        "data" to data,
        "mapping" to mapping,
        "sampling" to "none",
        "tooltips" to "none",
        "show_legend" to false,
        *constants,
    )

/** A continuous axis that shows exactly [low] to [high]. */
internal fun axis(
    aesthetic: String,
    low: Double,
    high: Double,
    title: String? = null,
    breaks: List<Double>? = null,
    labels: List<String>? = null,
): MutableMap<String, Any> =
    spec(
        "aesthetic" to aesthetic,
        "name" to (title ?: ""),
        "limits" to listOf(low, high),
        "expand" to listOf(0.0, 0.0),
        "breaks" to breaks,
        "labels" to labels,
    )

/** Panels from left to right and top to bottom, every column as wide as its widest panel. */
internal fun grid(panels: List<Panel>, ncols: Int, gapX: Int = 8, gapY: Int = 12): List<Placed> {
    require(ncols > 0) { "ncols must be positive, got $ncols" }
    val columns = minOf(ncols, panels.size)
    val widths = IntArray(columns) { c -> panels.filterIndexed { i, _ -> i % columns == c }.maxOf { it.width } }
    val heights = panels.chunked(columns).map { row -> row.maxOf { it.height } }
    return panels.mapIndexed { i, panel ->
        val x = (0 until i % columns).sumOf { widths[it] + gapX }
        val y = (0 until i / columns).sumOf { heights[it] + gapY }
        Placed(panel, x, y)
    }
}

/** Figures below one another. */
internal fun below(parts: List<List<Placed>>, gap: Int = 12): List<Placed> {
    var top = 0
    return parts.flatMap { part ->
        val moved = part.map { Placed(it.panel, it.x, it.y + top) }
        top += gap + part.maxOf { it.y + it.panel.height }
        moved
    }
}

/** A panel and where its upper left corner is. */
internal class Placed(val panel: Panel, val x: Int, val y: Int)

/** Round numbers that cut [low]..[high] in about [n] parts. */
internal fun niceBreaks(low: Double, high: Double, n: Int = 6): List<Double> {
    if (!(high > low)) {
        return listOf(low)
    }
    val raw = (high - low) / n
    val power = 10.0.pow(floor(log10(raw)))
    val step = listOf(1.0, 2.0, 2.5, 5.0, 10.0).map { it * power }.first { it >= raw * (1 - 1e-9) }
    val first = ceil(low / step - 1e-9).roundToLong()
    val last = floor(high / step + 1e-9).roundToLong()
    return (first..last).map { tidy(it * step) }
}

/** Text of [value] on its own. */
internal fun tickLabel(value: Double, digits: Int = 4): String {
    if (isFarFromOne(abs(value))) {
        return withExponent(value)
    }
    val whole = value.roundToLong()
    return when {
        abs(value - whole) < 1e-9 * maxOf(1.0, abs(value)) -> whole.toString()
        else ->
            java.math
                .BigDecimal(value)
                .round(java.math.MathContext(digits))
                .stripTrailingZeros()
                .toPlainString()
    }
}

/** Texts of [values] as an axis shows them: all with as many decimals as one of them needs. */
internal fun tickLabels(values: List<Double>): List<String> {
    if (isFarFromOne(values.maxOfOrNull(::abs) ?: 0.0)) {
        return values.map(::withExponent)
    }
    val exact = values.map { java.math.BigDecimal(tidy(it).toString()).stripTrailingZeros() }
    val decimals = exact.maxOfOrNull { it.scale() }?.coerceIn(0, MAX_DECIMALS) ?: 0
    return exact.map { it.setScale(decimals, java.math.RoundingMode.HALF_EVEN).toPlainString() }
}

private const val MAX_DECIMALS = 8

/** Whether numbers of at most [most] have too many digits or zeros to be read. */
private fun isFarFromOne(most: Double) = most >= 1e12 || most > 0 && most < 1e-5

private fun withExponent(value: Double): String {
    if (value == 0.0 || !value.isFinite()) {
        return if (value == 0.0) "0" else ""
    }
    val short = java.math
        .BigDecimal(value)
        .round(java.math.MathContext(4))
        .stripTrailingZeros()
    val exponent = short.precision() - short.scale() - 1
    return short.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent
}

/** Logarithms of 1, 2 and 5 times powers of ten between [low] and [high], which are logarithms themselves. */
internal fun logBreaks(low: Double, high: Double): List<Double> {
    val powers = floor(low).toInt()..ceil(high).toInt()
    val tens = powers.map { it.toDouble() }.filter { it in low..high }
    if (tens.size >= 3) {
        return tens
    }
    return powers.flatMap { p -> listOf(1.0, 2.0, 5.0).map { log10(it) + p } }.filter { it in low..high }.ifEmpty {
        listOf(low)
    }
}

/** The middle value, or the mean of the two in the middle. */
internal fun median(values: List<Double>): Double {
    val sorted = values.sorted()
    return (sorted[(sorted.size - 1) / 2] + sorted[sorted.size / 2]) / 2
}

/** Removes the last bits of an accumulated error. */
internal fun tidy(value: Double): Double =
    if (value == 0.0 || !value.isFinite()) {
        value + 0.0
    } else {
        java.math
            .BigDecimal(value)
            .round(java.math.MathContext(12))
            .toDouble()
    }

/** Values to a hundred-thousandth of their range, so that files stay small. */
internal fun rounded(values: DoubleArray): List<Double> {
    val finite = values.filter { it.isFinite() }
    val range = if (finite.isEmpty()) 0.0 else finite.max() - finite.min()
    if (!(range > 0)) {
        return values.asList()
    }
    val scale = 10.0.pow(ceil(5 - log10(range)))
    return values.map { if (it.isFinite()) Math.rint(it * scale) / scale else it }
}
