package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.util.Check

/** Mask of the names that are among [values]: `adata.varNames.isin(genes)`. */
public fun List<String>.isin(values: Any): BooleanArray {
    val wanted = namesIn(values).toHashSet()
    return BooleanArray(size) { this[it] in wanted }
}

/** [isin] in Kotlin's spelling. */
public infix fun List<String>.isIn(values: Any): BooleanArray = isin(values)

/** Names that are in both, in the order of these. */
public fun List<String>.intersection(other: Any): List<String> =
    namesIn(other).toHashSet().let { wanted -> distinct().filter { it in wanted } }

/** Names of both, these first. pandas sorts them. */
public fun List<String>.union(other: Any): List<String> = (this + namesIn(other)).distinct()

/** Names that the other lacks. pandas sorts them. */
public fun List<String>.difference(other: Any): List<String> =
    namesIn(other).toHashSet().let { there -> distinct().filter { it !in there } }

/** The distinct names in the order of their appearance. */
public fun List<String>.unique(): List<String> = distinct()

/** Number of distinct names. */
public fun List<String>.nunique(): Int = distinct().size

/** Whether no name repeats. */
public val List<String>.isUnique: Boolean get() = distinct().size == size

/** Mask of the names that stand before in the list. */
public fun List<String>.duplicated(): BooleanArray = HashSet<String>().let { seen ->
    BooleanArray(size) { !seen.add(this[it]) }
}

/** This list. */
public fun List<String>.tolist(): List<String> = this

/** Mask of the names that are this one, or those of a list at the same place. */
public infix fun List<String>.eq(other: Any): BooleanArray {
    if (other !is Collection<*> && other !is Column) {
        val name = "$other"
        return BooleanArray(size) { this[it] == name }
    }
    val names = namesIn(other)
    Check.sameLength(names.size, size, "what stands beside a list of names", "its length")
    return BooleanArray(size) { this[it] == names[it] }
}

/** Mask of the names that are not this one, or not those of a list at the same place. */
public infix fun List<String>.ne(other: Any): BooleanArray = !eq(other)

/** The names that a mask holds: `adata.varNames[mask]`. */
public operator fun List<String>.get(mask: BooleanArray): List<String> {
    require(mask.size == size) { "a mask for names must have $size entries, got ${mask.size}" }
    return filterIndexed { i, _ -> mask[i] }
}

/** The names at these places, in their order: `adata.varNames[np.argsort(means)]`. */
public operator fun List<String>.get(at: IntArray): List<String> = at.map { this[it] }

/** The names that a boolean column holds. */
public operator fun List<String>.get(mask: Column): List<String> =
    this[requireNotNull(maskOf(mask)) { "a mask needs booleans, got a column of type ${mask.dtypeName()}" }]

/** The names of a range, cut at the end: `adata.varNames[0 until 5]`. */
public operator fun List<String>.get(range: IntRange): List<String> =
    subList(range.first.coerceIn(0, size), (range.last + 1).coerceIn(range.first.coerceIn(0, size), size))

/** Place of a name. */
public fun List<String>.getLoc(name: String): Int =
    org.cellweave.data.NameIndex
        .ofColumn("index", this, this)
        .at(name)

/** Names that are in this index and in the other one. */
public fun Column.intersection(other: Any): List<String> = tolist().intersection(other)

/** Names of this index and of the other one. */
public fun Column.union(other: Any): List<String> = tolist().union(other)

/** Names of this index that the other one lacks. */
public fun Column.difference(other: Any): List<String> = tolist().difference(other)
