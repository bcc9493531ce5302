package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.AxisIndex
import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType
import org.cellweave.matrix.Matrix

/** The matrix, cells by genes. Setting it checks the shape. */
@Suppress("ktlint:standard:property-naming")
public var AnnData.X: Matrix
    get() = getX() ?: throw IllegalStateException("this object has no X; set adata.X or read a file that has one")
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

@OptIn(ExperimentalUnsignedTypes::class)
internal fun columnOf(values: Any, size: Int): Column =
    when (values) {
        is Column -> values
        is DoubleArray -> NumericColumn.of(*values)
        is FloatArray -> NumericColumn.of(*values)
        is IntArray -> NumericColumn.of(*values)
        is LongArray -> NumericColumn.of(*values)
        is ShortArray -> whole(DType.INT16, values.toList())
        is ByteArray -> whole(DType.INT8, values.toList())
        is UByteArray -> listColumn(values.toList())
        is UShortArray -> listColumn(values.toList())
        is UIntArray -> listColumn(values.toList())
        is ULongArray -> listColumn(values.toList())
        is BooleanArray -> BooleanColumn.of(*values)
        is NdArray -> arrayColumn(values)
        is Array<*> -> listColumn(values.toList())
        is Iterable<*> -> listColumn(values.toList())
        is Sequence<*> -> listColumn(values.toList())
        is String, is Boolean, is Number -> listColumn(List(size) { values })
        else -> throw IllegalArgumentException("cannot make a column of a ${values::class.simpleName}")
    }

private fun arrayColumn(values: NdArray): Column {
    require(values.nDims() == 1) { "an array for a column must have one dimension, got a ${values.describe()}" }
    val data = values.data()
    return if (data is Array<*> || data is BooleanArray) {
        columnOf(data, values.size())
    } else {
        numberColumn(values.dtype(), values.toDoubles())
    }
}

/**
 * Values of one kind. A null is NaN among floating numbers, and missing otherwise: whole numbers and booleans become
 * pandas' nullable types then. Whole numbers of several widths take the widest, with floating ones float64.
 */
private fun listColumn(items: List<*>): Column {
    val present = items.filterNotNull()
    val types = present.mapTo(HashSet()) { WHOLE[it::class] ?: DType.FLOAT64 }
    return when {
        present.all { it is String } -> StringColumn.of(*Array(items.size) { items[it] as String? })
        present.all { it is Boolean } -> booleans(items)
        present.all { it is Float } ->
            NumericColumn
                .reals(DType.FLOAT32, DoubleArray(items.size) { (items[it] as Float?)?.toDouble() ?: Double.NaN })
        types.all { it.isInteger } -> whole(if (types.size == 1) types.single() else DType.INT64, items)
        present.all { it is Number } ->
            NumericColumn.of(*DoubleArray(items.size) { (items[it] as Number?)?.toDouble() ?: Double.NaN })
        else -> throw IllegalArgumentException(
            "a list for a column must hold values of one type, got " +
                present.map { it::class.simpleName }.distinct().joinToString(),
        )
    }
}

private val WHOLE =
    mapOf(
        Int::class to DType.INT32, Long::class to DType.INT64, Short::class to DType.INT16, Byte::class to DType.INT8,
        UInt::class to DType.UINT32, ULong::class to DType.UINT64, UShort::class to DType.UINT16,
        UByte::class to DType.UINT8,
    )

private fun whole(type: DType, items: List<*>): Column {
    val values =
        LongArray(items.size) {
            when (val item = items[it]) {
                is UByte -> item.toLong()
                is UShort -> item.toLong()
                is UInt -> item.toLong()
                is ULong -> item.toLong()
                else -> (item as Number?)?.toLong() ?: 0
            }
        }
    return NumericColumn.integers(type, values, missing(items))
}

private fun booleans(items: List<*>): Column =
    BooleanColumn(BooleanArray(items.size) { items[it] as Boolean? ?: false }, missing(items))

/** Where nothing is, or null when there is everything. */
private fun missing(items: List<*>): BooleanArray? =
    if (null in items) BooleanArray(items.size) { items[it] == null } else null

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
public fun Column.asCategorical(): CategoricalColumn =
    when (this) {
        is CategoricalColumn -> this
        is StringColumn -> toCategorical()
        else -> CategoricalColumn.ofTexts(*Array(size()) { if (isMissing(it)) null else text(it) })
    }
