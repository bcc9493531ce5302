package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.Matrix
import org.cellweave.matrix.RowStack

/** Whole numbers as an array. */
@JvmName("arrayOfInts")
public fun NumPy.array(values: List<Int>): IntArray = values.toIntArray()

/** Numbers as an array. */
@JvmName("arrayOfNumbers")
public fun NumPy.array(values: List<Number>): DoubleArray = doublesOf(values)

/** Booleans as a mask. */
@JvmName("arrayOfBooleans")
public fun NumPy.array(values: List<Boolean>): BooleanArray = values.toBooleanArray()

/** Rows of numbers as a dense matrix of float64, or of [dtype]; whole numbers alone give int64. */
@JvmName("arrayOfRows")
public fun NumPy.array(values: List<List<Number>>, dtype: Any? = null): DenseMatrix {
    val rows = values.map { doublesOf(it) }
    val whole = values.isNotEmpty() && values.all { row -> row.all { isWhole(it) } }
    val x = DenseMatrix.ofRows(rows.toTypedArray())
    return Elementwise.astype(x, dtype?.let(::dtypeOf) ?: if (whole) DType.INT64 else DType.FLOAT64) as DenseMatrix
}

/** A copy. */
public fun NumPy.array(values: DoubleArray): DoubleArray = values.clone()

/** A copy. */
public fun NumPy.array(values: IntArray): IntArray = values.clone()

/** A copy. */
public fun NumPy.array(values: BooleanArray): BooleanArray = values.clone()

/** A copy, sparse or dense as it is: `np.array(x.sum(1))` of scipy's matrices is but `x.sum(1)` here. */
public fun NumPy.array(values: AxisArray): Matrix = values.matrix().own()

/** The numbers of a column; missing ones are NaN. Text is refused: a column of it is read by `texts()`. */
public fun NumPy.array(values: Column): DoubleArray = values.toDoubles()

/** The numbers of a range. */
public fun NumPy.array(values: IntProgression): IntArray = values.toList().toIntArray()

/** As [array], without a copy. */
public fun NumPy.asarray(values: DoubleArray): DoubleArray = values

/** As [array], without a copy. */
public fun NumPy.asarray(values: IntArray): IntArray = values

/** As [array], without a copy. */
public fun NumPy.asarray(values: AxisArray): Matrix = values.matrix()

/** As [array]. */
public fun NumPy.asarray(values: Column): DoubleArray = values.toDoubles()

/** As [array]. */
public fun NumPy.asarray(values: List<Number>): DoubleArray = doublesOf(values)

/** The array itself: a sum by an axis has one dimension here. */
public fun NumPy.squeeze(values: DoubleArray): DoubleArray = values

/** The values of a matrix of one row or one column. */
public fun NumPy.squeeze(values: AxisArray): DoubleArray {
    val (rows, cols) = values.shape
    require(rows == 1 || cols == 1) { "squeeze needs one row or one column, got $rows x $cols" }
    return values.flatten()
}

/** All values in one array, row after row. */
public fun NumPy.ravel(values: AxisArray): DoubleArray = values.flatten()

/** A copy. */
public fun NumPy.ravel(values: DoubleArray): DoubleArray = values.clone()

/** Zeros. */
public fun NumPy.zeros(n: Int): DoubleArray = DoubleArray(n)

/** A dense matrix of zeros. */
public fun NumPy.zeros(shape: Pair<Int, Int>, dtype: Any = DType.FLOAT64): DenseMatrix =
    DenseMatrix.zeros(shape.first, shape.second, dtypeOf(dtype))

/** Ones. */
public fun NumPy.ones(n: Int): DoubleArray = full(n, 1)

/** A dense matrix of ones. */
public fun NumPy.ones(shape: Pair<Int, Int>, dtype: Any = DType.FLOAT64): DenseMatrix = full(shape, 1, dtype)

/** The same number at every place. */
public fun NumPy.full(n: Int, value: Number): DoubleArray = DoubleArray(n) { value.toDouble() }

/** A dense matrix with the same number at every place. */
public fun NumPy.full(shape: Pair<Int, Int>, value: Number, dtype: Any = DType.FLOAT64): DenseMatrix =
    Elementwise.with(
        DenseMatrix.zeros(shape.first, shape.second, dtypeOf(dtype)),
        org.cellweave.matrix.Arithmetic.PLUS,
        value.toDouble(),
        isWhole(value),
    ) as DenseMatrix

/** As [zeros]: nothing is left unset on the JVM. */
public fun NumPy.empty(shape: Pair<Int, Int>, dtype: Any = DType.FLOAT64): DenseMatrix = zeros(shape, dtype)

/** As [zeros]. */
public fun NumPy.empty(n: Int): DoubleArray = zeros(n)

