package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.tensorflow.TensorGraph.MeanLikelihood;
import org.cellweave.neural.tensorflow.TensorGraph.SparseProduct;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.sparse.SparseTensorDenseMatMul;
import org.tensorflow.types.TFloat32;

/**
 * Gradients of an objective by parameters. TensorFlow's own where it has them and they are not slow
 * ones: those of sparse products and of likelihoods of counts are written here.
 */
final class Gradients {
  private final Graph graph;
  private final Algebra a;
  private final Weights weights;
  private final TensorGraph module;

  /** Results of the module with the gradients by them. */
  private final List<Output<?>> from = new ArrayList<>();

  private final List<Output<?>> given = new ArrayList<>();
  private final Map<Parameter, Operand<TFloat32>> found = new LinkedHashMap<>();

  Gradients(Graph graph, Algebra a, Weights weights, TensorGraph module) {
    this.graph = graph;
    this.a = a;
    this.weights = weights;
    this.module = module;
  }

  /**
   * Of the weighted sum of terms, by parameter; one that does not reach it has none. To be called
   * once.
   */
  Map<Parameter, Operand<TFloat32>> of(List<Loss.Term> terms, List<Parameter> parameters) {
    terms.forEach(term -> begin(term, parameters));
    Set<Operation> reaching = new HashSet<>();
    Set<Operand<?>> begun = new HashSet<>(from);
    graph.subgraphTo(begun).forEach(reaching::add);
    List<SparseProduct> products =
        module.sparseProducts().stream()
            .filter(product -> parameters.contains(product.weight()))
            .filter(product -> reaching.contains(product.product().op()))
            .toList();
    List<Parameter> direct =
        parameters.stream()
            .filter(p -> products.stream().noneMatch(product -> product.weight() == p))
            .filter(p -> reaching.contains(weights.read(p).op()))
            .toList();
    List<Output<?>> by = new ArrayList<>();
    direct.forEach(p -> by.add(weights.read(p).asOutput()));
    products.forEach(product -> by.add(product.product().asOutput()));
    Output<?>[] gradients = graph.addGradients("gradients", array(from), array(by), array(given));
    for (int k = 0; k < gradients.length; k++) {
      Operand<TFloat32> gradient = gradients[k].expect(TFloat32.class);
      if (k < direct.size()) {
        found.merge(direct.get(k), gradient, a::plus);
      } else {
        SparseProduct product = products.get(k - direct.size());
        found.merge(product.weight(), ofWeight(product, gradient), a::plus);
      }
    }
    return found;
  }

  private static Output<?>[] array(List<Output<?>> list) {
    return list.toArray(new Output<?>[0]);
  }

  private void begin(Loss.Term term, List<Parameter> parameters) {
    Operand<TFloat32> factor = a.constant(term.weight());
    if (term.warmedUp()) {
      factor = a.times(factor, module.inputs().scalar("warm-up", fed -> fed.warmUp));
    }
    MeanLikelihood mean = module.likelihood(term.value());
    if (mean == null) {
      begin(term.value(), a.reshape(factor, 1, 1));
    } else {
      begin(mean.likelihood(), a.times(factor, mean.inverse()), parameters);
    }
  }

  private void begin(
      CountLikelihood likelihood, Operand<TFloat32> factor, List<Parameter> parameters) {
    var slopes = new CountSlopes(likelihood, factor);
    CountHeads heads = likelihood.heads;
    begin(heads.scale(), slopes.scale());
    begin(heads.library(), slopes.library());
    if (slopes.dropout() != null) {
      begin(heads.dropout(), slopes.dropout());
    }
    if (heads.cellDispersion() != null) {
      begin(heads.cellDispersion(), slopes.dispersions());
    } else if (slopes.dispersions() != null && parameters.contains(heads.dispersion())) {
      found.put(heads.dispersion(), slopes.dispersions());
    }
  }

  private void begin(Node node, Operand<TFloat32> gradient) {
    from.add(TensorGraph.value(node).asOutput());
    given.add(gradient.asOutput());
  }

  /** {@code x^T} times the gradient of {@code x w}. */
  private Operand<TFloat32> ofWeight(SparseProduct product, Operand<TFloat32> gradient) {
    CountInputs of = product.counts();
    return a.tf()
        .sparse
        .sparseTensorDenseMatMul(
            of.pairs(),
            product.values(),
            of.wideShape(),
            gradient,
            SparseTensorDenseMatMul.adjointA(true));
  }
}
