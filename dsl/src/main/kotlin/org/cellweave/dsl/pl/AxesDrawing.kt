package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.LineLayer
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Mark
import org.cellweave.dsl.plot.Marker
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.PanelOverlay
import org.cellweave.dsl.plot.PanelTexts
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.Sketch
import org.cellweave.dsl.shown.texts
import org.cellweave.util.Check

/** Adds what [make] draws: to axes drawn by hand, or over what a verb has drawn. */
internal fun Axes.draw(verb: String, make: (Sketch?) -> Mark) {
    val cell = cell(verb)
    val sketch = cell.drawnByHand
    if (sketch == null) {
        val mark = make(null)
        val free = { axis: String, values: List<Double> -> values.takeIf { axis !in cell.fixed }.orEmpty() }
        changeAxes(verb) {
            val across = PanelOverlay.reaching(it, "x", free("x", mark.xs))
            val wide = PanelOverlay.reaching(across, "y", free("y", mark.ys))
            PanelChanges.layers(wide, listOf(mark.layer(named = false) { axis -> PanelChanges.ends(wide, axis) }))
        }
        return
    }
    val mark = make(sketch)
    cell.sketched(verb) { it.add(mark) }
    runCatching { cell.panel() }.onFailure { cell.sketched(verb) { it.remove(mark) } }.getOrThrow()
    figure.wasChanged()
}

internal fun Sketch?.color(choice: String?): String =
    choice?.let { Palettes.color(it, "color") } ?: this?.nextColor() ?: "#1f77b4"

/**
 * Dots at [x] and [y]: lists, arrays, columns, or one dot at two numbers.
 *
 * @param s area in square points, one or one per dot
 * @param c a colour, one per dot, or numbers that [cmap] colours
 * @param color another word for [c]
 * @param label what a legend calls them
 */
public fun Axes.scatter(
    x: Any,
    y: Any,
    s: Any? = null,
    c: Any? = null,
    marker: String = "o",
    cmap: Any? = null,
    vmin: Number? = null,
    vmax: Number? = null,
    alpha: Number? = null,
    label: String? = null,
    color: Any? = null,
) {
    val xs = if (x is Number) doubleArrayOf(x.toDouble()) else figureNumbers(x, "x")
    val ys = if (y is Number) doubleArrayOf(y.toDouble()) else figureNumbers(y, "y")
    Check.sameLength(ys.size, xs.size, "y", "the length of x")
    val areas = s?.let { if (it is Number) doubleArrayOf(it.toDouble()) else figureNumbers(it, "s") }
    require(areas == null || areas.size == 1 || areas.size == xs.size) {
        "s must be one number or one per dot (${xs.size}), got ${areas!!.size}"
    }
    val paint = dotColors(color ?: c, xs.size, cmap, vmin, vmax)
    draw("scatter") { sketch ->
        val data = linkedMapOf<String, List<Any?>>("x" to xs.asList(), "y" to ys.asList())
        val more = HashMap<String, String>()
        if (paint.size > 1) {
            data["paint"] = paint
            more[LineLayer.PAINT] = "paint"
        }
        if (areas != null && areas.size > 1) {
            data["size"] = areas.map { Look.size(PointPanel.diameter(it) * 2) }
        }
        val size = Look.size(PointPanel.diameter(areas?.singleOrNull() ?: USUAL_DOT) * 2).takeIf { "size" !in data }
        Mark(
            "point", data,
            mapOf(
                "size" to size, "shape" to Marker.of(marker).shape, "alpha" to alpha?.toDouble(),
                "color_by" to LineLayer.PAINT.takeIf { paint.size > 1 },
            ),
            xs.asList(), ys.asList(), if (paint.size > 1) null else sketch.color(paint.singleOrNull()),
            label.takeIf { paint.size <= 1 }, more = more,
        )
    }
}

private fun dotColors(choice: Any?, n: Int, cmap: Any?, vmin: Number?, vmax: Number?): List<String> {
    if (choice == null) return emptyList()
    if (choice is String) return listOf(Palettes.color(choice, "c"))
    val isText = choice is Iterable<*> && choice.all { it is String } || choice is Column && choice.dtypeName() == "str"
    val colors = if (isText) {
        texts(choice, "c")!!.map { Palettes.color(it, "c") }
    } else {
        val values = figureNumbers(choice, "c")
        val finite = values.filter { it.isFinite() }
        val limits = Limits.of(
            values, vmin = vmin ?: finite.minOrNull(), vmax = vmax ?: finite.maxOrNull(), vcenter = null, panel = 0,
        )
        val map = colorMap(cmap, "viridis")
        values.map { if (it.isNaN()) Palettes.NA else map.hex(limits.position(it)) }
    }
    require(colors.size == n) { "c must be one colour or have one entry per dot ($n), got ${colors.size}" }
    return colors
}

