package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn

/**
 * One value of a column or a row, as functions of values get it: `column.map { x -> x.dropLast(2) }`,
 * `column.map { x -> if (x > 5) "high" else "low" }`. It is text, with all that Kotlin's texts have, and a number, with
 * arithmetic and comparisons. Compare it with a text by [eq] (`x eq "B"`), since Kotlin's `==` wants one type on both
 * sides.
 */
public class Entry internal constructor(
    column: Column,
    at: Int,
) : Value(column, at),
    CharSequence {
    override val length: Int get() = toString().length

    override fun get(index: Int): Char = toString()[index]

    override fun subSequence(startIndex: Int, endIndex: Int): CharSequence =
        toString().subSequence(startIndex, endIndex)

    /** The text with another one behind it. */
    public operator fun plus(other: String): String = toString() + other

    /** Order of the texts, by their letters. */
    public operator fun compareTo(other: String): Int = toString().compareTo(other)

    /** The text with every [old] as [new]. */
    public fun replace(old: String, new: String): String = toString().replace(old, new)

    /** The text in small letters. */
    public fun lowercase(): String = toString().lowercase()

    /** The text in capital letters. */
    public fun uppercase(): String = toString().uppercase()

    /** [lowercase] under Python's name. */
    public fun lower(): String = lowercase()

    /** [uppercase] under Python's name. */
    public fun upper(): String = uppercase()

    /** The text without white space at both ends. */
    public fun strip(): String = toString().trim()
}

/** Whether a value of a table is among these texts. */
public operator fun Collection<String>.contains(value: Value): Boolean = value.toString() in this

/** What a map has for a value of a table, by its text; null of none. */
public operator fun <V> Map<String, V>.get(value: Value): V? = this[value.toString()]

/** What a function made of a value, as columns take it. */
internal fun plainResult(value: Any?): Any? =
    when (value) {
        is Value -> value.raw
        is String -> value
        is CharSequence -> value.toString()
        else -> value
    }

/** The number of a value, that of text which spells one among them. */
internal fun numberAt(column: Column, at: Int): Double =
    when {
        column.isMissing(at) -> Double.NaN
        column is NumericColumn -> column.get(at)
        column is BooleanColumn -> if (column.get(at)) 1.0 else 0.0
        column is CategoricalColumn -> numberAt(column.categories(), column.codes()[at])
        else -> requireNotNull(column.text(at).trim().toDoubleOrNull()) {
            "a number is needed here, but the value is the text '${column.text(at)}'"
        }
    }
