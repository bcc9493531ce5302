package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.CrossCounts
import org.cellweave.data.tables.GroupStatistics
import org.cellweave.data.tables.Grouping
import org.cellweave.dsl.slots.requireColumns

/** How often the values of two columns meet; see `pd.crosstab`. */
internal fun crossTable(a: Column, b: Column, normalize: Any, margins: Boolean): DataFrame {
    val rows = Grouping.of(listOf(a), Grouping.Options.DEFAULTS)
    val columns = Grouping.of(listOf(b), Grouping.Options.DEFAULTS)
    val counts = CrossCounts.of(rows, columns)
    val names = columns.keys()[0].texts()
    val table = tableOf(
        rows.keys()[0], null,
        names.indices.map { j ->
            names[j] to
                NumericColumn.of(*LongArray(counts.size) { counts[it][j] })
        },
    )
    // Both may have values in rows in which the other one has none.
    val met = table[BooleanArray(counts.size) { i -> counts[i].any { it > 0 } }]
    val kept = met[met.columns.filter { met[it].sum() > 0 }]
    val full = if (margins) withMargins(kept) else kept
    return if (normalize == false) full else shares(full, normalize, margins)
}

private fun withMargins(table: DataFrame): DataFrame {
    val names = table.names + "All"
    val columns = table.columns.map {
        it to stackedValues(listOf(table[it], NumericColumn.of(table[it].sum().toLong())))
    }
    val all = columns.map { it.second }.reduce { a, b -> a + b }
    return tableOf(StringColumn.of(*names.toTypedArray()), null, columns + ("All" to all))
}

private fun shares(table: DataFrame, normalize: Any, margins: Boolean): DataFrame {
    val by = if (normalize == true) "all" else "$normalize"
    require(by in listOf("all", "index", "columns")) {
        "normalize must be true, \"all\", \"index\" or \"columns\", got $normalize"
    }
    val last = table.nRows() - 1
    val inner = if (margins) table.columns.dropLast(1) else table.columns
    val rows = inner.map { table[it] }.reduce { a, b -> a + b }
    val total = if (margins) rows.toDoubles()[last] else rows.sum()
    val out =
        table.columns.map { key ->
            val column = table[key]
            key to
                when (by) {
                    "index" -> column / rows
                    "all" -> column / total
                    else -> column / if (margins) column.toDoubles()[last] else column.sum()
                }
        }
    val kept = tableOf(table.index, table.indexName, out)
    // As in pandas: shares of rows need no column of ones, shares of columns no row of them.
    return when {
        !margins || by == "all" -> kept
        by == "index" -> kept[inner]
        else -> kept.takeRows(IntArray(last) { it })
    }
}

/**
 * The values of one column spread over new columns by the values of another.
 *
 * @param index columns that name the rows, the index without it
 * @throws IllegalArgumentException when several rows would stand in one place; `pivotTable` has a statistic for them
 */
public fun DataFrame.pivot(columns: String, values: String, index: Any? = null): DataFrame {
    val keys = index?.let(::namesIn)
    requireColumns(this, "table", listOfNotNull(columns, values) + keys.orEmpty())
    return spread(keys, columns, values, null, null)
}

/**
 * A statistic of the values of one column by the values of two others.
 *
 * @param aggfunc its name, such as `"mean"`, `"sum"`, `"count"`
 * @param fillValue what stands where no row is
 */
public fun DataFrame.pivotTable(
    values: String,
    index: Any,
    columns: String,
    aggfunc: String = "mean",
    fillValue: Number? = null,
): DataFrame {
    requireColumns(this, "table", listOf(values, columns) + namesIn(index))
    return spread(namesIn(index), columns, values, aggfunc, fillValue)
}

