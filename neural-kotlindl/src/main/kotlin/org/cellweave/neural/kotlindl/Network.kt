package org.cellweave.neural.kotlindl

import org.jetbrains.kotlinx.dl.api.core.Functional
import org.jetbrains.kotlinx.dl.api.core.activation.Activations
import org.jetbrains.kotlinx.dl.api.core.initializer.Zeros
import org.jetbrains.kotlinx.dl.api.core.layer.KVariable
import org.jetbrains.kotlinx.dl.api.core.layer.Layer
import org.jetbrains.kotlinx.dl.api.core.layer.TrainableLayer
import org.jetbrains.kotlinx.dl.api.core.layer.activation.ReLU
import org.jetbrains.kotlinx.dl.api.core.layer.core.Dense
import org.jetbrains.kotlinx.dl.api.core.layer.core.Input
import org.jetbrains.kotlinx.dl.api.core.layer.merge.Add
import org.jetbrains.kotlinx.dl.api.core.layer.merge.Multiply
import org.jetbrains.kotlinx.dl.api.core.loss.LossFunction
import org.jetbrains.kotlinx.dl.api.core.loss.ReductionType
import org.jetbrains.kotlinx.dl.api.core.optimizer.SGD
import org.jetbrains.kotlinx.dl.api.core.regularizer.L2L1
import org.jetbrains.kotlinx.dl.api.core.regularizer.Regularizer
import org.tensorflow.Operand
import org.tensorflow.op.Ops
import org.tensorflow.op.core.Placeholder
import org.tensorflow.Shape as TensorShape

/** The described network as a model of KotlinDL's, compiled. */
internal class Network(private val described: Description) : AutoCloseable {
    private val parameters = described.all("parameters").associateBy { it.string("name") }
    private val input = Input(described.int("width").toLong(), name = "rows")
    private val layers = mutableListOf<Layer>()

    /** By parameter: where its variable is, once the model is compiled. */
    private val places = mutableMapOf<String, Pair<() -> KVariable, Boolean>>()
    private val objective = Objective(described.all("terms"))

    private val model: Functional

    val tf: Ops get() = objective.tf

    /** Weight of the terms that are warmed up, to be fed. */
    val warmUp: Operand<Float> get() = objective.warmUp

    /** The values of the terms. */
    val terms: List<Operand<Float>> get() = objective.values

    /** What a training step runs besides the optimiser. */
    val updates: List<Operand<Float>> get() = layers.filterIsInstance<Normalisation>().flatMap { it.updates }

    val rows: Operand<Float> get() = input.input

    val weights: List<Weight>

    init {
        described.all("operations").forEach { layers += layer(it) }
        val last = objective(*described.all("terms").map { layers[it.int("operation")] }.toTypedArray())
        model = Functional.fromOutput(last)
        // the model wants an optimiser, which is never run; see AdamStep
        model.compile(SGD(), Total, emptyList())
        weights = places.map { (name, place) -> weight(parameters.getValue(name), place.first(), place.second) }
    }

    private fun weight(parameter: Description, variable: KVariable, transposed: Boolean) =
        Weight(
            parameter.string("name"),
            parameter.int("rows"),
            parameter.int("columns"),
            variable,
            transposed,
            parameter.flag("trainable"),
        )

    private fun layer(operation: Description): Layer {
        val inputs = operation.ints("inputs").map { layers[it] }.ifEmpty { listOf(input) }
        return made(operation, "operation_${layers.size}")(*inputs.toTypedArray())
    }

    private fun made(operation: Description, name: String): Layer {
        val columns = operation.int("columns")
        return when (val kind = operation.string("operation")) {
            "product" -> product(operation, name, columns)
            "bias" -> weighted(operation, Bias(name, columns, decay(operation)))
            "sum" -> Add(name)
            "multiply" -> Multiply(name)
            "relu" -> ReLU(name = name)
            "batchNorm" -> normalisation(operation, name, columns)
            "reconstruction" -> reconstruction(operation, name)
            else -> Computed(name, columns, formula(kind, operation))
        }
    }

