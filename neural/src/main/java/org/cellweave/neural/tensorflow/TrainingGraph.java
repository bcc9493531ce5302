package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Parameter;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The objective of a module with its gradients, and what a step makes of them. */
final class TrainingGraph {
  private final Algebra a;
  private final Weights weights;
  private final Adam adam;
  private final TensorGraph graph;
  private final Program program;
  private final Map<Parameter, Operand<TFloat32>> gradients;

  TrainingGraph(
      TensorSession session,
      Algebra a,
      Variables variables,
      Weights weights,
      Adam adam,
      NeuralModule module,
      boolean sparse) {
    this.a = a;
    this.weights = weights;
    this.adam = adam;
    this.graph = new TensorGraph(a, weights, true, sparse);
    List<Loss.Term> terms = module.loss(graph).terms();
    List<Parameter> trained = weights.all().stream().filter(Parameter::isTrainable).toList();
    this.gradients = new Gradients(session.graph(), a, weights, graph).of(terms, trained);
    Operand<TFloat32> values = values(a, terms);
    gradients.keySet().forEach(p -> adam.add(variables, p));
    this.program = new Program(graph.inputs(), terms, values, update(values));
  }

  Program program() {
    return program;
  }

  /** Of the weighted sum of all terms, without decay. */
  Map<Parameter, Operand<TFloat32>> gradients() {
    return gradients;
  }

  /** All terms side by side: 1 x terms. */
  static Operand<TFloat32> values(Algebra a, List<Loss.Term> terms) {
    List<Operand<TFloat32>> values = new ArrayList<>();
    terms.forEach(term -> values.add(TensorGraph.value(term.value())));
    return values.size() == 1 ? values.get(0) : a.tf().concat(values, a.tf().constant(1));
  }

  /** Nothing is written before everything has been read. */
  private Op update(Operand<TFloat32> values) {
    Ops tf = a.tf();
    List<Parameter> trained = List.copyOf(gradients.keySet());
    List<Operand<TFloat32>> decayed = new ArrayList<>();
    trained.forEach(p -> decayed.add(adam.decayed(a, weights.variable(p), gradients.get(p))));
    List<Op> read = new ArrayList<>(decayed);
    read.add(values);
    weights.all().forEach(p -> read.add(weights.read(p)));
    graph.running().values().forEach(read::add);
    Ops after = tf.withControlDependencies(tf.withControlDependencies(read).noOp());
    List<Op> written = new ArrayList<>();
    for (int k = 0; k < trained.size(); k++) {
      Parameter p = trained.get(k);
      written.add(adam.update(after, a, graph.inputs(), p, weights.variable(p), decayed.get(k)));
    }
    graph
        .running()
        .forEach(
            (p, value) -> written.add(after.assignVariableOp(weights.variable(p).handle, value)));
    return tf.withControlDependencies(written).noOp();
  }
}
