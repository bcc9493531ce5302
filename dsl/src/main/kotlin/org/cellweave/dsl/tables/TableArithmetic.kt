package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.RowNames
import org.cellweave.dsl.slots.requireColumns
import org.cellweave.util.Check

/** Every column with a number, or with that of another table that has the same names. */
public operator fun DataFrame.plus(other: Any): DataFrame = paired(other) { a, b -> a + b }

/** Every column less a number, or less that of another table. */
public operator fun DataFrame.minus(other: Any): DataFrame = paired(other) { a, b -> a - b }

/** Every column times a number, or times that of another table. */
public operator fun DataFrame.times(other: Any): DataFrame = paired(other) { a, b -> a * b }

/** Every column over a number, over that of another table, or each over its own value of a [Row]: `t / t.sum()`. */
public operator fun DataFrame.div(other: Any): DataFrame = paired(other) { a, b -> a / b }

/** Every column over one with a value for each row, with [axis] 0: `t.div(t.sum(axis = 1), axis = 0)`. */
public fun DataFrame.div(other: Column, axis: Any): DataFrame = byRow(axis) { it / other }

/** Every column times one with a value for each row, with [axis] 0. */
public fun DataFrame.mul(other: Column, axis: Any): DataFrame = byRow(axis) { it * other }

/** Every column less one with a value for each row, with [axis] 0. */
public fun DataFrame.sub(other: Column, axis: Any): DataFrame = byRow(axis) { it - other }

/** Every column with one with a value for each row added, with [axis] 0. */
public fun DataFrame.add(other: Column, axis: Any): DataFrame = byRow(axis) { it + other }

private fun DataFrame.byRow(axis: Any, change: (Column) -> Column): DataFrame {
    require(axis == 0 || axis == "index") { "axis must be 0 for a column with a value of each row, got $axis" }
    return mapColumns(change)
}

/** Which values are above [other]: a table of booleans. */
public infix fun DataFrame.gt(other: Any): DataFrame = paired(other) { a, b -> BooleanColumn.of(*(a gt b)) }

/** Which values are at least [other]: a table of booleans. */
public infix fun DataFrame.ge(other: Any): DataFrame = paired(other) { a, b -> BooleanColumn.of(*(a ge b)) }

/** Which values are below [other]: a table of booleans. */
public infix fun DataFrame.lt(other: Any): DataFrame = paired(other) { a, b -> BooleanColumn.of(*(a lt b)) }

/** Which values are at most [other]: a table of booleans. */
public infix fun DataFrame.le(other: Any): DataFrame = paired(other) { a, b -> BooleanColumn.of(*(a le b)) }

/** Which values equal [other]: a table of booleans. */
public infix fun DataFrame.eq(other: Any): DataFrame = paired(other) { a, b -> BooleanColumn.of(*(a eq b)) }

/** Which values differ from [other]: a table of booleans. */
public infix fun DataFrame.ne(other: Any): DataFrame = paired(other) { a, b -> BooleanColumn.of(*(a ne b)) }

/** Where a table of booleans does not hold. */
public operator fun DataFrame.not(): DataFrame = mapColumns { BooleanColumn.of(*!it) }

/** The other side for each column: itself, the same column of a table, or the row's value of it. */
private fun DataFrame.paired(other: Any, change: (Column, Any) -> Column): DataFrame {
    if (other is Row && other.size > 1) {
        return tableOf(index, indexName, keys.map { it to change(get(it), other[it]) })
    }
    if (other !is DataFrame) {
        require(other !is Column || nCols() == 1) {
            "a column beside a table could mean its rows or its columns; write table.div(column, axis = 0), or name " +
                "the column of the table: table[\"x\"] / column"
        }
        return mapColumns { change(it, other) }
    }
    val rows = RowNames.aligned(names, other, "other")
    val single = nCols() == 1 && other.nCols() == 1
    if (!single) {
        Check.sameLength(other.nCols(), nCols(), "the columns of the other table", "those of the table")
        requireColumns(other, "other", keys)
    }
    return tableOf(
        index, indexName,
        keys.map {
            it to
                change(get(it), (if (single) other.only() else other[it]).take(rows))
        },
    )
}
