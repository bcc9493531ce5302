package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.GroupStatistics
import org.cellweave.data.tables.Grouping
import org.cellweave.data.tables.Ranks
import org.cellweave.data.tables.Statistic
import org.cellweave.util.Check
import org.cellweave.util.Median

internal fun Column.statistic(what: Statistic, ddof: Int = 1): Column =
    GroupStatistics.of(what, this, Grouping.whole(size()), ddof)

private fun Column.number(what: Statistic, ddof: Int = 1) = statistic(what, ddof).toDoubles()[0]

/** Mean of the values; missing ones are left out, as by all of these. NaN of none. */
public fun Column.mean(): Double = number(Statistic.MEAN)

/** The middle value, or the mean of the middle two; NaN of none. */
public fun Column.median(): Double = number(Statistic.MEDIAN)

/** Variance around the mean, over the number of values less [ddof] (1, as in pandas; numpy has 0). */
public fun Column.`var`(ddof: Int = 1): Double = number(Statistic.VAR, ddof)

/** Root of the variance; see [var]. */
public fun Column.std(ddof: Int = 1): Double = number(Statistic.STD, ddof)

/** Standard error of the mean. */
public fun Column.sem(ddof: Int = 1): Double = number(Statistic.SEM, ddof)

/** Sum of the values, of booleans the number that holds; 0 of none. */
public fun Column.sum(): Double = number(Statistic.SUM)

/** The smallest number, NaN of none; of text and ordered categories see `sortValues()`. */
public fun Column.min(): Double = number(Statistic.MIN)

/** The largest number, NaN of none. */
public fun Column.max(): Double = number(Statistic.MAX)

/** Number of values that are there. */
public fun Column.count(): Int = number(Statistic.COUNT).toInt()

/** Number of distinct values. */
public fun Column.nunique(dropna: Boolean = true): Int =
    number(Statistic.NUNIQUE).toInt() + if (!dropna && isNa().any()) 1 else 0

/** Whether no value repeats. */
public val Column.isUnique: Boolean get() = nunique(dropna = false) == size() && isNa().sum() <= 1

/** The value below which a share [q] of the values lies, linear between two. */
public fun Column.quantile(q: Number = 0.5): Double =
    GroupStatistics.quantile(this, Grouping.whole(size()), q.toDouble()).toDoubles()[0]

/** Several quantiles, as a table with the shares as its index. */
public fun Column.quantile(q: Collection<Number>): DataFrame {
    val shares = q.map { it.toDouble() }.toDoubleArray()
    val values = DoubleArray(shares.size) { quantile(shares[it]) }
    return oneColumn(NumericColumn.of(*shares), null, "quantile", NumericColumn.of(*values))
}

/** The most frequent values, those that are equally frequent in order. */
public fun Column.mode(): Column {
    val counts = valueCounts()
    val most = counts["count"].max()
    return counts.index.take(counts.rowsOf(counts["count"] eq most)).sortValues()
}

/** Median distance from the median, not scaled. */
public fun Column.mad(): Double {
    val there = dropna().toDoubles()
    val middle = Median.of(there)
    return Median.of(DoubleArray(there.size) { kotlin.math.abs(there[it] - middle) })
}

private fun Column.extremeRow(smallest: Boolean): Int {
    val at = GroupStatistics.extremeRows(this, Grouping.whole(size()), smallest)[0]
    require(at >= 0) { "a column without values has no ${if (smallest) "smallest" else "largest"} one" }
    return at
}

/** Position of the first largest value. */
public fun Column.argmax(): Int = extremeRow(smallest = false)

/** Position of the first smallest value. */
public fun Column.argmin(): Int = extremeRow(smallest = true)

/** Position of the first largest value: a column has no names; `table.idxmax("x")` gives the row's name. */
public fun Column.idxmax(): Int = argmax()

/** Position of the first smallest value; see [idxmax]. */
public fun Column.idxmin(): Int = argmin()

/** Positions that sort the values; missing ones last. */
public fun Column.argsort(ascending: Boolean = true): IntArray =
    org.cellweave.data.tables.RowOrder
        .of(this, ascending)

/**
 * Places of the values in order, from 1; missing ones have none.
 *
 * @param method what equal values get: `"average"`, `"min"`, `"max"`, `"first"` or `"dense"`
 * @param pct whether places are shares of the number of values
 */
public fun Column.rank(method: String = "average", ascending: Boolean = true, pct: Boolean = false): Column {
    val ranks = Ranks.of(this, Check.oneOf(method, Ranks.Ties::class.java, "method"), ascending)
    val column = NumericColumn.of(*ranks)
    return if (pct) column / (if (method == "dense") nunique() else count()) else column
}

/** Pearson's correlation with another column over the rows in which both have a value. */
public fun Column.corr(other: Column): Double {
    val frame = tableOf(numbered(size()), null, listOf("a" to this, "b" to other)).corr()
    return frame["b"].toDoubles()[0]
}

/**
 * Number, mean, deviation, quartiles and ends of numbers; number, distinct ones, the most frequent and how often it is
 * there for text, categories and booleans. A table of one column.
 */
public fun Column.describe(): DataFrame = tableOf(numbered(size()), null, listOf("value" to this)).describe()

internal val DESCRIBED: List<String> = listOf("count", "mean", "std", "min", "25%", "50%", "75%", "max")

internal fun Column.describedNumbers(): Column =
    NumericColumn.of(
        count().toDouble(), mean(), std(), min(), quantile(0.25), quantile(0.5), quantile(0.75), max(),
    )

internal fun Column.describedTexts(): Column {
    val counts = valueCounts()
    val top = if (counts.nRows() == 0) null else counts.index.text(0)
    val frequency = if (counts.nRows() == 0) "0" else counts["count"].text(0)
    return StringColumn.of(count().toString(), nunique().toString(), top, frequency)
}
