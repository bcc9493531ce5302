package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.util.MissingKeyException

/**
 * One value of a table, as `table.loc["row", "column"]` gives it: a number for arithmetic and wherever a number is
 * taken, and its text by [toString]. A missing one is NaN.
 */
public open class Value internal constructor(
    private val column: Column?,
    private val at: Int,
) : Number(),
    Comparable<Number> {
    /** Whether there is no value. */
    public val isMissing: Boolean get() = cell().isMissing(at)

    /** The value: a Double, Long, Boolean or String, or null where it is missing. */
    public val raw: Any? get() = rawValue(cell(), at)

    internal fun asColumn(): Column = cell().take(intArrayOf(at))

    internal open fun cell(): Column = column ?: throw IllegalStateException("a value needs a column")

    override fun toDouble(): Double = numberAt(cell(), at)

    override fun toFloat(): Float = toDouble().toFloat()

    override fun toLong(): Long = (raw as? Long) ?: toDouble().toLong()

    override fun toInt(): Int = toLong().toInt()

    override fun toShort(): Short = toInt().toShort()

    override fun toByte(): Byte = toInt().toByte()

    /** Sum with a number. */
    public operator fun plus(other: Number): Double = toDouble() + other.toDouble()

    /** Difference to a number. */
    public operator fun minus(other: Number): Double = toDouble() - other.toDouble()

    /** Product with a number. */
    public operator fun times(other: Number): Double = toDouble() * other.toDouble()

    /** Quotient by a number. */
    public operator fun div(other: Number): Double = toDouble() / other.toDouble()

    /** The negative number. */
    public operator fun unaryMinus(): Double = -toDouble()

    override operator fun compareTo(other: Number): Int = toDouble().compareTo(other.toDouble())

    /** Whether it is this number, text or boolean; a missing one is nothing. */
    public infix fun eq(other: Any): Boolean = (asColumn() eq other)[0]

    /** Equal to what is the same value, and to the text, number or boolean that it is. */
    override fun equals(other: Any?): Boolean =
        when (other) {
            is Value -> raw == other.raw
            is Number -> raw.let { it is Number && it.toDouble() == other.toDouble() }
            else -> other != null && raw == other
        }

    override fun hashCode(): Int = raw.hashCode()

    override fun toString(): String = cell().text(at)
}

internal fun rawValue(column: Column, i: Int): Any? =
    when {
        column.isMissing(i) -> null
        column is NumericColumn -> column.longs()?.get(i) ?: column.get(i)
        column is BooleanColumn -> column.get(i)
        column is CategoricalColumn -> rawValue(column.categories(), column.codes()[i])
        else -> column.text(i)
    }

/** Product of a number and a value of a table. */
public operator fun Number.times(value: Value): Double = toDouble() * value.toDouble()

/** Sum of a number and a value of a table. */
public operator fun Number.plus(value: Value): Double = toDouble() + value.toDouble()

/** A number less a value of a table. */
public operator fun Number.minus(value: Value): Double = toDouble() - value.toDouble()

/** A number over a value of a table. */
public operator fun Number.div(value: Value): Double = toDouble() / value.toDouble()

/**
 * One row of a table: values by column, as `table.loc["name"]`, `table.iloc[0]` and sums and means over a table give
 * them. A row of one column is also its value.
 */
public class Row internal constructor(
    private val table: DataFrame,
    private val at: Int,
) : Value(null, at) {
    /** The row's name. */
    public val name: String get() = table.index.text(at)

    /** Names of the columns. */
    public val index: List<String> get() = table.columns

    /** The values, by column. */
    public val values: List<Entry> get() = table.keys.map { Entry(table[it], at) }

    /** Number of values. */
    public val size: Int get() = table.nCols()

    override fun cell(): Column {
        require(table.nCols() == 1) {
            "a row of ${table.nCols()} columns is no single value; name one: row[\"column\"]"
        }
        return table[table.columns.single()]
    }

    /** The value of one column. */
    public operator fun get(column: String): Entry =
        Entry(table.find(column) ?: throw MissingKeyException("row", column, table.keys, ""), at)

    /** The value at a position; negative ones count from the end. */
    public operator fun get(position: Int): Entry = values[if (position < 0) size + position else position]

    /** The first value: `val (sample, count) = row`. */
    public operator fun component1(): Entry = get(0)

    /** The second value. */
    public operator fun component2(): Entry = get(1)

    /** The third value. */
    public operator fun component3(): Entry = get(2)

    /** The fourth value. */
    public operator fun component4(): Entry = get(3)

    /** Values by column. */
    public fun toDict(): Map<String, Any?> = table.keys.associateWith { rawValue(table[it], at) }

    /** Names and values, to iterate over. */
    public fun items(): List<Pair<String, Entry>> = table.columns.zip(values)

    /** The numbers. */
    public fun toNumpy(): DoubleArray = DoubleArray(size) { values[it].toDouble() }

    /** Sum of the values. */
    public fun sum(): Double = toFrame().only().sum()

    /** Mean of the values. */
    public fun mean(): Double = toFrame().only().mean()

    /** The largest value. */
    public fun max(): Double = toFrame().only().max()

    /** The smallest value. */
    public fun min(): Double = toFrame().only().min()

    /** The values as a table with the columns as its rows, in one column under the row's name. */
    public fun toFrame(name: String = this.name): DataFrame {
        val columns = table.columns
        val stacked = stackedValues(columns.map { table[it].take(intArrayOf(at)) })
        return oneColumn(StringColumn.of(*columns.toTypedArray()), null, name, stacked)
    }

    /** The values in order, as a table; see [toFrame]. */
    public fun sortValues(ascending: Boolean = true): DataFrame = toFrame().sortValues(ascending)

    /** The first [n] values, as a table; see [toFrame]. */
    public fun head(n: Int = 5): DataFrame = toFrame().head(n)

    override fun equals(other: Any?): Boolean = other is Row && toDict() == other.toDict()

    override fun hashCode(): Int = toDict().hashCode()

    override fun toString(): String = if (size == 1) super.toString() else toFrame().toText()
}
