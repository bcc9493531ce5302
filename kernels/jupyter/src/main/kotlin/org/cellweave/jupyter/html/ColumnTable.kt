package org.cellweave.jupyter.html

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn

/**
 * The columns of a table one below the other: type, distinct values, missing ones, categories or first values.
 *
 * Counting stops once it has looked at as many values as a reader would wait for.
 */
internal class ColumnTable(private val uns: Map<String, Any?>) {
    private var effort = EFFORT

    fun write(html: Html, table: DataFrame, limit: Int) {
        val titles = listOf("column", "dtype", "distinct", "missing", "values")
        html.plainTable(titles) {
            val index = table.index
            element("tr", "") { row(this, table.indexName ?: "(index)", index) }
            upTo(limit, table.keys, { moreRow(it, titles.size) }) { key ->
                element("tr", "") { row(this, key, table.get(key)) }
            }
        }
    }

    private fun row(html: Html, key: String, column: Column) {
        html.element("th", "") { cut(key, KEY) }
        val order = if (column is CategoricalColumn && column.isOrdered) ", ordered" else ""
        html.element("td", "") { text(column.dtypeName() + order) }
        html.element("td", "cw-n") { count(this, distinct(column)) }
        html.element("td", "cw-n") { count(this, missing(column)) }
        html.element("td", "cw-w") {
            if (column is CategoricalColumn) {
                categories(this, column, colorsOf(uns, key, column))
            } else {
                first(this, column)
            }
        }
    }

    private fun count(html: Html, n: Int?) {
        when (n) {
            null -> html.raw("<span class=\"cw-na\" title=\"not counted, too many values\">\u2013</span>")
            0 -> html.element("span", "cw-zero") { text("0") }
            else -> html.text(Numerals.count(n))
        }
    }

    private fun first(html: Html, column: Column) {
        val rows = IntArray(minOf(FIRST, column.size())) { it }
        cellTexts(column, rows).forEachIndexed { i, value ->
            if (i > 0) html.text(", ")
            if (value == null) html.cut(missingText(column), cssClass = "cw-na") else html.cut(value, VALUE)
        }
        if (rows.size < column.size()) html.text(", " + TableHtml.ELLIPSIS)
    }

    private fun missing(column: Column): Int? =
        when {
            column is NumericColumn && column.isInteger && !column.isNullable -> 0
            column is BooleanColumn && !column.isNullable -> 0
            !afford(column.size() / SCANNED) -> null
            else -> missingValues(column)
        }

    private fun distinct(column: Column): Int? =
        when {
            column is CategoricalColumn -> column.nCategories()
            !afford(column.size() * HASHED) -> null
            column is NumericColumn -> distinct(column)
            column is BooleanColumn ->
                column
                    .values()
                    .filterIndexed { i, _ -> !column.isMissing(i) }
                    .toSet()
                    .size
            column is StringColumn -> column.values().filterNotNullTo(HashSet()).size
            else -> null
        }

    private fun distinct(column: NumericColumn): Int {
        val longs = column.longs()
        if (longs != null) {
            val sorted = longs.filterIndexed { i, _ -> !column.isMissing(i) }.toLongArray().also { it.sort() }
            return sorted.indices.count { it == 0 || sorted[it] != sorted[it - 1] }
        }
        val values = column.toDoubles().also { it.sort() }
        return values.indices.count { i -> !values[i].isNaN() && (i == 0 || values[i] != values[i - 1]) }
    }

    private fun afford(cost: Long): Boolean {
        if (cost > effort) return false
        effort -= cost
        return true
    }

    private companion object {
        const val EFFORT = 8_000_000L
        const val HASHED = 40L
        const val SCANNED = 4L
        const val FIRST = 5
        const val VALUE = 30
        const val KEY = 40
    }
}

/** Number of missing values; one pass without calls through the interface. */
internal fun missingValues(column: Column): Int {
    var n = 0
    when (column) {
        is NumericColumn -> for (i in 0 until column.size()) if (column.isMissing(i)) n++
        is BooleanColumn -> for (i in 0 until column.size()) if (column.isMissing(i)) n++
        is StringColumn -> for (value in column.values()) if (value == null) n++
        is CategoricalColumn -> for (code in column.codes()) if (code < 0) n++
    }
    return n
}
