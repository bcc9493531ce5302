package org.cellweave.jupyter.html

import org.cellweave.data.BooleanColumn
import org.cellweave.data.CategoricalColumn
import org.cellweave.data.DataFrame
import org.cellweave.data.NdArray
import org.cellweave.data.NumericColumn
import org.cellweave.data.RecordArray
import org.cellweave.data.StringColumn
import org.cellweave.matrix.CscMatrix
import org.cellweave.matrix.CsrMatrix
import org.cellweave.matrix.DenseMatrix
import java.util.Collections
import java.util.IdentityHashMap

/**
 * Bytes of what is held in memory, every array counted once however many objects share it.
 *
 * Text is estimated from a sample of 500 values.
 */
internal class Memory {
    private val seen: MutableSet<Any> = Collections.newSetFromMap(IdentityHashMap())

    /** Bytes that [value] adds to what was counted before. */
    fun of(value: Any?, depth: Int = 0): Long =
        when (value) {
            null -> 0
            is CsrMatrix -> sparse(value)
            is CscMatrix -> sparse(value.columns())
            is DenseMatrix -> dense(value)
            is DataFrame -> of(value.index) + value.keys.sumOf { of(value.find(it)) }
            is NumericColumn -> array(value.longs() ?: value, value.size(), Long.SIZE_BYTES) + mask(value.mask())
            is BooleanColumn -> array(value.values(), value.size(), 1) + mask(value.mask())
            is CategoricalColumn -> array(value.codes(), value.size(), Int.SIZE_BYTES) + of(value.categories())
            is StringColumn -> texts(value.values())
            is NdArray -> if (value.isText) texts(value.texts()) else array(value.data(), value.size(), width(value))
            is RecordArray -> value.fields().values.sumOf { of(it) }
            is Map<*, *> -> if (depth > DEPTH) 0 else value.values.take(ENTRIES).sumOf { of(it, depth + 1) }
            is DoubleArray -> array(value, value.size, Double.SIZE_BYTES)
            is FloatArray -> array(value, value.size, Float.SIZE_BYTES)
            is LongArray -> array(value, value.size, Long.SIZE_BYTES)
            is IntArray -> array(value, value.size, Int.SIZE_BYTES)
            is BooleanArray -> array(value, value.size, 1)
            is String -> 2L * value.length
            else -> 0
        }

    private fun array(identity: Any, size: Int, width: Int): Long = if (seen.add(identity)) size.toLong() * width else 0

    private fun mask(mask: BooleanArray?): Long = if (mask == null) 0 else array(mask, mask.size, 1)

    private fun width(array: NdArray): Int =
        when (array.data()) {
            is DoubleArray, is LongArray -> Long.SIZE_BYTES
            is FloatArray, is IntArray -> Int.SIZE_BYTES
            is ShortArray -> Short.SIZE_BYTES
            else -> 1
        }

    private fun sparse(matrix: CsrMatrix): Long {
        var sum = array(matrix.rowPtr(), matrix.nRows() + 1, Long.SIZE_BYTES)
        for (b in 0 until matrix.blockCount()) {
            val block = matrix.block(b)
            sum += array(block.indices(), block.indices().size, Int.SIZE_BYTES)
            block.values()?.let { sum += array(it, it.size, Float.SIZE_BYTES) }
            block.wideValues()?.let { sum += array(it, it.size, Double.SIZE_BYTES) }
        }
        return sum
    }

    private fun dense(matrix: DenseMatrix): Long =
        (0 until matrix.blockCount()).sumOf { b ->
            if (matrix.isFloat32Stored) {
                matrix.floatBlock(b).let { array(it, it.size, Float.SIZE_BYTES) }
            } else {
                matrix.doubleBlock(b).let { array(it, it.size, Double.SIZE_BYTES) }
            }
        }

    private fun texts(values: Array<String?>): Long {
        if (values.isEmpty() || !seen.add(values)) return 0
        val step = maxOf(1, values.size / SAMPLE)
        var bytes = 0L
        var n = 0
        for (i in values.indices step step) {
            bytes += values[i]?.let { (TEXT_HEADERS + it.length).toLong() } ?: 0
            n++
        }
        return values.size * REFERENCE + bytes * values.size / n
    }

    private companion object {
        const val SAMPLE = 500
        const val TEXT_HEADERS = 40
        const val REFERENCE = 4L
        const val DEPTH = 8
        const val ENTRIES = 1000
    }
}
