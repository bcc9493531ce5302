package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.dsl.plot.BoxStats
import org.cellweave.dsl.plot.Mark
import org.cellweave.dsl.plot.Palettes
import org.cellweave.util.Check

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
                "size" to if (look.edge == null) 0.0 else strokeOf(1), "alpha" to (look.alpha?.toDouble() ?: 1.0),
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
        scatter(outside.map { it.first }, outside.map { it.second }, s = USUAL_DOT / 2, c = "black")
    }
}

private fun Axes.segments(verb: String, ends: List<List<Double>>, color: String, ys: List<Double>) {
    draw(verb) {
        Mark(
            "segment", listOf("x", "y", "xend", "yend").withIndex().associate { (k, key) -> key to ends.map { it[k] } },
            mapOf("size" to strokeOf(1)), emptyList(), ys, color,
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

private const val HALF = 0.5
private const val BOX = 0.25
