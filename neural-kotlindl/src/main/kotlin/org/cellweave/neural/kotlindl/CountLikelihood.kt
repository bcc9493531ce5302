package org.cellweave.neural.kotlindl

import org.jetbrains.kotlinx.dl.api.core.regularizer.Regularizer
import org.tensorflow.Operand
import org.tensorflow.op.Ops

/** Added inside logarithms of negative binomial distributions. */
private const val EPSILON = 1e-8f

/** Mean over cells of the negative log likelihood, of a function of expectations and logarithms of dispersions. */
private fun Ops.loss(x: Operand<Float>, perGene: Operand<Float>): Operand<Float> {
    // the factorial has no gradient, but belongs to the value
    val all = sumOfColumns(math.sub(perGene, math.lgamma(math.add(x, constant(1f)))))
    return math.neg(meanOfCells(all))
}

/** Expected counts: shares of the total, cells by genes. */
private fun Ops.expected(scale: Operand<Float>, library: Operand<Float>): Operand<Float> =
    math.mul(math.exp(library), nn.softmax(scale))

/**
 * The likelihood of counts, negative binomial or with additional zeros, with one dispersion per gene.
 *
 * Its inputs are counts, logits of shares, logarithms of totals and, with additional zeros, their logits.
 */
internal class CountLikelihood(name: String, genes: Int, private val zeros: Boolean, regularizer: Regularizer?) :
    RowOfWeights(name, 1, genes, regularizer) {
    override fun compute(tf: Ops, input: List<Operand<Float>>, isTraining: Operand<Boolean>): Operand<Float> {
        val (x, scale, library) = input
        val mu = tf.expected(scale, library)
        val theta = tf.math.exp(row.variable)
        val epsilon = tf.constant(EPSILON)
        val logSum = tf.math.log(tf.math.add(tf.math.add(theta, mu), epsilon))
        val ofZero = tf.math.mul(theta, tf.math.sub(tf.math.log(tf.math.add(theta, epsilon)), logSum))
        val ofCount = tf.math.mul(x, tf.math.sub(tf.math.log(tf.math.add(mu, epsilon)), logSum))
        val gammas = tf.math.sub(tf.math.lgamma(tf.math.add(x, theta)), tf.math.lgamma(theta))
        val ofPositive = tf.math.add(ofCount, gammas)
        val plain = tf.math.add(ofZero, ofPositive)
        return tf.loss(x, if (zeros) tf.inflated(x, input[3], ofZero, plain) else plain)
    }

    /** By masks of zeros and ones: TensorFlow 1.15 has no gradient for a choice between two tensors. */
    private fun Ops.inflated(
        x: Operand<Float>,
        logits: Operand<Float>,
        ofZero: Operand<Float>,
        plain: Operand<Float>,
    ): Operand<Float> {
        val isZero = dtypes.cast(math.less(x, constant(EPSILON)), FLOAT)
        val isCount = math.sub(constant(1f), isZero)
        val against = math.neg(logits)
        val either = math.softplus(against)
        val zero = math.sub(math.softplus(math.add(against, ofZero)), either)
        val count = math.sub(math.add(against, plain), either)
        return math.add(math.mul(isZero, zero), math.mul(isCount, count))
    }
}

/** The same for Poisson distributions, which have no dispersion: the logarithm of the rate is a sum, never of zero. */
internal fun Ops.poissonLoss(input: List<Operand<Float>>): Operand<Float> {
    val (x, scale, library) = input
    val log = math.add(library, nn.logSoftmax(scale))
    return loss(x, math.sub(math.mul(x, log), math.exp(log)))
}
