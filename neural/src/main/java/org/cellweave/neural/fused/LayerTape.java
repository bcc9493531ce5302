package org.cellweave.neural.fused;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.nn.BatchNorm;
import org.cellweave.neural.nn.Layers;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.util.Check;

/**
 * Computes layers at once, and remembers the way back: every operation leaves behind what adds its
 * part to the gradients of its inputs. What a method needs beyond layers it brings as an {@link
 * Operation}.
 */
public class LayerTape implements Layers {
  final Noise noise;
  final Buffers buffers;

  /** Null when no gradient is wanted. */
  final Gradients gradients;

  final List<Runnable> back = new ArrayList<>();
  private final boolean training;
  private final Predicate<Parameter> trained;
  private final List<Tensor> withGradient = new ArrayList<>();
  private int place;

  /**
   * @param gradients where those of parameters go; null for a forward pass alone
   * @param trained which parameters have one
   */
  LayerTape(
      Noise noise,
      boolean training,
      Buffers buffers,
      Gradients gradients,
      Predicate<Parameter> trained) {
    this.noise = noise;
    this.training = training;
    this.buffers = buffers;
    this.gradients = gradients;
    this.trained = trained;
  }

  // what methods feed and bring -----------------------------------------------------------------

  /**
   * Numbers without a gradient.
   *
   * @param values rows by cols, row-major, not copied; they may be longer than that
   */
  public final Node values(int rows, int cols, float[] values) {
    Check.atMost(Math.multiplyExact(rows, cols), values.length, "rows * cols");
    return new Tensor(rows, cols, values, false);
  }

  /** A parameter as a node, for operations that read it. */
  public final Node parameter(Parameter of) {
    Tensor out = new Tensor(of.rows(), of.cols(), of.values(), trains(of));
    if (out.wantsGradient()) {
      withGradient.add(out);
      back.add(
          () -> {
            float[] sum = gradients.of(of);
            for (int k = 0; k < sum.length; k++) {
              sum[k] += out.gradient[k];
            }
          });
    }
    return out;
  }

  /** The same values; gradients end here. */
  public final Node detach(Node node) {
    Tensor x = tensor(node);
    return new Tensor(x.rows, x.cols, x.value, false);
  }

  public final int rows(Node node) {
    return tensor(node).rows;
  }

  /** Row-major, not a copy, until the step ends; it may be longer than the node is. */
  public final float[] read(Node node) {
    return tensor(node).value;
  }

  /** What a method brings: a node of the given size, computed from others. */
  public final Node apply(int rows, int cols, Operation operation, Node... nodes) {
    float[][] inputs = new float[nodes.length][];
    boolean wanted = false;
    for (int k = 0; k < nodes.length; k++) {
      inputs[k] = tensor(nodes[k]).value;
      wanted |= tensor(nodes[k]).wantsGradient();
    }
    Tensor out = make(rows, cols, wanted);
    operation.forward(inputs, out.value);
    if (wanted) {
      back.add(
          () -> {
            float[][] into = new float[nodes.length][];
            for (int k = 0; k < nodes.length; k++) {
              Tensor x = tensor(nodes[k]);
              into[k] = x.wantsGradient() ? x.gradient : null;
            }
            operation.back(inputs, out.value, out.gradient, into);
          });
    }
    return out;
  }

