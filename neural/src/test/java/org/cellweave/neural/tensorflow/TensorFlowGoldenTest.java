package org.cellweave.neural.tensorflow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.testing.GoldenContract;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.TrainingBackend;
import org.junit.jupiter.api.BeforeEach;

class TensorFlowGoldenTest extends GoldenContract {
  @BeforeEach
  void skipWithoutLibrary() {
    NeedsTensorFlow.skipWithout();
  }

  private static TensorFlowBackend backend(
      NeuralModule module, Optimizer optimizer, boolean sparse) {
    return new TensorFlowBackend(
        module, optimizer, new TensorFlowBackend.Setup(false, false, counts -> sparse));
  }

  @Override
  protected TrainingBackend open(NeuralModule module, Optimizer optimizer) {
    return backend(module, optimizer, false);
  }

  @Override
  protected Map<String, float[]> gradients(
      NeuralModule module, Minibatch minibatch, Noise noise, double warmUp) {
    Map<String, float[]> out = new LinkedHashMap<>();
    try (var backend = backend(module, Optimizer.DEFAULTS, true)) {
      backend.gradients(minibatch, noise, warmUp).forEach((p, g) -> out.put(p.name(), g));
    }
    return out;
  }
}
