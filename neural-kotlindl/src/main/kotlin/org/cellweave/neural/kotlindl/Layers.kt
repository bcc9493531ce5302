package org.cellweave.neural.kotlindl

import org.jetbrains.kotlinx.dl.api.core.initializer.Zeros
import org.jetbrains.kotlinx.dl.api.core.layer.KVariable
import org.jetbrains.kotlinx.dl.api.core.layer.Layer
import org.jetbrains.kotlinx.dl.api.core.layer.TrainableLayer
import org.jetbrains.kotlinx.dl.api.core.regularizer.Regularizer
import org.tensorflow.Operand
import org.tensorflow.Shape
import org.tensorflow.op.Ops

/** TensorFlow's name for 32-bit numbers. */
internal val FLOAT: Class<Float> = Float::class.javaObjectType

/** A variable of zeros, which weights are filled into later. */
internal fun Ops.weights(name: String, shape: Shape, regularizer: Regularizer?): KVariable {
    val made = withName(name).variable(shape, FLOAT)
    return KVariable(name, shape, made, Zeros().apply(1, 1, this, made, name), regularizer)
}

/** A layer of cells by [columns]; where it is a mean over cells there is one row. */
internal abstract class CellLayer(name: String, private val columns: Int) : Layer(name) {
    override val hasActivation: Boolean get() = false

    override fun build(tf: Ops, inputShape: Shape): Unit = Unit

    override fun computeOutputShape(inputShape: Shape): Shape = Shape.make(-1, columns.toLong())

    override fun forward(
        tf: Ops,
        input: Operand<Float>,
        isTraining: Operand<Boolean>,
        numberOfLosses: Operand<Float>?,
    ): Operand<Float> = forward(tf, listOf(input), isTraining, numberOfLosses)

    override fun forward(
        tf: Ops,
        input: List<Operand<Float>>,
        isTraining: Operand<Boolean>,
        numberOfLosses: Operand<Float>?,
    ): Operand<Float> = compute(tf, input, isTraining)

    abstract fun compute(tf: Ops, input: List<Operand<Float>>, isTraining: Operand<Boolean>): Operand<Float>
}

/** A layer without weights, by the formula of its value. */
internal class Computed(
    name: String,
    columns: Int,
    private val formula: (Ops, List<Operand<Float>>) -> Operand<Float>,
) : CellLayer(name, columns) {
    override fun compute(tf: Ops, input: List<Operand<Float>>, isTraining: Operand<Boolean>): Operand<Float> =
        formula(tf, input)
}

/** A layer with one row of weights. */
internal abstract class RowOfWeights(
    name: String,
    columns: Int,
    private val width: Int,
    private val regularizer: Regularizer?,
) : CellLayer(name, columns), TrainableLayer {
    protected lateinit var row: KVariable
        private set

    override var isTrainable: Boolean = true

    override val variables: List<KVariable> get() = listOf(row)

    override fun build(tf: Ops, inputShape: Shape) {
        row = tf.weights("${name}_row", Shape.make(1, width.toLong()), regularizer)
    }
}

/** Adds a row to every cell. */
internal class Bias(name: String, columns: Int, regularizer: Regularizer?) :
    RowOfWeights(name, columns, columns, regularizer) {
    override fun compute(tf: Ops, input: List<Operand<Float>>, isTraining: Operand<Boolean>): Operand<Float> =
        tf.math.add(input[0], row.variable)
}
