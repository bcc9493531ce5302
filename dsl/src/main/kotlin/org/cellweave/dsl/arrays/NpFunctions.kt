package org.cellweave.dsl

import org.cellweave.data.BooleanColumn
import org.cellweave.data.Column
import org.cellweave.data.DataFrame
import org.cellweave.data.NumericColumn
import org.cellweave.dsl.slots.numberColumn
import org.cellweave.matrix.AxisArray
import org.cellweave.matrix.AxisReductions
import org.cellweave.matrix.DType
import org.cellweave.matrix.Elementwise
import org.cellweave.matrix.MathFunction
import org.cellweave.matrix.Matrix

/** A function of every number of whatever holds numbers: `np.log1p(x)`. The result is new and of the same kind. */
public class ElementFunction internal constructor(
    private val function: MathFunction,
) {
    /** Of every place; a sparse matrix stays sparse, or is refused where zero does not stay zero. */
    public operator fun invoke(x: AxisArray): Matrix = Elementwise.of(x.matrix(), function)

    /** Of every column, which must be numbers or booleans. */
    public operator fun invoke(x: DataFrame): DataFrame {
        val out = x.copy()
        x.keys.forEach { out.set(it, invoke(x.get(it))) }
        return out
    }

    /** Of every value; missing ones stay missing, as NaN. float32 stays so, whole numbers become float64. */
    public operator fun invoke(x: Column): Column {
        require(x is NumericColumn || x is BooleanColumn) {
            "np.${function.pythonName()} needs numbers, but the column is ${x.dtypeName()}"
        }
        val values = x.toDoubles().mapped(function)
        val type = (x as? NumericColumn)?.dtype() ?: DType.FLOAT64
        val whole = type.isInteger && !function.isReal && x.toDoubles().none { it.isNaN() }
        if (!whole && !type.isFloating) return NumericColumn.of(*values)
        if (type == DType.FLOAT32) for (i in values.indices) values[i] = values[i].toFloat().toDouble()
        return numberColumn(type, values)
    }

    /** Of every value. */
    public operator fun invoke(x: DoubleArray): DoubleArray = x.mapped(function)

    /** Of every value. */
    public operator fun invoke(x: IntArray): DoubleArray = doublesOf(x).mapped(function)

    /** Of every value, rounded to float32. */
    public operator fun invoke(x: FloatArray): FloatArray =
        doublesOf(x).mapped(function).let { y -> FloatArray(y.size) { y[it].toFloat() } }

    /** Of every value. */
    public operator fun invoke(x: Collection<Number>): DoubleArray = doublesOf(x).mapped(function)

    /** Of one number. */
    public operator fun invoke(x: Number): Double = function.of(x.toDouble())
}

/**
 * One number of many: `np.mean(x)`. With an axis, 0 gives one for every column of a matrix and 1 one for every row.
 * NaN is
 * passed on, unless the name begins with `nan`, and missing values of a column count as NaN.
 */
public open class Reduction internal constructor(
    private val ofMatrix: (Matrix, Int) -> DoubleArray,
    private val ofAll: (Matrix) -> Double,
) {
    /** Of all values of a matrix. */
    public operator fun invoke(x: AxisArray): Double = ofAll(x.matrix())

    /** Of every column (axis 0) or row (1). */
    public operator fun invoke(x: AxisArray, axis: Int): DoubleArray = ofMatrix(x.matrix(), axisOf(axis))

    /** Of some numbers. */
    public operator fun invoke(x: DoubleArray): Double = ofAll(x.asRow())

    /** Of some numbers. */
    public operator fun invoke(x: IntArray): Double = ofAll(doublesOf(x).asRow())

    /** Of some numbers. */
    public operator fun invoke(x: FloatArray): Double = ofAll(doublesOf(x).asRow())

    /** Of 0 and 1. */
    public operator fun invoke(x: BooleanArray): Double = ofAll(doublesOf(x).asRow())

    /** Of a column of numbers or booleans. */
    public operator fun invoke(x: Column): Double = ofAll(x.toDoubles().asRow())

    /** Of some numbers. */
    public operator fun invoke(x: Collection<Number>): Double = ofAll(doublesOf(x).asRow())

    internal companion object {
        /** One that takes the axis alone: of all values it is that of what the rows have. */
        fun nested(ofMatrix: (Matrix, Int) -> DoubleArray) =
            Reduction(ofMatrix) { ofMatrix(ofMatrix(it, 1).asRow(), 1)[0] }

        /** One of all values at once, which are copied. */
        fun flat(ofMatrix: (Matrix, Int) -> DoubleArray) =
            Reduction(ofMatrix) { ofMatrix(if (it.nRows() == 1) it else it.flatten().asRow(), 1)[0] }
    }
}

/** Standard deviations and variances, divided by the number of values less `ddof`; NumPy's default is 0, pandas' 1. */
public class Spread internal constructor(
    private val root: Boolean,
    private val skipNaN: Boolean,
) {
    /** Of all values of a matrix. */
    public operator fun invoke(x: AxisArray): Double = invoke(x, ddof = 0 as Number)

    /** Of all values of a matrix: `np.std(x, ddof = 1)`. */
    public operator fun invoke(x: AxisArray, ddof: Number): Double {
        val (matrix, less) = x.matrix() to AxisReductions.ddof(ddof.toInt())
        if (skipNaN) return invoke(matrix.flatten(), less)
        return of(doubleArrayOf(AxisReductions.totalVariance(matrix, less)))[0]
    }

    /** Of every column (axis 0) or row (1). */
    public operator fun invoke(x: AxisArray, axis: Int, ddof: Int = 0): DoubleArray {
        val (given, less) = axisOf(axis) to AxisReductions.ddof(ddof)
        return of(
            if (skipNaN) {
                AxisReductions.nanVariance(x.matrix(), given, less)
            } else {
                AxisReductions.variance(x.matrix(), given, less)
            },
        )
    }

    /** Of some numbers. */
    public operator fun invoke(x: DoubleArray, ddof: Int = 0): Double = invoke(x.asRow(), 1, ddof)[0]

    /** Of some numbers. */
    public operator fun invoke(x: IntArray, ddof: Int = 0): Double = invoke(doublesOf(x), ddof)

    /** Of some numbers. */
    public operator fun invoke(x: FloatArray, ddof: Int = 0): Double = invoke(doublesOf(x), ddof)

    /** Of a column of numbers or booleans; missing values count as NaN. */
    public operator fun invoke(x: Column, ddof: Int = 0): Double = invoke(x.toDoubles(), ddof)

    /** Of some numbers. */
    public operator fun invoke(x: Collection<Number>, ddof: Int = 0): Double = invoke(doublesOf(x), ddof)

    private fun of(variances: DoubleArray): DoubleArray = if (root) rooted(variances) else variances
}
