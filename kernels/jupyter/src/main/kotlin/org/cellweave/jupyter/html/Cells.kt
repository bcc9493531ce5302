package org.cellweave.jupyter.html

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn

/** Text of some values of a column, null where missing; floating numbers get the same digits. */
internal fun cellTexts(column: Column, rows: IntArray): List<String?> {
    if (column is NumericColumn && !column.isInteger) {
        val values = DoubleArray(rows.size) { column.get(rows[it]) }
        val texts = Numerals.column(values, column.dtype().bytes() <= Float.SIZE_BYTES)
        return rows.indices.map { if (values[it].isNaN()) null else texts[it] }
    }
    return rows.map { if (column.isMissing(it)) null else column.text(it) }
}

/** How a missing value of this column prints. */
internal fun missingText(column: Column): String {
    val nullable =
        when (column) {
            is NumericColumn -> column.isNullable
            is BooleanColumn -> column.isNullable
            is StringColumn -> column.isNullable
            is CategoricalColumn -> false
        }
    return if (nullable) "<NA>" else "NaN"
}

/** Text of some elements of a flattened array. */
internal fun arrayTexts(array: NdArray, at: IntArray): List<String> =
    when {
        array.isText -> at.map { array.texts()[it] ?: "NaN" }
        array.data() is BooleanArray -> at.map { if (array.number(it) != 0.0) "True" else "False" }
        array.dtype().isInteger -> at.map { integer(array, it) }
        else -> {
            val values = DoubleArray(at.size) { array.number(at[it]) }
            Numerals.column(values, array.dtype().bytes() <= Float.SIZE_BYTES)
        }
    }

private fun integer(array: NdArray, i: Int): String {
    val data = array.data()
    return if (data is LongArray && array.dtype().isSigned) {
        data[i].toString()
    } else {
        array
            .number(i)
            .toBigDecimal()
            .toBigInteger()
            .toString()
    }
}

/** Positions shown of [n]: all of a few, else [each] from both ends with a gap between. */
internal class Ends(n: Int, most: Int, each: Int) {
    private val cut = n > most

    /** Position in [at] before which something is left out; -1 when nothing is. */
    val gap: Int = if (cut) each else -1
    val at: IntArray = if (cut) IntArray(2 * each) { if (it < each) it else n - 2 * each + it } else IntArray(n) { it }
}

/** A column of a table in HTML. */
internal class Shown(
    val title: String,
    val type: String,
    val right: Boolean,
    val cells: List<String?>,
    val missing: String = "NaN",
    val colors: List<String?>? = null,
)

/** A table that scrolls, with a sticky head and a sticky first column. */
internal class TableHtml(private val columns: List<Shown>, private val columnGap: Int, private val rowGap: Int) {
    fun write(html: Html, corner: String, cornerType: String, index: List<String>) {
        html.element("div", "cw-scroll") {
            element("table", "cw-t") {
                element("thead", "") { head(this, corner, cornerType) }
                element("tbody", "") {
                    index.indices.forEach { r ->
                        if (r == rowGap) gapRow(this)
                        element("tr", "") { row(this, index[r], r) }
                    }
                }
            }
        }
    }

    private fun head(html: Html, corner: String, cornerType: String) {
        html.element("tr", "") {
            element("th", "") { title(this, corner, cornerType) }
            columns.forEachIndexed { c, column ->
                if (c == columnGap) element("th", "cw-gap") { text(ELLIPSIS) }
                element("th", if (column.right) "cw-n" else "") { title(this, column.title, column.type) }
            }
        }
    }

    private fun title(html: Html, name: String, type: String) {
        html.cut(name)
        if (type.isNotEmpty()) html.element("span", "cw-dt") { text(type) }
    }

    private fun row(html: Html, name: String, r: Int) {
        html.element("th", "") { cut(name) }
        columns.forEachIndexed { c, column ->
            if (c == columnGap) html.element("td", "cw-gap") { text(ELLIPSIS) }
            html.element("td", if (column.right) "cw-n" else "") {
                val cell = column.cells[r]
                column.colors?.get(r)?.let { swatch(this, it) }
                if (cell == null) cut(column.missing, cssClass = "cw-na") else cut(cell, cssClass = zero(cell))
            }
        }
    }

    private fun zero(cell: String): String = if (cell == ZERO) "cw-zero" else ""

    private fun gapRow(html: Html) {
        html.element("tr", "") {
            element("th", "cw-gap") { text(ELLIPSIS) }
            repeat(columns.size + if (columnGap >= 0) 1 else 0) { element("td", "cw-gap") { text(ELLIPSIS) } }
        }
    }

    companion object {
        const val ELLIPSIS: String = "\u2026"

        /** A zero that is not stored. */
        const val ZERO: String = "\u00B7"
    }
}
