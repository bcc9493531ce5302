package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.GroupStatistics
import org.cellweave.data.tables.Grouping
import org.cellweave.data.tables.Statistic
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.util.Check

/**
 * Rows in groups of equal values in one column or several: `adata.obs.groupby("sample")["n_genes"].mean()`.
 *
 * @param by a name, names, or a column of as many rows
 * @param observed leaves out categories that no row has; pandas 3's default, and false in pandas 2
 * @param sort groups by their values, categories in their order; otherwise by their first row
 * @param asIndex whether the groups name the rows of results; otherwise they are columns
 * @param dropna leaves out rows without a group
 */
public fun DataFrame.groupby(
    by: Any,
    observed: Boolean = true,
    sort: Boolean = true,
    asIndex: Boolean = true,
    dropna: Boolean = true,
): TableGroups {
    val columns =
        when (by) {
            is Column -> listOf("group" to by)
            is DataFrame -> by.columns.map { it to by[it] }
            else -> namesIn(by).map { it to groupKey(it) }
        }
    require(columns.isNotEmpty()) { "by must name at least one column" }
    val params = Grouping.Options(observed, sort, dropna)
    return TableGroups(
        this, columns, Grouping.of(columns.map { it.second }, params), asIndex,
        columns()
            .minus(columns.map { it.first }.toSet()),
        false,
    )
}

private fun DataFrame.columns(): List<String> = columns

private fun DataFrame.groupKey(name: String): Column {
    if (!contains(name) && name == indexName) return index
    requireColumns(this, "table", listOf(name))
    return get(name)
}

/** [groupby] in Kotlin's spelling. */
public fun DataFrame.groupBy(
    by: Any,
    observed: Boolean = true,
    sort: Boolean = true,
): TableGroups = groupby(by, observed, sort)

/**
 * Groups of rows; see [groupby]. Results are tables with the groups as their index, those of one column
 * (`groups["x"].mean()`) as well. Over several keys the groups are columns in front and name the rows together, such as
 * `B_ctrl`; `unstack()` turns the last one to columns, `resetIndex()` numbers the rows.
 */
