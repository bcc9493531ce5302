package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NameIndex
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.Grouping
import org.cellweave.data.tables.RowOrder
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.util.Check
import java.util.SplittableRandom

/**
 * The rows in the order of a column: numbers by size, categories in their order, text by its letters; missing ones
 * last, and equal ones as they stood.
 *
 * @param inplace changes this table and gives it, see [DataFrame.drop]
 */
public fun DataFrame.sortValues(by: String, ascending: Boolean = true, inplace: Boolean = false): DataFrame =
    sortValues(listOf(by), ascending, inplace)

/** The rows in the order of several columns, the first one first. */
public fun DataFrame.sortValues(
    by: Collection<String>,
    ascending: Boolean = true,
    inplace: Boolean = false,
): DataFrame = sortValues(by, List(by.size) { ascending }, inplace)

/** The rows in the order of several columns, each up or down. */
public fun DataFrame.sortValues(
    by: Collection<String>,
    ascending: Collection<Boolean>,
    inplace: Boolean = false,
): DataFrame {
    require(by.isNotEmpty()) { "by must name at least one column" }
    val columns = by.map { key -> if (!contains(key) && key == indexName) index else required(key) }
    return changed(inplace) { takeRows(RowOrder.of(columns, ascending.toBooleanArray())) }
}

private fun DataFrame.required(key: String): Column {
    requireColumns(this, "table", listOf(key))
    return get(key)
}

/** The rows of a table of one column in its order. */
public fun DataFrame.sortValues(ascending: Boolean = true, inplace: Boolean = false): DataFrame {
    only()
    return sortValues(columns, ascending, inplace)
}

/** [sortValues] in Kotlin's spelling. */
public fun DataFrame.sortBy(by: String, ascending: Boolean = true): DataFrame = sortValues(by, ascending)

/** The rows in the order of their names; names that are categories or numbers in their order. */
public fun DataFrame.sortIndex(ascending: Boolean = true): DataFrame = takeRows(RowOrder.of(index, ascending))

/** The first [n] rows, or all where there are fewer; a negative one leaves out as many at the end. */
public fun DataFrame.head(n: Int = 5): DataFrame = takeRows(firstRows(nRows(), n))

/** The last [n] rows; a negative one leaves out as many at the start. */
public fun DataFrame.tail(n: Int = 5): DataFrame = takeRows(lastRows(nRows(), n))

/**
 * Rows drawn by chance without repetition.
 *
 * @param n their number, one without [frac]
 * @param frac their share
 * @param randomState seed; the draw is the same for the same one, and not pandas'
 */
public fun DataFrame.sample(n: Int? = null, frac: Double? = null, randomState: Long = 0): DataFrame {
    require(n == null || frac == null) { "give n or frac, not both" }
    val wanted = n ?: frac?.let { Check.inRange(it, 0.0, 1.0, "frac") * nRows() }?.let { Math.rint(it).toInt() } ?: 1
    Check.nonNegative(wanted, "n")
    Check.atMost(wanted, nRows(), "n")
    val rows = IntArray(nRows()) { it }
    val random = SplittableRandom(randomState)
    for (i in 0 until wanted) {
        val j = random.nextInt(i, rows.size)
        rows[i] = rows[j].also { rows[j] = rows[i] }
    }
    return takeRows(rows.copyOf(wanted))
}

/** The [n] rows with the largest values, equal ones as they stood. */
public fun DataFrame.nlargest(n: Int, columns: Any): DataFrame =
    dropna(subset = namesIn(columns)).sortValues(namesIn(columns), false).head(n)

/** The [n] rows with the smallest values, equal ones as they stood. */
public fun DataFrame.nsmallest(n: Int, columns: Any): DataFrame =
    dropna(subset = namesIn(columns)).sortValues(namesIn(columns), true).head(n)

/** The [n] largest rows of a table of one column. */
public fun DataFrame.nlargest(n: Int = 5): DataFrame = nlargest(n, columns)

/** The [n] smallest rows of a table of one column. */
public fun DataFrame.nsmallest(n: Int = 5): DataFrame = nsmallest(n, columns)

/**
 * Rows numbered 0, 1, 2, ...; their names become the first column, called as the index or `index`.
 *
 * @param drop whether the names are left out
 * @param name of the last column, for tables of one: `groupby(keys).size().resetIndex(name = "n")`
 * @param inplace changes this table and gives it
 */
public fun DataFrame.resetIndex(drop: Boolean = false, name: String? = null, inplace: Boolean = false): DataFrame {
    val named = indexName ?: "index"
    val leaveOut = drop || hasJoinedIndex()
    require(leaveOut || !contains(named)) { "the index cannot become a column: there is one called '$named' already" }
    val values = keys.map { it to get(it) }
    val all = if (leaveOut) values else listOf(named to index) + values
    val renamed = if (name == null) all else all.dropLast(1) + (name to all.last().second)
    return changed(inplace) { tableOf(numbered(nRows()), null, renamed) }
}

