package org.cellweave.dsl.plot

import org.cellweave.dsl.session.Settings
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

/** A plot and the room it needs, in pixels. */
internal class Panel(val spec: Spec, val width: Int, val height: Int)

/** Lengths and fonts shared by the figures. */
internal object Look {
    /** The first that a machine has; widths are estimated for the first. */
    const val FONT = "DejaVu Sans, Verdana, Arial, sans-serif"
    val TITLE_SIZE: Double get() = 14.0 * Settings.figures.text
    val LABEL_SIZE: Double get() = 12.0 * Settings.figures.text
    val TICK_SIZE: Double get() = 11.0 * Settings.figures.text
    val LEGEND_SIZE: Double get() = 11.0 * Settings.figures.text

    /** Pixels of a typographic point, so that a panel of ours relates to its dots as scanpy's does. */
    const val PIXELS_PER_POINT = 1.25

    /** Pixels of an inch, as at scanpy's usual 80 dots per inch. */
    const val PIXELS_PER_INCH = 80

    /** Pixels of one unit of the size aesthetic. */
    const val PIXELS_PER_SIZE = 2.2

    /** Width of [text] in pixels; a little generous. */
    fun textWidth(text: String, size: Double): Double =
        size * text.sumOf {
            when {
                it in "iljI|.,:;'!()[] " -> 0.36
                it in "ftr-1" -> 0.48
                it in "mwMW%@" -> 0.95
                it.isUpperCase() -> 0.72
                else -> 0.63
            }.toDouble()
        }

    /** [text] in lines of at most [room] pixels, cut between words where there are words. */
    fun wrapped(text: String, room: Double, size: Double): String {
        if (textWidth(text, size) <= room) {
            return text
        }
        val lines = ArrayList<String>()
        var line = ""
        for (word in text.split(Regex("(?<=[ _,;/-])"))) {
            var rest = word
            if (line.isNotEmpty() && textWidth((line + rest).trim(), size) > room) {
                lines += line.trim()
                line = ""
            }
            while (textWidth(rest.trim(), size) > room && rest.length > 1) {
                val part = (rest.length downTo 1).first { it == 1 || textWidth(rest.take(it), size) <= room }
                lines += rest.take(part)
                rest = rest.drop(part)
            }
            line += rest
        }
        if (line.isNotBlank()) lines += line.trim()
        return lines.joinToString("\n")
    }

    /** The size aesthetic of a dot of [diameter] pixels. */
    fun size(diameter: Double): Double = diameter / PIXELS_PER_SIZE
}

/** White ground, black frame, ticks outside, no grid. */
internal fun theme(
    frame: Boolean = true,
    ticks: Boolean = true,
    axisTitles: Boolean = true,
    legend: String? = null,
    xAngle: Double? = null,
    yAngle: Double? = null,
    fontSize: Double? = null,
    more: Map<String, Any> = emptyMap(),
): MutableMap<String, Any> =
    spec(
        "text" to text(null, "family" to Look.FONT, "color" to "black"),
        "plot_title" to text(
            Look.TITLE_SIZE, "hjust" to 0.5, "margin" to spec("t" to 8.0, "r" to 0.0, "b" to 6.0, "l" to 0.0),
        ),
        "axis_title" to if (axisTitles) text(Look.LABEL_SIZE) else "blank",
        "axis_text" to if (ticks) text(fontSize ?: Look.TICK_SIZE) else "blank",
        "axis_text_x" to xAngle?.takeIf { ticks }?.let { angled(it, fontSize) },
        "axis_text_y" to yAngle?.takeIf { ticks }?.let { text(fontSize ?: Look.TICK_SIZE, "angle" to it) },
        "axis_ticks" to if (ticks) tick() else "blank",
        "axis_line" to "blank",
        "plot_background" to ground(),
        "panel_background" to ground(),
        "legend_background" to ground(),
        "panel_grid" to "blank",
        "panel_border" to if (frame) border() else "blank",
        "legend_text" to text(Look.LEGEND_SIZE),
        "legend_title" to text(Look.LEGEND_SIZE),
        "legend_position" to legend,
    ).also { it.putAll(more) }

private fun angled(angle: Double, fontSize: Double?): Spec =
    if (angle == 90.0) {
        text(fontSize ?: Look.TICK_SIZE, "angle" to angle, "hjust" to 1.0, "vjust" to 0.5)
    } else {
        text(fontSize ?: Look.TICK_SIZE, "angle" to angle, "hjust" to 1.0)
    }

internal fun text(size: Double?, vararg more: Pair<String, Any?>): MutableMap<String, Any> =
    spec("name" to "text", "size" to size, "blank" to false, *more)

private fun tick(): Spec = spec("name" to "line", "color" to "black", "size" to 0.8, "blank" to false)

/** Null where the ground is white, as it is by itself. */
private fun ground(): Any? {
    val color = Settings.figures.facecolor
    return when {
        Settings.figures.transparent -> "blank"
        color == null -> null
        else -> spec("name" to "rect", "fill" to color, "color" to color, "blank" to false)
    }
}

private fun border(): Spec =
    spec("name" to "rect", "color" to "black", "size" to 1.0, "fill" to "rgba(0,0,0,0)", "blank" to false)

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
): Spec =
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
