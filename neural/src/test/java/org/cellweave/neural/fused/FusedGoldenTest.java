package org.cellweave.neural.fused;

import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.testing.GoldenContract;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.TrainingBackend;

class FusedGoldenTest extends GoldenContract {
  @Override
  protected TrainingBackend open(NeuralModule module, Optimizer optimizer) {
    return FusedBackend.FACTORY.open(module, optimizer);
  }

  @Override
  protected Map<String, float[]> gradients(
      NeuralModule module, Minibatch minibatch, Noise noise, double warmUp) {
    return FusedGradients.of(module, minibatch, noise, warmUp);
  }
}
