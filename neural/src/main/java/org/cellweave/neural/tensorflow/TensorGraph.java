package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.nn.BatchNorm;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.View;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Writes a module into TensorFlow's graph, once; every step then feeds it. What needs a gradient
 * that is not TensorFlow's is kept for {@link Gradients}.
 */
final class TensorGraph implements Graph {
  private static final double LAYER_EPSILON = 1e-5;

  private final Algebra a;
  private final Ops tf;
  private final Weights weights;
  private final boolean training;
  private final boolean sparse;
  private final Inputs inputs;
  private final Latents latents;
  private final Map<View, CountInputs> counts = new EnumMap<>(View.class);
  private final List<SparseProduct> sparseProducts = new ArrayList<>();
  private final Map<Parameter, Operand<TFloat32>> running = new LinkedHashMap<>();
  private final Map<Node, MeanLikelihood> likelihoods = new LinkedHashMap<>();
  private int place;

  /**
   * Counts, or their logarithms, times a weight, which TensorFlow has no gradient of.
   *
   * @param values at the counts
   */
  record SparseProduct(
      CountInputs counts, Operand<TFloat32> values, Parameter weight, Operand<TFloat32> product) {}

  /** A likelihood whose mean over cells is a term: the sum times {@code inverse}. */
  record MeanLikelihood(CountLikelihood likelihood, Operand<TFloat32> inverse) {}

  /**
   * @param sparse whether products with counts go by those that are not zero
   */
  TensorGraph(Algebra a, Weights weights, boolean training, boolean sparse) {
    this.a = a;
    this.tf = a.tf();
    this.weights = weights;
    this.training = training;
    this.sparse = sparse;
    this.inputs = new Inputs(tf);
    this.latents = new Latents(a);
  }

  Inputs inputs() {
    return inputs;
  }

  List<SparseProduct> sparseProducts() {
    return sparseProducts;
  }

  /** The likelihood that a term is; null for other terms. */
  MeanLikelihood likelihood(Node term) {
    return likelihoods.get(term);
  }

  /** What running means and variances are after the step. */
  Map<Parameter, Operand<TFloat32>> running() {
    return running;
  }

  static Operand<TFloat32> value(Node node) {
    return ((TensorNode) node).value();
  }

  private static TensorNode like(Node node, Operand<TFloat32> value) {
    return new TensorNode(value, ((TensorNode) node).rows(), node.cols());
  }

  private static TensorNode column(Node node, Operand<TFloat32> value) {
    return new TensorNode(value, ((TensorNode) node).rows(), 1);
  }

  private static TensorNode one(Operand<TFloat32> value) {
    return new TensorNode(value, Rows.ONE, 1);
  }

  @Override
  public boolean isTraining() {
    return training;
  }

  // inputs --------------------------------------------------------------------------------------

  @Override
  public Node numbers(View view, String name, int cols) {
    Rows rows = Rows.of(view.covariates());
    Operand<TFloat32> fed =
        inputs.add(
            rows.view() + " numbers: " + name,
            TFloat32.class,
            Shape.of(Inputs.OPEN, cols),
            f -> Inputs.matrix(f.minibatch.numbers(view, name), rows.in(f.minibatch), cols));
    return new TensorNode(fed, rows, cols);
  }

  private CountInputs counts(View view) {
    return counts.computeIfAbsent(view, v -> new CountInputs(inputs, v));
  }

  // layers --------------------------------------------------------------------------------------

  @Override
  public Node countsTimes(View view, boolean log1p, Parameter weight) {
    CountInputs of = counts(view);
    Operand<TFloat32> values = log1p ? tf.math.log1p(of.values()) : of.values();
    Operand<TFloat32> product;
    if (sparse) {
      product =
          tf.sparse.sparseTensorDenseMatMul(
              of.pairs(), values, of.wideShape(), weights.read(weight));
      sparseProducts.add(new SparseProduct(of, values, weight, product));
    } else {
      Operand<TFloat32> sums = tf.math.unsortedSegmentSum(values, of.places(), of.entries());
      product = tf.linalg.matMul(tf.reshape(sums, of.shape()), weights.read(weight));
    }
    return new TensorNode(product, Rows.of(view), weight.cols());
  }

