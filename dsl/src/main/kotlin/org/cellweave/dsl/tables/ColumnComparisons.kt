package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.StringColumn
import org.cellweave.data.tables.Comparison
import org.cellweave.data.tables.Comparison.Relation
import org.cellweave.data.tables.Members
import org.cellweave.dsl.slots.columnOf

/**
 * Mask of the rows whose value is above [other]: a number, a text, or a column of as many rows. Missing values never
 * are; categories need an order (`cat.asOrdered()`).
 */
public infix fun Column.gt(other: Any): BooleanArray = compared(Relation.GT, other)

/** Mask of the rows whose value is at least [other]; see [gt]. */
public infix fun Column.ge(other: Any): BooleanArray = compared(Relation.GE, other)

/** Mask of the rows whose value is below [other]; see [gt]. */
public infix fun Column.lt(other: Any): BooleanArray = compared(Relation.LT, other)

/** Mask of the rows whose value is at most [other]; see [gt]. */
public infix fun Column.le(other: Any): BooleanArray = compared(Relation.LE, other)

/** Mask of the rows that equal [other], a value or a column. A number equals the text that spells it. */
public infix fun Column.eq(other: Any): BooleanArray = compared(Relation.EQ, other)

/** Mask of the rows that differ from [other]. NaN differs from everything; what is NA is unknown, hence no. */
public infix fun Column.ne(other: Any): BooleanArray = compared(Relation.NE, other)

private fun Column.compared(what: Relation, other: Any): BooleanArray {
    val right = operandOf(other, size())
    val equality = what == Relation.EQ || what == Relation.NE
    return if (equality && isText() != right.isText()) {
        Comparison.of(what, spelled(), right.spelled())
    } else {
        Comparison.of(what, this, right)
    }
}

private fun Column.spelled(): Column =
    if (isText()) this else StringColumn(Array(size()) { if (isMissing(it)) null else text(it) }, false)

/** Mask of the rows whose value is among [values]: a list, an array, a column. Numbers go by size, others by text. */
public infix fun Column.isIn(values: Any): BooleanArray = Members.of(this, membersOf(values))

/** [isIn] under pandas' name. */
public fun Column.isin(values: Any): BooleanArray = isIn(values)

internal fun membersOf(values: Any): Column =
    when (values) {
        is Column -> values
        is DataFrame -> values.only()
        is Map<*, *> -> membersOf(values.keys)
        is String, is Number, is Boolean -> throw IllegalArgumentException(
            "isIn needs a list of values, got '$values'; use eq '$values' or isIn(listOf('$values'))",
        )
        is Iterable<*> -> {
            val items = values.toList()
            val kinds = items.filterNotNull().mapTo(HashSet()) { it is Number }
            if (kinds.size > 1) columnOf(items.map { it?.let(::spelled) }, items.size) else columnOf(items, items.size)
        }
        is Array<*> -> membersOf(values.toList())
        else -> columnOf(values, 0)
    }

private fun spelled(value: Any): String =
    if (value is Boolean) value.toString().replaceFirstChar(Char::uppercase) else value.toString()

/** Mask of the rows without a value. */
public fun Column.isNa(): BooleanArray = missing()

/** [isNa] under pandas' name. */
public fun Column.isna(): BooleanArray = isNa()

/** [isNa] under pandas' other name. */
public fun Column.isnull(): BooleanArray = isNa()

/** Mask of the rows with a value. */
public fun Column.notna(): BooleanArray = !missing()

/** [notna] in Kotlin's spelling. */
public fun Column.notNa(): BooleanArray = notna()

/** [notna] under pandas' other name. */
public fun Column.notnull(): BooleanArray = notna()

/**
 * Mask of the rows from [left] to [right].
 *
 * @param inclusive which ends are in it: `"both"`, `"left"`, `"right"` or `"neither"`
 */
public fun Column.between(left: Any, right: Any, inclusive: String = "both"): BooleanArray {
    require(inclusive in listOf("both", "left", "right", "neither")) {
        "inclusive must be 'both', 'left', 'right' or 'neither', got '$inclusive'"
    }
    val above = if (inclusive == "both" || inclusive == "left") this ge left else this gt left
    val below = if (inclusive == "both" || inclusive == "right") this le right else this lt right
    return above and below
}

/** Element-wise "and" of masks and boolean columns. */
public infix fun BooleanArray.and(other: BooleanArray): BooleanArray = both(this, other) { a, b -> a && b }

/** Element-wise "or" of masks and boolean columns. */
public infix fun BooleanArray.or(other: BooleanArray): BooleanArray = both(this, other) { a, b -> a || b }

/** Mask of the rows in which one of both holds, not the other. */
public infix fun BooleanArray.xor(other: BooleanArray): BooleanArray = both(this, other) { a, b -> a != b }

/** Element-wise "and" of a mask and a boolean column; what is missing is no. */
public infix fun BooleanArray.and(other: Column): BooleanArray = this and other.flags()

/** Element-wise "or" of a mask and a boolean column; what is missing is no. */
public infix fun BooleanArray.or(other: Column): BooleanArray = this or other.flags()

/** Element-wise "and" of a boolean column and a mask; what is missing is no. */
public infix fun Column.and(other: BooleanArray): BooleanArray = flags() and other

/** Element-wise "or" of a boolean column and a mask; what is missing is no. */
public infix fun Column.or(other: BooleanArray): BooleanArray = flags() or other

/** Element-wise "and" of boolean columns; what is missing is no. */
public infix fun Column.and(other: Column): BooleanArray = flags() and other.flags()

/** Element-wise "or" of boolean columns; what is missing is no. */
public infix fun Column.or(other: Column): BooleanArray = flags() or other.flags()

/** Element-wise "not". */
public operator fun BooleanArray.not(): BooleanArray = BooleanArray(size) { !this[it] }

/** Element-wise "not" of a boolean column; what is missing stays out, being unknown. */
public operator fun Column.not(): BooleanArray {
    flags()
    val column = this as? BooleanColumn
    return if (column == null) flags().not() else BooleanArray(size()) { !isMissing(it) && !column.get(it) }
}

private inline fun both(a: BooleanArray, b: BooleanArray, of: (Boolean, Boolean) -> Boolean): BooleanArray {
    require(a.size == b.size) { "masks must be equally long, got ${a.size} and ${b.size}" }
    return BooleanArray(a.size) { of(a[it], b[it]) }
}

/** A column of yes and no as a mask: booleans, and categories that are spelled so. */
private fun Column.flags(): BooleanArray {
    maskOf(this)?.let { return it }
    val flags = (this as? CategoricalColumn)?.categories() as? BooleanColumn
    requireNotNull(flags) {
        "a mask needs booleans, got a column of type ${dtypeName()}; compare it, such as column gt 5 or " +
            "column eq \"B\", or use astype(\"bool\")"
    }
    return BooleanArray(size()) { !isMissing(it) && flags.get((this as CategoricalColumn).codes()[it]) }
}

/** Number of rows that a mask holds. */
public fun BooleanArray.sum(): Int = count { it }

/** Share of rows that a mask holds; NaN of none. */
public fun BooleanArray.mean(): Double = sum() / size.toDouble()

/** Whether a mask holds any row. */
public fun BooleanArray.any(): Boolean = contains(true)

/** Whether a mask holds every row. */
public fun BooleanArray.all(): Boolean = !contains(false)

/** How often a mask says yes and no; see [Column.valueCounts]. */
public fun BooleanArray.valueCounts(normalize: Boolean = false): DataFrame =
    BooleanColumn.of(*this).valueCounts(normalize)
