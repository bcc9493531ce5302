package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.requireColumns

/**
 * Rows and columns by name or mask: `table.loc[mask]`, `table.loc["cell", "x"]`, `table.loc[names, listOf("a", "b")]`,
 * `table.loc["a".."c"]` with both ends, and writing: `adata.obs.loc[mask, "cell_type"] = "B"`.
 */
public val DataFrame.loc: Location get() = Location(this)

/** Rows and columns by position: `table.iloc[0]`, `table.iloc[0 until 10, all]`; negative ones count from the end. */
public val DataFrame.iloc: PositionLocation get() = PositionLocation(this)

/** One value by name: `table.at["cell", "x"]`. */
public val DataFrame.at: Location get() = loc

/** One value by position: `table.iat[0, 1]`. */
public val DataFrame.iat: PositionLocation get() = iloc

/** See [loc]. */
public class Location internal constructor(
    private val table: DataFrame,
) {
    /** One row. */
    public operator fun get(row: String): Row = Row(table, table.rowsOf(row).single())

    /** Rows by mask, names, or `"first".."last"`. */
    public operator fun get(rows: Any): DataFrame = table.takeRows(labelled(rows))

    /** One value. */
    public operator fun get(row: String, column: String): Entry = Entry(table[column], table.rowsOf(row).single())

    /** Rows of one column. */
    public operator fun get(rows: Any, column: String): Column = table[column].take(labelled(rows))

    /** Some columns of one row. */
    public operator fun get(
        row: String,
        columns: Any,
    ): Row = Row(table[table.columnsOf(columns)], table.rowsOf(row).single())

    /** Rows and columns. */
    public operator fun get(
        rows: Any,
        columns: Any,
    ): DataFrame = table[table.columnsOf(columns)].takeRows(labelled(rows))

    /**
     * Writes to one column in some rows, which is added where the table has none: one value, or one for each row. Null
     * makes them missing. The type widens as in pandas; categories take only their own, `cat.addCategories` adds one.
     */
    public operator fun set(rows: Any, column: String, value: Any?) {
        val mask = BooleanArray(table.nRows())
        labelled(rows).forEach { mask[it] = true }
        if (table.contains(column)) {
            val given = if (value is DataFrame) value.loc[table.names[mask], value.columns.single()] else value
            table.set(column, table[column].replacedBy(mask, given))
            return
        }
        requireNotNull(value) { "table['$column'] is missing, so that it needs values to get a type" }
        val n = mask.sum()
        val values = columnOf(value, n)
        var next = 0
        table.set(column, values.take(IntArray(mask.size) { if (mask[it]) next++ else -1 }))
    }

    /** Writes to several columns in some rows. */
    public operator fun set(rows: Any, columns: Any, value: Any?) {
        val names = table.columnsOf(columns)
        requireColumns(table, "table", names)
        if (value is DataFrame) {
            requireColumns(value, "the given table", names)
            names.forEach { set(rows, it, value[it]) }
        } else {
            names.forEach { set(rows, it, value) }
        }
    }

    /** Whole numbers are names here, as in pandas. */
    private fun labelled(rows: Any): IntArray =
        when (rows) {
            is Int -> table.rowsOf("$rows")
            is IntRange -> table.rowsOf(rows.map { "$it" })
            is IntArray -> table.rowsOf(rows.map { "$it" })
            is Collection<*> if rows.isNotEmpty() && rows.all { it is Number } -> table.rowsOf(rows.map { "$it" })
            else -> table.rowsOf(rows)
        }
}

/** See [iloc]. */
public class PositionLocation internal constructor(
    private val table: DataFrame,
) {
    /** One row. */
    public operator fun get(row: Int): Row = Row(table, rows(row).single())

    /** Rows by positions, a range cut at the end, or a mask. */
    public operator fun get(rows: Any): DataFrame = table.takeRows(rows(rows))

    /** One value. */
    public operator fun get(row: Int, column: Int): Entry = Entry(table[name(column)], rows(row).single())

    /** Rows of one column. */
    public operator fun get(rows: Any, column: Int): Column = table[name(column)].take(rows(rows))

    /** Some columns of one row. */
    public operator fun get(row: Int, columns: Any): Row = Row(table[names(columns)], rows(row).single())

    /** Rows and columns. */
    public operator fun get(rows: Any, columns: Any): DataFrame = table[names(columns)].takeRows(rows(rows))

    /** Writes to one column in some rows; see [Location.set]. */
    public operator fun set(rows: Any, column: Int, value: Any?) {
        val mask = BooleanArray(table.nRows())
        rows(rows).forEach { mask[it] = true }
        table.loc[mask, name(column)] = value
    }

    private fun rows(choice: Any) = table.rowsOf(choice)

    private fun name(column: Int) = names(column).single()

    private fun names(choice: Any): List<String> {
        val columns = table.columns
        val at = axisIndex(choice, "columns").resolve("columns", columns) ?: IntArray(columns.size) { it }
        return at.map { columns[it] }
    }
}
