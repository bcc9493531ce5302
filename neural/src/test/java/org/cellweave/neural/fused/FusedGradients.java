package org.cellweave.neural.fused;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Optimizer;

/** Shows the gradients of the fused engine to tests of others. */
public final class FusedGradients {
  private FusedGradients() {}

  /** Of the weighted sum of all terms, by name; those that are not reached are left out. */
  public static Map<String, float[]> of(
      NeuralModule module, Minibatch minibatch, Noise noise, double warmUp) {
    Map<String, float[]> out = new LinkedHashMap<>();
    try (var backend = new FusedBackend(module, Optimizer.DEFAULTS)) {
      backend.gradients(minibatch, noise, warmUp);
      for (Parameter p : module.parameters().trainable()) {
        float[] gradient = backend.gradient(p);
        if (gradient != null) {
          out.put(p.name(), gradient.clone());
        }
      }
    }
    return out;
  }
}