/**
 * A line through points, from left to right as they stand.
 *
 * @param fmt matplotlib's short form, such as `r--` or `o`
 * @param linestyle `-`, `--`, `:` or `-.`; [ls], [lw] and [c] are short for it, [linewidth] and [color]
 */
public fun Axes.plot(
    x: Any,
    y: Any? = null,
    fmt: String? = null,
    color: String? = null,
    linestyle: String? = null,
    linewidth: Number? = null,
    marker: String? = null,
    alpha: Number? = null,
    label: String? = null,
    c: String? = null,
    ls: String? = null,
    lw: Number? = null,
) {
    val ys = figureNumbers(y ?: x, if (y == null) "x" else "y")
    val xs = if (y == null) DoubleArray(ys.size) { it.toDouble() } else figureNumbers(x, "x")
    Check.sameLength(ys.size, xs.size, "y", "the length of x")
    val short = LineFormat.of(fmt.orEmpty())
    val style = linestyle ?: ls ?: short.line
    val dots = marker ?: short.marker
    val hue = color ?: c ?: short.color
    val line = style ?: if (dots == null || marker != null) "-" else null
    val data = mapOf("x" to xs.asList(), "y" to ys.asList())
    var given: String? = hue?.let { Palettes.color(it, "color") }
    if (line != null) {
        draw("plot") { sketch ->
            given = given ?: sketch.color(null)
            Mark(
                "path", data,
                mapOf(
                    "size" to strokeOf(linewidth ?: lw), "linetype" to LineFormat.type(line),
                    "alpha" to alpha?.toDouble(),
                ),
                xs.asList(), ys.asList(), given, label,
            )
        }
    }
    if (dots != null) {
        val own = label.takeIf { line == null }
        scatter(x = xs, y = ys, s = USUAL_DOT, c = given, marker = dots, alpha = alpha, label = own)
    }
}

internal fun strokeOf(points: Number?): Double = Look.size((points?.toDouble() ?: LINE) * Look.PIXELS_PER_POINT)

/** matplotlib's short words for lines. */
internal class LineFormat(val color: String?, val marker: String?, val line: String?) {
    companion object {
        private val TYPES = mapOf(
            "-" to "solid", "solid" to "solid", "--" to "dashed", "dashed" to "dashed", ":" to "dotted",
            "dotted" to "dotted", "-." to "dotdash", "dashdot" to "dotdash",
        )
        private val HUES = mapOf(
            "r" to "red", "g" to "#008000", "b" to "blue", "k" to "black", "w" to "white", "c" to "#00bfbf",
            "m" to "#bf00bf", "y" to "#bfbf00",
        )
        private val FORMAT = Regex("([rgbkwcmy]|C\\d)?([.osD^])?(--|-\\.|-|:)?")

        fun type(style: String): String =
            TYPES[style] ?: throw IllegalArgumentException("linestyle must be one of ${TYPES.keys}, got '$style'")

        fun of(format: String): LineFormat {
            val found = FORMAT.matchEntire(format) ?: throw IllegalArgumentException(
                "fmt must be a colour, a marker and a line such as \"r--\" or \"ko\", got \"$format\"",
            )
            val (color, marker, line) = found.groupValues.drop(1).map { it.ifEmpty { null } }
            return LineFormat(color?.let { HUES[it] ?: it }, marker, line)
        }
    }
}

/**
 * A level line across the panel.
 *
 * @param xmin where it begins, in parts of the panel as it is now, as [xmax] where it ends
 */
public fun Axes.axhline(
    y: Number = 0,
    xmin: Number = 0,
    xmax: Number = 1,
    color: String? = null,
    linestyle: String = "-",
    linewidth: Number? = null,
    alpha: Number? = null,
    label: String? = null,
    c: String? = null,
    ls: String = linestyle,
    lw: Number? = linewidth,
): Unit =
    across("axhline", "hline", "yintercept", y, color ?: c, ls, lw, alpha, label, xmin to xmax)

