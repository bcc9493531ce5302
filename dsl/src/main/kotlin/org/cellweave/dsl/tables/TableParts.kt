package org.cellweave.dsl

import org.cellweave.data.AxisIndex
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StackedColumns
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.columnOf
import org.cellweave.util.Check

/** A table of one column. */
internal fun oneColumn(index: Column, indexName: String?, name: String, column: Column): DataFrame =
    DataFrame("table", index, indexName).also { it.set(name, column) }

/** A table of these columns by name. */
internal fun tableOf(index: Column, indexName: String?, columns: Iterable<Pair<String, Column>>): DataFrame =
    DataFrame("table", index, indexName).also { out -> columns.forEach { (key, column) -> out.set(key, column) } }

/** Every column changed, under the same names of rows and columns. */
internal inline fun DataFrame.mapColumns(change: (Column) -> Column): DataFrame =
    tableOf(index, indexName, keys.map { it to change(get(it)) })

/** The table that [change] gives, taken over by this one when [inplace]. */
internal inline fun DataFrame.changed(inplace: Boolean, change: () -> DataFrame): DataFrame {
    val result = change()
    if (!inplace) return result
    become(result)
    return this
}

/** Rows named 0, 1, 2, ... */
internal fun numbered(n: Int): Column = NumericColumn.of(*LongArray(n) { it.toLong() })

/** The one column of a table that stands for it. */
internal fun DataFrame.only(): Column {
    require(nCols() == 1) { "a table of ${nCols()} columns $columns stands where one is needed; name it: table[\"x\"]" }
    return get(columns.single())
}

/** Values of one type each, one below the other; several kinds become text. */
internal fun stackedValues(parts: List<Column>): Column =
    if (parts.isEmpty()) StringColumn.of() else StackedColumns.of(parts, parts.map { it.size() }.toIntArray())

/**
 * What stands beside a column of [size] rows in an operation: a column, a table of one column, an array or list of as
 * many values, or one value, which is a column of one row.
 */
internal fun operandOf(other: Any, size: Int): Column {
    val column =
        when (other) {
            is Column -> other
            is DataFrame -> other.only()
            is Value -> other.asColumn()
            is String, is Number, is Boolean -> columnOf(other, 1)
            else -> columnOf(other, size)
        }
    if (column.size() != 1 || size == 1) {
        Check.sameLength(column.size(), size, "what stands beside a column", "the column's length")
    }
    return column
}

/** A mask of what users write for one: flags, a boolean column, or a table of one boolean column. */
internal fun maskOf(choice: Any): BooleanArray? =
    when (choice) {
        is BooleanArray -> choice
        is BooleanColumn -> BooleanArray(choice.size()) { choice.get(it) && !choice.isMissing(it) }
        is DataFrame -> maskOf(choice.only())
        else -> null
    }

/** Positions of rows: a mask, positions, names, a range of names, a range of positions, or everything. */
internal fun DataFrame.rowsOf(choice: Any, axis: String = "the table"): IntArray {
    val index =
        when (choice) {
            is ClosedRange<*> if choice.start is String -> return between(names, choice)
            is StringColumn -> AxisIndex.names(choice.texts().toList())
            is Column -> maskOf(choice)?.let { AxisIndex.mask(*it) } ?: AxisIndex.names(choice.texts().toList())
            is DataFrame -> AxisIndex.mask(*maskOf(choice)!!)
            else -> axisIndex(choice, axis)
        }
    return index.resolve(axis, namesAsAsked()) ?: IntArray(nRows()) { it }
}

/** Names of rows that are spelled when they are looked at: a mask over numbered rows needs none of them. */
private fun DataFrame.namesAsAsked(): List<String> {
    val labels = index
    if (labels is StringColumn) return names
    return object : AbstractList<String>() {
        override val size get() = labels.size()

        override fun get(index: Int): String = labels.text(index)
    }
}

/** Both ends are in it, as with pandas' names. */
private fun between(names: List<String>, range: ClosedRange<*>): IntArray {
    fun place(name: Any?): Int {
        val at = names.indexOf(name)
        require(at >= 0) { "'$name' is not among the names.${Check.suggestion(name.toString(), names)}" }
        return at
    }
    return (place(range.start)..place(range.endInclusive)).toList().toIntArray()
}

/** Names of columns: one name, names, a mask over columns, a range of names, or everything. */
internal fun DataFrame.columnsOf(choice: Any): List<String> {
    val names = columns
    return when (choice) {
        is String -> listOf(choice)
        is IntArray -> choice.map { names[it] }
        is ClosedRange<*> if choice.start is String -> between(names, choice).map { names[it] }
        is Column -> choice.texts().toList()
        is Collection<*> -> choice.map { if (it is Int) names[it] else it.toString() }
        is Array<*> -> choice.map { it.toString() }
        else -> (
            axisIndex(choice, "columns").resolve("columns", names) ?: IntArray(names.size) {
                it
            }
        ).map { names[it] }
    }
}
