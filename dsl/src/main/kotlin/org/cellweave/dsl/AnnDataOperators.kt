package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.dsl.slots.columnOf
import org.cellweave.dsl.slots.requiredX
import org.cellweave.dsl.slots.toLabels
import org.cellweave.matrix.Matrix

/** The matrix, cells by genes. Setting it checks the shape. */
@Suppress("ktlint:standard:property-naming")
public var AnnData.X: Matrix
    get() = requiredX()
    set(value) = setX(value)

/** Appends `-1`, `-2`, ... after [join] to repeated names of cells. */
public fun AnnData.obsNamesMakeUnique(join: String = "-"): Unit = obsNamesMakeUnique(join)

/** Appends `-1`, `-2`, ... after [join] to repeated names of genes. */
public fun AnnData.varNamesMakeUnique(join: String = "-"): Unit = varNamesMakeUnique(join)

/** Everything along an axis: `adata[all, genes]`. */
public val all: AxisIndex get() = AxisIndex.ALL

/**
 * A view of some cells: a mask, positions, names, a range, or a boolean column.
 */
public operator fun AnnData.get(obs: Any): AnnData = select(axisIndex(obs, "obs"), AxisIndex.ALL)

/** A view of some cells and genes; [all] keeps an axis whole. */
public operator fun AnnData.get(obs: Any, vars: Any): AnnData =
    select(axisIndex(obs, "obs"), axisIndex(vars, "var"))

internal fun axisIndex(choice: Any, axis: String): AxisIndex =
    when (choice) {
        is AxisIndex -> choice
        is BooleanArray -> AxisIndex.mask(*choice)
        is BooleanColumn -> {
            require(choice.mask()?.none { it } ?: true) { "a mask for $axis must not have missing values" }
            AxisIndex.mask(*choice.values())
        }
        is Int -> AxisIndex.positions(choice)
        is IntArray -> AxisIndex.positions(*choice)
        is String -> AxisIndex.names(listOf(choice))
        is IntRange -> AxisIndex.range(choice.first, choice.last + 1, 1)
        is IntProgression -> AxisIndex.positions(*choice.toList().toIntArray())
        is Array<*> -> listIndex(choice.toList(), axis)
        is Iterable<*> -> listIndex(choice.toList(), axis)
        else -> throw IllegalArgumentException(
            "cannot select $axis by a ${choice::class.simpleName}; use a mask, positions, names or a range",
        )
    }

private fun listIndex(items: List<*>, axis: String): AxisIndex =
    when {
        items.all { it is String } -> AxisIndex.names(items.map { it as String })
        items.all { it is Int } -> AxisIndex.positions(*IntArray(items.size) { items[it] as Int })
        items.all { it is Boolean } -> AxisIndex.mask(*BooleanArray(items.size) { items[it] as Boolean })
        else -> throw IllegalArgumentException(
            "a list that selects $axis must hold only names, only positions or only booleans",
        )
    }

/** Writes a column: numbers, booleans, text, or a [Column]; a scalar fills it. */
public operator fun DataFrame.set(key: String, values: Any) {
    set(key, columnOf(values, nRows()))
}

/** Mask of the rows whose value is above [bound]; missing values are never above. */
public infix fun Column.gt(bound: Number): BooleanArray = maskOf { it > bound.toDouble() }

/** Mask of the rows whose value is at least [bound]. */
public infix fun Column.ge(bound: Number): BooleanArray = maskOf { it >= bound.toDouble() }

/** Mask of the rows whose value is below [bound]. */
public infix fun Column.lt(bound: Number): BooleanArray = maskOf { it < bound.toDouble() }

/** Mask of the rows whose value is at most [bound]. */
public infix fun Column.le(bound: Number): BooleanArray = maskOf { it <= bound.toDouble() }

private inline fun Column.maskOf(test: (Double) -> Boolean): BooleanArray {
    val values = toDoubles()
    return BooleanArray(values.size) { test(values[it]) }
}

/** Mask of the rows that equal [value]. */
public infix fun Column.eq(value: Any): BooleanArray =
    if (value is Number && this !is CategoricalColumn) {
        maskOf { it == value.toDouble() }
    } else {
        isIn(listOf(value))
    }

/** Mask of the rows that differ from [value]. */
public infix fun Column.ne(value: Any): BooleanArray = (this eq value).not()

/** Mask of the rows whose text is among [values]. */
public infix fun Column.isIn(values: Collection<Any>): BooleanArray {
    val wanted = values.mapTo(HashSet()) { if (it is Boolean) (if (it) "True" else "False") else it.toString() }
    return BooleanArray(size()) { !isMissing(it) && text(it) in wanted }
}

/** Element-wise "and". */
public infix fun BooleanArray.and(other: BooleanArray): BooleanArray {
    require(size == other.size) { "masks must be equally long, got $size and ${other.size}" }
    return BooleanArray(size) { this[it] && other[it] }
}

/** Element-wise "or". */
public infix fun BooleanArray.or(other: BooleanArray): BooleanArray {
    require(size == other.size) { "masks must be equally long, got $size and ${other.size}" }
    return BooleanArray(size) { this[it] || other[it] }
}

/** Element-wise "not". */
public operator fun BooleanArray.not(): BooleanArray = BooleanArray(size) { !this[it] }

/** Number of cells per category or distinct value, most frequent first. */
public fun Column.valueCounts(): Map<String, Int> =
    (0 until size())
        .filter { !isMissing(it) }
        .groupingBy { text(it) }
        .eachCount()
        .toList()
        .sortedByDescending { it.second }
        .toMap()

/** This column as a categorical one: distinct values, naturally sorted, become the categories. */
public fun Column.asCategorical(): CategoricalColumn = toLabels()
