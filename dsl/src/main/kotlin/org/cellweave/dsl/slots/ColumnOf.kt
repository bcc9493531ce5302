package org.cellweave.dsl.slots

import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.StringColumn
import org.cellweave.matrix.DType

/** A column of what a caller may give: arrays, lists, a sequence, or one value for all [size] rows. */
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
