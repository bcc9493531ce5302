package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.isolated.KotlinDl;
import org.cellweave.neural.tensorflow.Installation;
import org.cellweave.neural.tensorflow.Installation.Library;
import org.cellweave.neural.tensorflow.NeedsTensorFlow;
import org.cellweave.neural.tensorflow.TensorFlowBackend;
import org.cellweave.neural.train.TrainingBackend;
import org.junit.jupiter.api.Test;

class AcceleratorsTest {
  private static final Installation NOTHING = new Installation(Library.NONE, false, null);
  private static final Installation CPU_ONLY = new Installation(Library.CPU, true, null);
  private static final Installation HIDDEN = new Installation(Library.GPU, true, null);
  private static final Installation WITH_GPU = new Installation(Library.GPU, true, "GPU 0");

  private static TrainingBackend.Factory chosen(
      String accelerator, String engine, Installation here) {
    return Accelerators.choose(accelerator, engine, () -> here);
  }

  @Test
  void autoTakesAGpuWhereOneCanBeUsed() {
    assertThat(chosen("auto", "auto", WITH_GPU)).isSameAs(TensorFlowBackend.GPU);
    for (Installation here : new Installation[] {NOTHING, CPU_ONLY, HIDDEN}) {
      assertThat(chosen("auto", "auto", here)).isSameAs(FusedBackend.FACTORY);
    }
  }

  @Test
  void cpuIsFusedEvenBesideAGpuAndLooksAtNothing() {
    Accelerators.Probe never =
        () -> {
          throw new AssertionError("looked for a GPU");
        };
    assertThat(Accelerators.choose("cpu", "auto", never)).isSameAs(FusedBackend.FACTORY);
    assertThat(Accelerators.choose("auto", "fused", never)).isSameAs(FusedBackend.FACTORY);
    assertThat(Accelerators.choose("auto", "kotlindl", never)).isSameAs(KotlinDl.FACTORY);
    assertThat(Accelerators.choose("cpu")).isSameAs(FusedBackend.FACTORY);
  }

  @Test
  void aGpuThatIsAskedForIsNotReplaced() {
    assertThat(chosen("gpu", "auto", WITH_GPU)).isSameAs(TensorFlowBackend.GPU);
    assertThat(chosen("gpu", "tensorflow", WITH_GPU)).isSameAs(TensorFlowBackend.GPU);
    for (Installation here : new Installation[] {NOTHING, CPU_ONLY, HIDDEN}) {
      assertThatThrownBy(() -> chosen("gpu", "auto", here))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("accelerator = \"gpu\"");
    }
  }

  @Test
  void tensorFlowOnACpuIsChosenByName() {
    assertThatThrownBy(() -> chosen("cpu", "tensorflow", NOTHING))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("native library is not on the class path");
    NeedsTensorFlow.skipWithout();
    assertThat(chosen("cpu", "tensorflow", WITH_GPU)).isSameAs(TensorFlowBackend.CPU);
    assertThat(chosen("auto", "tensorflow", HIDDEN)).isSameAs(TensorFlowBackend.CPU);
  }

  @Test
  void refusesWhatThereIsNot() {
    assertThatThrownBy(() -> chosen("tpu", "auto", NOTHING))
        .hasMessage("accelerator must be \"auto\", \"cpu\" or \"gpu\", got 'tpu'");
    assertThatThrownBy(() -> chosen("tpu", "fused", NOTHING))
        .hasMessageContaining("accelerator must be");
    assertThatThrownBy(() -> chosen("cpu", "jax", NOTHING))
        .hasMessage(
            "engine must be \"auto\", \"fused\", \"tensorflow\" or \"kotlindl\", got 'jax'");
    assertThatThrownBy(() -> chosen("gpu", "fused", WITH_GPU))
        .hasMessageContaining("engine = \"fused\" runs on CPUs: use accelerator = \"cpu\"");
    assertThatThrownBy(() -> chosen("gpu", "kotlindl", WITH_GPU))
        .hasMessageContaining("engine = \"kotlindl\" runs on CPUs: use accelerator = \"cpu\"");
  }
}
