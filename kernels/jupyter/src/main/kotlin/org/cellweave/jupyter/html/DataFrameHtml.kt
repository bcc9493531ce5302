package org.cellweave.jupyter.html

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn

/** A table: its first and last ten rows, and up to sixty columns. */
internal object DataFrameHtml {
    private const val MOST_ROWS = 30
    private const val ROWS = 10
    private const val MOST_COLUMNS = 60
    private const val COLUMNS = 30

    /** @param uns where colours of categories may be found */
    fun of(table: DataFrame, uns: Map<String, Any?> = emptyMap()): String =
        Html.output {
            write(this, table, uns)
            element("div", "cw-foot") {
                text("${table.nRows()} rows \u00D7 ${table.nCols()} columns")
                if (table.nCols() > MOST_COLUMNS) {
                    text("; not shown: ")
                    cut(
                        table.keys
                            .toList()
                            .subList(COLUMNS, table.nCols() - COLUMNS)
                            .joinToString(", "),
                        max = 200,
                    )
                }
            }
        }

    private fun write(html: Html, table: DataFrame, uns: Map<String, Any?>) {
        val rows = Ends(table.nRows(), MOST_ROWS, ROWS)
        val columns = Ends(table.nCols(), MOST_COLUMNS, COLUMNS)
        val keys = table.keys.toList()
        val shown = columns.at.map { shown(table, keys[it], rows.at, uns) }
        val index = table.index
        val names = rows.at.map { if (index.isMissing(it)) missingText(index) else index.text(it) }
        val type = if (index.dtypeName() == "object") "" else index.dtypeName()
        TableHtml(shown, columns.gap, rows.gap).write(html, table.indexName ?: "", type, names)
    }

    private fun shown(table: DataFrame, key: String, rows: IntArray, uns: Map<String, Any?>): Shown {
        val column = table.get(key)
        val colors =
            (column as? CategoricalColumn)?.let { c ->
                colorsOf(uns, key, c)?.let { all -> rows.map { r -> c.codes()[r].takeIf { it >= 0 }?.let(all::get) } }
            }
        val cells = cellTexts(column, rows)
        return Shown(key, column.dtypeName(), column is NumericColumn, cells, missingText(column), colors)
    }
}
