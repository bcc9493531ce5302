package org.cellweave.neural.isolated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.BatchNorm;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.View;

/**
 * A module as a list of operations, in types of the JDK alone. An operation is a map: {@code
 * operation}, {@code columns} of its value, {@code inputs} by their places in the list, and what
 * else it needs by name. Values that are fed are columns of {@link CellRows}.
 *
 * <p>It is recorded once, as in training; the engine switches dropout and statistics off where it
 * evaluates.
 */
final class Recording implements Graph {
  private final List<Map<String, Object>> operations = new ArrayList<>();
  private final Map<String, Parameter> used = new LinkedHashMap<>();
  private final Map<String, Integer> columns = new HashMap<>();
  private final CellRows rows = new CellRows();
  private final String engine;
  private List<Loss.Term> terms = List.of();

  /** A value by the place of the operation that makes it. */
  private record Value(int place, int cols) implements Node {}

  private Recording(String engine) {
    this.engine = engine;
  }

  /**
   * @param engine that is to train it, as messages call it
   * @throws UnsupportedOperationException names what the engine does not train
   */
  static Recording of(NeuralModule module, String engine) {
    Recording made = new Recording(engine);
    module.views().forEach(made::onCells);
    made.terms = module.loss(made).terms();
    return made;
  }

  List<Map<String, Object>> operations() {
    return operations;
  }

  /** The parameters in the order of their first use. */
  List<Parameter> parameters() {
    return List.copyOf(used.values());
  }

  List<Loss.Term> terms() {
    return terms;
  }

  CellRows rows() {
    return rows;
  }

  /** The place of what a term weighs. */
  static int place(Node node) {
    return ((Value) node).place();
  }

  UnsupportedOperationException cannot(String what) {
    return new UnsupportedOperationException(
        "engine = \"" + engine + "\" does not train " + what + ": use \"fused\" or \"tensorflow\"");
  }

  private Value add(String operation, int cols, List<Node> inputs, Map<String, Object> more) {
    Map<String, Object> made = new LinkedHashMap<>(more);
    made.put("operation", operation);
    made.put("columns", cols);
    made.put("inputs", inputs.stream().map(Recording::place).toList());
    operations.add(made);
    return new Value(operations.size() - 1, cols);
  }

  private Value fed(int from, int cols) {
    int place =
        columns.computeIfAbsent(
            from + "+" + cols, k -> add("rows", cols, List.of(), Map.of("from", from)).place());
    return new Value(place, cols);
  }

  private String name(Parameter parameter) {
    if (used.put(parameter.name(), parameter) != null) {
      throw cannot("weights that two layers share, such as '" + parameter.name() + "'");
    }
    if (parameter.isTrainable() && parameter.firstTrainable() > 0) {
      throw cannot("some rows of weights and keep others, as " + parameter + " asks for");
    }
    return parameter.name();
  }

  private void onCells(View view) {
    if (view != View.CELLS) {
      throw view == View.LABELLED ? withLabels() : ofTwoViews();
    }
  }

  @Override
  public boolean isTraining() {
    return true;
  }

  @Override
  public Node numbers(View view, String name, int cols) {
    onCells(view);
    return fed(rows.numbers(name, cols), cols);
  }

  @Override
  public Node countsTimes(View view, boolean log1p, Parameter weight) {
    onCells(view);
    int genes = weight.rows();
    Node x = fed(rows.counts(genes), genes);
    Node read = log1p ? add("log1p", genes, List.of(x), Map.of()) : x;
    return product(read, weight, false);
  }

  @Override
  public Node times(Node x, Parameter weight) {
    return product(x, weight, true);
  }

  /**
   * @param transposed whether the weight lies units by inputs
   */
  private Node product(Node x, Parameter weight, boolean transposed) {
    return add(
        "product",
        transposed ? weight.rows() : weight.cols(),
        List.of(x),
        Map.of("weight", name(weight), "transposed", transposed));
  }

  @Override
  public Node add(Node a, Node b) {
    return add("sum", a.cols(), List.of(a, b), Map.of());
  }

  @Override
  public Node addRow(Node x, Parameter bias) {
    return add("bias", x.cols(), List.of(x), Map.of("weight", name(bias)));
  }