public class TableGroups internal constructor(
    private val table: DataFrame,
    private val keys: List<Pair<String, Column>>,
    internal val grouping: Grouping,
    private val asIndex: Boolean,
    private val chosen: List<String>,
    private val explicit: Boolean,
) : Iterable<Pair<String, DataFrame>> {
    private val names: List<String> by lazy {
        val texts = grouping.keys().map { it.texts() }
        List(grouping.size()) { g -> texts.joinToString(JOINED) { it[g] } }
    }

    /** Number of groups. */
    public val ngroups: Int get() = grouping.size()

    /** Names of the rows of each group. */
    public val groups: Map<String, List<String>>
        get() = table.names.let { rows ->
            names.withIndex().associate { (g, name) ->
                name to
                    grouping.rows(g).map { rows[it] }
            }
        }

    /** Positions of the rows of each group. */
    public val indices: Map<String, IntArray> get() = names.withIndex().associate { (g, name) ->
        name to
            grouping.rows(g)
    }

    /** The same groups with one column to look at. */
    public operator fun get(column: String): TableGroups = get(listOf(column))

    /** The same groups with some columns to look at. */
    public operator fun get(columns: Collection<String>): TableGroups {
        requireColumns(table, "table", columns)
        return TableGroups(table, keys, grouping, asIndex, columns.toList(), true)
    }

    /** The rows of one group. */
    public fun getGroup(name: Any): DataFrame {
        val wanted = if (name is Collection<*>) name.joinToString(JOINED) else "$name"
        val at = names.indexOf(wanted)
        if (at < 0) throw org.cellweave.util.MissingKeyException("groups", wanted, names, "")
        return part(at)
    }

    private fun part(group: Int): DataFrame {
        val rows = table.takeRows(grouping.rows(group))
        return if (explicit) rows[chosen] else rows
    }

    /** Names of groups with their rows: `for ((name, part) in table.groupby("x"))`. */
    override fun iterator(): Iterator<Pair<String, DataFrame>> =
        names.indices
            .asSequence()
            .map { names[it] to part(it) }
            .iterator()

    /** A table with a row for each group, of these columns. */
    internal fun result(columns: List<Pair<String, Column>>): DataFrame {
        val labels = keys.map { it.first }.zip(grouping.keys())
        if (!asIndex) return tableOf(numbered(ngroups), null, labels + columns)
        if (labels.size == 1) {
            val name = labels[0].first.takeIf { table.contains(it) || it == table.indexName }
            return tableOf(labels[0].second, name, columns)
        }
        val index = StringColumn.of(*names.toTypedArray())
        return tableOf(index, labels.joinToString(JOINED) { it.first }, labels + columns)
    }

    private fun each(what: Statistic, ddof: Int = 1, numericOnly: Boolean = false): DataFrame =
        result(looked(what, numericOnly).map { it to GroupStatistics.of(what, table[it], grouping, ddof) })

    private fun looked(what: Statistic, numericOnly: Boolean): List<String> {
        if (what.takesText()) return chosen.filter { !numericOnly || !table[it].isText() }
        val texts = chosen.filter { table[it].isText() }
        require(texts.isEmpty() || numericOnly) {
            "${what.name.lowercase()} needs numbers, but $texts are not; choose columns, such as " +
                "groupby(...)[\"x\"], or use numericOnly = true"
        }
        return chosen - texts.toSet()
    }

    /** Mean of each group; missing values are left out, as by all of these. */
    public fun mean(numericOnly: Boolean = false): DataFrame = each(Statistic.MEAN, numericOnly = numericOnly)

    /** Sum of each group; whole numbers stay whole. */
    public fun sum(numericOnly: Boolean = false): DataFrame = each(Statistic.SUM, numericOnly = numericOnly)

    /** Product of each group. */
    public fun prod(numericOnly: Boolean = false): DataFrame = each(Statistic.PROD, numericOnly = numericOnly)

    /** The middle of each group. */
    public fun median(numericOnly: Boolean = false): DataFrame = each(Statistic.MEDIAN, numericOnly = numericOnly)

    /** Deviation of each group, over the number of values less [ddof]. */
    public fun std(ddof: Int = 1, numericOnly: Boolean = false): DataFrame = each(Statistic.STD, ddof, numericOnly)

    /** Variance of each group, over the number of values less [ddof]. */
    public fun `var`(ddof: Int = 1, numericOnly: Boolean = false): DataFrame = each(Statistic.VAR, ddof, numericOnly)

    /** Standard error of the mean of each group. */
    public fun sem(ddof: Int = 1, numericOnly: Boolean = false): DataFrame = each(Statistic.SEM, ddof, numericOnly)

    /** The smallest value of each group, of any ordered type. */
    public fun min(numericOnly: Boolean = false): DataFrame = each(Statistic.MIN, numericOnly = numericOnly)

    /** The largest value of each group, of any ordered type. */
    public fun max(numericOnly: Boolean = false): DataFrame = each(Statistic.MAX, numericOnly = numericOnly)

    /** The first value of each group that is there. */
    public fun first(): DataFrame = each(Statistic.FIRST)

    /** The last value of each group that is there. */
    public fun last(): DataFrame = each(Statistic.LAST)

    /** Number of values of each group that are there. */
    public fun count(): DataFrame = each(Statistic.COUNT)

    /** Number of distinct values of each group. */
    public fun nunique(): DataFrame = each(Statistic.NUNIQUE)

    /** Number of rows of each group, in a column `size`. */
    public fun size(): DataFrame {
        val sizes = GroupStatistics.of(Statistic.SIZE, table.index, grouping, 1)
        return result(listOf("size" to sizes))
    }

    /** The value of each group below which a share [q] of its values lies. */
    public fun quantile(q: Double = 0.5, numericOnly: Boolean = false): DataFrame =
        result(looked(Statistic.MEDIAN, numericOnly).map { it to GroupStatistics.quantile(table[it], grouping, q) })

    /** A statistic by its name: `"mean"`, `"sum"`, `"count"`, `"std"`, `"median"`, `"nunique"`, ... */
    public fun agg(func: String): DataFrame {
        val what = statisticOf(func)
        return if (what == Statistic.SIZE) size() else each(what)
    }

    /** Several statistics: a column for each, called as it, with the column's name in front where there are several. */
    public fun agg(func: Collection<String>): DataFrame {
        val one = chosen.size == 1 && explicit
        return result(
            chosen.flatMap { key -> func.map { (if (one) it else "$key$JOINED$it") to value(key, it) } },
        )
    }

    /** Statistics by column: a name, or several, whose columns are called `column_statistic`. */
    public fun agg(func: Map<String, Any>): DataFrame =
        result(
            func.flatMap { (key, what) ->
                if (what is String) {
                    listOf(key to value(key, what))
                } else {
                    namesIn(what).map {
                        "$key$JOINED$it" to
                            value(key, it)
                    }
                }
            },
        )

    /** Statistics under new names: `agg("total" to ("n" to "sum"), "mean" to ("n" to "mean"))`. */
    public fun agg(
        first: Pair<String, Pair<String, String>>,
        vararg others: Pair<String, Pair<String, String>>,
    ): DataFrame =
        result((listOf(first) + others).map { (name, of) -> name to value(of.first, of.second) })

    /** A number of each column of each group. */
    public fun agg(func: (Column) -> Any?): DataFrame =
        result(chosen.map { key -> key to columnOf(List(ngroups) { func(part(it)[key]) }, ngroups) })

    /** [agg] in full. */
    public fun aggregate(func: String): DataFrame = agg(func)

    private fun value(key: String, func: String): Column {
        requireColumns(table, "table", listOf(key))
        return GroupStatistics.of(statisticOf(func), table[key], grouping, 1)
    }

    /** A row of values, a table, or one value of each group: results one below the other. */
    public fun apply(func: (DataFrame) -> Any?): DataFrame {
        val parts = List(ngroups) { func(part(it)) }
        return when {
            parts.isNotEmpty() && parts.all { it is DataFrame } -> concatRows(parts.map { it as DataFrame })
            parts.isNotEmpty() && parts.all { it is Row && it.size != 1 } ->
                concatRows(parts.map { (it as Row).toFrame().T }).let { all ->
                    result(all.columns.map { it to all[it] })
                }
            else -> result(
                listOf(
                    (if (chosen.size == 1) chosen[0] else "value") to
                        columnOf(parts.map(::plainResult), ngroups),
                ),
            )
        }
    }

    /** Each row gets its group's statistic: a table with the rows' names, which a column of `obs` takes. */
    public fun transform(func: String): DataFrame {
        val what = statisticOf(func)
        return tableOf(
            table.index, table.indexName,
            looked(what, false).map {
                it to
                    spread(GroupStatistics.of(what, table[it], grouping, 1))
            },
        )
    }

    /** Each row gets what [func] makes of its group's column: one value for all, or one for each. */
    public fun transform(func: (Column) -> Any): DataFrame = tableOf(
        table.index, table.indexName,
        chosen.map {
            it to
                transformed(it, func)
        },
    )

    private fun transformed(key: String, func: (Column) -> Any): Column {
        val order = IntArray(table.nRows()) { -1 }
        var next = 0
        val parts =
            List(ngroups) { g ->
                val rows = grouping.rows(g)
                rows.forEach { order[it] = next++ }
                val value = operandOf(func(table[key].take(rows)), rows.size)
                if (value.size() == 1) value.take(IntArray(rows.size)) else value
            }
        return stackedValues(parts).take(order)
    }

    private fun spread(values: Column) = values.take(grouping.codes())

    /** How often each value is there in each group: groups and values are columns in front of `count`. */
    public fun valueCounts(normalize: Boolean = false, sort: Boolean = true, ascending: Boolean = false): DataFrame {
        val all = keys + chosen.map { it to table[it] }
        val counts = TableGroups(
            table, all,
            Grouping.of(
                all.map {
                    it.second
                },
                Grouping.Options.DEFAULTS,
            ),
            true, emptyList(), true,
        ).size()
        val lead = counts.columns.dropLast(1)
        val groups = counts.groupby(lead.take(keys.size))
        val name = if (normalize) "proportion" else "count"
        val numbers = counts["size"]
        counts.remove("size")
        counts[name] = if (normalize) numbers / TableGroups.sumsOf(groups, numbers) else numbers
        if (!sort) return counts
        return counts.sortValues(lead.take(keys.size) + name, List(keys.size) { true } + ascending)
    }

    /** Statistics of each group; see [Column.describe]. */
    public fun describe(): DataFrame {
        val parts = looked(Statistic.MEAN, true).flatMap { key ->
            DESCRIBED.map { what -> (if (chosen.size == 1) what else "$key$JOINED$what") to described(key, what) }
        }
        return result(parts)
    }

    private fun described(key: String, what: String): Column =
        if (what.endsWith("%")) {
            GroupStatistics.quantile(table[key], grouping, what.dropLast(1).toDouble() / PERCENT)
        } else {
            value(key, what)
        }

    /** Place of each row in its group, from 0. */
    public fun cumcount(): Column {
        val next = LongArray(ngroups)
        val codes = grouping.codes()
        return NumericColumn.of(*LongArray(codes.size) { if (codes[it] < 0) -1 else next[codes[it]]++ })
    }

    /** Number of each row's group, -1 without one. */
    public fun ngroup(): Column = NumericColumn.of(*LongArray(grouping.codes().size) { grouping.codes()[it].toLong() })

    /** Sums up to each row within its group, as a table with the rows' names. */
    public fun cumsum(): DataFrame = transform { it.cumsum() }

    /** Places of values within each group, as a table with the rows' names. */
    public fun rank(method: String = "average", ascending: Boolean = true, pct: Boolean = false): DataFrame =
        transform { it.rank(method, ascending, pct) }

    /** The first [n] rows of each group, in the order of the table. */
    public fun head(n: Int = 5): DataFrame = table[cumcount().let { at -> (at ge 0) and (at lt n) }]

    /** The last [n] rows of each group, in the order of the table. */
    public fun tail(n: Int = 5): DataFrame {
        val rows = (0 until ngroups).flatMap { g -> grouping.rows(g).takeLast(n) }.sorted()
        return table.takeRows(rows.toIntArray())
    }

    /** Rows of each group drawn by chance; see [DataFrame.sample]. */
    public fun sample(n: Int? = null, frac: Double? = null, randomState: Long = 0): DataFrame =
        concatRows(List(ngroups) { part(it).sample(n, frac, randomState + it) })

    /** The groups for which a condition holds, in the order of the table. */
    public fun filter(condition: (DataFrame) -> Boolean): DataFrame {
        val kept = BooleanArray(ngroups) { condition(part(it)) }
        return table[BooleanArray(table.nRows()) { grouping.codes()[it].let { g -> g >= 0 && kept[g] } }]
    }

    override fun toString(): String =
        "$ngroups groups of ${table.nRows()} rows by ${keys.map { it.first }}: ${names.take(SHOWN)}"

    private companion object {
        const val PERCENT = 100.0
        const val SHOWN = 12

        fun sumsOf(groups: TableGroups, numbers: Column): Column =
            groups.spread(GroupStatistics.of(Statistic.SUM, numbers, groups.grouping, 1))
    }
}

internal fun statisticOf(name: String): Statistic = Check.oneOf(name, Statistic::class.java, "func")
