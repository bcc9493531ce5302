package org.cellweave.neural.fused;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** The optimiser's moments and steps; a parameter that a step did not reach stays as it is. */
final class Adam {
  private static final int BLOCK = 1 << 15;

  private final Optimizer settings;
  private final Map<Parameter, Moments> moments = new HashMap<>();

  /** How often a parameter was reached, which its corrections go by. */
  private static final class Moments {
    private final float[] first;
    private final float[] second;
    private int steps;

    Moments(int size) {
      first = new float[size];
      second = new float[size];
    }
  }

  Adam(Optimizer settings) {
    this.settings = settings;
  }

  void step(Parameter parameter, float[] gradient, double learningRate) {
    Moments of = moments.computeIfAbsent(parameter, p -> new Moments(p.values().length));
    of.steps++;
    float[] w = parameter.values();
    float[] m = of.first;
    float[] v = of.second;
    float beta1 = (float) settings.beta1();
    float beta2 = (float) settings.beta2();
    float keep1 = (float) (1 - settings.beta1());
    float keep2 = (float) (1 - settings.beta2());
    float rate = (float) (learningRate / (1 - Elementary.pow(settings.beta1(), of.steps)));
    float root = (float) (1 / Math.sqrt(1 - Elementary.pow(settings.beta2(), of.steps)));
    float epsilon = (float) settings.epsilon();
    float decay = settings.decoupled() ? 0 : (float) settings.weightDecay();
    float shrink = settings.decoupled() ? (float) (1 - learningRate * settings.weightDecay()) : 1;
    int begin = parameter.firstTrainable() * parameter.cols();
    Parallel.forRange(
        w.length - begin,
        BLOCK,
        (from, to) -> {
          for (int k = begin + from; k < begin + to; k++) {
            float g = gradient[k] + decay * w[k];
            float first = beta1 * m[k] + keep1 * g;
            float second = beta2 * v[k] + keep2 * g * g;
            m[k] = first;
            v[k] = second;
            w[k] = shrink * w[k] - rate * first / ((float) Math.sqrt(second) * root + epsilon);
          }
        });
  }

  Map<String, float[]> state() {
    Map<String, float[]> out = new LinkedHashMap<>();
    moments.forEach(
        (p, of) -> {
          out.put(p.name() + ":first", of.first.clone());
          out.put(p.name() + ":second", of.second.clone());
          out.put(p.name() + ":steps", new float[] {of.steps});
        });
    return out;
  }

  void restore(Iterable<Parameter> parameters, Map<String, float[]> state) {
    moments.clear();
    for (Parameter p : parameters) {
      float[] first = state.get(p.name() + ":first");
      if (first == null) {
        continue;
      }
      Moments of = new Moments(first.length);
      System.arraycopy(first, 0, of.first, 0, first.length);
      System.arraycopy(state.get(p.name() + ":second"), 0, of.second, 0, first.length);
      of.steps = (int) state.get(p.name() + ":steps")[0];
      moments.put(p, of);
    }
  }
}
