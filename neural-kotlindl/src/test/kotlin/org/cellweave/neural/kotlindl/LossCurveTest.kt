package org.cellweave.neural.kotlindl

import org.assertj.core.api.Assertions.assertThat
import org.cellweave.neural.data.Minibatch
import org.cellweave.neural.distributions.Likelihood
import org.cellweave.neural.fused.FusedBackend
import org.cellweave.neural.isolated.KotlinDl
import org.cellweave.neural.module.KeptParts
import org.cellweave.neural.module.Vae
import org.cellweave.neural.module.VaeShape
import org.cellweave.neural.nn.Noise
import org.cellweave.neural.train.Optimizer
import org.cellweave.neural.train.Step
import org.cellweave.neural.train.Trainer
import org.cellweave.neural.train.Training
import org.cellweave.neural.train.TrainingBackend
import org.cellweave.util.Progress
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import kotlin.math.abs
import kotlin.math.max

/** KotlinDL's steps beside those of the fused engine, from the same weights, on the same cells, with the same draws. */
class LossCurveTest {
    private val minibatch = Minibatch(Cells.GENES)

    private fun fused(module: Vae, optimizer: Optimizer = Optimizer.DEFAULTS) =
        FusedBackend.FACTORY.open(module, optimizer)

    private fun kotlindl(module: Vae, optimizer: Optimizer = Optimizer.DEFAULTS) =
        KotlinDl.FACTORY.open(module, optimizer)

    /** Values of the terms in [steps] steps, from step [first] on, and of held-out cells after them. */
    private fun TrainingBackend.curve(steps: Int, warmUp: Double = 1.0, first: Int = 0): List<DoubleArray> {
        val perEpoch = Cells.feed.steps()
        val values = (first until first + steps).map { step ->
            if (step % perEpoch == 0 || step == first) Cells.feed.begin(step / perEpoch)
            Cells.feed.step(step / perEpoch, step % perEpoch, minibatch)
            step(minibatch, Step(step + 1L, 3e-3, warmUp, Noise.of(5, step + 1L)))
        }
        Cells.feed.validation(0, minibatch)
        return values + evaluate(minibatch, Noise.of(5, -1))
    }

    /** The largest difference, relative to the reference. */
    private fun apart(found: List<DoubleArray>, reference: List<DoubleArray>): Double =
        found.indices.maxOf { i ->
            reference[i].indices.maxOf { k -> abs(found[i][k] - reference[i][k]) / max(1e-2, abs(reference[i][k])) }
        }

    private val models = mapOf(
        "nb" to Cells.shape(),
        "nb without dropout and normalisation" to Cells.shape(dropout = 0.0, batchNorm = VaeShape.Where.NONE),
        "nb, two layers, all covariates encoded" to
            Cells.shape(layers = 2, categories = listOf(3), continuous = 2, encodeCovariates = true),
        "nb, totals inferred" to Cells.shape(observedLibrary = false),
        "nb, linear decoder" to Cells.shape(linear = true, observedLibrary = false),
        "zinb" to Cells.shape(Likelihood.ZINB),
        "poisson" to Cells.shape(Likelihood.POISSON),
    )

    @TestFactory
    fun isThatOfTheFusedEngine(): List<DynamicTest> = models.map { (name, shape) -> dynamicTest(name) { check(shape) } }

    private fun check(shape: VaeShape) {
        val reference = Vae(shape, 11)
        val module = Vae(shape, 11)
        val curve = fused(reference).use { it.curve(STEPS, 0.7) }
        val found = kotlindl(module).use { engine -> engine.curve(STEPS, 0.7).also { engine.bringWeights() } }
        assertThat(curve[STEPS - 1][0]).isLessThan(0.9 * curve[0][0])
        assertThat(apart(found, curve)).isLessThan(TOLERANCE)
        reference.parameters().all().forEach {
            val values = module.parameters().get(it.name()).values()
            val largest = values.indices.maxOf { k -> abs(it.values()[k] - values[k]) }
            assertThat(largest).`as`(it.name()).isLessThan(1e-3f)
        }
    }

    @Test
    fun aLargeWeightDecayAndOtherMomentsCount() {
        val optimizer = Optimizer(0.8, 0.99, 1e-3, 0.5, false)
        val reference = fused(Vae(Cells.shape(), 2), optimizer).use { it.curve(STEPS) }
        val found = kotlindl(Vae(Cells.shape(), 2), optimizer).use { it.curve(STEPS) }
        assertThat(apart(found, reference)).isLessThan(TOLERANCE)
        val without = kotlindl(Vae(Cells.shape(), 2)).use { it.curve(STEPS) }
        assertThat(apart(without, reference)).isGreaterThan(TOLERANCE)
    }

    @Test
    fun theSameSeedGivesTheSameBits() {
        val curves = List(2) { kotlindl(Vae(Cells.shape(), 2)).use { it.curve(STEPS) }.toTypedArray() }
        assertThat(curves[0]).isDeepEqualTo(curves[1])
    }

    @Test
    fun trainingGoesOnFromMomentsOfEitherEngine() {
        val whole = fused(Vae(Cells.shape(), 4)).use { it.curve(12) }
        val engines = listOf(FusedBackend.FACTORY, KotlinDl.FACTORY)
        for (first in engines) {
            for (second in engines) {
                val module = Vae(Cells.shape(), 4)
                val moments = first.open(module, Optimizer.DEFAULTS).use { engine ->
                    engine.curve(5)
                    engine.bringWeights()
                    engine.moments()
                }
                second.open(module, Optimizer.DEFAULTS).use { engine ->
                    engine.restore(moments)
                    val rest = engine.curve(7, first = 5)
                    assertThat(apart(rest, whole.drop(5)))
                        .`as`("${first.name()}, ${second.name()}")
                        .isLessThan(TOLERANCE)
                }
            }
        }
    }

    @Test
    fun aTrainerNeedNotKnowTheEngine() {
        val settings = Training
            .builder()
            .maxEpochs(3)
            .checkValEveryNEpoch(1)
            .build()
        val (fused, kotlindl) = listOf(FusedBackend.FACTORY, KotlinDl.FACTORY).map { engine ->
            val module = Vae(Cells.shape(), 6)
            Trainer.run(module, Cells.feed, settings, engine, "scVI", Progress.NONE).history()
        }
        assertThat(kotlindl.names()).isEqualTo(fused.names()).contains("elbo_validation")
        for (name in fused.names()) {
            val reference = fused.get(name)
            assertThat(apart(listOf(kotlindl.get(name)), listOf(reference))).`as`(name).isLessThan(TOLERANCE)
        }
    }

    @Test
    fun frozenWeightsStay() {
        val module = Vae(Cells.shape(), 4)
        module.keepReference({ 2 }, KeptParts.DEFAULTS)
        val before = module.parameters().snapshot()
        kotlindl(module).use { engine ->
            engine.curve(3)
            engine.bringWeights()
        }
        val trained = module
            .parameters()
            .all()
            .filter { it.isTrainable }
            .map { it.name() }
        assertThat(trained).contains("decoder.0.bn.gamma")
        module.parameters().all().forEach {
            val same = it.values().contentEquals(before.getValue(it.name()))
            val follows = it.name().startsWith("decoder.0.bn.running")
            assertThat(same).`as`(it.name()).isEqualTo(it.name() !in trained && !follows)
        }
    }

    private companion object {
        const val STEPS = 20

        /** Ten times less than what is promised. */
        const val TOLERANCE = 1e-4
    }
}
