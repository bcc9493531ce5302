package org.cellweave.neural.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.testing.StepTimes;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prints what a step of training takes on each engine, by profile {@code slow}. */
@Tag("slow")
class EngineTimesTest {
  private static final int THREADS = 2;

  @ParameterizedTest
  @CsvSource({"NB, 2000, 128, 0.1", "ZINB, 2000, 128, 0.1", "NB, 30000, 512, 0.03"})
  void milliseconds(Likelihood likelihood, int genes, int batch, double density) {
    NeedsTensorFlow.skipWithout();
    List<TrainingBackend.Factory> engines = new ArrayList<>();
    engines.add(FusedBackend.FACTORY);
    engines.add(TensorFlowBackend.CPU);
    if (Installation.here().hasGpu()) {
      engines.add(TensorFlowBackend.GPU);
    }
    int steps = 600 * 2000 / genes;
    for (TrainingBackend.Factory engine : engines) {
      double loss =
          Seeds.withThreads(
              THREADS, () -> StepTimes.print(engine, likelihood, genes, batch, density, steps));
      assertThat(loss).isFinite();
    }
  }
}
