package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.tables.Grouping

/** Number of rows. */
public val Column.size: Int get() = size()

/** Number of rows, as pandas' `shape[0]`. */
public val Column.shape: List<Int> get() = listOf(size())

/** pandas' name of the type: `int64`, `category`, `boolean`. */
public val Column.dtype: String get() = dtypeName()

/** This column: what pandas gives as an array takes the same arithmetic, comparisons and functions of `np`. */
public val Column.values: Column get() = this

/** Rows by position: `column.iloc[0]`, `column.iloc[-1]`, `column.iloc[0 until 5]`, which a column gives itself. */
public val Column.iloc: Column get() = this

/** Rows by mask: `column.loc[mask]`. A column has no names; `table.loc["cell", "x"]` goes by those. */
public val Column.loc: Column get() = this

/** The numbers, missing ones as NaN; text has none (see [tolist]). */
public fun Column.toNumpy(): DoubleArray = toDoubles()

/** The values as text, in order; of numbers see [toNumpy]. */
public fun Column.tolist(): List<String> = texts().toList()

/** [tolist] in Kotlin's spelling. */
public fun Column.toList(): List<String> = tolist()

/** The values as text, to iterate over. */
public operator fun Column.iterator(): Iterator<String> = tolist().iterator()

/** Whether a value is spelled so. */
public operator fun Column.contains(value: Any): Boolean = (this eq value).any()

/** The value at a position; negative ones count from the end. */
public operator fun Column.get(position: Int): Entry {
    val at = if (position < 0) position + size() else position
    if (at !in 0 until size()) {
        throw IndexOutOfBoundsException("position $position is outside a column of ${size()} rows")
    }
    return Entry(this, at)
}

/** The rows that a mask holds. */
public operator fun Column.get(mask: BooleanArray): Column = rows(mask)

/** The rows that a boolean column holds. */
public operator fun Column.get(mask: Column): Column = rows(mask)

/** The rows at these positions. */
public operator fun Column.get(positions: IntArray): Column = rows(positions)

/** The rows of a range, cut at the end: `column[0 until 5]`. */
public operator fun Column.get(range: IntRange): Column = rows(range)

private fun Column.rows(choice: Any) = take(DataFrame(numbered(size())).rowsOf(choice, "the column"))

/** The first [n] rows; a negative one leaves out as many at the end. */
public fun Column.head(n: Int = 5): Column = take(firstRows(size(), n))

/** The last [n] rows; a negative one leaves out as many at the start. */
public fun Column.tail(n: Int = 5): Column = take(lastRows(size(), n))

internal fun firstRows(size: Int, n: Int): IntArray =
    IntArray(minOf(size, if (n < 0) maxOf(0, size + n) else n)) { it }

internal fun lastRows(size: Int, n: Int): IntArray {
    val kept = minOf(size, if (n < 0) maxOf(0, size + n) else n)
    return IntArray(kept) { size - kept + it }
}

/** The values in order, missing ones last. */
public fun Column.sortValues(ascending: Boolean = true): Column = take(argsort(ascending))

/** Without missing values. */
public fun Column.dropna(): Column = get(notna())

/** The distinct values as text, in the order of their appearance; missing ones are left out. */
public fun Column.unique(): List<String> = dropDuplicates().dropna().tolist()

/** The distinct values as a column, in the order of their appearance. */
public fun Column.dropDuplicates(): Column = get(!duplicated())

/** Mask of the rows whose value stands in another one: see [DataFrame.duplicated]. */
public fun Column.duplicated(keep: String = "first"): BooleanArray =
    oneColumn(numbered(size()), null, "value", this).duplicated(keep = keep)

/**
 * How often each value is there: a table with the values as its index and a column `count`, or `proportion` when
 * normalised. Of categories all are there, those that no row has with 0.
 *
 * ```
 * val counts = adata.obs["cell_type"].valueCounts()
 * counts.loc["B"]; counts["count"]; counts.index
 * ```
 *
 * @param normalize shares instead of numbers
 * @param sort by number, equal ones in the order of their appearance or of the categories; otherwise in that order
 * @param dropna whether missing values are left out
 */
public fun Column.valueCounts(
    normalize: Boolean = false,
    sort: Boolean = true,
    ascending: Boolean = false,
    dropna: Boolean = true,
): DataFrame {
    val groups = Grouping.of(listOf(this), Grouping.Options(false, this is CategoricalColumn, dropna))
    val counts = LongArray(groups.size())
    groups.codes().forEach { if (it >= 0) counts[it]++ }
    val name = if (normalize) "proportion" else "count"
    val total = counts.sum().toDouble()
    val column =
        if (normalize) {
            NumericColumn.of(*DoubleArray(counts.size) { counts[it] / total })
        } else {
            NumericColumn.of(*counts)
        }
    val table = oneColumn(groups.keys()[0], null, name, column)
    return if (sort) table.sortValues(name, ascending) else table
}
