package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.dsl.plot.BoxStats
import org.cellweave.dsl.plot.LegendStyle
import org.cellweave.dsl.plot.Limits
import org.cellweave.dsl.plot.LineLayer
import org.cellweave.dsl.plot.Look
import org.cellweave.dsl.plot.Mark
import org.cellweave.dsl.plot.Marker
import org.cellweave.dsl.plot.Palettes
import org.cellweave.dsl.plot.PanelChanges
import org.cellweave.dsl.plot.PointPanel
import org.cellweave.dsl.plot.Sketch
import org.cellweave.dsl.shown.texts
import org.cellweave.util.Check

/** Adds what [make] draws: to axes drawn by hand, or over what a verb has drawn. */
private fun Axes.draw(verb: String, make: (Sketch?) -> Mark) {
    val cell = cell(verb)
    val sketch = cell.drawnByHand
    if (sketch == null) {
        changeAxes(verb) { PanelChanges.layers(it, listOf(make(null).layer(named = false))) }
        return
    }
    val mark = make(sketch)
    cell.sketched(verb) { it.add(mark) }
    runCatching { cell.panel() }.onFailure { cell.sketched(verb) { it.remove(mark) } }.getOrThrow()
    figure.wasChanged()
}

private fun Sketch?.color(choice: String?): String =
    choice?.let { Palettes.color(it, "color") } ?: this?.nextColor() ?: "#1f77b4"

