package org.cellweave.neural.kotlindl

import org.jetbrains.kotlinx.dl.api.core.layer.KVariable
import org.tensorflow.Operand
import org.tensorflow.Session
import org.tensorflow.op.Ops
import org.tensorflow.op.core.Placeholder
import kotlin.math.pow
import kotlin.math.sqrt
import org.tensorflow.Shape as TensorShape

/**
 * Adam as PyTorch has it, by TensorFlow's operation: that adds its epsilon before the second moment is corrected, which
 * the rate and the epsilon that are fed make up for.
 *
 * Every gradient and every term is computed before a weight changes. TensorFlow 1 changes weights in place, and a
 * gradient that is computed late would see those of the next step.
 *
 * @param loss with the weight decay
 * @param first what else is to be computed before
 */
internal class AdamStep(
    tf: Ops,
    private val described: Description,
    private val weights: List<Weight>,
    loss: Operand<Float>,
    first: List<Operand<Float>>,
) {
    private val rate = tf.scalar("adam_rate")
    private val epsilon = tf.scalar("adam_epsilon")
    private val moments: List<List<KVariable>> =
        weights.map { of -> MOMENTS.map { tf.weights("${of.variable.name}_$it", of.variable.shape, null) } }

    private val kept: Map<String, Kept> =
        buildMap {
            weights.zip(moments) { of, both -> MOMENTS.zip(both) { name, it -> put("${of.name}:$name", Kept(it, of)) } }
        }

    /** How often it was taken. */
    private var steps: Int = 0

    /** What a step runs. */
    val targets: List<Operand<Float>> = targets(tf, loss, first)

    private fun Ops.scalar(name: String): Placeholder<Float> =
        withName(name).placeholder(FLOAT, Placeholder.shape(TensorShape.scalar()))

    private fun targets(tf: Ops, loss: Operand<Float>, first: List<Operand<Float>>): List<Operand<Float>> {
        val found = tf.gradients(loss, weights.map { it.variable.variable })
        val gradients: List<Operand<Float>> = weights.indices.map { found.dy<Float>(it) }
        val after = tf.withControlDependencies(gradients + first)
        val none = tf.constant(0f)
        val beta1 = tf.constant(described.float("beta1"))
        val beta2 = tf.constant(described.float("beta2"))
        return weights.indices.map { k ->
            val (mean, square) = moments[k].map { it.variable }
            val of = weights[k].variable.variable
            after.train.applyAdam(of, mean, square, none, none, rate, beta1, beta2, epsilon, gradients[k])
        }
    }

    /** Feeds the rate and epsilon of the next step. */
    fun feed(feeds: Feeds, learningRate: Double) {
        steps++
        val root = sqrt(1 - described.double("beta2").pow(steps))
        feeds.number(rate, (learningRate * root / (1 - described.double("beta1").pow(steps))).toFloat())
        feeds.number(epsilon, (described.double("epsilon") * root).toFloat())
    }

    /** The moments and the number of steps, by the names of the weights. */
    fun state(session: Session): Map<String, FloatArray> =
        if (steps == 0) {
            emptyMap()
        } else {
            session.read(kept) + weights.associate { "${it.name}:steps" to floatArrayOf(steps.toFloat()) }
        }

    /** Begins anew, or goes on from a [state]. */
    fun restore(session: Session, state: Map<String, FloatArray>) {
        steps = weights.firstNotNullOfOrNull { state["${it.name}:steps"] }?.get(0)?.toInt() ?: 0
        session.fill(kept.entries.associate { (name, of) -> of to (state[name] ?: FloatArray(of.size)) })
    }

    private companion object {
        val MOMENTS = listOf("first", "second")
    }
}