  /**
   * Counts, or their {@code log(1 + x)}, times {@code weight}.
   *
   * @param weight genes by units
   */
  public final Node countsTimes(Counts counts, boolean log1p, Parameter weight) {
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

  // the way back --------------------------------------------------------------------------------

  @Override
  public final boolean isTraining() {
    return training;
  }

  /** Begins the way back: gradients are zero but for those that an operation has already. */
  final void beginBack() {
    for (Tensor x : withGradient) {
      if (x.gradient == null) {
        x.gradient = buffers.zeros(x.size());
      }
    }
  }

  /** Goes back from what has a gradient by now to all parameters. */
  final void goBack() {
    for (int k = back.size() - 1; k >= 0; k--) {
      back.get(k).run();
    }
  }

  static Tensor tensor(Node node) {
    return (Tensor) node;
  }

  final boolean trains(Parameter parameter) {
    return gradients != null && trained.test(parameter);
  }

  final Tensor make(int rows, int cols, boolean wantsGradient) {
    Tensor made = new Tensor(rows, cols, buffers.take(rows * cols), wantsGradient);
    if (wantsGradient) {
      withGradient.add(made);
    }
    return made;
  }

  @Override
  public final Node times(Node node, Parameter weight) {
    return product(tensor(node), weight, null);
  }

  @Override
  public final Node times(Node node, Parameter weight, Parameter bias) {
    Tensor x = tensor(node);
    boolean apart = trains(bias) && !trains(weight);
    return apart ? addRow(product(x, weight, null), bias) : product(x, weight, bias);
  }

  /**
   * @param bias null for none; not trained unless the weight is
   */
  private Tensor product(Tensor x, Parameter weight, Parameter bias) {
    int outs = weight.rows();
    int inner = weight.cols();
    Tensor out = make(x.rows, outs, x.wantsGradient() || trains(weight));
    FloatPointer left = buffers.copy(x.value, x.size());
    FloatPointer right = buffers.weight(weight);
    FloatPointer product = buffers.takeNative(out.size());
    float[] added = bias == null ? null : bias.values();
    DenseProduct.forward(x.rows, outs, inner, left, right, added, product, out.value);
    if (out.wantsGradient()) {
      // what is not read again makes room, so that all stays in the processor's cache
      out.offHeap = product;
      back.add(() -> productBack(x, weight, bias, out, left, right));
    }
    return out;
  }

  private void productBack(
      Tensor x,
      Parameter weight,
      Parameter bias,
      Tensor out,
      FloatPointer left,
      FloatPointer right) {
    int outs = weight.rows();
    int inner = weight.cols();
    FloatPointer dy = out.offHeap;
    if (!out.gradientIsOffHeap) {
      Buffers.copy(out.gradient, out.size(), dy);
    }
    if (x.wantsGradient()) {
      int parts = DenseProduct.parts(outs);
      FloatPointer part = buffers.takeNative(Math.multiplyExact(parts, x.size()));
      DenseProduct.addInputGradient(x.rows, outs, inner, dy, right, part, x.gradient);
    }
    if (trains(weight)) {
      boolean add = gradients.reached(weight);
      float[] dw = gradients.anew(weight);
      float[] dBias = bias != null && trains(bias) ? gradients.of(bias) : null;
      DenseProduct.weightGradient(
          x.rows, outs, inner, dy, left, add, out.gradient, dBias, right, dw);
    }
  }

  @Override
  public final Node add(Node first, Node second) {
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

  static void addTo(Tensor x, float[] gradient) {
    if (x.wantsGradient()) {
      for (int k = 0; k < x.size(); k++) {
        x.gradient[k] += gradient[k];
      }
    }
  }

  @Override
  public final Node addRow(Node x, Parameter bias) {
    return addTable(tensor(x), bias, i -> 0);
  }

  /** In place: nothing else reads the sum without the table, and gradients pass it unchanged. */
  final Node addTable(Tensor x, Parameter table, IntUnaryOperator rowOf) {
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
  public final Node batchNorm(Node node, BatchNorm norm) {
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
  public final Node layerNorm(Node node) {
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
  public final Node relu(Node node) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    Rowwise.rectify(x, out);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.rectifyBack(x, out));
    }
    return out;
  }

  @Override
  public final Node dropout(Node node, double rate) {
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

  @Override
  public final Node variance(Node node, double epsilon) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    Rowwise.exponential(x, epsilon, out);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.exponentialBack(x, epsilon, out));
    }
    return out;
  }

  @Override
  public final Node sample(Node meanNode, Node varianceNode) {
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
  public final Node softmax(Node node) {
    Tensor x = tensor(node);
    Tensor out = make(x.rows, x.cols, x.wantsGradient());
    Rowwise.softmax(x, out);
    if (out.wantsGradient()) {
      back.add(() -> Rowwise.softmaxBack(x, out));
    }
    return out;
  }

  @Override
  public final Node klStandard(Node mean, Node variance) {
    return densities(Densities.klStandard(tensor(mean), tensor(variance)));
  }

  @Override
  public final Node klNormal(Node mean, Node variance, Node priorMean, Node priorVariance) {
    return densities(
        Densities.klNormal(
            tensor(mean), tensor(variance), tensor(priorMean), tensor(priorVariance)));
  }

  @Override
  public final Node logNormal(Node x, Node mean, Node variance) {
    return densities(Densities.logNormal(tensor(x), tensor(mean), tensor(variance)));
  }

  final Node densities(Densities of) {
    Tensor out = make(of.rows(), 1, of.wantsGradient());
    of.forward(out.value);
    if (out.wantsGradient()) {
      back.add(() -> of.back(out.gradient));
    }
    return out;
  }

  @Override
  public final Node mean(Node node) {
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
  public final Node column(Node node, int column) {
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
