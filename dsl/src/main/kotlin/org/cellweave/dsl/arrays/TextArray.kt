package org.cellweave.dsl

import org.cellweave.dsl.slots.kindOf
import org.cellweave.dsl.slots.textsOf

/**
 * An array of text, as `np.array` makes it: a list of names that can also be read and overwritten at several places at
 * once, `colors[listOf(0, 2)] = others[listOf(5, 5)]`. Its length stays.
 */
public class TextArray internal constructor(
    private val texts: Array<String>,
) : AbstractList<String>() {
    override val size: Int get() = texts.size

    override fun get(index: Int): String = texts[if (index < 0) index + size else index]

    /** Overwrites a place. */
    public operator fun set(index: Int, text: String) {
        texts[if (index < 0) index + size else index] = text
    }

    /** The texts at these places; negative ones count from the end. */
    public operator fun get(at: List<Int>): TextArray = TextArray(Array(at.size) { get(at[it]) })

    /** The texts at these places. */
    public operator fun get(at: IntArray): TextArray = get(at.asList())

    /** Overwrites these places with one text each. */
    public operator fun set(at: List<Int>, values: List<String>) {
        requireSameSize(at.size, values.size)
        val given = values.toList()
        at.forEachIndexed { i, place -> set(place, given[i]) }
    }

    /** Overwrites these places with one text. */
    public operator fun set(at: List<Int>, value: String): Unit = at.forEach { set(it, value) }

    /** Overwrites the places where [mask] is true. */
    public operator fun set(mask: BooleanArray, value: String): Unit = set(whereTrue(mask, size).asList(), value)

    /** Overwrites the places where [mask] is true with one text each. */
    public operator fun set(mask: BooleanArray, values: List<String>): Unit =
        set(whereTrue(mask, size).asList(), values)

    /** Another array of the same texts. */
    public fun copy(): TextArray = TextArray(texts.clone())

    /** How many there are. */
    public val shape: List<Int> get() = listOf(size)
}

/** Texts as an array of them, which is a list too. */
@JvmName("arrayOfNames")
public fun NumPy.array(values: List<String>): TextArray = TextArray(values.toTypedArray())

/** Values of several kinds as an array of text, which is what NumPy makes of text and numbers. */
@JvmName("arrayOfMixed")
public fun NumPy.array(values: List<Any?>): TextArray {
    require(values.any { it is String } && values.none { it is Collection<*> }) {
        "np.array of a list takes numbers, booleans, texts, or rows of numbers, got ${values.take(3)}"
    }
    return TextArray(Array(values.size) { values[it].toString() })
}

/**
 * Texts whose type only the file knows, as an array: `np.array(adata.uns["leiden_colors"])`. Numbers are refused here;
 * `adata.uns.at(...)` with `as` gives them their type.
 */
public fun NumPy.array(values: Any?): TextArray {
    val texts = textsOf(values)
    requireNotNull(texts) {
        "np.array of a value without a type takes texts, but this is ${kindOf(values)}. Give it its type first: " +
            "adata.uns.number(...), or (value as Matrix)"
    }
    return np.array(texts)
}

/** Text as numbers, or the same texts: `names.astype("float")`, `names.astype("str")`. */
public fun TextArray.astype(dtype: Any): Any =
    when (dtype) {
        "str", "object", String::class -> copy()
        else -> DoubleArray(size) { this[it].toDouble() }.astype(dtype)
    }
