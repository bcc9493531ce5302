package org.cellweave.neural.fused;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.cellweave.neural.nn.Parameter;

/** Gradients of one step by parameter; one that the step did not reach has none. */
final class Gradients {
  private final Map<Parameter, float[]> arrays = new HashMap<>();
  private final Set<Parameter> reached = new HashSet<>();

  void clear() {
    reached.clear();
  }

  /** Whether the step reached it before; its array holds zeros otherwise. */
  boolean reached(Parameter parameter) {
    return reached.contains(parameter);
  }

  /** An array to be written as a whole, whatever it holds; the step has then reached it. */
  float[] anew(Parameter parameter) {
    reached.add(parameter);
    return arrays.computeIfAbsent(parameter, p -> new float[p.rows() * p.cols()]);
  }

  /** The sum so far, zeros at first. */
  float[] of(Parameter parameter) {
    float[] array = arrays.computeIfAbsent(parameter, p -> new float[p.rows() * p.cols()]);
    if (reached.add(parameter)) {
      Arrays.fill(array, 0);
    }
    return array;
  }
}
