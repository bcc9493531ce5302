package org.cellweave.jupyter.html

import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.OpaqueElement
import org.cellweave.data.RecordArray
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.Matrix

/** What one line says of an array: found without reading its values. */
internal class Facts(val kind: String, val shape: String, val type: String, val stored: String = "") {
    companion object {
        /** Of anything with a shape; null for scalars and maps. */
        fun of(value: Any?): Facts? =
            when (value) {
                is Matrix -> matrix(value)
                is NdArray -> Facts("array", shape(value), value.dtype()?.numpyName() ?: "str")
                is DataFrame -> Facts("table", shape(value), "")
                is RecordArray -> records(value)
                is Column -> Facts("column", value.size().toString(), value.dtypeName())
                is OpaqueElement -> Facts("element", "", (value.encodingType() + " " + value.encodingVersion()).trim())
                is DoubleArray -> Facts("array", value.size.toString(), "float64")
                is FloatArray -> Facts("array", value.size.toString(), "float32")
                is LongArray -> Facts("array", value.size.toString(), "int64")
                is IntArray -> Facts("array", value.size.toString(), "int32")
                is BooleanArray -> Facts("array", value.size.toString(), "bool")
                is Array<*> -> Facts("array", value.size.toString(), "")
                is Collection<*> -> Facts("list", value.size.toString(), "")
                else -> null
            }

        private fun matrix(value: Matrix) =
            Facts(MatrixHtml.kind(value), shape(value), value.dtype().numpyName(), MatrixHtml.stored(value))

        private fun records(value: RecordArray) =
            Facts("records", value.length().toString(), Numerals.counted(value.fields().size, "field"))

        /**
         * Of an entry that a view may not have selected yet: the shape is what it will be.
         *
         * @param cols columns it will have, or null when it keeps its own
         */
        fun ofEntry(entry: AxisArray, rows: Int, cols: Int?): Facts {
            val facts = of(entry) ?: Facts("", entry.described(), "")
            if (!isPending(entry, rows, cols)) return facts
            val own = (listOf(rows.toString()) + facts.shape.split(TIMES).drop(1)).toMutableList()
            if (cols != null && own.size > 1) own[1] = cols.toString()
            return Facts(facts.kind, own.joinToString(TIMES), facts.type, "selected when first read")
        }

        /** True when an entry has another shape than its slot: a view has not selected from it yet. */
        fun isPending(entry: AxisArray, rows: Int, cols: Int?): Boolean =
            entry.nRows() != rows || (cols != null && entry is Matrix && entry.nCols() != cols)

        private fun shape(value: Any): String =
            when (value) {
                is Matrix -> "${value.nRows()}$TIMES${value.nCols()}"
                is DataFrame -> "${value.nRows()}$TIMES${value.nCols()}"
                is NdArray -> if (value.nDims() == 0) "scalar" else value.shape().joinToString(TIMES)
                else -> ""
            }

        private const val TIMES = " \u00D7 "
    }

    /** Without what is empty, between dots. */
    fun line(vararg more: String): String =
        (listOf(kind, shape, type, stored) + more).filter { it.isNotEmpty() }.joinToString(" \u00B7 ")
}
