package org.cellweave.neural.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.testing.Variants;
import org.cellweave.neural.train.Optimizer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Gradients of the fused engine beside differences of its objective, along directions near them.
 * Loose, because rectifiers have kinks; the reference values of scvi-tools are held to 1e-4.
 */
class GradientTest {
  private static final double WARM_UP = 0.7;

  @TestFactory
  Stream<DynamicTest> agreeWithDifferences() {
    List<DynamicTest> tests = new ArrayList<>();
    Variants.modules()
        .forEach((name, module) -> tests.add(DynamicTest.dynamicTest(name, () -> check(module))));
    return tests.stream();
  }

  private static double total(FusedBackend backend, Minibatch minibatch, Noise noise) {
    double[] values = backend.gradients(minibatch, noise, WARM_UP);
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      Loss.Term term = backend.trainingTerms().get(k);
      sum += values[k] * term.weightAt(WARM_UP);
    }
    return sum;
  }

  private static void check(NeuralModule module) {
    Minibatch minibatch = Variants.minibatch();
    Noise noise = Noise.of(5, 1);
    var random = new SplittableRandom(11);
    try (var backend = new FusedBackend(module, Optimizer.DEFAULTS)) {
      for (Parameter p : module.parameters().trainable()) {
        total(backend, minibatch, noise);
        float[] gradient = backend.gradient(p).clone();
        float[] w = p.values();
        float[] start = w.clone();
        double norm = 0;
        for (float g : gradient) {
          norm += g * (double) g;
        }
        norm = Math.sqrt(norm);
        // along the gradient the objective moves most, which float32 sees best
        double[] direction = new double[w.length];
        for (int k = 0; k < w.length; k++) {
          direction[k] =
              gradient[k] / (norm + 1e-12)
                  + 0.3 * (random.nextDouble() - 0.5) / Math.sqrt(w.length);
        }
        double expected = 0;
        for (int k = 0; k < w.length; k++) {
          expected += gradient[k] * direction[k];
        }
        double h = 4e-3;
        double[] at = new double[2];
        for (int side = 0; side < 2; side++) {
          for (int k = 0; k < w.length; k++) {
            w[k] = (float) (start[k] + (side == 0 ? -h : h) * direction[k]);
          }
          at[side] = total(backend, minibatch, noise);
        }
        System.arraycopy(start, 0, w, 0, w.length);
        assertThat((at[1] - at[0]) / (2 * h))
            .as(p.toString())
            .isCloseTo(expected, within(0.1 * Math.abs(expected) + 0.02));
      }
    }
  }
}
