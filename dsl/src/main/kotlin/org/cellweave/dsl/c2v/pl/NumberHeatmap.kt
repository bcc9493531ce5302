package org.cellweave.dsl

import org.cellweave.cluster.Linkage
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.plot.ColorBounds
import org.cellweave.dsl.plot.NumberTable
import org.cellweave.dsl.plot.grid
import org.cellweave.dsl.shown.RowTrees
import org.cellweave.util.Check

/**
 * Draws a table of numbers as coloured cells with lines between them, alike columns beside one another.
 *
 * Missing numbers are grey. In a tree columns are compared by the rows that lack none; rows that lack some come last.
 *
 * @param table names of rows, and numbers in columns
 * @param sortColumns puts the columns in the order of a tree of their Euclidean distances, and [sortRows] the rows
 * @param method of the tree: `average`, `complete` or `single`. See [Linkage]
 * @param square whether cells are as high as wide
 * @param figsize width and height of the cells' part in inches of 80 pixels
 * @param save file name, or true for the verb's name in the folder for figures
 */
public fun ClonalPlotting.heatmap(
    table: DataFrame,
    cmap: Any = "RdBu_r",
    vmin: Any? = null,
    vmax: Any? = null,
    vcenter: Any? = null,
    sortColumns: Boolean = true,
    sortRows: Boolean = false,
    method: String = "average",
    square: Boolean = false,
    title: String = "",
    figsize: Pair<Number, Number>? = null,
    show: Boolean? = null,
    save: Any? = null,
    ax: Axes? = null,
    dpi: Number? = null,
): Figure {
    val linkage = Check.oneOf(method, Linkage.Method::class.java, "method")
    val keys = table.keys.toList()
    require(keys.isNotEmpty() && table.nRows() > 0) {
        "table must have rows and columns, got ${table.nRows()} x ${keys.size}"
    }
    val columns = keys.map { key ->
        val column = table.get(key)
        (column as? NumericColumn)?.toDoubles()
            ?: throw IllegalArgumentException("table must hold numbers, but column '$key' is ${column.dtypeName()}")
    }
    val rows = List(table.nRows()) { r -> DoubleArray(keys.size) { columns[it][r] } }
    require(columns.all { v -> v.none(Double::isInfinite) } || !(sortColumns || sortRows)) {
        "sortColumns and sortRows need finite numbers for the distances, but the table has infinite ones"
    }
    val filled = keys.indices.filter { c -> columns[c].any(Double::isFinite) }
    val whole = rows.indices.filter { r -> filled.all { c -> columns[c][r].isFinite() } }
    val across = if (sortColumns) order(filled, keys.size, linkage) { columns[it].at(whole) } else keys.indices.toList()
    val down = if (sortRows) order(whole, rows.size, linkage) { rows[it].at(filled) } else rows.indices.toList()
    val inches = figsize?.let { (w, h) -> w.toDouble() * INCH to h.toDouble() * INCH }
    require(inches == null || inches.first > 0 && inches.second > 0) { "figsize must be positive, got $figsize" }
    val wide = inches?.let { it.first / keys.size } ?: CELL
    val tall = if (square) wide else inches?.let { it.second / rows.size } ?: LOW_CELL
    val limits = ColorBounds(vmin = vmin, vmax = vmax, vcenter = vcenter).of(columns.toTypedArray())
    val panel = NumberTable(
        down.map { table.names[it] }, across.map(keys::get),
        down.map { r -> DoubleArray(keys.size) { rows[r][across[it]] } },
        colorMap(cmap, "RdBu_r"), limits, title, wide to tall, sessionLook(),
    ).build()
    return finish(grid(listOf(panel), 1), "heatmap", Output(save, show, ax, dpi = dpi))
}

/** Places 0 until [n]: those [compared] as a tree of their [vector]s has them, then the others. */
private fun order(compared: List<Int>, n: Int, method: Linkage.Method, vector: (Int) -> DoubleArray): List<Int> {
    val vectors = compared.map(vector)
    if (vectors.size < 2 || vectors[0].isEmpty()) return (0 until n).toList()
    val tree = RowTrees.of(vectors.toTypedArray(), method).leaves().toList()
    return tree.map(compared::get) + ((0 until n) - compared.toSet())
}

private fun DoubleArray.at(places: List<Int>) = DoubleArray(places.size) { this[places[it]] }

private const val CELL = 30.0
private const val LOW_CELL = 22.0
private const val INCH = 80.0
