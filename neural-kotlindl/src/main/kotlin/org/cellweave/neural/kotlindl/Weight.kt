package org.cellweave.neural.kotlindl

import org.jetbrains.kotlinx.dl.api.core.layer.KVariable
import org.tensorflow.Session
import org.tensorflow.Tensor
import java.nio.FloatBuffer

/**
 * A weight of the network on both sides of the border.
 *
 * @property transposed whether it lies the other way round there
 * @property trains whether a step changes it
 */
internal class Weight(
    val name: String,
    val rows: Int,
    val columns: Int,
    val variable: KVariable,
    val transposed: Boolean,
    val trains: Boolean,
) {
    /** From the order of the other side to that of the variable. */
    fun inward(values: FloatArray): FloatArray = if (transposed) turned(values, rows, columns) else values

    fun outward(values: FloatArray): FloatArray = if (transposed) turned(values, columns, rows) else values

    private fun turned(values: FloatArray, rows: Int, columns: Int) =
        FloatArray(values.size) { k -> values[k % rows * columns + k / rows] }
}

/** A variable that lies like a weight: the weight itself or a moment. */
internal class Kept(val variable: KVariable, private val like: Weight) {
    val size: Int get() = like.rows * like.columns

    fun feed(feeds: Feeds, values: FloatArray) {
        val start = variable.initializerOperation
        val shape = LongArray(variable.shape.numDimensions(), variable.shape::size)
        feeds.tensor(start.initialValue, Tensor.create(shape, FloatBuffer.wrap(like.inward(values))))
        feeds.runner.addTarget(start.assign)
    }

    fun values(fetched: Tensor<*>): FloatArray = like.outward(fetched.floats())
}

/** Fills variables, in one run: TensorFlow plans every run of new targets anew, over the whole graph. */
internal fun Session.fill(values: Map<Kept, FloatArray>) {
    Feeds(runner()).use { feeds ->
        values.forEach { (of, array) -> of.feed(feeds, array) }
        feeds.runner.run()
    }
}

/** The values of variables, by their names. */
internal fun Session.read(named: Map<String, Kept>): Map<String, FloatArray> {
    val runner = runner()
    named.values.forEach { runner.fetch(it.variable.variable) }
    val fetched = runner.run()
    return named.entries.zip(fetched).associate { (of, tensor) -> of.key to tensor.use(of.value::values) }
}

/** All values, row-major. */
internal fun Tensor<*>.floats(): FloatArray = FloatArray(numElements()).also { writeTo(FloatBuffer.wrap(it)) }
