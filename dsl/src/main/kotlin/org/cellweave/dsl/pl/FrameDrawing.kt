package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.dsl.session.FigureStyle
import org.cellweave.dsl.shown.rowTitle
import org.cellweave.util.Check
import kotlin.math.ceil
import kotlin.math.sqrt

/** pandas' way to draw: `df.plot.bar()`, `df.plot(kind = "bar", stacked = true)`, `df["n"].plot.hist()`. */
public val DataFrame.plot: FrameDrawing get() = FrameDrawing(this, null)

/** See [DataFrame.plot]. */
public val Column.plot: FrameDrawing get() = FrameDrawing(null, this)

/**
 * How often the values of numeric columns occur, a panel each.
 *
 * @param column a name or several; all numeric columns by default
 */
public fun DataFrame.hist(
    column: Any? = null,
    bins: Any = 10,
    figsize: Pair<Number, Number>? = null,
    ax: Axes? = null,
    color: String? = null,
): Figure {
    val names = when (column) {
        null -> numericKeys()
        is Iterable<*> -> column.map { "$it" }
        else -> listOf("$column")
    }
    require(names.isNotEmpty()) { "hist needs a numeric column, but there are ${keys.toList()}" }
    require(ax == null || names.size == 1) { "ax takes one column, got $names" }
    val across = ceil(sqrt(names.size.toDouble())).toInt()
    val down = ceil(names.size / across.toDouble()).toInt()
    val panels = if (ax != null) listOf(ax) else plt.subplots(down, across, figsize).axes.flat
    names.forEachIndexed { i, name ->
        panels[i].hist(this[name], bins = bins, color = color ?: FIRST)
        panels[i].setTitle(name)
    }
    panels.drop(names.size).forEach { it.remove() }
    Pyplot.current(panels[0])
    return panels[0].figure
}

/** How often the values of a column occur. */
public fun Column.hist(bins: Any = 10, ax: Axes? = null, color: String? = null): Axes {
    val panel = ax ?: plt.subplots().axes[0]
    panel.hist(this, bins = bins, color = color ?: FIRST)
    return panel
}

internal fun DataFrame.numericKeys(): List<String> =
    keys.filter { this[it].dtypeName() !in listOf("str", "category", "bool") }

/** See [DataFrame.plot]; what is drawn comes back as axes, in which more can be drawn. */
public class FrameDrawing internal constructor(private val table: DataFrame?, private val column: Column?) {
    private val series: Map<String, DoubleArray> =
        table?.let { t -> t.numericKeys().associateWith { t[it].toDoubles() } } ?: mapOf("" to column!!.toDoubles())
    private val n = series.values.firstOrNull()?.size ?: 0
    private val names: List<String> = table?.index?.texts()?.asList() ?: List(n) { "$it" }

    /** What the rows are called together, where the table knows. */
    private val rowTitle: String = table?.rowTitle.orEmpty()

    /** Draws the kind of figure: `line`, `bar`, `barh`, `hist`, `box` or `scatter`. */
    public operator fun invoke(
        kind: String = "line",
        x: String? = null,
        y: Any? = null,
        stacked: Boolean = false,
        bins: Any = 10,
        title: String? = null,
        figsize: Pair<Number, Number>? = null,
        ax: Axes? = null,
        color: Any? = null,
        legend: Boolean = true,
        rot: Number? = null,
        width: Number? = null,
    ): Axes =
        when (kind) {
            "line" -> line(x, y, title, figsize, ax, color, legend)
            "bar" -> bar(x, y, stacked, title, figsize, ax, color, legend, rot, width)
            "barh" -> barh(stacked, title, figsize, ax, color, legend, width)
            "hist" -> hist(bins, title, figsize, ax, color, legend)
            "box" -> box(title, figsize, ax)
            "scatter" -> scatter(required(x, "x"), required(y, "y"), title = title, figsize = figsize, ax = ax)
            else -> throw IllegalArgumentException(
                "kind must be one of $KINDS, got '$kind'." + Check.suggestion(kind, KINDS),
            )
        }

    private fun required(name: Any?, argument: String): String =
        requireNotNull(name as? String) { "a scatter needs the name of a column as $argument" }

    private fun panel(title: String?, figsize: Pair<Number, Number>?, ax: Axes?): Axes {
        require(series.isNotEmpty()) { "the table has no numeric column to draw" }
        figsize?.let(FigureStyle::pixels)
        val made = ax ?: plt.subplots(figsize = figsize).axes[0]
        title?.let { made.setTitle(it) }
        Pyplot.current(made)
        return made
    }

    private fun chosen(y: Any?, without: String? = null): Map<String, DoubleArray> {
        val wanted = when (y) {
            null -> return series.filterKeys { it != without }
            is Iterable<*> -> y.map { "$it" }
            else -> listOf("$y")
        }
        wanted.forEach {
            require(it in series) { "y must be among ${series.keys}, got '$it'." + Check.suggestion(it, series.keys) }
        }
        return wanted.associateWith { series.getValue(it) }
    }

    private fun colors(choice: Any?, count: Int): List<String?> =
        when (choice) {
            null -> List(count) { null }
            is Iterable<*> -> choice.map { "$it" }.let { all -> List(count) { all[it % all.size] } }
            else -> List(count) { "$choice" }
        }

