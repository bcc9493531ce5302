package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.Arithmetic
import org.cellweave.data.tables.Arithmetic.Operation
import org.cellweave.matrix.DType
import kotlin.math.pow

/**
 * Sum with a number, a column, a table of one column or an array, row by row; text is put behind text. Whole numbers
 * stay whole, missing values missing.
 */
public operator fun Column.plus(other: Any): Column {
    val right = operandOf(other, size())
    return if (isText() || right.isText()) joined(this, right) else Arithmetic.of(Operation.ADD, this, right)
}

/** Difference to a number, a column or an array, row by row. */
public operator fun Column.minus(other: Any): Column = arithmetic(Operation.SUBTRACT, other)

/** Product with a number, a column or an array, row by row. */
public operator fun Column.times(other: Any): Column = arithmetic(Operation.MULTIPLY, other)

/** Quotient by a number, a column or an array, row by row, decimal always. */
public operator fun Column.div(other: Any): Column = arithmetic(Operation.DIVIDE, other)

/** What is left of a division rounded down, with the divisor's sign as in Python. */
public operator fun Column.rem(other: Any): Column = arithmetic(Operation.REMAINDER, other)

/** Quotient rounded down: Python's `//`. */
public infix fun Column.floorDiv(other: Any): Column = arithmetic(Operation.FLOOR_DIVIDE, other)

/** To the power of a number, a column or an array, row by row: Python's `**`. */
public infix fun Column.pow(other: Any): Column = arithmetic(Operation.POWER, other)

/** The negative numbers. */
public operator fun Column.unaryMinus(): Column = times(-1)

/** A number plus a column. */
public operator fun Number.plus(column: Column): Column = column + this

/** A number less a column. */
public operator fun Number.minus(column: Column): Column = scalar(this, column, Operation.SUBTRACT)

/** A number times a column. */
public operator fun Number.times(column: Column): Column = column * this

/** A number over a column. */
public operator fun Number.div(column: Column): Column = scalar(this, column, Operation.DIVIDE)

private fun Column.arithmetic(what: Operation, other: Any) = Arithmetic.of(what, this, operandOf(other, size()))

private fun scalar(number: Number, column: Column, what: Operation) = Arithmetic.of(what, operandOf(number, 1), column)

internal fun Column.isText(): Boolean =
    this is StringColumn || (this is CategoricalColumn && categories() is StringColumn)

private fun joined(left: Column, right: Column): Column {
    require(left.isText() && right.isText()) {
        "text is added to text only, but one column is ${left.dtypeName()}, the other ${right.dtypeName()}; " +
            "use astype(\"str\")"
    }
    val texts =
        Array(maxOf(left.size(), right.size())) {
            val p = if (left.size() == 1) 0 else it
            val q = if (right.size() == 1) 0 else it
            if (left.isMissing(p) || right.isMissing(q)) null else left.text(p) + right.text(q)
        }
    return StringColumn(texts, false)
}

/** Every number through [change], missing ones left out; what is not floating becomes float64. */
internal inline fun Column.numbers(change: (Double) -> Double): Column {
    val values = toDoubles()
    for (i in values.indices) values[i] = change(values[i])
    return if (this is NumericColumn && dtype() == DType.FLOAT32) {
        NumericColumn.reals(DType.FLOAT32, DoubleArray(values.size) { values[it].toFloat().toDouble() })
    } else {
        NumericColumn.of(*values)
    }
}

/** Whole numbers through [change], or null for another column. */
private inline fun Column.wholeNumbers(change: (Long) -> Long): Column? {
    val whole = this as? NumericColumn ?: return null
    val longs = whole.longs() ?: return null
    return NumericColumn.integers(whole.dtype(), LongArray(longs.size) { change(longs[it]) }, whole.mask())
}

/** Sizes without signs. */
public fun Column.abs(): Column = wholeNumbers { kotlin.math.abs(it) } ?: numbers { kotlin.math.abs(it) }

/** Rounded to [decimals] digits behind the point; halves go to the even neighbour, as in numpy. */
public fun Column.round(decimals: Int = 0): Column {
    val scale = 10.0.pow(decimals)
    return (if (decimals >= 0) wholeNumbers { it } else null) ?: numbers { Math.rint(it * scale) / scale }
}

/** Values below [lower] become that, values above [upper] that; null is no bound. */
public fun Column.clip(lower: Number? = null, upper: Number? = null): Column {
    val low = lower?.toDouble() ?: Double.NEGATIVE_INFINITY
    val high = upper?.toDouble() ?: Double.POSITIVE_INFINITY
    require(low <= high) { "lower must be at most upper, got $lower and $upper" }
    val whole = (lower ?: 0).isWhole() && (upper ?: 0).isWhole()
    val bounded = if (whole) wholeNumbers { it.toDouble().coerceIn(low, high).toLong() } else null
    return bounded ?: numbers { if (it.isNaN()) it else it.coerceIn(low, high) }
}

private fun Number.isWhole() = this is Int || this is Long || this is Short || this is Byte

/** Sums up to each row; missing values stay missing and add nothing. */
public fun Column.cumsum(): Column {
    var whole = 0L
    if (this is BooleanColumn) return astype("int").cumsum()
    wholeNumbers {
        whole += it
        whole
    }?.let { return it }
    var sum = 0.0
    return numbers {
        if (it.isNaN()) {
            it
        } else {
            sum += it
            sum
        }
    }
}

/** Differences to the value [periods] rows before; the first ones are missing. */
public fun Column.diff(periods: Int = 1): Column = this - shift(periods)

/** Values [periods] rows further down; missing where none comes. */
public fun Column.shift(periods: Int = 1): Column {
    val n = size()
    return take(IntArray(n) { if (it - periods in 0 until n) it - periods else -1 })
}
