package org.cellweave.dsl

import org.cellweave.data.AxisSlots
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.RecordArray
import org.cellweave.dsl.slots.kindOf
import org.cellweave.dsl.slots.matrixOf
import org.cellweave.dsl.slots.putNamed
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DenseMatrix

// What `adata.uns[...]` gives has no type before the file is read. These are declared on `Any?`, so that such values are
// asked as in Python; of a value that cannot be asked so, they fail when they are run, and say what it is.

/**
 * Puts a value by a name into a value whose type only the file knows: `adata.uns["pca"]["note"] = "mine"`. Dicts and
 * tables take it. A view's dicts are its own, so that the original keeps what it has.
 *
 * @throws IllegalArgumentException for what holds nothing by name
 */
public operator fun Any?.set(key: String, value: Any?): Unit = putNamed(this, key, value)

/** Puts a value of a map; here since [set] of any value would be taken in its place. */
public operator fun <K, V> MutableMap<K, V>.set(key: K, value: V) {
    put(key, value)
}

/** A copy of a value whose type only the file knows, as of a Python dict: what it holds is shared, but for arrays. */
public fun Any?.copy(): Any? =
    when (this) {
        is Map<*, *> -> LinkedHashMap(this)
        is DataFrame -> copy()
        is AxisArray -> copy()
        is List<*> -> toMutableList()
        is DoubleArray -> copyOf()
        is IntArray -> copyOf()
        else -> this
    }

/** A map of the same values that can be changed. */
public fun <K, V> Map<K, V>.copy(): MutableMap<K, V> = LinkedHashMap(this)

/** Numbers of entries along the axes of a value whose type only the file knows. */
public val Any?.shape: Any
    get() =
        when (this) {
            is DataFrame -> nRows() to nCols()
            // An array is an axis's too, but need not be a matrix.
            is NdArray -> shape
            is AxisArray -> shape
            is Column -> listOf(size())
            is RecordArray -> listOf(length())
            is List<*> -> listOf(size)
            else -> throw IllegalArgumentException("this value is ${kindOf(this)}, which has no shape")
        }

/** Numbers of entries along the axes: height, width and colours of a picture. */
public val NdArray.shape: List<Int> get() = shape().toList()

/**
 * The type of what a value holds whose type only the file knows; of a record array its fields:
 * `adata.uns["rank_genes_groups"]["names"].dtype.names` are the groups.
 */
public val Any?.dtype: RecordType
    get() =
        when (this) {
            is RecordArray -> dtype
            is NdArray -> RecordType(null, if (isText) "str" else dtype().toString().lowercase())
            is AxisArray -> RecordType(null, dtype.toString().lowercase())
            is Column -> RecordType(null, dtypeName())
            else -> throw IllegalArgumentException("this value is ${kindOf(this)}, which has no dtype")
        }

/** A matrix or an array of two dimensions, whose type only the file knows, as a dense one. */
public fun Any?.toarray(): DenseMatrix =
    when (this) {
        is NdArray -> matrixOf(this, "this value").toarray()
        is AxisArray -> toarray()
        else -> throw IllegalArgumentException("this value is ${kindOf(this)}, which is no matrix")
    }

/**
 * The column whose name a value holds that only the file knows: `adata.obs[adata.uns["paga"]["groups"]]`.
 *
 * @throws IllegalArgumentException when the value is no text
 */
public operator fun DataFrame.get(key: Any?): Column {
    require(key is CharSequence || key is Value) { "a column is read by its name, got ${kindOf(key)}" }
    return get(key.toString())
}

/** The keys, as Python's dicts give them. */
public fun <K> Map<K, *>.keys(): Set<K> = keys

/** Keys and values, as Python's dicts give them: `for ((key, value) in adata.uns.items())`. */
public fun <K, V> Map<K, V>.items(): Set<Map.Entry<K, V>> = entries

/** The values, as Python's dicts give them. */
public fun <V> Map<*, V>.values(): Collection<V> = values

/** The keys, as a method. */
public fun AxisSlots<*>.keys(): List<String> = keys.toList()

/** Names of the columns, as a method. */
public fun DataFrame.keys(): List<String> = keys.toList()
