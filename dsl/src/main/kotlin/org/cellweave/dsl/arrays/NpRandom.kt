package org.cellweave.dsl

import org.cellweave.data.Column
import org.cellweave.matrix.DType
import org.cellweave.matrix.DenseMatrix
import org.cellweave.preprocess.Sampling
import org.cellweave.random.ArrayDraws
import org.cellweave.random.Streams

/**
 * Random numbers of NumPy's distributions: `np.random.normal(0, 1, size = 100)`, `np.random.defaultRng(42)`.
 *
 * The distributions are NumPy's, the bits are not: a seed gives other numbers than in Python. Without a seed it is 0,
 * so
 * that a script gives the same numbers at every run; every call goes on from the one before.
 *
 * A size is a number for an array in one dimension and a pair, `100 to 2000`, for a matrix; without one a single number
 * is drawn.
 */
public class RandomNumbers internal constructor(
    seed: Long,
) {
    private var start = seed
    private var calls = 0L

    /** Starts anew from a seed. */
    public fun seed(seed: Number) {
        start = seed.toLong()
        calls = 0
    }

    /** A generator of its own. */
    public fun defaultRng(seed: Number = 0): RandomNumbers = RandomNumbers(seed.toLong())

    /** A generator of its own, as [defaultRng]. */
    @Suppress("ktlint:standard:function-naming")
    public fun RandomState(seed: Number = 0): RandomNumbers = RandomNumbers(seed.toLong())

    /** At least 0, below 1. */
    public fun random(): Double = one(ArrayDraws.uniform(0.0, 1.0))

    /** At least 0, below 1. */
    public fun random(size: Int): DoubleArray = many(size, ArrayDraws.uniform(0.0, 1.0))

    /** At least 0, below 1. */
    public fun random(size: Pair<Int, Int>): DenseMatrix = matrix(size, ArrayDraws.uniform(0.0, 1.0))

    /** As [random]. */
    public fun rand(): Double = random()

    /** As [random]. */
    public fun rand(n: Int): DoubleArray = random(n)

    /** As [random]. */
    public fun rand(nRows: Int, nCols: Int): DenseMatrix = random(nRows to nCols)

    /** Normal with mean 0 and deviation 1. */
    public fun randn(): Double = normal()

    /** Normal with mean 0 and deviation 1. */
    public fun randn(n: Int): DoubleArray = normal(size = n)

    /** Normal with mean 0 and deviation 1. */
    public fun randn(nRows: Int, nCols: Int): DenseMatrix = normal(size = nRows to nCols)

    /** At least [low], below [high]. */
    public fun uniform(low: Number = 0, high: Number = 1): Double =
        one(ArrayDraws.uniform(low.toDouble(), high.toDouble()))

    /** At least [low], below [high]. */
    public fun uniform(low: Number = 0, high: Number = 1, size: Int): DoubleArray =
        many(size, ArrayDraws.uniform(low.toDouble(), high.toDouble()))

    /** At least [low], below [high]. */
    public fun uniform(low: Number = 0, high: Number = 1, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.uniform(low.toDouble(), high.toDouble()))

    /** Normal with mean [loc] and deviation [scale]. */
    public fun normal(loc: Number = 0, scale: Number = 1): Double =
        one(ArrayDraws.normal(loc.toDouble(), scale.toDouble()))

    /** Normal with mean [loc] and deviation [scale]. */
    public fun normal(loc: Number = 0, scale: Number = 1, size: Int): DoubleArray =
        many(size, ArrayDraws.normal(loc.toDouble(), scale.toDouble()))

    /** Normal with mean [loc] and deviation [scale]. */
    public fun normal(loc: Number = 0, scale: Number = 1, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.normal(loc.toDouble(), scale.toDouble()))

    /** Normal with mean 0 and deviation 1. */
    public fun standardNormal(size: Int): DoubleArray = normal(size = size)

    /** Normal with mean 0 and deviation 1. */
    public fun standardNormal(size: Pair<Int, Int>): DenseMatrix = normal(size = size)

    /** The logarithm is normal with mean [mean] and deviation [sigma]. */
    public fun lognormal(mean: Number = 0, sigma: Number = 1, size: Int): DoubleArray =
        many(size, ArrayDraws.logNormal(mean.toDouble(), sigma.toDouble()))

    /** The logarithm is normal with mean [mean] and deviation [sigma]. */
    public fun lognormal(mean: Number = 0, sigma: Number = 1, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.logNormal(mean.toDouble(), sigma.toDouble()))

    /** Exponential with mean [scale]. */
    public fun exponential(scale: Number = 1, size: Int): DoubleArray =
        many(size, ArrayDraws.exponential(scale.toDouble()))

    /** Exponential with mean [scale]. */
    public fun exponential(scale: Number = 1, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.exponential(scale.toDouble()))

    /** Gamma with mean [shape] times [scale]. */
    public fun gamma(shape: Number, scale: Number = 1, size: Int): DoubleArray =
        many(size, ArrayDraws.gamma(shape.toDouble(), scale.toDouble()))

    /** Gamma with mean [shape] times [scale]. */
    public fun gamma(shape: Number, scale: Number = 1, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.gamma(shape.toDouble(), scale.toDouble()))

    /** Beta with mean `a / (a + b)`. */
    public fun beta(a: Number, b: Number, size: Int): DoubleArray =
        many(size, ArrayDraws.beta(a.toDouble(), b.toDouble()))

    /** Counts with mean [lam]. */
    public fun poisson(lam: Number = 1): Int = one(ArrayDraws.poisson(lam.toDouble())).toInt()

    /** Counts with mean [lam]. */
    public fun poisson(lam: Number = 1, size: Int): IntArray = whole(size, ArrayDraws.poisson(lam.toDouble()))

    /** Counts with mean [lam], int64. */
    public fun poisson(lam: Number = 1, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.poisson(lam.toDouble()), DType.INT64)

    /** Successes of [n] trials of probability [p]. */
    public fun binomial(n: Int, p: Number): Int = one(ArrayDraws.binomial(n, p.toDouble())).toInt()

    /** Successes of [n] trials of probability [p]. */
    public fun binomial(n: Int, p: Number, size: Int): IntArray = whole(size, ArrayDraws.binomial(n, p.toDouble()))

    /** Successes of [n] trials of probability [p], int64. */
    public fun binomial(n: Int, p: Number, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.binomial(n, p.toDouble()), DType.INT64)

    /** Failures before [n] successes of probability [p]: mean `n (1 - p) / p`. */
    public fun negativeBinomial(n: Number, p: Number, size: Int): IntArray =
        whole(size, ArrayDraws.negativeBinomial(n.toDouble(), p.toDouble()))

    /** Failures before [n] successes of probability [p], int64. */
    public fun negativeBinomial(n: Number, p: Number, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, ArrayDraws.negativeBinomial(n.toDouble(), p.toDouble()), DType.INT64)

    /** Whole, at least [low], below [high]; with [low] alone at least 0 and below it. */
    public fun randint(low: Int, high: Int? = null): Int = one(integers(low, high)).toInt()

    /** Whole, at least [low], below [high]. */
    public fun randint(low: Int, high: Int? = null, size: Int): IntArray = whole(size, integers(low, high))

    /** Whole, at least [low], below [high], int64. */
    public fun randint(low: Int, high: Int? = null, size: Pair<Int, Int>): DenseMatrix =
        matrix(size, integers(low, high), DType.INT64)

    /** As [randint], by the name that generators have. */
    public fun integers(low: Int, high: Int? = null, size: Int): IntArray = randint(low, high, size)

    /** One of these. */
    public fun <T> choice(a: List<T>): T = choice(a, 1)[0]

    /**
     * Some of these.
     *
     * @param replace whether one may be drawn twice
     * @param p a probability for each, with sum 1; null for equal ones
     */
    public fun <T> choice(a: List<T>, size: Int, replace: Boolean = true, p: Any? = null): List<T> =
        choice(a.size, size, replace, p).map { a[it] }

    /** One of the numbers from 0 to [a] - 1. */
    public fun choice(a: Int): Int = choice(a, 1)[0]

    /** One of these. */
    public fun choice(a: IntArray): Int = choice(a, 1)[0]

    /** One of these. */
    public fun choice(a: DoubleArray): Double = choice(a, 1)[0]

    /** Some of the texts of a column; see the one of a list. */
    public fun choice(a: Column, size: Int, replace: Boolean = true, p: Any? = null): List<String?> =
        choice(a.texts().toList(), size, replace, p)

    /** Some of these; see the one of a list. */
    public fun choice(a: DoubleArray, size: Int, replace: Boolean = true, p: Any? = null): DoubleArray =
        a[choice(a.size, size, replace, p)]

    /** Some of these; see the one of a list. */
    public fun choice(a: IntArray, size: Int, replace: Boolean = true, p: Any? = null): IntArray =
        a[choice(a.size, size, replace, p)]

    /** Some of the numbers from 0 to [a] - 1; see the one of a list. */
    public fun choice(a: Int, size: Int, replace: Boolean = true, p: Any? = null): IntArray =
        Sampling.run(a, p?.let(::doublesOf), Sampling.Params(null, size, replace, next()))

    /** The numbers from 0 to [n] - 1 in random order. */
    public fun permutation(n: Int): IntArray = choice(n, n, replace = false)

    /** These in random order, as another list. */
    public fun <T> permutation(x: List<T>): List<T> = choice(x, x.size, replace = false)

    /** These in random order, as another array. */
    public fun permutation(x: DoubleArray): DoubleArray = choice(x, x.size, replace = false)

    /** These in random order, as another array. */
    public fun permutation(x: IntArray): IntArray = choice(x, x.size, replace = false)

    /** Brings these into random order, in place. */
    public fun shuffle(x: DoubleArray) {
        permutation(x).copyInto(x)
    }

    /** Brings these into random order, in place. */
    public fun shuffle(x: IntArray) {
        permutation(x).copyInto(x)
    }

    /** Brings these into random order, in place. */
    public fun <T> shuffle(x: MutableList<T>) {
        permutation(x.toList()).forEachIndexed { i, value -> x[i] = value }
    }

    /** Brings these into random order, in place. */
    public fun shuffle(x: TextArray) {
        permutation(x.toList()).forEachIndexed { i, value -> x[i] = value }
    }

    private fun integers(low: Int, high: Int?): ArrayDraws.Draw =
        ArrayDraws.integers(if (high == null) 0 else low.toLong(), (high ?: low).toLong())

    /** The seed of the next call. */
    internal fun next(): Long = Streams.mix(Streams.mix(start) + Streams.STEP * ++calls)

    private fun one(draw: ArrayDraws.Draw): Double = many(1, draw)[0]

    private fun many(n: Int, draw: ArrayDraws.Draw): DoubleArray = ArrayDraws.of(n, next(), draw)

    private fun whole(n: Int, draw: ArrayDraws.Draw): IntArray = many(n, draw).let { v ->
        IntArray(n) { v[it].toInt() }
    }

    private fun matrix(size: Pair<Int, Int>, draw: ArrayDraws.Draw, type: DType = DType.FLOAT64): DenseMatrix {
        val places = Math.multiplyExact(size.first, size.second)
        return many(places, draw).reshape(size.first, size.second).withDType(type)
    }
}
