package org.cellweave.neural.kotlindl

import org.tensorflow.Operand
import org.tensorflow.op.Ops
import org.tensorflow.op.core.ReduceSum
import org.tensorflow.op.math.Mean

/** Sum over the columns of every cell, as a column. */
internal fun Ops.sumOfColumns(x: Operand<Float>): Operand<Float> = reduceSum(x, constant(1), ReduceSum.keepDims(true))

/** Mean over cells, as a row. */
internal fun Ops.meanOfCells(x: Operand<Float>): Operand<Float> = math.mean(x, constant(0), Mean.keepDims(true))

/** The columns `from ..< from + n`. */
internal fun Ops.columns(x: Operand<Float>, from: Int, n: Int): Operand<Float> =
    slice(x, constant(intArrayOf(0, from)), constant(intArrayOf(-1, n)))

/** A draw from normal distributions, given one from the standard ones. */
internal fun Ops.sample(mean: Operand<Float>, variance: Operand<Float>, draw: Operand<Float>): Operand<Float> =
    math.add(mean, math.mul(math.sqrt(variance), draw))

/** Per cell: divergence of normal distributions from the standard one. */
internal fun Ops.klStandard(mean: Operand<Float>, variance: Operand<Float>): Operand<Float> {
    val each = math.sub(math.sub(math.add(variance, math.mul(mean, mean)), constant(1f)), math.log(variance))
    return sumOfColumns(math.mul(each, constant(0.5f)))
}

/** Per cell: divergence of normal distributions from others. */
internal fun Ops.klNormal(x: List<Operand<Float>>): Operand<Float> {
    val (mean, variance, priorMean, priorVariance) = x
    val apart = math.sub(mean, priorMean)
    val ratio = math.div(math.add(variance, math.mul(apart, apart)), priorVariance)
    val logs = math.sub(math.log(priorVariance), math.log(variance))
    return sumOfColumns(math.mul(math.sub(math.add(ratio, logs), constant(1f)), constant(0.5f)))
}
