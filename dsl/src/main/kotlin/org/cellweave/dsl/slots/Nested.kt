package org.cellweave.dsl.slots

import org.cellweave.data.AxisSlots
import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.util.MissingKeyException
import java.lang.reflect.Array as ArrayAccess

/** What [value], which [place] names in messages, holds under [key]: a name of a dict or table, a position of a list. */
internal fun partOf(value: Any?, key: Any?, place: String): Any? =
    when (key) {
        is String -> named(value, key, place)
        is Int -> counted(value, key, place)
        else -> throw IllegalArgumentException("$place is read by a name or a position, got $key")
    }

private fun named(value: Any?, key: String, place: String): Any? {
    val names = namesIn(value)
    requireNotNull(names) { "$place is ${kindOf(value)}, which holds nothing by name, got '$key'" }
    if (key !in names) throw MissingKeyException(place, key, names, "")
    return when (value) {
        is Map<*, *> -> value[key]
        is RecordArray -> value.get(key)
        is DataFrame -> value.get(key)
        is AxisSlots<*> -> value.get(key)
        else -> null
    }
}

/** Puts [value] under [key] into a dict, a table or a slot of the object. */
internal fun putNamed(target: Any?, key: String, value: Any?) {
    when (target) {
        is DataFrame -> target.set(key, columnOf(requireNotNull(value) { "a column needs values" }, target.nRows()))
        is MutableMap<*, *> -> {
            @Suppress("UNCHECKED_CAST")
            val map = target as MutableMap<String, Any?>
            try {
                map[key] = value
            } catch (e: UnsupportedOperationException) {
                throw IllegalArgumentException(
                    "this dict of ${map.keys} cannot be changed; make it by mutableMapOf, or put another in its place",
                    e,
                )
            }
        }
        else -> throw IllegalArgumentException(
            "${kindOf(value)} cannot be put under '$key' here: this is ${kindOf(target)}" +
                (if (target is AxisSlots<*>) ", which takes matrices and arrays" else ""),
        )
    }
}

private fun namesIn(value: Any?): Collection<String>? =
    when (value) {
        is Map<*, *> -> value.keys.map { it.toString() }
        is RecordArray -> value.fields().keys
        is DataFrame -> value.keys
        is AxisSlots<*> -> value.keys
        else -> null
    }

private fun counted(value: Any?, at: Int, place: String): Any? {
    val size = sizeOf(value)
    requireNotNull(size) { "$place is ${kindOf(value)}, which holds nothing by position, got $at" }
    val i = if (at < 0) at + size else at
    if (i !in 0 until size) throw IndexOutOfBoundsException("$place has $size entries, got position $at")
    return when (value) {
        is List<*> -> value[i]
        is Pair<*, *> -> if (i == 0) value.first else value.second
        is NdArray -> element(value, i)
        is Column -> if (value.isMissing(i)) null else element(value, i)
        else -> ArrayAccess.get(value, i)
    }
}

private fun sizeOf(value: Any?): Int? =
    when {
        value is List<*> -> value.size
        value is Pair<*, *> -> 2
        value is NdArray && value.nDims() == 1 -> value.size()
        value is Column -> value.size()
        value != null && value.javaClass.isArray -> ArrayAccess.getLength(value)
        else -> null
    }

private fun element(array: NdArray, i: Int): Any? = if (array.isText) {
    array.texts()[i]
} else {
    ArrayAccess
        .get(array.data(), i)
}

private fun element(column: Column, i: Int): Any =
    when (column) {
        is NumericColumn -> column.longs()?.get(i) ?: column.get(i)
        is BooleanColumn -> column.get(i)
        else -> column.text(i)
    }

/** What a value is, for messages. */
internal fun kindOf(value: Any?): String =
    when (value) {
        null -> "null"
        is String -> "the text '$value'"
        is Number, is Boolean -> value.toString()
        is NdArray -> "a ${value.describe()}"
        is DataFrame -> "a ${value.described()}"
        is Map<*, *> -> "a dict with ${value.keys}"
        is RecordArray -> "a $value"
        else -> "a ${value::class.simpleName}"
    }

/** The one value of an array that holds no more, as old files keep single values; anything else as it is. */
internal fun single(value: Any?): Any? = (value as? NdArray)?.only() ?: value

/** Texts of a list or of an array of texts in one dimension, or null. */
internal fun textsOf(value: Any?): List<String>? =
    when {
        value is NdArray && value.isText -> value.texts().toList()
        value is List<*> && value.all { it is String } -> value.map { it as String }
        value is Array<*> && value.all { it is String } -> value.map { it as String }
        value is Column -> value.texts().toList()
        else -> null
    }

/** [map] with [value] below [keys]; maps on the way are copied, since a view's belong to the original too. */
internal fun withNested(map: Map<String, Any?>, keys: List<String>, value: Any?, place: String): Map<String, Any?> {
    val out = LinkedHashMap(map)
    val first = keys.first()
    if (keys.size == 1) {
        out[first] = value
        return out
    }
    val below = out[first]
    require(below == null || below is Map<*, *>) {
        "$place['$first'] is ${kindOf(below)}, in which nothing can be put under '${keys[1]}'"
    }
    @Suppress("UNCHECKED_CAST")
    val inner = below as Map<String, Any?>? ?: emptyMap()
    out[first] = withNested(inner, keys.drop(1), value, "$place['$first']")
    return out
}
