package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.dsl.plot.ColorBounds
import org.cellweave.dsl.plot.ColorMap
import org.cellweave.dsl.plot.NumberTable
import org.cellweave.dsl.plot.Panel
import org.cellweave.dsl.plot.tickLabel
import org.cellweave.dsl.shown.ChartData
import org.cellweave.util.Check
import java.math.BigDecimal
import java.math.RoundingMode
import java.util.Locale

/**
 * Draws the numbers of a table as coloured cells, with the numbers in them if wanted: seaborn's `heatmap`.
 *
 * Rows are named by the table's index and columns by their names; columns that hold no numbers are refused. Missing
 * numbers are grey.
 *
 * @param annot whether numbers are written into the cells
 * @param fmt how: `d` for whole numbers, or `.2f`, `.2g`, `.1%` with any number of digits
 * @param cmap colours: a name or a list
 * @param center number in the middle of the colours
 * @param linewidths whether there are lines between cells, by their width in pixels
 * @param cbar whether there is a colour bar
 * @param figsize width and height in inches
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun Plotting.heatmap(
    table: DataFrame,
    annot: Boolean = false,
    fmt: String = ".2g",
    cmap: Any = "viridis",
    vmin: Any? = null,
    vmax: Any? = null,
    center: Number? = null,
    linewidths: Number = 0,
    cbar: Boolean = true,
    title: String? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    figsize: Pair<Number, Number>? = null,
    dpi: Number? = null,
): Figure {
    val output = ChartOutput("heatmap", title, Output(save, show, ax, figsize, dpi))
    val names = table.keys.toList()
    require(table.nRows() > 0 && names.isNotEmpty()) {
        "a heat map needs rows and columns, but the table is ${table.nRows()} x ${names.size}"
    }
    val source = ChartData.of(table)
    val columns = names.map { source.required(it, "a column").numbers() }
    val values = List(table.nRows()) { i -> DoubleArray(names.size) { columns[it][i] } }
    val written = if (annot) values.map { row -> row.map { if (it.isNaN()) "" else formatted(it, fmt) } } else null
    val limits = ColorBounds(norm = null, vmin = vmin, vmax = vmax, vcenter = center).of(columns.toTypedArray())
    val rows = List(table.nRows()) { table.index.text(it) }
    val map = ColorMap.of(cmap, "viridis")
    val edge = "#ffffff".takeIf { Check.nonNegative(linewidths.toDouble(), "linewidths") > 0 }

    fun drawn(cell: Pair<Double, Double>): Panel =
        NumberTable(
            rows, names, values, map, limits, output.title.orEmpty(), cell, output.look, written, edge, cbar,
            source.rowTitle,
        ).build()
    val widest = written?.maxOf { row -> row.maxOf { it.length } } ?: 0
    val usual = maxOf(CELL, widest * LETTER).coerceAtLeast(LEAST_SIDE / names.size) to
        maxOf(CELL * CELL_PART, LEAST_SIDE * CELL_PART / rows.size)
    val first = drawn(usual)
    val size = output.size ?: return output.finish(first)
    val around = first.width - usual.first * names.size to first.height - usual.second * rows.size
    return output.finish(
        drawn(
            maxOf(1.0, (size.first - around.first) / names.size) to
                maxOf(1.0, (size.second - around.second) / rows.size),
        ),
    )
}

/** A number as Python's format writes it. */
private fun formatted(value: Double, fmt: String): String {
    val parts = Regex("(?:\\.([0-9]+))?([dfgeg%])").matchEntire(fmt)
        ?: throw IllegalArgumentException("fmt must be \"d\" or such as \".2f\", \".2g\" or \".1%\", got '$fmt'")
    val digits = parts.groupValues[1].toIntOrNull() ?: USUAL_DIGITS
    return when (parts.groupValues[2]) {
        "d" -> "%d".format(Locale.ROOT, Math.round(value))
        "f" -> decimals(value, digits)
        "%" -> decimals(100 * value, digits) + "%"
        "e" -> "%.${digits}e".format(Locale.ROOT, value)
        else -> general(value, maxOf(digits, 1))
    }
}

/** Halves go to the even digit, as Python rounds. */
private fun decimals(value: Double, digits: Int): String =
    if (value.isFinite()) BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString() else "$value"

/** Python's `g`: an exponent for what is small or has more digits than are shown. */
private fun general(value: Double, digits: Int): String {
    if (value == 0.0) return "0"
    val exponent = "%.${digits - 1}e".format(Locale.ROOT, value).substringAfter('e').toInt()
    if (exponent in SMALLEST until digits) return tickLabel(value, digits)
    val mantissa = "%.${digits - 1}e".format(Locale.ROOT, value).substringBefore('e')
    val short = if ('.' in mantissa) mantissa.trimEnd('0').trimEnd('.') else mantissa
    return short + "e%+03d".format(Locale.ROOT, exponent)
}

private const val CELL = 34.0
private const val CELL_PART = 0.75
private const val LEAST_SIDE = 160.0
private const val LETTER = 8.0
private const val USUAL_DIGITS = 6
private const val SMALLEST = -4
