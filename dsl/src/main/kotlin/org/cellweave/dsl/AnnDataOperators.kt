package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.BooleanColumn
import org.cellweave.dsl.slots.requiredX
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

/** A view of one cell, by its position; here since an element of any value would be as near. */
public operator fun AnnData.get(obs: Int): AnnData = get(obs as Any)

/** A view of one cell, by its name; here since a part of any value would be as near. */
public operator fun AnnData.get(obs: String): AnnData = get(obs as Any)

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