  @Override
  public Node times(Node x, Parameter weight) {
    Operand<TFloat32> product = a.timesTransposed(value(x), weights.read(weight));
    return new TensorNode(product, ((TensorNode) x).rows(), weight.rows());
  }

  @Override
  public Node add(Node x, Node y) {
    return like(x, a.plus(value(x), value(y)));
  }

  @Override
  public Node addRow(Node x, Parameter bias) {
    return like(x, tf.nn.biasAdd(value(x), a.reshape(weights.read(bias), -1)));
  }

  @Override
  public Node addLevel(Node x, Parameter table, View view, String codes) {
    Operand<TFloat32> rows = a.rowsOf(weights.read(table), inputs.codes(view, codes));
    return like(x, a.plus(value(x), rows));
  }

  @Override
  public Node addClass(Node x, Parameter table) {
    int classes = table.rows();
    Operand<TFloat32> blocks = a.reshape(value(x), classes, -1, x.cols());
    Operand<TFloat32> rows = a.reshape(weights.read(table), classes, 1, x.cols());
    return like(x, a.reshape(a.plus(blocks, rows), -1, x.cols()));
  }

  @Override
  public Node batchNorm(Node x, BatchNorm norm) {
    Operand<TFloat32> mean = weights.read(norm.mean());
    Operand<TFloat32> variance = weights.read(norm.variance());
    if (training && norm.followsMinibatches()) {
      mean = a.meanOfColumns(value(x));
      variance = a.meanOfColumns(a.square(a.minus(value(x), mean)));
      follow(norm.mean(), mean);
      follow(norm.variance(), a.times(variance, unbiased(((TensorNode) x).rows())));
    }
    Operand<TFloat32> factor = tf.math.rsqrt(a.plus(variance, BatchNorm.EPSILON));
    Operand<TFloat32> scaled =
        a.times(a.minus(value(x), mean), a.times(factor, weights.read(norm.gamma())));
    return like(x, a.plus(scaled, weights.read(norm.beta())));
  }

  /** One after the other where a step encodes twice. */
  private void follow(Parameter state, Operand<TFloat32> latest) {
    Operand<TFloat32> before = running.getOrDefault(state, weights.read(state));
    double share = BatchNorm.MOMENTUM;
    running.put(state, a.plus(a.times(before, 1 - share), a.times(latest, share)));
  }

  private Operand<TFloat32> unbiased(Rows rows) {
    return inputs.scalar(
        "unbiased " + rows,
        fed -> {
          double n = rows.in(fed.minibatch);
          return n > 1 ? n / (n - 1) : 1;
        });
  }

  @Override
  public Node layerNorm(Node x) {
    Operand<TFloat32> centred = a.minus(value(x), a.meanOfRows(value(x)));
    Operand<TFloat32> variance = a.meanOfRows(a.square(centred));
    return like(x, a.times(centred, tf.math.rsqrt(a.plus(variance, LAYER_EPSILON))));
  }

  @Override
  public Node relu(Node x) {
    return like(x, tf.nn.relu(value(x)));
  }

  @Override
  public Node dropout(Node x, double rate) {
    if (!training) {
      return x;
    }
    float keep = (float) (1 / (1 - rate));
    float bound = (float) rate;
    int at = place++;
    Operand<TFloat32> factors =
        drawn(
            (TensorNode) x,
            at,
            (fed, out, n) -> {
              fed.noise.uniform(at, out, n);
              for (int k = 0; k < n; k++) {
                out[k] = out[k] < bound ? 0 : keep;
              }
            });
    return like(x, a.times(value(x), factors));
  }

  private interface Draw {
    void fill(Fed fed, float[] out, int n);
  }

  /** Numbers of the shape of {@code x} that every run draws anew. */
  private Operand<TFloat32> drawn(TensorNode x, int at, Draw draw) {
    return inputs.add(
        "drawn at place " + at,
        TFloat32.class,
        Shape.of(Inputs.OPEN, x.cols()),
        fed -> {
          int rows = x.rows().in(fed.minibatch);
          float[] out = inputs.scratch(rows * x.cols());
          draw.fill(fed, out, rows * x.cols());
          return Inputs.matrix(out, rows, x.cols());
        });
  }