    private fun formula(kind: String, of: Description): (Ops, List<Operand<Float>>) -> Operand<Float> =
        when (kind) {
            "rows" -> { tf, x -> tf.columns(x[0], of.int("from"), of.int("columns")) }
            "log1p" -> { tf, x -> tf.math.log1p(x[0]) }
            "variance" -> { tf, x -> tf.math.add(tf.math.exp(x[0]), tf.constant(of.float("epsilon"))) }
            "sample" -> { tf, x -> tf.sample(x[0], x[1], x[2]) }
            "klStandard" -> { tf, x -> tf.klStandard(x[0], x[1]) }
            "klNormal" -> { tf, x -> tf.klNormal(x) }
            "mean" -> { tf, x -> tf.meanOfCells(x[0]) }
            else -> error("no layer for the operation '$kind'")
        }

    private fun product(operation: Description, name: String, columns: Int): Layer {
        val layer = Dense(
            outputSize = columns,
            activation = Activations.Linear,
            kernelInitializer = Zeros(),
            kernelRegularizer = decay(operation),
            useBias = false,
            name = name,
        )
        return weighted(operation, layer, operation.flag("transposed"))
    }

    private fun normalisation(operation: Description, name: String, columns: Int): Layer {
        val layer = Normalisation(operation, name, columns, decay(operation))
        val names = listOf("gamma", "beta", "mean", "variance").map(operation::string)
        layer.isTrainable = names.take(2).all { parameters.getValue(it).flag("trainable") }
        names.forEachIndexed { k, of -> places[of] = Pair({ (layer.variables + layer.running)[k] }, false) }
        return layer
    }

    private fun reconstruction(operation: Description, name: String): Layer {
        if (!operation.has("weight")) return Computed(name, 1) { tf, x -> tf.poissonLoss(x) }
        val genes = parameters.getValue(operation.string("weight")).int("columns")
        val zeros = operation.string("likelihood") == "ZINB"
        return weighted(operation, CountLikelihood(name, genes, zeros, decay(operation)))
    }

    private fun <L> weighted(operation: Description, layer: L, transposed: Boolean = false): Layer
        where L : Layer, L : TrainableLayer {
        val parameter = operation.string("weight")
        layer.isTrainable = parameters.getValue(parameter).flag("trainable")
        places[parameter] = Pair({ layer.variables[0] }, transposed)
        return layer
    }

    /** As an addition to the loss; KotlinDL's `L2` would add a penalty of absolute values, its default. */
    private fun decay(operation: Description): Regularizer? {
        val decay = described.float("weightDecay")
        return if (decay == 0f) null else L2L1(l1 = 0f, l2 = decay / 2)
    }

    override fun close() {
        model.close()
    }

    /** The weighted sum of the terms, each a mean over cells. */
    private class Objective(private val described: List<Description>) : CellLayer("objective", 1) {
        lateinit var tf: Ops
        lateinit var warmUp: Placeholder<Float>
        lateinit var values: List<Operand<Float>>

        override fun compute(tf: Ops, input: List<Operand<Float>>, isTraining: Operand<Boolean>): Operand<Float> {
            this.tf = tf
            // the model empties its list
            values = input.toList()
            warmUp = tf.withName("warm_up").placeholder(FLOAT, Placeholder.shape(TensorShape.scalar()))
            return input
                .zip(described) { value, term ->
                    val weighted: Operand<Float> = tf.math.mul(value, tf.constant(term.float("weight")))
                    if (term.flag("warmedUp")) tf.math.mul(weighted, warmUp) else weighted
                }.reduce { a, b -> tf.math.add(a, b) }
        }
    }

    /** The objective is the loss already. */
    private object Total : LossFunction(ReductionType.SUM) {
        override fun apply(
            tf: Ops,
            yPred: Operand<Float>,
            yTrue: Operand<Float>,
            numberOfLosses: Operand<Float>?,
        ): Operand<Float> = tf.reduceSum(yPred, tf.constant(intArrayOf(0, 1)))
    }
}