/**
 * Dots at [x] and [y]: lists, arrays or columns.
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
    val xs = figureNumbers(x, "x")
    val ys = figureNumbers(y, "y")
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
        val size = Look.size(PointPanel.diameter(areas?.singleOrNull() ?: DOT) * 2).takeIf { "size" !in data }
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
                    "size" to width(linewidth ?: lw), "linetype" to LineFormat.type(line), "alpha" to alpha?.toDouble(),
                ),
                xs.asList(), ys.asList(), given, label,
            )
        }
    }
    if (dots != null) {
        val own = label.takeIf { line == null }
        scatter(x = xs, y = ys, s = DOT, c = given, marker = dots, alpha = alpha, label = own)
    }
}

private fun width(points: Number?): Double = Look.size((points?.toDouble() ?: LINE) * Look.PIXELS_PER_POINT)

/** matplotlib's short words for lines. */
private class LineFormat(val color: String?, val marker: String?, val line: String?) {
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
 * How many values lie in each of [bins] intervals, as bars.
 *
 * @param bins their number, or their edges in ascending order
 * @param density whether bars cover an area of 1
 */
public fun Axes.hist(
    x: Any,
    bins: Any = 10,
    range: Pair<Number, Number>? = null,
    density: Boolean = false,
    color: String? = null,
    edgecolor: String? = null,
    alpha: Number? = null,
    label: String? = null,
    log: Boolean = false,
) {
    val values = figureNumbers(x, "x").filter { it.isFinite() }
    val edges = edges(values, bins, range)
    val counts = DoubleArray(edges.size - 1)
    for (v in values) {
        if (v < edges.first() || v > edges.last()) continue
        val at = edges.binarySearch(v).let { if (it >= 0) it else -it - 2 }
        counts[minOf(at, counts.size - 1)]++
    }
    val total = counts.sum()
    val heights = counts.mapIndexed { i, n ->
        if (density && total > 0) n / (total * (edges[i + 1] - edges[i])) else n
    }
    if (log) setYscale("log")
    val shown = heights.indices.filter { !log || heights[it] > 0 }
    val floor = if (log) (heights.filter { it > 0 }.minOrNull() ?: 1.0) / 2 else 0.0
    bars(
        "hist", shown.map { edges[it] }, shown.map { edges[it + 1] }, shown.map { floor }, shown.map { heights[it] },
        BarLook(color, edgecolor, alpha, label), yBase = !log,
    )
}

private fun edges(values: List<Double>, bins: Any, range: Pair<Number, Number>?): List<Double> {
    if (bins !is Number) {
        val edges = figureNumbers(bins, "bins").asList()
        require(edges.size >= 2 && edges.zipWithNext().all { (a, b) -> a < b }) {
            "bins must be a number or edges in ascending order, got $edges"
        }
        return edges
    }
    val n = Check.positive(bins.toInt(), "bins")
    require(values.isNotEmpty() || range != null) { "x must hold at least one finite number" }
    val low = range?.first?.toDouble() ?: values.min()
    val high = range?.second?.toDouble() ?: values.max()
    require(low <= high) { "range must ascend, got $range" }
    // As numpy: one value has an interval of 1 around it.
    val (from, to) = if (low == high) low - HALF to high + HALF else low to high
    return List(n + 1) { from + it * ((to - from) / n) }
}

private class BarLook(val color: String?, val edge: String?, val alpha: Number?, val label: String?)

@Suppress("LongParameterList")
private fun Axes.bars(
    verb: String,
    left: List<Double>,
    right: List<Double>,
    bottom: List<Double>,
    top: List<Double>,
    look: BarLook,
    xNames: Map<Double, String> = emptyMap(),
    yNames: Map<Double, String> = emptyMap(),
    xBase: Boolean = false,
    yBase: Boolean = false,
) {
    draw(verb) { sketch ->
        Mark(
            "rect", mapOf("xmin" to left, "xmax" to right, "ymin" to bottom, "ymax" to top),
            mapOf(
                "color" to (look.edge?.let { Palettes.color(it, "edgecolor") } ?: "rgba(0,0,0,0)"),
                "size" to if (look.edge == null) 0.0 else width(1), "alpha" to (look.alpha?.toDouble() ?: 1.0),
            ),
            left + right, bottom + top, sketch.color(look.color), look.label, isFilled = true,
            xNames = xNames, yNames = yNames, xBase = xBase, yBase = yBase,
        )
    }
}

/** Where bars are: at numbers, or at 0, 1, ... under the names that were given. */
private fun places(choice: Any, name: String): Pair<List<Double>, Map<Double, String>> {
    val names = when (choice) {
        is Iterable<*> -> choice.takeIf { all -> all.any { it is String } }?.map { "$it" }
        is Array<*> -> choice.map { "$it" }
        is Column -> choice.texts().asList().takeIf { choice.dtypeName() == "str" || choice.dtypeName() == "category" }
        else -> null
    } ?: return figureNumbers(choice, name).asList() to emptyMap()
    return names.indices.map { it.toDouble() } to names.withIndex().associate { (i, text) -> i.toDouble() to text }
}

/**
 * Upright bars at [x], numbers or names.
 *
 * @param bottom where bars begin, one number or one per bar, to stack them
 */
public fun Axes.bar(
    x: Any,
    height: Any,
    width: Number = 0.8,
    bottom: Any? = null,
    color: String? = null,
    edgecolor: String? = null,
    alpha: Number? = null,
    label: String? = null,
) {
    val (at, names) = places(x, "x")
    val (from, to) = reach(at.size, height, bottom, "height")
    val half = width.toDouble() / 2
    bars(
        "bar", at.map { it - half }, at.map { it + half }, from, to, BarLook(color, edgecolor, alpha, label),
        xNames = names, yBase = true,
    )
}

/** Bars from left to right at [y], numbers or names; see [bar]. */
public fun Axes.barh(
    y: Any,
    width: Any,
    height: Number = 0.8,
    left: Any? = null,
    color: String? = null,
    edgecolor: String? = null,
    alpha: Number? = null,
    label: String? = null,
) {
    val (at, names) = places(y, "y")
    val (from, to) = reach(at.size, width, left, "width")
    val half = height.toDouble() / 2
    bars(
        "barh", from, to, at.map { it - half }, at.map { it + half }, BarLook(color, edgecolor, alpha, label),
        yNames = names, xBase = true,
    )
}

private fun reach(n: Int, lengths: Any, base: Any?, name: String): Pair<List<Double>, List<Double>> {
    val long = if (lengths is Number) DoubleArray(n) { lengths.toDouble() } else figureNumbers(lengths, name)
    Check.sameLength(long.size, n, name, "the number of bars")
    val from = when (base) {
        null -> DoubleArray(n)
        is Number -> DoubleArray(n) { base.toDouble() }
        else -> figureNumbers(base, "bottom")
    }
    Check.sameLength(from.size, n, "bottom", "the number of bars")
    return from.asList() to List(n) { from[it] + long[it] }
}

/**
 * A box per list of numbers: quartiles, whiskers at the last value within 1.5 times their distance, and what is outside.
 *
 * @param x a list of numbers, or a list of such lists
 * @param labels a name for each box
 */
public fun Axes.boxplot(x: Any, labels: List<String>? = null, showfliers: Boolean = true) {
    val isOne = x !is Iterable<*> || x.all { it is Number }
    val all = (if (isOne) listOf(x) else (x as Iterable<*>).toList()).map { values ->
        figureNumbers(values, "x").filter { it.isFinite() }.toDoubleArray().also { it.sort() }
    }
    require(all.isNotEmpty() && all.all { it.isNotEmpty() }) { "x must have at least one finite number for every box" }
    labels?.let { Check.sameLength(it.size, all.size, "labels", "the number of boxes") }
    val boxes = all.map(::BoxStats)
    val names = boxes.indices.associate { (it + 1.0) to (labels?.get(it) ?: "${it + 1}") }
    val at = boxes.indices.map { it + 1.0 }
    bars(
        "boxplot", at.map { it - BOX }, at.map { it + BOX }, boxes.map { it.lower }, boxes.map { it.upper },
        BarLook("white", "black", null, null), xNames = names,
    )
    val low = boxes.map { it.low }
    val high = boxes.map { it.high }
    val whiskers = boxes.indices.flatMap { i ->
        val b = boxes[i]
        listOf(
            listOf(at[i], b.upper, at[i], b.high), listOf(at[i], b.low, at[i], b.lower),
            listOf(at[i] - BOX / 2, b.high, at[i] + BOX / 2, b.high),
            listOf(at[i] - BOX / 2, b.low, at[i] + BOX / 2, b.low),
        )
    }
    segments("boxplot", whiskers, "#000000", low + high)
    segments(
        "boxplot", boxes.indices.map { listOf(at[it] - BOX, boxes[it].middle, at[it] + BOX, boxes[it].middle) },
        "#ff7f0e", emptyList(),
    )
    val outside = boxes.indices.flatMap { i -> boxes[i].outside.map { at[i] to it } }
    if (showfliers && outside.isNotEmpty()) {
        scatter(outside.map { it.first }, outside.map { it.second }, s = DOT / 2, c = "black")
    }
}

private fun Axes.segments(verb: String, ends: List<List<Double>>, color: String, ys: List<Double>) {
    draw(verb) {
        Mark(
            "segment", listOf("x", "y", "xend", "yend").withIndex().associate { (k, key) -> key to ends.map { it[k] } },
            mapOf("size" to width(1)), emptyList(), ys, color,
        )
    }
}

/** A level line across the panel. */
public fun Axes.axhline(
    y: Number = 0,
    color: String? = null,
    linestyle: String = "-",
    linewidth: Number? = null,
    alpha: Number? = null,
    label: String? = null,
    c: String? = null,
    ls: String = linestyle,
    lw: Number? = linewidth,
): Unit = across("axhline", "hline", "yintercept", y, color ?: c, ls, lw, alpha, label)

/** An upright line through the panel. */
public fun Axes.axvline(
    x: Number = 0,
    color: String? = null,
    linestyle: String = "-",
    linewidth: Number? = null,
    alpha: Number? = null,
    label: String? = null,
    c: String? = null,
    ls: String = linestyle,
    lw: Number? = linewidth,
): Unit = across("axvline", "vline", "xintercept", x, color ?: c, ls, lw, alpha, label)

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
) {
    val value = at.toDouble()
    require(value.isFinite()) { "$verb needs a finite number, got $at" }
    val type = LineFormat.type(style)
    draw(verb) { sketch ->
        val own = listOf(value)
        Mark(
            geom, mapOf(key to own),
            mapOf("linetype" to type, "size" to width(width), "alpha" to alpha?.toDouble()),
            if (geom == "vline") own else emptyList(), if (geom == "hline") own else emptyList(),
            sketch.color(color), label,
        )
    }
}

