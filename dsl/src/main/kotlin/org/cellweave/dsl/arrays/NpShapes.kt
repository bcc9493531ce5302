package org.cellweave.dsl

import org.cellweave.data.AxisIndex
import org.cellweave.data.Column
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Matrix

/** The array in [sections] parts whose sizes differ by one at most, the larger ones first. */
public fun NumPy.arraySplit(x: DoubleArray, sections: Int): List<DoubleArray> =
    parts(x.size, sections).map { x.copyOfRange(it.first, it.last + 1) }

/** See the other. */
public fun NumPy.arraySplit(x: IntArray, sections: Int): List<IntArray> =
    parts(x.size, sections).map { x.copyOfRange(it.first, it.last + 1) }

/** See the other; of names or other values. */
public fun <T> NumPy.arraySplit(x: List<T>, sections: Int): List<List<T>> =
    parts(x.size, sections).map { x.slice(it) }

/** The rows of a matrix in [sections] parts; see the other. */
public fun NumPy.arraySplit(x: AxisArray, sections: Int): List<Matrix> =
    parts(x.shape.first, sections).map { x[it] }

/** As [arraySplit], in equal parts alone. */
public fun NumPy.split(x: DoubleArray, sections: Int): List<DoubleArray> = arraySplit(x, equal(x.size, sections))

/** As [arraySplit], in equal parts alone. */
public fun NumPy.split(x: IntArray, sections: Int): List<IntArray> = arraySplit(x, equal(x.size, sections))

/** As [arraySplit], in equal parts alone. */
public fun <T> NumPy.split(x: List<T>, sections: Int): List<List<T>> = arraySplit(x, equal(x.size, sections))

private fun equal(size: Int, sections: Int): Int {
    require(sections > 0 && size % sections == 0) {
        "split needs parts of one size, but $size values do not make $sections; np.arraySplit takes unequal ones"
    }
    return sections
}

private fun parts(size: Int, sections: Int): List<IntRange> {
    require(sections > 0) { "sections must be positive, got $sections" }
    val (least, more) = size / sections to size % sections
    return List(sections) {
        val from = it * least + minOf(it, more)
        from until from + least + if (it < more) 1 else 0
    }
}

/** The whole array [reps] times, one after the other. */
public fun NumPy.tile(x: DoubleArray, reps: Int): DoubleArray = DoubleArray(times(x.size, reps)) { x[it % x.size] }

/** The whole array [reps] times, one after the other. */
public fun NumPy.tile(x: IntArray, reps: Int): IntArray = IntArray(times(x.size, reps)) { x[it % x.size] }

/** The whole list [reps] times, one after the other. */
public fun <T> NumPy.tile(x: List<T>, reps: Int): List<T> = List(times(x.size, reps)) { x[it % x.size] }

/** Every value [repeats] times, one value after the other. */
public fun NumPy.repeat(x: DoubleArray, repeats: Int): DoubleArray =
    DoubleArray(times(x.size, repeats)) { x[it / repeats] }

/** Every value [repeats] times, one value after the other. */
public fun NumPy.repeat(x: IntArray, repeats: Int): IntArray = IntArray(times(x.size, repeats)) { x[it / repeats] }

/** Every value [repeats] times, one value after the other. */
public fun <T> NumPy.repeat(x: List<T>, repeats: Int): List<T> = List(times(x.size, repeats)) { x[it / repeats] }

/** Every value as often as [repeats] says at its place. */
public fun <T> NumPy.repeat(x: List<T>, repeats: IntArray): List<T> {
    requireSameSize(x.size, repeats.size)
    return x.flatMapIndexed { i, value -> List(times(1, repeats[i])) { value } }
}

/** The same number [repeats] times. */
public fun NumPy.repeat(x: Number, repeats: Int): DoubleArray = DoubleArray(times(1, repeats)) { x.toDouble() }

/** The same text [repeats] times. */
public fun NumPy.repeat(x: String, repeats: Int): List<String> = List(times(1, repeats)) { x }

private fun times(size: Int, n: Int): Int {
    require(n >= 0) { "repeats must not be negative, got $n" }
    return Math.multiplyExact(size, n)
}

/** The arrays as rows (axis 0) or as columns (1) of a matrix. */
@JvmName("stackDoubles")
public fun NumPy.stack(arrays: List<DoubleArray>, axis: Int = 0): DenseMatrix =
    vstack(arrays).let { if (axisOf(axis) == 0) it else it.transpose() }

