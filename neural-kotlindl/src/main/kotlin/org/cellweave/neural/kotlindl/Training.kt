package org.cellweave.neural.kotlindl

import org.tensorflow.Graph
import org.tensorflow.Operand
import org.tensorflow.Session
import org.tensorflow.Tensor
import java.nio.FloatBuffer

/** Trains one network, minibatch by minibatch. */
internal class Training(described: Description) {
    private val width = described.int("width")
    private val network = Network(described.also { share(it.int("threads")) })
    private val weights = network.weights.associate { it.name to Kept(it.variable, it) }
    private val adam: AdamStep
    private val session: Session

    init {
        val graph = network.tf.scope().env() as Graph
        val loss = graph.operation(LOSS).output<Float>(0)
        adam = AdamStep(network.tf, described, network.weights.filter { it.trains }, loss, network.terms)
        // KotlinDL's own session is hidden
        session = Session(graph)
        fill(described.all("parameters").associate { it.string("name") to it.floats("values") })
        adam.restore(session, emptyMap())
    }

    fun run(verb: String, arguments: Description): Map<String, Any> =
        when (verb) {
            "step" -> mapOf("terms" to step(arguments))
            "evaluate" -> mapOf("terms" to pass(arguments, false) {})
            "weights" -> session.read(weights)
            "moments" -> adam.state(session)
            "restore" -> emptyMap<String, Any>().also { restore(arguments) }
            "close" -> emptyMap<String, Any>().also { close() }
            else -> error("there is no verb '$verb'")
        }

    private fun step(arguments: Description): DoubleArray =
        pass(arguments, true) { feeds ->
            feeds.number(network.warmUp, arguments.float("warmUp"))
            adam.feed(feeds, arguments.double("learningRate"))
            (adam.targets + network.updates).forEach(feeds.runner::addTarget)
        }

    /** One run over the rows of cells; the values of the terms. */
    private fun pass(arguments: Description, training: Boolean, more: (Feeds) -> Unit): DoubleArray {
        val cells = arguments.int("cells")
        val rows = FloatBuffer.wrap(arguments.floats("rows"), 0, cells * width)
        return Feeds(session.runner()).use { feeds ->
            feeds.tensor(network.rows, Tensor.create(longArrayOf(cells.toLong(), width.toLong()), rows))
            feeds.flag(TRAINING, training)
            more(feeds)
            network.terms.forEach(feeds.runner::fetch)
            val values = feeds.runner.run()
            DoubleArray(values.size) { k -> values[k].use { it.floats()[0].toDouble() } }
        }
    }

    private fun fill(values: Map<String, FloatArray>) {
        session.fill(weights.entries.associate { (name, of) -> of to values.getValue(name) })
    }

    private fun restore(arguments: Description) {
        fill(arguments.arrays("weights"))
        adam.restore(session, arguments.arrays("moments"))
    }

    private fun close() {
        session.close()
        network.close()
    }

    private companion object {
        /** As KotlinDL calls them in the graph of a model. */
        const val LOSS = "default_training_loss"
        const val TRAINING = "training"

        /**
         * Has TensorFlow run on this many threads: its first session decides for all later ones, so the first call
         * counts. In its `ConfigProto`, 2 is their number within an operation and 5 between operations.
         */
        fun share(threads: Int) {
            val n = threads.coerceIn(1, Byte.MAX_VALUE.toInt())
            val config = intArrayOf(2 shl 3, n, 5 shl 3, n).map { it.toByte() }.toByteArray()
            Graph().use { Session(it, config).close() }
        }
    }
}

/** What one run of a session is fed; the tensors are freed with it. */
internal class Feeds(val runner: Session.Runner) : AutoCloseable {
    private val tensors = mutableListOf<Tensor<*>>()

    fun number(to: Operand<Float>, value: Float) {
        tensor(to, Tensor.create(value))
    }

    fun flag(name: String, value: Boolean) {
        runner.feed(name, Tensor.create(value).also { tensors += it })
    }

    fun tensor(to: Operand<Float>, tensor: Tensor<*>) {
        tensors += tensor
        runner.feed(to, tensor)
    }

    override fun close() {
        tensors.forEach { it.close() }
    }
}
