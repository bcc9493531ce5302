package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.Join
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.util.Check

/**
 * Rows of two tables that have the same values in some columns, side by side.
 *
 * Rows are numbered afterwards, as in pandas: a table for `adata.obs` needs its names back by `setIndex`, or comes from
 * [join], which keeps them. Columns of the same name get [suffixes]. Where a row has no partner values are missing.
 *
 * @param on columns that both have; without it those that both have
 * @param how `"inner"`, `"left"`, `"right"` or `"outer"`
 * @param leftIndex whether the left rows go by their names
 * @param rightIndex whether the right rows go by their names
 */
public fun DataFrame.merge(
    right: DataFrame,
    how: String = "inner",
    on: Any? = null,
    leftOn: Any? = null,
    rightOn: Any? = null,
    leftIndex: Boolean = false,
    rightIndex: Boolean = false,
    suffixes: Pair<String, String> = "_x" to "_y",
): DataFrame {
    val common =
        on?.let(::namesIn)
            ?: columns.filter { it in right.columns }.takeIf {
                leftOn == null && rightOn == null && !leftIndex &&
                    !rightIndex
            }
    val leftKeys = leftOn?.let(::namesIn) ?: common
    val rightKeys = rightOn?.let(::namesIn) ?: common
    val a = keyColumns(this, leftKeys, leftIndex, "left")
    val b = keyColumns(right, rightKeys, rightIndex, "right")
    val kind = Check.oneOf(how, Join.How::class.java, "how")
    val join = Join.of(a, b, kind)
    val shared = if (leftKeys == rightKeys && leftKeys != null && !leftIndex && !rightIndex) leftKeys else emptyList()
    val out = ArrayList<Pair<String, Column>>()
    for (key in columns) {
        val column = if (key in shared) joinedKey(this[key], right[key], join) else this[key].taken(join.left)
        out += (if (key !in shared && right.contains(key)) key + suffixes.first else key) to column
    }
    for (key in right.columns - shared.toSet()) {
        out += (if (contains(key)) key + suffixes.second else key) to right[key].taken(join.right)
    }
    val names = mergedNames(this, right, join, leftIndex, rightIndex)
    return tableOf(names ?: numbered(join.left.size), null, out)
}

private fun mergedNames(
    left: DataFrame,
    right: DataFrame,
    join: Join,
    leftIndex: Boolean,
    rightIndex: Boolean,
): Column? =
    when {
        leftIndex && rightIndex -> joinedKey(left.index, right.index, join)
        leftIndex -> right.index.taken(join.right)
        rightIndex -> left.index.taken(join.left)
        else -> null
    }

private fun keyColumns(table: DataFrame, keys: List<String>?, index: Boolean, side: String): List<Column> {
    if (index) return listOf(table.index)
    require(!keys.isNullOrEmpty()) {
        "merge needs columns that both tables have; name them by on = \"x\", or by leftOn and rightOn, or use " +
            "leftIndex = true and rightIndex = true for the names of rows"
    }
    requireColumns(table, "$side table", keys)
    return keys.map { table[it] }
}

private fun Column.taken(rows: IntArray) = take(rows)

/** A key of the side that has the row. */
private fun joinedKey(left: Column, right: Column, join: Join): Column {
    if (join.left.none { it < 0 }) return left.take(join.left)
    val both = stackedValues(listOf(left, right))
    return both.take(
        IntArray(join.left.size) {
            if (join.left[it] >=
                0
            ) {
                join.left[it]
            } else {
                left.size() + join.right[it]
            }
        },
    )
}

/**
 * Columns of another table to the right of these, by the names of the rows, which stay.
 *
 * @param on a column of this table that has the other one's names of rows, instead of this one's names
 * @param how `"left"` keeps these rows in their order; also `"inner"`, `"right"`, `"outer"`
 */
public fun DataFrame.join(
    other: DataFrame,
    on: String? = null,
    how: String = "left",
    lsuffix: String = "",
    rsuffix: String = "",
): DataFrame {
    val both = columns.intersection(other.columns)
    require(both.isEmpty() || lsuffix != rsuffix) {
        "both tables have $both; tell them apart by lsuffix or rsuffix, such as rsuffix = \"_other\""
    }
    val suffixes = lsuffix to rsuffix
    if (on == null) return merge(other, how, leftIndex = true, rightIndex = true, suffixes = suffixes)
    return merge(other, how, leftOn = on, rightIndex = true, suffixes = suffixes)
}

/** Tables one below the other; columns that one lacks are missing there, or left out with [inner]. */
internal fun concatRows(tables: List<DataFrame>, inner: Boolean = false, ignoreIndex: Boolean = false): DataFrame {
    require(tables.isNotEmpty()) { "concat needs at least one table" }
    val all = tables.flatMap { it.columns }.distinct()
    val kept = if (inner) all.filter { key -> tables.all { it.contains(key) } } else all
    val rows = tables.map { it.nRows() }.toIntArray()
    val index = if (ignoreIndex) numbered(rows.sum()) else stackedNames(tables.map { it.index })
    val columns = kept.map { key ->
        key to org.cellweave.data.StackedColumns
            .of(tables.map { it.find(key) }, rows)
    }
    val name = tables.map { it.indexName }.distinct().singleOrNull()
    return tableOf(index, name.takeIf { !ignoreIndex }, columns)
}

private fun stackedNames(parts: List<Column>): Column {
    val plain = parts.map { if (it is CategoricalColumn) it.categories().take(it.codes()) else it }
    val kinds = plain.map { it::class }.distinct()
    return stackedValues(if (kinds.size == 1) plain else plain.map { StringColumn.of(*it.texts()) })
}

/** Tables side by side, by the names of the rows. */
internal fun concatColumns(tables: List<DataFrame>, inner: Boolean = false): DataFrame {
    require(tables.isNotEmpty()) { "concat needs at least one table" }
    val names = tables.flatMap { it.columns }
    require(names.isUnique) {
        "columns side by side must differ, but ${names[names.duplicated()].unique()} repeat; rename them first"
    }
    val same = tables.all { it.names == tables[0].names }
    val start = DataFrame(tables[0].index).also { it.indexName = tables[0].indexName }
    return tables.fold(start) { left, right ->
        if (same) {
            tableOf(
                left.index, left.indexName,
                left.columns.map { it to left[it] } + right.columns.map { it to right[it] },
            )
        } else {
            left.merge(right, if (inner) "inner" else "outer", leftIndex = true, rightIndex = true)
        }
    }
}

/**
 * Writes the table as text: names of rows first, numbers as Python spells them, missing values empty.
 *
 * @param path the file, replaced when the new one is complete
 * @param sep between fields
 * @param index whether names of rows are written
 * @param header whether names of columns are written
 */
public fun DataFrame.toCsv(path: String, sep: String = ",", index: Boolean = true, header: Boolean = true) {
    org.cellweave.io.format.CsvFolder
        .writeTable(
            this,
            org.cellweave.util.FilePath
                .of(path),
            sep, index, header,
        )
}