/** Zeros in the shape and type of a matrix; dense. */
public fun NumPy.zerosLike(x: AxisArray): DenseMatrix = zeros(x.shape, x.dtype)

/** Ones in the shape and type of a matrix; dense. */
public fun NumPy.onesLike(x: AxisArray): DenseMatrix = ones(x.shape, x.dtype)

/** Ones from corner to corner. */
public fun NumPy.eye(n: Int): DenseMatrix = zeros(n to n).also { x -> repeat(n) { x.set(it, it, 1.0) } }

/** The whole numbers from 0 to [stop] - 1. */
public fun NumPy.arange(stop: Int): IntArray = IntArray(stop) { it }

/** The whole numbers from [start] on, below [stop]. */
public fun NumPy.arange(start: Int, stop: Int, step: Int = 1): IntArray {
    require(step != 0) { "step must not be 0" }
    return (if (step > 0) start until stop step step else start downTo stop + 1 step -step).toList().toIntArray()
}

/** The numbers from [start] on, below [stop]. */
public fun NumPy.arange(start: Double, stop: Double, step: Double = 1.0): DoubleArray {
    require(step != 0.0) { "step must not be 0" }
    return DoubleArray(maxOf(0, kotlin.math.ceil((stop - start) / step).toInt())) { start + it * step }
}

/** [num] numbers at equal distances, both ends among them. */
public fun NumPy.linspace(start: Number, stop: Number, num: Int = 50): DoubleArray {
    require(num >= 0) { "num must not be negative, got $num" }
    val (from, to) = start.toDouble() to stop.toDouble()
    return DoubleArray(num) {
        if (it > 0 &&
            it == num - 1
        ) {
            to
        } else {
            from + it * ((to - from) / (num - 1).coerceAtLeast(1))
        }
    }
}

/** The arrays one after the other. */
@JvmName("concatenateDoubles")
public fun NumPy.concatenate(arrays: List<DoubleArray>): DoubleArray = arrays.flatMap { it.asList() }.toDoubleArray()

/** The arrays one after the other. */
@JvmName("concatenateInts")
public fun NumPy.concatenate(arrays: List<IntArray>): IntArray = arrays.flatMap { it.asList() }.toIntArray()

/** The lists one after the other. */
@JvmName("concatenateNames")
public fun NumPy.concatenate(arrays: List<List<String>>): List<String> = arrays.flatten()

/** The matrices below each other (axis 0) or side by side (1). */
@JvmName("concatenateMatrices")
public fun NumPy.concatenate(arrays: List<AxisArray>, axis: Int = 0): Matrix =
    if (axisOf(axis) == 0) vstack(arrays) else hstack(arrays)

/** The array with more values at its end. */
public fun NumPy.append(array: DoubleArray, values: DoubleArray): DoubleArray = concatenate(listOf(array, values))

/** The array with one more value at its end. */
public fun NumPy.append(array: DoubleArray, value: Number): DoubleArray = append(array, doubleArrayOf(value.toDouble()))

/** The matrices below each other: sparse when all of them are. */
@JvmName("vstackMatrices")
public fun NumPy.vstack(matrices: List<AxisArray>): Matrix {
    val parts = matrices.map { it.matrix() }
    require(parts.isNotEmpty()) { "vstack needs at least one matrix" }
    val nCols = parts[0].nCols()
    parts.forEach {
        require(it.nCols() == nCols) { "matrices below each other need as many columns, got $nCols and ${it.nCols()}" }
    }
    val type = parts.map { it.dtype() }.reduce(DType::promote)
    if (parts.all { it.isSparse }) {
        return RowStack.vstack(parts.map { it.toCsr() }, parts.map { null }, nCols, type, 0.0)
    }
    val out = DenseMatrix.zeros(parts.sumOf { it.nRows() }, nCols, type)
    var at = 0
    val row = DoubleArray(nCols)
    for (part in parts.map { it.toDense() }) {
        for (i in 0 until part.nRows()) {
            part.readRow(i, row)
            out.setRow(at++, row)
        }
    }
    return out
}

/** The arrays as rows. */
@JvmName("vstackRows")
public fun NumPy.vstack(rows: List<DoubleArray>): DenseMatrix = DenseMatrix.ofRows(rows.toTypedArray())

/** The matrices side by side: sparse when all of them are. */
@JvmName("hstackMatrices")
public fun NumPy.hstack(matrices: List<AxisArray>): Matrix = vstack(matrices.map { it.T }).transpose()

/** The arrays one after the other. */
@JvmName("hstackArrays")
public fun NumPy.hstack(arrays: List<DoubleArray>): DoubleArray = concatenate(arrays)

/** The arrays as columns. */
public fun NumPy.columnStack(columns: List<DoubleArray>): DenseMatrix = vstack(columns).transpose()
