package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.Correlations
import org.cellweave.data.tables.Ranks
import org.cellweave.data.tables.Statistic
import org.cellweave.dsl.slots.columnOf

private fun DataFrame.each(what: Statistic, numericOnly: Boolean = false, ddof: Int = 1): Row {
    val texts = keys.filter { !what.takesText() && get(it).isText() }
    require(numericOnly || texts.isEmpty()) {
        "${what.name.lowercase()} needs numbers, but $texts are not; choose columns, such as " +
            "table[listOf(\"x\")], or use numericOnly = true"
    }
    val chosen = keys.filter { it !in texts && !(numericOnly && get(it).isText()) }
    return row(what.name.lowercase(), chosen.map { it to get(it).statistic(what, ddof) })
}

private fun row(name: String, values: List<Pair<String, Column>>) = Row(tableOf(StringColumn.of(name), null, values), 0)

/** One number of each row, by a statistic over its columns. */
private fun DataFrame.across(axis: Int, what: (Column) -> Double): Column {
    require(axis == 1) { "axis must be 1 for one value of each row; without it there is one of each column" }
    val parts = valueKeys().map { get(it).toDoubles() }
    return NumericColumn
        .of(*DoubleArray(nRows()) { i -> what(NumericColumn.of(*DoubleArray(parts.size) { parts[it][i] })) })
}

/** Columns without those that name the groups of a `groupby` over several. */
private fun DataFrame.valueKeys(): List<String> = columns.drop(joinedKeys())

/** Mean of each column; missing values are left out, as by all of these. */
public fun DataFrame.mean(numericOnly: Boolean = false): Row = each(Statistic.MEAN, numericOnly)

/** Mean of each row, with [axis] 1. */
public fun DataFrame.mean(axis: Int): Column = across(axis) { it.mean() }

/** Sum of each column, of booleans the number that hold: `table.isna().sum()`. */
public fun DataFrame.sum(numericOnly: Boolean = false): Row = each(Statistic.SUM, numericOnly)

/** Sum of each row, with [axis] 1. */
public fun DataFrame.sum(axis: Int): Column {
    require(axis == 1) { "axis must be 1 for one value of each row; without it there is one of each column" }
    require(nCols() > 0) { "a table without columns has no sums" }
    return valueKeys().map { get(it) }.map { if (it.isNa().any()) it.fillna(0) else it }.reduce { a, b -> a + b }
}

/** The middle of each column. */
public fun DataFrame.median(numericOnly: Boolean = false): Row = each(Statistic.MEDIAN, numericOnly)

/** The middle of each row, with [axis] 1. */
public fun DataFrame.median(axis: Int): Column = across(axis) { it.median() }

/** Deviation of each column, over the number of values less [ddof]. */
public fun DataFrame.std(ddof: Int = 1, numericOnly: Boolean = false): Row = each(Statistic.STD, numericOnly, ddof)

/** Variance of each column, over the number of values less [ddof]. */
public fun DataFrame.`var`(ddof: Int = 1, numericOnly: Boolean = false): Row = each(Statistic.VAR, numericOnly, ddof)

/** The smallest value of each column. */
public fun DataFrame.min(numericOnly: Boolean = false): Row = each(Statistic.MIN, numericOnly)

/** The smallest value of each row, with [axis] 1. */
public fun DataFrame.min(axis: Int): Column = across(axis) { it.min() }

/** The largest value of each column. */
public fun DataFrame.max(numericOnly: Boolean = false): Row = each(Statistic.MAX, numericOnly)

/** The largest value of each row, with [axis] 1. */
public fun DataFrame.max(axis: Int): Column = across(axis) { it.max() }

/** Number of values of each column. */
public fun DataFrame.count(): Row = each(Statistic.COUNT)

/** Number of distinct values of each column. */
public fun DataFrame.nunique(): Row = each(Statistic.NUNIQUE)

/** The value of each column below which a share [q] lies. */
public fun DataFrame.quantile(q: Double = 0.5): Row =
    row("$q", keys.filter { !get(it).isText() }.map { it to NumericColumn.of(get(it).quantile(q)) })

/** Name of the row with the largest value of a column. */
public fun DataFrame.idxmax(column: String? = null): String = names[(column?.let { get(it) } ?: only()).argmax()]

/** Name of the row with the smallest value of a column. */
public fun DataFrame.idxmin(column: String? = null): String = names[(column?.let { get(it) } ?: only()).argmin()]

/** Which values are missing: a table of booleans. */
public fun DataFrame.isna(): DataFrame = mapColumns { BooleanColumn.of(*it.isNa()) }

/** [isna] in Kotlin's spelling. */
public fun DataFrame.isNa(): DataFrame = isna()

/** [isna] under pandas' other name. */
public fun DataFrame.isnull(): DataFrame = isna()

/** Which values are there: a table of booleans. */
public fun DataFrame.notna(): DataFrame = mapColumns { BooleanColumn.of(*it.notna()) }

/**
 * Missing values become [value]; columns whose type has no such value keep theirs.
 *
 * @param inplace changes this table and gives it, see [DataFrame.drop]
 */
public fun DataFrame.fillna(value: Any, inplace: Boolean = false): DataFrame =
    changed(inplace) {
        if (value is Map<*, *>) {
            tableOf(index, indexName, keys.map { key -> key to (value[key]?.let { get(key).fillna(it) } ?: get(key)) })
        } else {
            mapColumns { it.fillna(value) }
        }
    }

/** Some values become others in every column; see [Column.replace], and [DataFrame.drop] for [inplace]. */
public fun DataFrame.replace(values: Map<*, *>, inplace: Boolean = false): DataFrame =
    changed(inplace) { mapColumns { it.replace(values) } }