    private fun keyed(ax: Axes, legend: Boolean): Axes {
        if (legend && series.size > 1) ax.legend(loc = "upper right")
        return ax
    }

    /** Upright bars: a group for every row, a bar of it for every numeric column. */
    public fun bar(
        x: String? = null,
        y: Any? = null,
        stacked: Boolean = false,
        title: String? = null,
        figsize: Pair<Number, Number>? = null,
        ax: Axes? = null,
        color: Any? = null,
        legend: Boolean = true,
        rot: Number? = null,
        width: Number? = null,
    ): Axes {
        val at = panel(title, figsize, ax)
        val shown = chosen(y, x)
        bars(shown, stacked, colors(color, shown.size), width) { places, heights, from, thick, hue, name ->
            at.bar(places, heights, width = thick, bottom = from, color = hue, label = name.ifEmpty { null })
        }
        val called = x?.let { requireNotNull(table)[it].texts().asList() } ?: names
        at.setXticks(List(n) { it.toDouble() }, called, rot ?: UPRIGHT, null)
        (x ?: rowTitle).takeIf { it.isNotEmpty() }?.let { at.setXlabel(it) }
        return keyed(at, legend)
    }

    /** Bars from left to right; see [bar]. */
    public fun barh(
        stacked: Boolean = false,
        title: String? = null,
        figsize: Pair<Number, Number>? = null,
        ax: Axes? = null,
        color: Any? = null,
        legend: Boolean = true,
        width: Number? = null,
    ): Axes {
        val at = panel(title, figsize, ax)
        bars(series, stacked, colors(color, series.size), width) { places, lengths, from, thick, hue, name ->
            at.barh(places, lengths, height = thick, left = from, color = hue, label = name.ifEmpty { null })
        }
        at.setYticks(List(n) { it.toDouble() }, names, null, null)
        if (rowTitle.isNotEmpty()) at.setYlabel(rowTitle)
        return keyed(at, legend)
    }

    private fun bars(
        shown: Map<String, DoubleArray>,
        stacked: Boolean,
        colors: List<String?>,
        width: Number?,
        draw: (List<Double>, DoubleArray, DoubleArray, Double, String?, String) -> Unit,
    ) {
        val whole = width?.toDouble() ?: BAR
        val thick = if (stacked) whole else whole / shown.size
        val base = DoubleArray(n)
        shown.entries.forEachIndexed { k, (name, values) ->
            val offset = if (stacked) 0.0 else (k + HALF) * thick - whole / 2
            draw(List(n) { it + offset }, values, base.copyOf(), thick, colors[k], name)
            if (stacked) for (i in base.indices) base[i] += values[i]
        }
    }

    /** How often values occur, of all numeric columns over one another. */
    public fun hist(
        bins: Any = 10,
        title: String? = null,
        figsize: Pair<Number, Number>? = null,
        ax: Axes? = null,
        color: Any? = null,
        legend: Boolean = true,
    ): Axes {
        val at = panel(title, figsize, ax)
        val hues = colors(color, series.size)
        series.entries.forEachIndexed { k, (name, values) ->
            at.hist(values, bins = bins, color = hues[k], label = name.ifEmpty { null })
        }
        at.setYlabel("Frequency")
        return keyed(at, legend)
    }

    /** A line for every numeric column, over the rows or over [x]. */
    public fun line(
        x: String? = null,
        y: Any? = null,
        title: String? = null,
        figsize: Pair<Number, Number>? = null,
        ax: Axes? = null,
        color: Any? = null,
        legend: Boolean = true,
    ): Axes {
        val at = panel(title, figsize, ax)
        val shown = chosen(y, x)
        val across = x?.let { series.getValue(it) } ?: DoubleArray(n) { it.toDouble() }
        val hues = colors(color, shown.size)
        shown.entries.forEachIndexed { k, (name, values) ->
            at.plot(across, values, color = hues[k], label = name.ifEmpty { null })
        }
        return keyed(at, legend)
    }

    /** A box for every numeric column. */
    public fun box(title: String? = null, figsize: Pair<Number, Number>? = null, ax: Axes? = null): Axes {
        val at = panel(title, figsize, ax)
        at.boxplot(series.values.map { it.asList() }, labels = series.keys.toList())
        return at
    }

    /** Dots at two columns. */
    public fun scatter(
        x: String,
        y: String,
        s: Any? = 20,
        c: Any? = null,
        title: String? = null,
        figsize: Pair<Number, Number>? = null,
        ax: Axes? = null,
    ): Axes {
        val at = panel(title, figsize, ax)
        val (across, up) = chosen(listOf(x, y)).values.toList()
        at.scatter(across, up, s = s, c = if (c is String && c in series) series.getValue(c) else c)
        at.setXlabel(x)
        at.setYlabel(y)
        return at
    }

    private companion object {
        val KINDS = listOf("line", "bar", "barh", "hist", "box", "scatter")
        const val BAR = 0.5
        const val HALF = 0.5
        const val UPRIGHT = 90
    }
}

private const val FIRST = "#1f77b4"