private fun DataFrame.spread(
    keys: List<String>?,
    columns: String,
    values: String,
    aggfunc: String?,
    fill: Number?,
): DataFrame {
    val across = Grouping.of(listOf(get(columns)), Grouping.Options.DEFAULTS)
    val rows = groupby(keys ?: index.toFrame(indexName ?: "index"))
    val names = across.keys()[0].texts()
    val width = maxOf(1, names.size)
    val down = rows.grouping.codes()
    val cells = LongArray(nRows()) {
        if (down[it] < 0 ||
            across.codes()[it] < 0
        ) {
            -1
        } else {
            down[it].toLong() * width + across.codes()[it]
        }
    }
    val column = NumericColumn.integers(
        org.cellweave.matrix.DType.INT64, cells,
        BooleanArray(cells.size) {
            cells[it] <
                0
        },
    )
    val places = Grouping.of(listOf(column), Grouping.Options.DEFAULTS)
    require(aggfunc != null || places.size() == cells.count { it >= 0 }) {
        "several rows have the same values of ${keys ?: "the index"} and '$columns'; use pivotTable(" +
            "values = \"$values\", index = ..., columns = \"$columns\", aggfunc = \"mean\")"
    }
    val statistic = statisticOf(aggfunc ?: "first")
    val found = GroupStatistics.of(statistic, get(values), places, 1)
    val at = IntArray(rows.ngroups * width) { -1 }
    (places.keys()[0] as NumericColumn).longs().forEachIndexed { i, cell -> at[cell.toInt()] = i }
    return rows.result(
        names.indices.map { j ->
            val filled = found.take(IntArray(rows.ngroups) { at[it * width + j] })
            names[j] to
                if (fill ==
                    null
                ) {
                    filled
                } else {
                    filled.fillna(fill).let {
                        if (found is NumericColumn &&
                            found.isInteger
                        ) {
                            it.astype("int")
                        } else {
                            it
                        }
                    }
                }
        },
    )
}

/** The last of several keys that `groupby` made turns to columns: `groupby(listOf("a", "b")).size().unstack()`. */
public fun DataFrame.unstack(fillValue: Number? = null): DataFrame {
    val keys = joinedKeys()
    require(keys > 0) {
        "unstack needs the result of a groupby over several columns; use pivot(columns, values) otherwise"
    }
    require(nCols() == keys + 1) {
        "unstack needs one column of values, got ${columns.drop(keys)}; choose it in groupby(...)[\"x\"]"
    }
    return pivotTable(columns[keys], columns.take(keys - 1), columns[keys - 1], "first", fillValue)
}

/** Columns one below the other: row, column and value. */
public fun DataFrame.stack(): DataFrame = melt(idVars = emptyList<String>(), withIndex = true)

/**
 * Columns one below the other: a column with their names and one with their values.
 *
 * @param idVars columns that stay, repeated
 * @param valueVars columns that go below each other, all others without it
 */
public fun DataFrame.melt(
    idVars: Any = emptyList<String>(),
    valueVars: Any? = null,
    varName: String = "variable",
    valueName: String = "value",
): DataFrame = resetOrSelf(false).let { melted(it, namesIn(idVars), valueVars?.let(::namesIn), varName, valueName) }

private fun DataFrame.melt(idVars: List<String>, withIndex: Boolean): DataFrame {
    val named = resetOrSelf(withIndex)
    return melted(named, idVars + listOfNotNull(named.columns.firstOrNull()), null, "variable", "value")
}

private fun DataFrame.resetOrSelf(withIndex: Boolean) = if (withIndex) resetIndex() else this

private fun melted(
    table: DataFrame,
    ids: List<String>,
    vars: List<String>?,
    varName: String,
    valueName: String,
): DataFrame {
    val values = vars ?: (table.columns - ids.toSet())
    requireColumns(table, "table", ids + values)
    val n = table.nRows()
    val rows = IntArray(n * values.size) { it % n }
    val names = values.flatMap { name -> List(n) { name } }
    val texts = values.map { key -> table[key].let { if (it is CategoricalColumn) it.astype("str") else it } }
    return tableOf(
        numbered(rows.size), null,
        ids.map { it to table[it].take(rows) } +
            listOf(varName to StringColumn.of(*names.toTypedArray()), valueName to stackedValues(texts)),
    )
}