/**
 * An upright line through the panel.
 *
 * @param ymin where it begins, in parts of the panel as it is now, as [ymax] where it ends
 */
public fun Axes.axvline(
    x: Number = 0,
    ymin: Number = 0,
    ymax: Number = 1,
    color: String? = null,
    linestyle: String = "-",
    linewidth: Number? = null,
    alpha: Number? = null,
    label: String? = null,
    c: String? = null,
    ls: String = linestyle,
    lw: Number? = linewidth,
): Unit =
    across("axvline", "vline", "xintercept", x, color ?: c, ls, lw, alpha, label, ymin to ymax)

@Suppress("LongParameterList")
private fun Axes.across(
    verb: String,
    geom: String,
    key: String,
    at: Number,
    color: String?,
    style: String,
    width: Number?,
    alpha: Number?,
    label: String?,
    part: Pair<Number, Number>,
) {
    val value = at.toDouble()
    require(value.isFinite()) { "$verb needs a finite number, got $at" }
    val type = LineFormat.type(style)
    val (from, to) = part.first.toDouble() to part.second.toDouble()
    require(from in 0.0..1.0 && to in 0.0..1.0) { "$verb begins and ends in parts of the panel, 0..1, got $part" }
    // A line ends before a colour bar, which lies in the same coordinates.
    val isBounded = geom == "hline" && cell(verb).let { it.drawnByHand == null && PanelTexts.hasBar(it.panel()) }
    if (from != 0.0 || to != 1.0 || isBounded) {
        val (low, high) = if (geom == "hline") getXlim() else getYlim()
        val (a, b) = low + from * (high - low) to low + to * (high - low)
        val line = if (geom == "hline") listOf(a, value, b, value) else listOf(value, a, value, b)
        strokes(verb, listOf(line), cell(verb).drawnByHand.color(color), width, type)
        return
    }
    draw(verb) { sketch ->
        val own = listOf(value)
        Mark(
            geom, mapOf(key to own),
            mapOf("linetype" to type, "size" to strokeOf(width), "alpha" to alpha?.toDouble()),
            if (geom == "vline") own else emptyList(), if (geom == "hline") own else emptyList(),
            sketch.color(color), label,
        )
    }
}

/**
 * A text at a point of the data.
 *
 * @param ha `left`, `center` or `right`: which part of the text is at the point
 * @param va `bottom`, `center` or `top`
 * @param transform `ax.transAxes` where [x] and [y] are parts of the panel as it is now
 */
public fun Axes.text(
    x: Number,
    y: Number,
    s: String,
    fontsize: Any? = null,
    color: String = "black",
    ha: String = "left",
    va: String = "bottom",
    rotation: Number = 0,
    fontweight: Any? = null,
    fontstyle: String? = null,
    transform: AxesFraction? = null,
    style: String? = fontstyle,
    weight: Any? = fontweight,
    size: Any? = fontsize,
) {
    val letters = LegendStyle.fontSize(size, sessionLook(), "fontsize") ?: TEXT
    val across = placeOf(ha, listOf("left", "center", "right"), "ha")
    val upright = placeOf(va, listOf("bottom", "center", "top"), "va")
    val bold = weight != null && LegendStyle.isBold(weight, "fontweight")
    val face = listOfNotNull("bold".takeIf { bold }, "italic".takeIf { style == "italic" }).joinToString("_")
    val hue = Palettes.color(color, "color")
    val atX = if (transform == null) x.toDouble() else part(getXlim(), x)
    val atY = if (transform == null) y.toDouble() else part(getYlim(), y)
    draw("text") {
        Mark(
            "text", mapOf("x" to listOf(atX), "y" to listOf(atY), "label" to listOf(s)),
            mapOf(
                "size" to letters / 2, "hjust" to across, "vjust" to upright, "angle" to rotation.toDouble(),
                "family" to Look.FONT, "color" to hue, "fontface" to face.ifEmpty { null },
            ),
            emptyList(), emptyList(),
        )
    }
}

private fun part(ends: Pair<Double, Double>, at: Number) = ends.first + at.toDouble() * (ends.second - ends.first)

private fun placeOf(word: String, words: List<String>, name: String): Double =
    oneOf(if (word == "baseline") "bottom" else word, words, name) / 2.0

internal const val USUAL_DOT = 36.0
private const val LINE = 1.5
private const val TEXT = 12.0