  @Override
  public Node addLevel(Node x, Parameter table, View view, String codes) {
    onCells(view);
    Node code = fed(rows.codes(codes, table.rows()), table.rows());
    return add(x, product(code, table, false));
  }

  @Override
  public Node batchNorm(Node x, BatchNorm norm) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("gamma", name(norm.gamma()));
    more.put("beta", name(norm.beta()));
    more.put("mean", name(norm.mean()));
    more.put("variance", name(norm.variance()));
    more.put("follows", norm.followsMinibatches());
    more.put("epsilon", BatchNorm.EPSILON);
    more.put("momentum", BatchNorm.MOMENTUM);
    return add("batchNorm", x.cols(), List.of(x), more);
  }

  @Override
  public Node relu(Node x) {
    return add("relu", x.cols(), List.of(x), Map.of());
  }

  @Override
  public Node dropout(Node x, double rate) {
    Node factor = fed(rows.dropout(rate, x.cols()), x.cols());
    return add("multiply", x.cols(), List.of(x, factor), Map.of());
  }

  @Override
  public Node variance(Node x, double epsilon) {
    return add("variance", x.cols(), List.of(x), Map.of("epsilon", epsilon));
  }

  @Override
  public Node sample(Node mean, Node variance) {
    Node drawn = fed(rows.normal(mean.cols()), mean.cols());
    return add("sample", mean.cols(), List.of(mean, variance, drawn), Map.of());
  }

  @Override
  public Node klStandard(Node mean, Node variance) {
    return add("klStandard", 1, List.of(mean, variance), Map.of());
  }

  @Override
  public Node klNormal(Node mean, Node variance, Node priorMean, Node priorVariance) {
    return add("klNormal", 1, List.of(mean, variance, priorMean, priorVariance), Map.of());
  }

  @Override
  public Node mean(Node x) {
    return add("mean", 1, List.of(x), Map.of());
  }

  @Override
  public Node reconstruction(View view, CountHeads heads) {
    onCells(view);
    if (heads.softplus()) {
      throw cannot("size factors (sizeFactorKey)");
    }
    if (heads.cellDispersion() != null || heads.levels() != null) {
      throw cannot("other dispersions than one per gene (dispersion = \"gene\")");
    }
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("likelihood", heads.likelihood().name());
    if (heads.dispersion() != null) {
      more.put("weight", name(heads.dispersion()));
    }
    int genes = heads.scale().cols();
    List<Node> inputs =
        new ArrayList<>(
            Arrays.asList(fed(rows.counts(genes), genes), heads.scale(), heads.library()));
    if (heads.dropout() != null) {
      inputs.add(heads.dropout());
    }
    return add("reconstruction", 1, inputs, more);
  }

  @Override
  public Node addClass(Node x, Parameter table) {
    throw withLabels();
  }

  @Override
  public Node layerNorm(Node x) {
    throw cannot("layer normalisation (useLayerNorm)");
  }

  @Override
  public Node softmax(Node x) {
    throw cannot("latent places on the simplex (latentDistribution = \"ln\")");
  }

  @Override
  public Node logNormal(Node x, Node mean, Node variance) {
    throw withLabels();
  }

  @Override
  public Node repeat(Node x, int classes) {
    throw withLabels();
  }

  @Override
  public Node expected(Node probabilities, Node perClass) {
    throw withLabels();
  }

  @Override
  public Node klUniform(Node probabilities) {
    throw withLabels();
  }

  @Override
  public Node crossEntropy(Node logits, View view, String codes) {
    throw withLabels();
  }

  private UnsupportedOperationException withLabels() {
    return cannot("models of labels (SCANVI)");
  }

  @Override
  public Node crossCorrelation(Node thinned, Node full) {
    throw ofTwoViews();
  }

  @Override
  public Node varianceHinge(Node x) {
    throw ofTwoViews();
  }

  @Override
  public Node column(Node x, int column) {
    throw ofTwoViews();
  }

  private UnsupportedOperationException ofTwoViews() {
    return cannot("models of thinned counts (JointEmbeddingSCVI)");
  }
}
