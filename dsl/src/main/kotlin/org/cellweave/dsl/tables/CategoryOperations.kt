package org.cellweave.dsl

import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.cellweave.util.Check

/**
 * What is asked of categories, as pandas' `cat`: `adata.obs["leiden"].cat.categories`. Every change gives a new column;
 * `adata.renameCategories("leiden", names)` changes the object and its colours with it.
 *
 * @throws IllegalArgumentException for a column without categories; `astype("category")` makes them
 */
public val Column.cat: CategoryOperations
    get() {
        require(this is CategoricalColumn) {
            "cat needs a categorical column, this one is ${dtypeName()}; use astype(\"category\").cat"
        }
        return CategoryOperations(this)
    }

/** See [cat]. */
public class CategoryOperations internal constructor(
    private val column: CategoricalColumn,
) {
    private val names = column.categoryNames()

    /** Names of the categories in their order; setting is `renameCategories`. */
    public val categories: List<String> get() = names

    /** Position of every row's category, -1 where missing, in the narrowest type as pandas gives it. */
    public val codes: Column
        get() {
            val n = names.size
            val type = if (n < 1 shl 7) {
                DType.INT8
            } else if (n < 1 shl 15) {
                DType.INT16
            } else {
                DType.INT32
            }
            return NumericColumn.integers(type, LongArray(column.size()) { column.codes()[it].toLong() }, null)
        }

    /** Whether the order of the categories has a meaning. */
    public val ordered: Boolean get() = column.isOrdered

    /** Other names for the categories, one for each in their order. */
    public fun renameCategories(newCategories: Collection<Any>): Column =
        column.renameCategories(newCategories.map(::spelledValue))

    /** Other names for some categories; names that are no categories are passed over, as in pandas. */
    public fun renameCategories(newCategories: Map<*, *>): Column {
        val byText = newCategories.entries.associate { (old, new) -> "$old" to "$new" }
        return column.renameCategories(names.map { byText[it] ?: it })
    }

    /** Other names by a function. */
    public fun renameCategories(change: (String) -> String): Column = column.renameCategories(names.map(change))

    /** The same categories in another order. */
    public fun reorderCategories(newCategories: Any, ordered: Boolean? = null): Column {
        val order = namesIn(newCategories)
        require(order.size == names.size && order.toSet() == names.toSet()) {
            "reorderCategories needs the categories $names in another order, got $order; setCategories takes others too"
        }
        return setCategories(order, ordered)
    }

    /** These categories in this order; rows of others become missing. */
    public fun setCategories(newCategories: Any, ordered: Boolean? = null): Column =
        column.setCategories(namesIn(newCategories)).withOrder(ordered ?: column.isOrdered)

    /** More categories behind those that are there. */
    public fun addCategories(newCategories: Any): Column {
        val more = namesIn(newCategories)
        val known = more.filter { it in names }
        require(known.isEmpty()) { "new categories must be new, but $known are there" }
        return CategoricalColumn(column.codes(), StringColumn.of(*(names + more).toTypedArray()), column.isOrdered)
    }

    /** Without these categories; their rows become missing. */
    public fun removeCategories(removals: Any): Column {
        val gone = namesIn(removals)
        val unknown = gone.filter { it !in names }
        require(unknown.isEmpty()) {
            "$unknown are not among the categories $names.${Check.suggestion(unknown.first(), names)}"
        }
        return column.setCategories(names - gone.toSet())
    }

    /** Without categories that no row has. */
    public fun removeUnusedCategories(): Column = column.removeUnused()

    /** The order of the categories gets a meaning: they can be compared. */
    public fun asOrdered(): Column = column.withOrder(true)

    /** The order of the categories has no meaning. */
    public fun asUnordered(): Column = column.withOrder(false)

    private fun CategoricalColumn.withOrder(ordered: Boolean) = CategoricalColumn(codes(), categories(), ordered)
}

/** Names of what users write for a list of names. */
internal fun namesIn(values: Any): List<String> =
    when (values) {
        is String -> listOf(values)
        is Column -> values.texts().toList()
        is Iterable<*> -> values.map { spelledValue(it ?: "") }
        is Array<*> -> values.map { spelledValue(it ?: "") }
        is IntArray -> values.map { "$it" }
        is Number -> listOf("$values")
        else -> throw IllegalArgumentException("a list of names is needed, got a ${values::class.simpleName}")
    }
