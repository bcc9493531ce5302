package org.cellweave.neural.kotlindl

import org.jetbrains.kotlinx.dl.api.core.layer.KVariable
import org.jetbrains.kotlinx.dl.api.core.layer.TrainableLayer
import org.jetbrains.kotlinx.dl.api.core.regularizer.Regularizer
import org.tensorflow.Operand
import org.tensorflow.Shape
import org.tensorflow.op.Ops

/**
 * Batch normalisation in two dimensions: by the minibatch in training, by running statistics else.
 *
 * TensorFlow 1.15 has no gradient for a choice between two tensors; means and variances are therefore sums of both,
 * weighted with 1 and 0.
 */
internal class Normalisation(
    private val described: Description,
    name: String,
    private val columns: Int,
    private val regularizer: Regularizer?,
) : CellLayer(name, columns), TrainableLayer {
    private lateinit var gamma: KVariable
    private lateinit var beta: KVariable

    /** Running mean and variance. */
    lateinit var running: List<KVariable>
        private set

    /** What brings the running statistics up to date, after they were read. */
    var updates: List<Operand<Float>> = emptyList()
        private set

    override var isTrainable: Boolean = true

    override val variables: List<KVariable> get() = listOf(gamma, beta)

    override fun build(tf: Ops, inputShape: Shape) {
        val shape = Shape.make(1, columns.toLong())
        gamma = tf.weights("${name}_gamma", shape, regularizer)
        beta = tf.weights("${name}_beta", shape, regularizer)
        running = listOf("mean", "variance").map { tf.weights("${name}_$it", shape, null) }
    }

    override fun compute(tf: Ops, input: List<Operand<Float>>, isTraining: Operand<Boolean>): Operand<Float> {
        val x = input[0]
        val (mean, variance) = statistics(tf, x, isTraining)
        val scale = tf.math.rsqrt(tf.math.add(variance, tf.constant(described.float("epsilon"))))
        val normed = tf.math.mul(tf.math.sub(x, mean), scale)
        return tf.math.add(tf.math.mul(normed, gamma.variable), beta.variable)
    }

    private fun statistics(tf: Ops, x: Operand<Float>, isTraining: Operand<Boolean>): List<Operand<Float>> {
        val kept: List<Operand<Float>> = running.map { it.variable }
        if (!described.flag("follows")) return kept
        val mean = tf.meanOfCells(x)
        val apart = tf.math.sub(x, mean)
        val own = listOf(mean, tf.meanOfCells(tf.math.mul(apart, apart)))
        val share = tf.dtypes.cast(isTraining, FLOAT)
        val rest = tf.math.sub(tf.constant(1f), share)
        val mixed = own.zip(kept) { a, b -> tf.math.add(tf.math.mul(share, a), tf.math.mul(rest, b)) }
        updates = updates(tf, x, own, mixed)
        return mixed
    }

    private fun updates(
        tf: Ops,
        x: Operand<Float>,
        own: List<Operand<Float>>,
        read: List<Operand<Float>>,
    ): List<Operand<Float>> {
        val cells = tf.math.div(tf.dtypes.cast(tf.size(x), FLOAT), tf.constant(columns.toFloat()))
        val unbiased = tf.math.div(cells, tf.math.sub(cells, tf.constant(1f)))
        val seen = listOf(own[0], tf.math.mul(own[1], unbiased))
        val momentum = tf.constant(described.float("momentum"))
        val after = tf.withControlDependencies(read)
        return running.zip(seen) { of, now ->
            val step = after.math.mul(momentum, after.math.sub(now, of.variable))
            after.assignAdd(of.variable, step)
        }
    }
}
