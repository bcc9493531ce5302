package org.cellweave.neural.kotlindl

import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.assertj.core.api.Assertions.withinPercentage
import org.cellweave.neural.data.Minibatch
import org.cellweave.neural.fused.FusedBackend
import org.cellweave.neural.isolated.KotlinDl
import org.cellweave.neural.module.Vae
import org.cellweave.neural.nn.Noise
import org.cellweave.neural.tensorflow.Installation
import org.cellweave.neural.tensorflow.TensorFlowBackend
import org.cellweave.neural.train.Optimizer
import org.cellweave.neural.train.Step
import org.cellweave.testing.SharedData
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class EngineTest {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun saysWhatRunsWhere() {
        assertThat(KotlinDl.FACTORY.name()).isEqualTo("kotlindl")
        assertThat(KotlinDl.FACTORY.device()).isEqualTo("KotlinDL on TensorFlow 1.15, CPU, 1 thread")
    }

    @Test
    fun trainsBesideTensorFlow2() {
        assumeTrue(Installation.here().library() != Installation.Library.NONE, "TensorFlow 2 is not here")
        val engines = listOf(FusedBackend.FACTORY, TensorFlowBackend.CPU, KotlinDl.FACTORY, TensorFlowBackend.CPU)
        val minibatch = Minibatch(Cells.GENES)
        Cells.feed.step(0, 0, minibatch)
        val losses = engines.map { factory ->
            factory.open(Vae(Cells.shape(), 1), Optimizer.DEFAULTS).use { engine ->
                List(2) { engine.step(minibatch, Step(it + 1L, 1e-3, 1.0, Noise.of(1, it + 1L)))[0] }
            }
        }
        losses.forEach { found ->
            found.zip(losses[0]) { a, b -> assertThat(a).isCloseTo(b, withinPercentage(0.01)) }
        }
    }

    @Test
    fun oneJvmLoadsItFromOnePlace() {
        val jars = SharedData.projectRoot().resolve("neural-kotlindl/target/lib")
        KotlinDl.at(jars.toString()).open(Vae(Cells.shape(), 1), Optimizer.DEFAULTS).close()
        Files.writeString(folder.resolve("cellweave-neural-kotlindl-2.jar"), "")
        assertThatThrownBy { KotlinDl.at(folder.toString()).open(Vae(Cells.shape(), 1), Optimizer.DEFAULTS) }
            .isInstanceOf(IllegalStateException::class.java)
            .hasMessage("KotlinDL runs from $jars in this JVM; start a new one to take $folder")
    }

    @Test
    fun namesWhatItDoesNotKnow() {
        assertThatThrownBy { Description(mapOf("a" to 1)).double("a") }
            .hasMessage("'a' is missing or of another type: [a]")
        assertThatThrownBy { Description(mapOf("a" to 1)).int("b") }
            .hasMessage("'b' is missing or of another type: [a]")
    }
}