/** One value becomes another in every column; see [DataFrame.drop] for [inplace]. */
public fun DataFrame.replace(toReplace: Any, value: Any?, inplace: Boolean = false): DataFrame =
    changed(inplace) { mapColumns { it.replace(toReplace, value) } }

/** Which values are among [values]: a table of booleans. */
public fun DataFrame.isin(values: Any): DataFrame = mapColumns { BooleanColumn.of(*it.isIn(values)) }

/** Numbers rounded to [decimals] digits; text stays. */
public fun DataFrame.round(
    decimals: Int = 0,
): DataFrame = mapColumns { if (it is NumericColumn) it.round(decimals) else it }

/** Sizes without signs. */
public fun DataFrame.abs(): DataFrame = mapColumns { it.abs() }

/** Numbers within bounds; see [Column.clip]. */
public fun DataFrame.clip(
    lower: Number? = null,
    upper: Number? = null,
): DataFrame = mapColumns { it.clip(lower, upper) }

/** Every value by a function: `table.map { "$it" }`; missing ones stay so. */
public fun DataFrame.map(change: (Entry) -> Any?): DataFrame = mapColumns { it.map(change) }

/** Every column by a function that gives a column. */
public fun DataFrame.transform(change: (Column) -> Any): DataFrame = mapColumns { columnOf(change(it), nRows()) }

/** A value of each column by a function. */
public fun DataFrame.apply(change: (Column) -> Any?): Row =
    row("value", keys.map { it to columnOf(listOf(change(get(it))), 1) })

/** A value of each row by a function, with [axis] 1: `table.apply(axis = 1) { row -> row["a"] + row["b"] }`. */
public fun DataFrame.apply(axis: Int, change: (Row) -> Any?): Column {
    require(axis == 1) { "axis must be 1 for a function of rows; without it the function takes columns" }
    return columnOf(List(nRows()) { i -> plainResult(change(Row(this, i))) }, nRows())
}

/**
 * Correlations between the columns of numbers, over the rows in which both have a value.
 *
 * @param method `"pearson"` or `"spearman"`
 */
public fun DataFrame.corr(method: String = "pearson", numericOnly: Boolean = true): DataFrame {
    require(method == "pearson" || method == "spearman") { "method must be 'pearson' or 'spearman', got '$method'" }
    val chosen = keys.filter { !numericOnly || !get(it).isText() }
    val values = chosen.map { get(it).toDoubles() }
    val ranked = method == "spearman"
    val columns =
        chosen.indices.map { i ->
            chosen[i] to
                NumericColumn.of(*DoubleArray(chosen.size) { j -> Correlations.of(values[i], values[j], ranked) })
        }
    return tableOf(StringColumn.of(*chosen.toTypedArray()), null, columns)
}

/**
 * Number, mean, deviation, quartiles and ends of the columns of numbers; without any, number, distinct values, the most
 * frequent one and how often it is there of the others.
 *
 * @param include `"all"` describes both, with missing values where a statistic does not apply
 */
public fun DataFrame.describe(include: Any? = null): DataFrame {
    val numbers = keys.filter { get(it) is NumericColumn }
    val others = keys.filter { get(it) !is NumericColumn }
    if (include == "all" && numbers.isNotEmpty() && others.isNotEmpty()) return describedAll()
    val asNumbers = numbers.isNotEmpty() && include.let { it == null || it == "all" || it == "number" }
    return if (asNumbers) {
        tableOf(StringColumn.of(*DESCRIBED.toTypedArray()), null, numbers.map { it to get(it).describedNumbers() })
    } else {
        val chosen = others.filter { include == null || include == "all" || get(it).dtypeName() in namesIn(include) }
        tableOf(StringColumn.of("count", "unique", "top", "freq"), null, chosen.map { it to get(it).describedTexts() })
    }
}

private fun DataFrame.describedAll(): DataFrame {
    val names = listOf("count", "unique", "top", "freq") + DESCRIBED.drop(1)
    val columns =
        keys.map { key ->
            val column = get(key)
            val own = if (column is NumericColumn) column.describedNumbers() else column.describedTexts()
            val rows = if (column is NumericColumn) DESCRIBED else names.take(TEXT_ROWS)
            key to own.take(IntArray(names.size) { rows.indexOf(names[it]) })
        }
    return tableOf(StringColumn.of(*names.toTypedArray()), null, columns)
}

private const val TEXT_ROWS = 4

/** Prints names, types and numbers of values of the columns. */
public fun DataFrame.info() {
    val rows = keys.map { listOf(it, "${get(it).count()} non-null", get(it).dtypeName()) }
    val width = List(2) { j -> (rows.maxOfOrNull { it[j].length } ?: 0) + 2 }
    val lines = rows.map { it[0].padEnd(width[0]) + it[1].padEnd(width[1]) + it[2] }
    println("table of ${nRows()} rows and ${nCols()} columns\n" + lines.joinToString("\n"))
}

/** How often each combination of values is there; see [Column.valueCounts]. */
public fun DataFrame.valueCounts(subset: Any? = null, normalize: Boolean = false): DataFrame {
    val chosen = subset?.let(::namesIn) ?: columns
    if (chosen.size == 1) {
        return get(chosen[0]).valueCounts(normalize).also { it.indexName = chosen[0] }
    }
    val counts = groupby(chosen).size()
    val name = if (normalize) "proportion" else "count"
    counts.rename("size", name)
    if (normalize) counts[name] = counts[name] / counts[name].sum()
    return counts.sortValues(name, ascending = false)
}
