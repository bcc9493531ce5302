package org.cellweave.dsl

import org.cellweave.data.DataFrame
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.kindOf
import org.cellweave.dsl.slots.partOf
import org.cellweave.dsl.slots.single
import org.cellweave.dsl.slots.textsOf
import org.cellweave.dsl.slots.withNested
import org.cellweave.util.MissingKeyException

/**
 * What lies below these keys: `adata.uns.at("rank_genes_groups", "params", "method")`.
 *
 * @throws MissingKeyException names the level that lacks a key, and the keys that are there
 */
public fun Map<String, Any?>.at(vararg keys: String): Any? {
    require(keys.isNotEmpty()) { "at needs at least one key" }
    return keys.foldIndexed(this as Any?) { i, found, key -> partOf(found, key, placeOf(keys.take(i))) }
}

/** What lies below several keys, as [at]: `adata.uns["neighbors", "params", "method"]`. */
public operator fun Map<String, Any?>.get(first: String, second: String, vararg more: String): Any? =
    at(first, second, *more)

/**
 * Puts a value below several keys: `adata.uns["pca", "params", "note"] = "mine"`. Levels that are not there are made.
 */
public operator fun MutableMap<String, Any?>.set(first: String, second: String, vararg more: String, value: Any?) {
    val changed = withNested(this, listOf(first, second, *more), value, "uns")
    put(first, changed[first])
}

/**
 * A part of a value whose type only the file knows: `adata.uns["neighbors"]["params"]`, `adata.uns["x_colors"][0]`.
 *
 * It reads dicts, record arrays and tables by name, lists, columns and arrays of one dimension by position; with
 * another value, or a name that is not there, it fails when it is run. To put something below two keys write
 * `adata.uns["a"]["b"] = value`, or `adata.uns["a", "b"] = value`, which makes the dicts on the way.
 */
public operator fun Any?.get(key: String): Any? = partOf(this, key, "this value")

/** See the other; by position. */
public operator fun Any?.get(key: Int): Any? = partOf(this, key, "this value")

/** The value of a map, null where it has none; here since [get] of any value would be taken in its place. */
@Suppress("UNCHECKED_CAST")
public operator fun <V> Map<*, V>.get(key: Any?): V? = (this as Map<Any?, V>).get(key)

/** See the other. */
public operator fun <V> Map<*, V>.get(key: String): V? = get(key as Any?)

/** See the other. */
public operator fun <V> Map<*, V>.get(key: Int): V? = get(key as Any?)

/** A group of a match by its name; here since [get] of any value would be taken in its place. */
public operator fun MatchGroupCollection.get(name: String): MatchGroup? = (this as MatchNamedGroupCollection).get(name)

/** The text below these keys; an array of one text counts as its text, as old files have it. */
public fun Map<String, Any?>.text(vararg keys: String): String = typed(keys, "a text") { single(it) as? String }

/** The texts below these keys, from a list or an array: `adata.uns.texts("leiden_colors")`. */
public fun Map<String, Any?>.texts(vararg keys: String): List<String> = typed(keys, "a list of texts", ::textsOf)

/** The number below these keys; an array of one number counts as its number. */
public fun Map<String, Any?>.number(vararg keys: String): Double =
    typed(keys, "a number") { (single(it) as? Number)?.toDouble() }

/**
 * The record array below these keys:
 * `adata.uns.records("rank_genes_groups", "names").dtype.names` are the groups.
 */
public fun Map<String, Any?>.records(vararg keys: String): RecordArray =
    typed(keys, "a record array") { it as? RecordArray }

private fun <T : Any> Map<String, Any?>.typed(keys: Array<out String>, wanted: String, cast: (Any?) -> T?): T {
    val found = at(*keys)
    return requireNotNull(cast(found)) { "${placeOf(keys.toList())} must be $wanted, but is ${kindOf(found)}" }
}

private fun placeOf(keys: List<String>): String = "uns" + keys.joinToString("") { "['$it']" }

/** What a value's entries consist of: the fields of records, or one type for all. */
public class RecordType internal constructor(private val fields: List<String>?, private val spelled: String = "") {
    /**
     * The fields in order, such as the groups of `rank_genes_groups`.
     *
     * @throws IllegalStateException for what is no record array; Python has None there
     */
    public val names: List<String> get() = checkNotNull(fields) { "entries of type $spelled have no named fields" }

    override fun toString(): String = fields?.toString() ?: spelled
}

/** What a record array's entries consist of: `records.dtype.names`. */
public val RecordArray.dtype: RecordType get() = RecordType(fields().keys.toList())

/** A table with a column per field and a row per entry, numbered from 0. */
public fun RecordArray.toTable(): DataFrame {
    val table = DataFrame(StringColumn.of(*Array(length()) { it.toString() }))
    fields().forEach { (name, values) -> table.set(name, columnOf(values, length())) }
    return table
}
