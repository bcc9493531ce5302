package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.tensorflow.Variables.Variable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The parameters that a graph has asked for, as variables on the device. */
final class Weights {
  private final Variables variables;
  private final Map<Parameter, Variable> of = new LinkedHashMap<>();

  Weights(Variables variables) {
    this.variables = variables;
  }

  Operand<TFloat32> read(Parameter p) {
    return variable(p).read;
  }

  Variable variable(Parameter p) {
    return of.computeIfAbsent(p, q -> variables.add(q.name(), q.rows(), q.cols(), q.values()));
  }

  /** In the order in which they were asked for. */
  List<Parameter> all() {
    return List.copyOf(of.keySet());
  }

  /** The device takes the parameters' present values before the next run. */
  void set() {
    of.forEach((p, variable) -> variable.set(p.values()));
  }

  /** The parameters take the device's values. */
  void bringBack(TensorSession session) {
    List<float[]> to = new ArrayList<>();
    of.keySet().forEach(p -> to.add(p.values()));
    Variables.bringBack(session, List.copyOf(of.values()), to);
  }
}
