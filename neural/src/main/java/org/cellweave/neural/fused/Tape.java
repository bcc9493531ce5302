package org.cellweave.neural.fused;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.BatchNorm;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.View;

/**
 * Computes a module on one minibatch at once, and remembers the way back: every operation leaves
 * behind what adds its part to the gradients of its inputs.
 */
final class Tape implements Graph {
  private final Minibatch minibatch;
  private final Noise noise;
  private final boolean training;
  private final Buffers buffers;

  /** Null when no gradient is wanted. */
  private final Gradients gradients;

  private final List<Runnable> back = new ArrayList<>();
  private final List<Tensor> withGradient = new ArrayList<>();
  private int place;

  /**
   * @param gradients where those of parameters go; null for a forward pass alone
   */
  Tape(Minibatch minibatch, Noise noise, boolean training, Buffers buffers, Gradients gradients) {
    this.minibatch = minibatch;
    this.noise = noise;
    this.training = training;
    this.buffers = buffers;
    this.gradients = gradients;
  }

  @Override
  public boolean isTraining() {
    return training;
  }

  /** Begins the way back: gradients are zero but for those that an operation has already. */
  void beginBack() {
    for (Tensor x : withGradient) {
      if (x.gradient == null) {
        x.gradient = buffers.zeros(x.size());
      }
    }
  }

  /** Goes back from what has a gradient by now to all parameters. */
  void goBack() {
    for (int k = back.size() - 1; k >= 0; k--) {
      back.get(k).run();
    }
  }

  static Tensor tensor(Node node) {
    return (Tensor) node;
  }

  private boolean trains(Parameter parameter) {
    return gradients != null && parameter.isTrainable();
  }

  private Tensor make(int rows, int cols, boolean wantsGradient) {
    Tensor made = new Tensor(rows, cols, buffers.take(rows * cols), wantsGradient);
    if (wantsGradient) {
      withGradient.add(made);
    }
    return made;
  }

  // inputs --------------------------------------------------------------------------------------

  @Override
  public Node numbers(View view, String name, int cols) {
    return new Tensor(
        minibatch.cells(view.covariates()), cols, minibatch.numbers(view, name), false);
  }

  // layers --------------------------------------------------------------------------------------

  @Override
  public Node countsTimes(View view, boolean log1p, Parameter weight) {
    Counts counts = minibatch.counts(view);
    Tensor out = make(counts.cells(), weight.cols(), trains(weight));
    float[] values = buffers.take(Math.max(1, counts.value().length));
    CountProduct.forward(counts, log1p, values, weight, out.value, buffers);
    if (trains(weight)) {
      back.add(
          () -> {
            boolean add = gradients.reached(weight);
            float[] dw = gradients.anew(weight);
            CountProduct.weightGradient(counts, values, out, add, dw, buffers);
          });
    }
    return out;
  }

  @Override
  public Node times(Node node, Parameter weight) {
    Tensor x = tensor(node);
    int outs = weight.rows();
    int inner = weight.cols();
    boolean wanted = x.wantsGradient() || trains(weight);
    Tensor out = make(x.rows, outs, wanted);
    FloatPointer left = buffers.copy(x.value, x.size());
    FloatPointer right = buffers.copy(weight.values(), outs * inner);
    FloatPointer product = buffers.takeNative(out.size());
    DenseProduct.forward(x.rows, outs, inner, left, right, product, out.value);
    if (wanted) {
      back.add(
          () -> {
            // what is not read again makes room, so that all stays in the processor's cache
            FloatPointer dy = product;
            Buffers.copy(out.gradient, out.size(), dy);
            if (x.wantsGradient()) {
              FloatPointer part = buffers.takeNative(x.size());
              DenseProduct.addInputGradient(x.rows, outs, inner, dy, right, part, x.gradient);
            }
            if (trains(weight)) {
              boolean add = gradients.reached(weight);
              float[] dw = gradients.anew(weight);
              DenseProduct.weightGradient(x.rows, outs, inner, dy, left, add, right, dw);
            }
          });
    }
    return out;
  }

  @Override
  public Node add(Node first, Node second) {
    Tensor a = tensor(first);
    Tensor b = tensor(second);
    Tensor out = make(a.rows, a.cols, a.wantsGradient() || b.wantsGradient());
    for (int k = 0; k < out.size(); k++) {
      out.value[k] = a.value[k] + b.value[k];
    }
    if (out.wantsGradient()) {
      back.add(
          () -> {
            addTo(a, out.gradient);
            addTo(b, out.gradient);
          });
    }
    return out;
  }

  private static void addTo(Tensor x, float[] gradient) {
    if (x.wantsGradient()) {
      for (int k = 0; k < x.size(); k++) {
        x.gradient[k] += gradient[k];
      }
    }
  }