/** The arrays as rows (axis 0) or as columns (1) of a matrix of whole numbers. */
@JvmName("stackInts")
public fun NumPy.stack(arrays: List<IntArray>, axis: Int = 0): DenseMatrix =
    vstack(arrays).let { if (axisOf(axis) == 0) it else it.transpose() }

/** The arrays as rows of a matrix of whole numbers. */
@JvmName("vstackInts")
public fun NumPy.vstack(rows: List<IntArray>): DenseMatrix =
    DenseMatrix.ofRows(Array(rows.size) { doublesOf(rows[it]) }).withDType(DType.INT64)

/** The arrays one after the other. */
@JvmName("hstackInts")
public fun NumPy.hstack(arrays: List<IntArray>): IntArray = concatenate(arrays)

/** The lists one after the other. */
@JvmName("hstackNames")
public fun NumPy.hstack(arrays: List<List<String>>): List<String> = concatenate(arrays)

/** The arrays as columns of a matrix of whole numbers. */
@JvmName("columnStackInts")
public fun NumPy.columnStack(columns: List<IntArray>): DenseMatrix = vstack(columns).transpose()

/** The array as one row (axis 0) or one column (1 or -1) of a matrix on the same memory. */
public fun NumPy.expandDims(x: DoubleArray, axis: Int): DenseMatrix =
    if (axisOf(axis) == 0) x.asRow() else x.asColumn()

/** The array as one row (axis 0) or one column (1 or -1) of a matrix. */
public fun NumPy.expandDims(x: IntArray, axis: Int): DenseMatrix = expandDims(doublesOf(x), axis)

/** A matrix with these numbers from corner to corner and zeros elsewhere. */
public fun NumPy.diag(x: DoubleArray): DenseMatrix =
    zeros(x.size to x.size).also { out -> x.indices.forEach { out.set(it, it, x[it]) } }

/** The numbers of a matrix from its first corner on. */
public fun NumPy.diag(x: AxisArray): DoubleArray =
    x.matrix().let { m -> DoubleArray(minOf(m.nRows(), m.nCols())) { m.get(it, it) } }

/** Products of all pairs: a row for every number of [a], a column for every one of [b]. */
public fun NumPy.outer(a: DoubleArray, b: DoubleArray): DenseMatrix = a.asColumn() dot b.asRow()

/** As one column, `x[all, null]`: pairs with a matrix by rows, as in `x / x.sum(1)[all, null]`. */
@Suppress("UNUSED_PARAMETER")
public operator fun DoubleArray.get(rows: AxisIndex, newAxis: Nothing?): DenseMatrix = taken(rows).asColumn()

/** As one row, `x[null, all]`. */
@Suppress("UNUSED_PARAMETER")
public operator fun DoubleArray.get(newAxis: Nothing?, columns: AxisIndex): DenseMatrix = taken(columns).asRow()

/** As one column, `x[all, null]`. */
public operator fun IntArray.get(rows: AxisIndex, newAxis: Nothing?): DenseMatrix = doublesOf(this)[rows, newAxis]

/** As one row, `x[null, all]`. */
public operator fun IntArray.get(newAxis: Nothing?, columns: AxisIndex): DenseMatrix =
    doublesOf(this)[newAxis, columns]

/** The numbers of a column as one column of a matrix, `column[all, null]`. */
public operator fun Column.get(rows: AxisIndex, newAxis: Nothing?): DenseMatrix = toDoubles()[rows, newAxis]

private fun DoubleArray.taken(at: AxisIndex): DoubleArray =
    positions(at, size, "the array").let { p -> if (p == null) clone() else DoubleArray(p.size) { this[p[it]] } }

/** The array itself: one dimension has no other order. */
@Suppress("ktlint:standard:property-naming")
public val DoubleArray.T: DoubleArray get() = this

/** The array itself: one dimension has no other order. */
@Suppress("ktlint:standard:property-naming")
public val IntArray.T: IntArray get() = this

/** A matrix of these values as float32, row after row; one of the two may be -1. */
public fun FloatArray.reshape(nRows: Int, nCols: Int): DenseMatrix =
    doublesOf(this).reshape(nRows, nCols).withDType(DType.FLOAT32)
