package org.cellweave.neural.fused;

import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.View;

/** Computes a module on one minibatch. */
final class Tape extends LayerTape implements Graph {
  private final Minibatch minibatch;

  /**
   * @param gradients where those of parameters go; null for a forward pass alone
   */
  Tape(Minibatch minibatch, Noise noise, boolean training, Buffers buffers, Gradients gradients) {
    super(noise, training, buffers, gradients, Parameter::isTrainable);
    this.minibatch = minibatch;
  }

  @Override
  public Node numbers(View view, String name, int cols) {
    return new Tensor(
        minibatch.cells(view.covariates()), cols, minibatch.numbers(view, name), false);
  }

  @Override
  public Node countsTimes(View view, boolean log1p, Parameter weight) {
    return countsTimes(minibatch.counts(view), log1p, weight);
  }

  @Override
  public Node addLevel(Node x, Parameter table, View view, String codes) {
    int[] of = minibatch.codes(view, codes);
    return addTable(tensor(x), table, i -> of[i]);
  }

  @Override
  public Node addClass(Node x, Parameter table) {
    int cells = tensor(x).rows / table.rows();
    return addTable(tensor(x), table, i -> i / cells);
  }

  @Override
  public Node reconstruction(View view, CountHeads heads) {
    Reconstruction pass = new Reconstruction(minibatch, view, heads, buffers, gradients != null);
    Tensor out = make(1, 1, gradients != null);
    out.value[0] = (float) pass.forward();
    if (out.wantsGradient()) {
      back.add(() -> pass.back(out.gradient[0], gradients));
    }
    return out;
  }

  @Override
  public Node repeat(Node node, int classes) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows * classes, x.cols, x.wantsGradient());
    for (int c = 0; c < classes; c++) {
      System.arraycopy(x.value, 0, out.value, c * x.size(), x.size());
    }
    if (out.wantsGradient()) {
      back.add(
          () -> {
            for (int c = 0; c < classes; c++) {
              for (int k = 0; k < x.size(); k++) {
                x.gradient[k] += out.gradient[c * x.size() + k];
              }
            }
          });
    }
    return out;
  }

  @Override
  public Node expected(Node probabilities, Node perClass) {
    return densities(Densities.expected(tensor(probabilities), tensor(perClass)));
  }

  @Override
  public Node klUniform(Node probabilities) {
    return densities(Densities.klUniform(tensor(probabilities)));
  }

  @Override
  public Node crossEntropy(Node node, View view, String codes) {
    Tensor logits = tensor(node);
    int[] of = minibatch.codes(view, codes);
    return mean(densities(Densities.crossEntropy(logits, of)));
  }

  @Override
  public Node crossCorrelation(Node thinned, Node full) {
    var pass = new CrossCorrelation(tensor(thinned), tensor(full));
    Tensor out = make(1, 2, gradients != null);
    pass.forward(out.value);
    if (out.wantsGradient()) {
      back.add(() -> pass.back(out.gradient[0], out.gradient[1]));
    }
    return out;
  }

  @Override
  public Node varianceHinge(Node node) {
    Tensor x = tensor(node);
    Tensor out = make(1, 1, x.wantsGradient());
    out.value[0] = (float) CrossCorrelation.hinge(x, 0);
    if (out.wantsGradient()) {
      back.add(() -> CrossCorrelation.hinge(x, out.gradient[0]));
    }
    return out;
  }
}
