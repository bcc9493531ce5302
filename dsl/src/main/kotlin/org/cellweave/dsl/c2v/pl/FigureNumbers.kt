package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.matrix.Matrix
import org.cellweave.util.MissingKeyException

/** Numbers that a caller gives or a slot holds: an array, a list or a column. */
internal fun figureNumbers(value: Any?, name: String): DoubleArray =
    when (value) {
        is DoubleArray -> value
        is FloatArray -> DoubleArray(value.size) { value[it].toDouble() }
        is IntArray -> DoubleArray(value.size) { value[it].toDouble() }
        is Column -> value.toDoubles()
        is NdArray -> if (value.isText) null else value.toDoubles()
        is Iterable<*> -> value.map { (it as? Number)?.toDouble() }.takeIf { null !in it }?.let { all ->
            DoubleArray(all.size) { all[it]!! }
        }
        else -> null
    } ?: throw IllegalArgumentException("$name must hold numbers, got $value")

/** One named column of a table, or of an array whose columns are called [columns] elsewhere. */
internal fun namedColumn(slot: String, value: Any?, columns: List<String>?, wanted: String): DoubleArray {
    if (value is DataFrame) {
        val column = value.find(wanted) ?: throw MissingKeyException(slot, wanted, value.keys, "")
        return column.toDoubles()
    }
    val known = columns ?: throw IllegalArgumentException(
        "$slot must be a table with a column '$wanted', got ${value?.let { it::class.simpleName }}",
    )
    val at = known.indexOf(wanted)
    if (at < 0) throw MissingKeyException(slot, wanted, known, "")
    val (width, read) = when (value) {
        is Matrix -> value.nCols() to { i: Int -> value.get(i, at) }
        is NdArray -> value.shape().last().let { n -> n to { i: Int -> value.number(i * n + at) } }
        else -> throw IllegalArgumentException("$slot must be a table or an array, got $value")
    }
    require(width == known.size) { "$slot has $width columns, but ${known.size} names: $known" }
    val rows = if (value is Matrix) value.nRows() else (value as NdArray).nRows()
    return DoubleArray(rows, read)
}
