package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.slots.requireColumns

/** A table of these columns in this order: `table[listOf("a", "b")]`; of single ones `table["a"]` is the column. */
public operator fun DataFrame.get(keys: Collection<String>): DataFrame {
    requireColumns(this, "table", keys)
    val out = DataFrame("table", index, indexName)
    keys.forEach { out.set(it, get(it)) }
    return out
}

/**
 * The rows in the order of a column: numbers by size, categories in their order, text by its letters; missing ones
 * last, and equal ones as they stood.
 */
public fun DataFrame.sortValues(by: String, ascending: Boolean = true): DataFrame {
    requireColumns(this, "table", listOf(by))
    val column = get(by)
    val (there, missing) = (0 until nRows()).partition { !column.isMissing(it) }
    val order = comparison(column)
    val sorted = there.sortedWith(if (ascending) order else order.reversed())
    return takeRows((sorted + missing).toIntArray())
}

/** The first [n] rows, or all where there are fewer. */
public fun DataFrame.head(n: Int = 5): DataFrame {
    require(n >= 0) { "n must not be negative, got $n" }
    return takeRows(IntArray(minOf(n, nRows())) { it })
}

private fun comparison(column: Column): Comparator<Int> =
    when (column) {
        is CategoricalColumn -> column.codes().let { codes -> compareBy { codes[it] } }
        is NumericColumn -> column.longs()?.let { longs -> compareBy { longs[it] } } ?: compareBy { column.get(it) }
        is BooleanColumn -> compareBy { column.get(it) }
        else -> compareBy { column.text(it) }
    }