/** The area between two lines over [x]. */
public fun Axes.fillBetween(
    x: Any,
    y1: Any,
    y2: Any = 0,
    color: String? = null,
    alpha: Number? = null,
    label: String? = null,
) {
    val xs = figureNumbers(x, "x").asList()

    fun side(choice: Any, name: String) =
        (if (choice is Number) List(xs.size) { choice.toDouble() } else figureNumbers(choice, name).asList())
            .also { Check.sameLength(it.size, xs.size, name, "the length of x") }
    val one = side(y1, "y1")
    val two = side(y2, "y2")
    draw("fillBetween") { sketch ->
        Mark(
            "ribbon", mapOf("x" to xs, "ymin" to one.zip(two, ::minOf), "ymax" to one.zip(two, ::maxOf)),
            mapOf("size" to 0.0, "alpha" to (alpha?.toDouble() ?: 1.0)), xs, one + two, sketch.color(color), label,
            isFilled = true,
        )
    }
}

/**
 * A text at a point of the data.
 *
 * @param ha `left`, `center` or `right`: which part of the text is at the point
 * @param va `bottom`, `center` or `top`
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
) {
    val size = LegendStyle.fontSize(fontsize, sessionLook(), "fontsize") ?: TEXT
    val across = placeOf(ha, listOf("left", "center", "right"), "ha")
    val upright = placeOf(va, listOf("bottom", "center", "top"), "va")
    val bold = fontweight != null && LegendStyle.isBold(fontweight, "fontweight")
    val face = listOfNotNull("bold".takeIf { bold }, "italic".takeIf { fontstyle == "italic" }).joinToString("_")
    val hue = Palettes.color(color, "color")
    draw("text") {
        Mark(
            "text", mapOf("x" to listOf(x.toDouble()), "y" to listOf(y.toDouble()), "label" to listOf(s)),
            mapOf(
                "size" to size / 2, "hjust" to across, "vjust" to upright, "angle" to rotation.toDouble(),
                "family" to Look.FONT, "color" to hue, "fontface" to face.ifEmpty { null },
            ),
            emptyList(), emptyList(),
        )
    }
}

private fun placeOf(word: String, words: List<String>, name: String): Double =
    oneOf(if (word == "baseline") "bottom" else word, words, name) / 2.0

private const val DOT = 36.0
private const val LINE = 1.5
private const val HALF = 0.5
private const val BOX = 0.25
private const val TEXT = 12.0