  // distributions of latent places --------------------------------------------------------------

  @Override
  public Node variance(Node x, double epsilon) {
    return like(x, a.plus(a.exp(value(x)), epsilon));
  }

  @Override
  public Node sample(Node mean, Node variance) {
    int at = place++;
    Operand<TFloat32> noise =
        drawn((TensorNode) mean, at, (fed, out, n) -> fed.noise.normal(at, out, n));
    return like(mean, a.plus(value(mean), a.times(tf.math.sqrt(value(variance)), noise)));
  }

  @Override
  public Node softmax(Node x) {
    return like(x, tf.nn.softmax(value(x)));
  }

  @Override
  public Node klStandard(Node mean, Node variance) {
    return column(mean, latents.klStandard(value(mean), value(variance)));
  }

  @Override
  public Node klNormal(Node mean, Node variance, Node priorMean, Node priorVariance) {
    return column(
        mean,
        latents.klNormal(value(mean), value(variance), value(priorMean), value(priorVariance)));
  }

  @Override
  public Node logNormal(Node x, Node mean, Node variance) {
    return column(x, latents.logNormal(value(x), value(mean), value(variance)));
  }

  // means over cells ----------------------------------------------------------------------------

  @Override
  public Node mean(Node rows) {
    return one(a.meanOfColumns(value(rows)));
  }

  @Override
  public Node reconstruction(View view, CountHeads heads) {
    CountInputs of = counts(view);
    var likelihood =
        new CountLikelihood(
            a,
            heads,
            of,
            new DispersionInputs(inputs, view, heads, of),
            logDispersions(heads),
            heads.levels() == null ? null : inputs.codes(view, heads.levels()));
    Operand<TFloat32> inverse = inputs.inverse(Rows.of(view));
    Operand<TFloat32> mean = a.times(likelihood.sum(), inverse);
    TensorNode out = one(a.reshape(a.plus(mean, of.logFactorials()), 1, 1));
    likelihoods.put(out, new MeanLikelihood(likelihood, inverse));
    return out;
  }

  private Operand<TFloat32> logDispersions(CountHeads heads) {
    if (heads.likelihood() == Likelihood.POISSON) {
      return null;
    }
    return heads.cellDispersion() == null
        ? weights.read(heads.dispersion())
        : value(heads.cellDispersion());
  }

  // labels --------------------------------------------------------------------------------------

  @Override
  public Node repeat(Node x, int classes) {
    Operand<TFloat32> tiled = tf.tile(value(x), tf.constant(new int[] {classes, 1}));
    return new TensorNode(tiled, ((TensorNode) x).rows().repeated(classes), x.cols());
  }

  @Override
  public Node expected(Node probabilities, Node perClass) {
    return column(
        probabilities,
        latents.expected(value(probabilities), value(perClass), probabilities.cols()));
  }

  @Override
  public Node klUniform(Node probabilities) {
    return column(probabilities, latents.klUniform(value(probabilities), probabilities.cols()));
  }

  @Override
  public Node crossEntropy(Node logits, View view, String codes) {
    return one(latents.crossEntropy(value(logits), inputs.codes(view, codes), logits.cols()));
  }

  // two views of the same cells -----------------------------------------------------------------

  @Override
  public Node crossCorrelation(Node thinned, Node full) {
    Operand<TFloat32> inverse = inputs.inverse(((TensorNode) full).rows());
    Operand<TFloat32> both =
        latents.crossCorrelation(value(thinned), value(full), full.cols(), inverse);
    return new TensorNode(both, Rows.ONE, 2);
  }

  @Override
  public Node varianceHinge(Node x) {
    return one(latents.varianceHinge(value(x)));
  }

  @Override
  public Node column(Node x, int column) {
    return column(
        x, tf.slice(value(x), tf.constant(new int[] {0, column}), tf.constant(new int[] {-1, 1})));
  }
}