  @Override
  public Node addRow(Node x, Parameter bias) {
    return addTable(tensor(x), bias, i -> 0);
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

  /** In place: nothing else reads the sum without the table, and gradients pass it unchanged. */
  private Node addTable(Tensor x, Parameter table, java.util.function.IntUnaryOperator rowOf) {
    boolean trained = trains(table);
    if (trained && !x.wantsGradient()) {
      Tensor made = make(x.rows, x.cols, true);
      System.arraycopy(x.value, 0, made.value, 0, x.size());
      return addTable(made, table, rowOf);
    }
    Rowwise.addTable(x, table.values(), rowOf);
    if (trained) {
      back.add(() -> Rowwise.addTableGradient(x, rowOf, gradients.of(table)));
    }
    return x;
  }

  @Override
  public Node batchNorm(Node node, BatchNorm norm) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient() || trains(norm.gamma()));
    var pass = new BatchNormPass(x, out, norm, training && norm.followsMinibatches());
    pass.forward(training);
    if (out.wantsGradient()) {
      back.add(
          () ->
              pass.back(
                  trains(norm.gamma()) ? gradients.of(norm.gamma()) : null,
                  trains(norm.beta()) ? gradients.of(norm.beta()) : null));
    }
    return out;
  }

  @Override
  public Node layerNorm(Node node) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    float[] scale = buffers.take(x.rows);
    Rowwise.layerNorm(x, out, scale);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.layerNormBack(x, out, scale));
    }
    return out;
  }

  @Override
  public Node relu(Node node) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    Rowwise.rectify(x, out);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.rectifyBack(x, out));
    }
    return out;
  }

  @Override
  public Node dropout(Node node, double rate) {
    if (!training) {
      return node;
    }
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    float[] factor = buffers.take(x.size());
    noise.uniform(place++, factor, x.size());
    Rowwise.dropout(x, rate, factor, out);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.dropoutBack(x, factor, out));
    }
    return out;
  }

  // distributions of latent places --------------------------------------------------------------

  @Override
  public Node variance(Node node, double epsilon) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    Rowwise.exponential(x, epsilon, out);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.exponentialBack(x, epsilon, out));
    }
    return out;
  }

  @Override
  public Node sample(Node meanNode, Node varianceNode) {
    Tensor mean = tensor(meanNode);
    Tensor variance = tensor(varianceNode);
    Tensor out = make(mean.rows, mean.cols, mean.wantsGradient() || variance.wantsGradient());
    float[] drawn = buffers.take(mean.size());
    noise.normal(place++, drawn, mean.size());
    for (int k = 0; k < out.size(); k++) {
      out.value[k] = (float) (mean.value[k] + Math.sqrt(variance.value[k]) * drawn[k]);
    }
    if (out.wantsGradient()) {
      back.add(
          () -> {
            addTo(mean, out.gradient);
            if (variance.wantsGradient()) {
              for (int k = 0; k < out.size(); k++) {
                variance.gradient[k] +=
                    (float) (out.gradient[k] * drawn[k] * 0.5 / Math.sqrt(variance.value[k]));
              }
            }
          });
    }
    return out;
  }

  @Override
  public Node softmax(Node node) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    Rowwise.softmax(x, out);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.softmaxBack(x, out));
    }
    return out;
  }

  @Override
  public Node klStandard(Node mean, Node variance) {
    return densities(Densities.klStandard(tensor(mean), tensor(variance)));
  }

  @Override
  public Node klNormal(Node mean, Node variance, Node priorMean, Node priorVariance) {
    return densities(
        Densities.klNormal(
            tensor(mean), tensor(variance), tensor(priorMean), tensor(priorVariance)));
  }

  @Override
  public Node logNormal(Node x, Node mean, Node variance) {
    return densities(Densities.logNormal(tensor(x), tensor(mean), tensor(variance)));
  }

  private Node densities(Densities of) {
    Tensor out = make(of.rows(), 1, of.wantsGradient());
    of.forward(out.value);
    if (out.wantsGradient()) {
      back.add(() -> of.back(out.gradient));
    }
    return out;
  }

  // means over cells ----------------------------------------------------------------------------

  @Override
  public Node mean(Node node) {
    Tensor x = tensor(node);
    Tensor out = make(1, 1, x.wantsGradient());
    double sum = 0;
    for (int i = 0; i < x.rows; i++) {
      sum += x.value[i];
    }
    out.value[0] = (float) (sum / x.rows);
    if (out.wantsGradient()) {
      back.add(
          () -> {
            float each = out.gradient[0] / x.rows;
            for (int i = 0; i < x.rows; i++) {
              x.gradient[i] += each;
            }
          });
    }
    return out;
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

  // labels --------------------------------------------------------------------------------------

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

  // two views of the same cells -----------------------------------------------------------------

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

  @Override
  public Node column(Node node, int column) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, 1, x.wantsGradient());
    for (int i = 0; i < x.rows; i++) {
      out.value[i] = x.value[i * x.cols + column];
    }
    if (out.wantsGradient()) {
      back.add(
          () -> {
            for (int i = 0; i < x.rows; i++) {
              x.gradient[i * x.cols + column] += out.gradient[i];
            }
          });
    }
    return out;
  }
}
