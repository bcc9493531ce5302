package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.dsl.slots.columnOf
import kotlin.reflect.KFunction1

/** Other values by a function of the value, see [Entry]; missing ones stay so. Categories are asked for once each. */
public fun Column.map(change: (Entry) -> Any?): Column = applied(change)

/** Other values by a function of anything: `column.map(::println)`. */
@JvmName("mapAny")
public fun Column.map(change: KFunction1<Any, Any?>): Column = applied { change(it.raw ?: it) }

/** Other values by a function of a text: `adata.obs["sample"].map(::condition)`. */
@JvmName("mapTexts")
public fun Column.map(change: KFunction1<String, Any?>): Column = applied { change(it.toString()) }

/** Other values by a function of a number. */
@JvmName("mapNumbers")
public fun Column.map(change: KFunction1<Double, Any?>): Column = applied { change(it.toDouble()) }

/** Other values by a function of a whole number. */
@JvmName("mapWhole")
public fun Column.map(change: KFunction1<Int, Any?>): Column = applied { change(it.toInt()) }

/** [map] by a function. */
public fun Column.apply(change: (Entry) -> Any?): Column = map(change)

/** [map] by a function of anything. */
@JvmName("applyAny")
public fun Column.apply(change: KFunction1<Any, Any?>): Column = map(change)

/** [map] by a function of a text. */
@JvmName("applyTexts")
public fun Column.apply(change: KFunction1<String, Any?>): Column = map(change)

/** [map] by a function of a number. */
@JvmName("applyNumbers")
public fun Column.apply(change: KFunction1<Double, Any?>): Column = map(change)

/** [map] by a function of a whole number. */
@JvmName("applyWhole")
public fun Column.apply(change: KFunction1<Int, Any?>): Column = map(change)

private fun Column.applied(change: (Entry) -> Any?): Column {
    if (this is CategoricalColumn) {
        return recategorized(List(nCategories()) { plainResult(change(Entry(categories(), it))) })
    }
    return columnOf(List(size()) { i -> if (isMissing(i)) null else plainResult(change(Entry(this, i))) }, size())
}

/** The rows of a categorical column with another value for each category. */
internal fun CategoricalColumn.recategorized(values: List<Any?>): Column {
    val column = columnOf(values, values.size)
    val differ = null !in values && values.toSet().size == values.size
    return if (differ) CategoricalColumn(codes(), column, isOrdered) else column.take(codes())
}

/** Sizes without signs: `abs(table["lfc"]) gt 1`. */
public fun abs(x: Column): Column = x.abs()

/** The largest number of a column, NaN of none. */
public fun max(x: Column): Double = x.max()

/** The smallest number of a column, NaN of none. */
public fun min(x: Column): Double = x.min()

/** Sum of a column. */
public fun sum(x: Column): Double = x.sum()

/** Number of rows of a column. */
public fun len(x: Column): Int = x.size()

/** Number of rows of a table. */
public fun len(x: DataFrame): Int = x.nRows()

/** Number of entries of a list. */
public fun len(x: Collection<*>): Int = x.size

/** Sum of an array and a column, row by row. */
public operator fun DoubleArray.plus(column: Column): Column = columnOf(this, size) + column

/** Difference of an array to a column, row by row. */
public operator fun DoubleArray.minus(column: Column): Column = columnOf(this, size) - column

/** Product of an array and a column, row by row. */
public operator fun DoubleArray.times(column: Column): Column = columnOf(this, size) * column

/** Quotient of an array by a column, row by row: `adata.X[all, mask].sum(1) / adata.obs["n_counts"]`. */
public operator fun DoubleArray.div(column: Column): Column = columnOf(this, size) / column

/** Quotient of whole numbers by a column, row by row. */
public operator fun IntArray.div(column: Column): Column = columnOf(this, size) / column

/** Quotient of whole numbers by a column, row by row. */
public operator fun LongArray.div(column: Column): Column = columnOf(this, size) / column

/** Quotient of an array by a column, row by row. */
public operator fun FloatArray.div(column: Column): Column = columnOf(this, size) / column
