package org.cellweave.dsl

import org.cellweave.matrix.AxisReductions
import org.cellweave.matrix.DType
import org.cellweave.matrix.MathFunction
import org.cellweave.matrix.Quantiles

/** NumPy's names: `np.log1p(adata.X)`, `np.random.normal(size = 100)`. See [NumPy]. */
public val np: NumPy get() = NumPy

/**
 * What notebooks use of NumPy, handed on to the matrices and to Kotlin's own arrays: in one dimension a result is a
 * [DoubleArray], [IntArray] or [BooleanArray], in two a [org.cellweave.matrix.Matrix]. Underscores become capitals:
 * `np.count_nonzero` is `np.countNonzero`. For arrays of more dimensions and for linear algebra on them there is
 * Multik: `x.toMultik()` and back `toDenseMatrix()`.
 */
public object NumPy {
    public const val nan: Double = Double.NaN
    public const val inf: Double = Double.POSITIVE_INFINITY
    public const val pi: Double = Math.PI
    public const val e: Double = Math.E

    public val float32: DType get() = DType.FLOAT32
    public val float64: DType get() = DType.FLOAT64
    public val int8: DType get() = DType.INT8
    public val int16: DType get() = DType.INT16
    public val int32: DType get() = DType.INT32
    public val int64: DType get() = DType.INT64
    public val uint8: DType get() = DType.UINT8
    public val uint16: DType get() = DType.UINT16
    public val uint32: DType get() = DType.UINT32
    public val bool: DType get() = DType.BOOL

    /** Random numbers; see [RandomNumbers]. */
    public val random: RandomNumbers = RandomNumbers(0)

    /** `ln(1 + x)`. */
    public val log1p: ElementFunction = ElementFunction(MathFunction.LOG1P)

    /** `exp(x) - 1`. */
    public val expm1: ElementFunction = ElementFunction(MathFunction.EXPM1)

    /** `exp(x)`. */
    public val exp: ElementFunction = ElementFunction(MathFunction.EXP)

    /** Natural logarithm. */
    public val log: ElementFunction = ElementFunction(MathFunction.LOG)

    /** Logarithm to base 2. */
    public val log2: ElementFunction = ElementFunction(MathFunction.LOG2)

    /** Logarithm to base 10. */
    public val log10: ElementFunction = ElementFunction(MathFunction.LOG10)

    /** Square root. */
    public val sqrt: ElementFunction = ElementFunction(MathFunction.SQRT)

    /** The number times itself. */
    public val square: ElementFunction = ElementFunction(MathFunction.SQUARE)

    /** Without the sign. */
    public val abs: ElementFunction = ElementFunction(MathFunction.ABS)

    /** As [abs]. */
    public val absolute: ElementFunction get() = abs

    /** -1, 0 or 1. */
    public val sign: ElementFunction = ElementFunction(MathFunction.SIGN)

    /** The whole number at or below. */
    public val floor: ElementFunction = ElementFunction(MathFunction.FLOOR)

    /** The whole number at or above. */
    public val ceil: ElementFunction = ElementFunction(MathFunction.CEIL)

    /** The nearest whole number, of two the even one. */
    public val rint: ElementFunction = ElementFunction(MathFunction.RINT)

    /** Sine. */
    public val sin: ElementFunction = ElementFunction(MathFunction.SIN)

    /** Cosine. */
    public val cos: ElementFunction = ElementFunction(MathFunction.COS)

    /** Hyperbolic tangent. */
    public val tanh: ElementFunction = ElementFunction(MathFunction.TANH)

    /** Sum, in float64. */
    public val sum: Reduction = Reduction.nested { x, axis -> AxisReductions.sum(x, axis) }

    /** Mean. */
    public val mean: Reduction =
        Reduction({ x, axis -> AxisReductions.mean(x, axis) }, { AxisReductions.total(it) / places(it) })

    /** The middle, or the mean of the middle two. */
    public val median: Reduction = Reduction.flat { x, axis -> Quantiles.medians(x, axis, false) }

    /** Smallest. */
    public val min: Reduction = Reduction.nested { x, axis -> AxisReductions.extreme(x, axis, false, false) }

    /** Largest. */
    public val max: Reduction = Reduction.nested { x, axis -> AxisReductions.extreme(x, axis, true, false) }

    /** Sum of what is not NaN. */
    public val nansum: Reduction = Reduction.nested { x, axis -> AxisReductions.nanSum(x, axis) }

    /** Mean of what is not NaN. */
    public val nanmean: Reduction = Reduction.flat { x, axis -> AxisReductions.nanMean(x, axis) }

    /** The middle of what is not NaN. */
    public val nanmedian: Reduction = Reduction.flat { x, axis -> Quantiles.medians(x, axis, true) }

    /** Smallest of what is not NaN. */
    public val nanmin: Reduction = Reduction.nested { x, axis -> AxisReductions.extreme(x, axis, false, true) }

    /** Largest of what is not NaN. */
    public val nanmax: Reduction = Reduction.nested { x, axis -> AxisReductions.extreme(x, axis, true, true) }

    /** Standard deviation. */
    public val std: Spread = Spread(root = true, skipNaN = false)

    /** Variance; `var` is a word of Kotlin's and wants back-ticks. */
    public val `var`: Spread = Spread(root = false, skipNaN = false)

    /** As `var`, without back-ticks. */
    public val variance: Spread get() = `var`

    /** Standard deviation of what is not NaN. */
    public val nanstd: Spread = Spread(root = true, skipNaN = true)

    /** Variance of what is not NaN. */
    public val nanvar: Spread = Spread(root = false, skipNaN = true)
}