/** Whether the rows are called by the values of several columns, as after `groupby` over several. */
internal fun DataFrame.hasJoinedIndex(): Boolean = joinedKeys() > 0

/** Number of leading columns whose values make the names of the rows, or 0. */
internal fun DataFrame.joinedKeys(): Int {
    val name = indexName ?: return 0
    return (2..nCols()).firstOrNull { n -> columns.take(n).joinToString(JOINED) == name } ?: 0
}

internal const val JOINED: String = "_"

/**
 * Rows named by a column, which leaves the table.
 *
 * @param drop whether it leaves
 * @param inplace changes this table and gives it
 */
public fun DataFrame.setIndex(keys: String, drop: Boolean = true, inplace: Boolean = false): DataFrame {
    val rest = columns.filter { !drop || it != keys }
    return changed(inplace) { tableOf(required(keys), keys, rest.map { it to get(it) }) }
}

/** Rows with these names in their order. */
public fun DataFrame.setIndex(names: Collection<String>): DataFrame {
    Check.sameLength(names.size, nRows(), "names", "the number of rows")
    return tableOf(StringColumn.of(*names.toTypedArray()), null, this.columns.map { it to get(it) })
}

/** Rows of these names in this order; missing values for those that are not there. */
public fun DataFrame.reindex(index: Any? = null, columns: Collection<String>? = null): DataFrame {
    val wanted = index?.let(::namesIn)
    val rows =
        if (wanted == null) {
            this
        } else {
            val at = NameIndex.ofColumn("index", names, names).find(wanted)
            tableOf(StringColumn.of(*wanted.toTypedArray()), indexName, this.columns.map { it to get(it).take(at) })
        }
    if (columns == null) return rows
    val nothing by lazy { NumericColumn.of(*DoubleArray(rows.nRows()) { Double.NaN }) }
    return tableOf(rows.index, indexName, columns.map { it to (rows.find(it) ?: nothing) })
}

/**
 * Rows, or with [axis] 1 columns, that have all their values.
 *
 * @param how `"any"` missing value is enough, or `"all"` must be missing
 * @param subset columns that are looked at
 * @param inplace changes this table and gives it, see [DataFrame.drop]
 */
public fun DataFrame.dropna(
    axis: Int = 0,
    how: String = "any",
    subset: Any? = null,
    inplace: Boolean = false,
): DataFrame = changed(inplace) { complete(axis, how, subset) }

private fun DataFrame.complete(axis: Int, how: String, subset: Any?): DataFrame {
    require(how == "any" || how == "all") { "how must be 'any' or 'all', got '$how'" }
    val looked = subset?.let { get(namesIn(it)) } ?: this
    if (axis == 1) {
        return get(columns.filter { key -> get(key).isNa().let { if (how == "any") !it.any() else !it.all() } })
    }
    val holes = looked.keys.map { looked[it].isNa() }
    return get(BooleanArray(nRows()) { i -> if (how == "any") holes.none { it[i] } else !holes.all { it[i] } })
}

/**
 * Mask of the rows whose values stand in another row.
 *
 * @param subset columns that are compared, all without it
 * @param keep which one is no repetition: `"first"`, `"last"`, or `"none"` (pandas' `False`)
 */
public fun DataFrame.duplicated(subset: Any? = null, keep: String = "first"): BooleanArray {
    require(keep in listOf("first", "last", "none")) { "keep must be 'first', 'last' or 'none', got '$keep'" }
    val keys = subset?.let(::namesIn) ?: columns
    requireColumns(this, "table", keys)
    val groups = Grouping.of(keys.map { get(it) }, Grouping.Options(true, false, false))
    val codes = groups.codes()
    val kept = IntArray(groups.size()) { -1 }
    val count = IntArray(groups.size())
    for (i in codes.indices) {
        count[codes[i]]++
        if (keep == "last" || kept[codes[i]] < 0) kept[codes[i]] = i
    }
    return BooleanArray(codes.size) { if (keep == "none") count[codes[it]] > 1 else kept[codes[it]] != it }
}

/** Without rows whose values stand in another row; see [duplicated]. */
public fun DataFrame.dropDuplicates(
    subset: Any? = null,
    keep: String = "first",
    inplace: Boolean = false,
): DataFrame = changed(inplace) { get(!duplicated(subset, keep)) }

/**
 * The rows for which an expression holds: comparisons of columns with values, joined by `and` and `or`, as in
 * `table.query("pct < 5 and cell_type == 'B'")`. Masks do more:
 * `table[(table["pct"] lt 5) and ...]`.
 */
public fun DataFrame.query(expr: String): DataFrame = get(TableQuery(this, expr).mask())
