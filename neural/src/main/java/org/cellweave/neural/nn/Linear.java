package org.cellweave.neural.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer on values, covariates and numbers of cells. Each has weights of its own, which is
 * the same as one matrix on all of them side by side, but needs no one-hot form; they start as that
 * one matrix would.
 */
public final class Linear {
  private final Parameter weight;
  private final Parameter bias;
  private final Parameter numbers;
  private final List<Parameter> tables = new ArrayList<>();
  private final Covariates covariates;
  private final int out;

  /**
   * @param name of the parameters
   * @param in columns of what it is given, numbers and covariates not counted
   * @param out units
   * @param numbers columns of {@code continuous} covariates
   */
  public record Shape(
      String name, int in, int out, boolean bias, Covariates covariates, int numbers) {
    static Shape plain(String name, int in, int out) {
      return new Shape(name, in, out, true, Covariates.NONE, 0);
    }
  }

  /**
   * @param onCounts whether weights lie gene by gene, as {@link Graph#countsTimes} wants them
   */
  Linear(Parameters parameters, Shape shape, boolean onCounts) {
    int fanIn = shape.in() + shape.numbers() + shape.covariates().columns();
    out = shape.out();
    covariates = shape.covariates();
    weight =
        parameters.uniform(
            shape.name() + ".weight",
            onCounts ? shape.in() : out,
            onCounts ? out : shape.in(),
            fanIn);
    bias = shape.bias() ? parameters.uniform(shape.name() + ".bias", 1, out, fanIn) : null;
    numbers =
        shape.numbers() == 0
            ? null
            : parameters.uniform(shape.name() + ".continuous", out, shape.numbers(), fanIn);
    for (Covariates.Level level : covariates.levels()) {
      tables.add(parameters.uniform(shape.name() + "." + level.name(), level.size(), out, fanIn));
    }
  }

  Node apply(Graph graph, Node x, View view) {
    return bias == null || numbers != null || !tables.isEmpty()
        ? covariates(graph, graph.times(x, weight), view)
        : graph.times(x, weight, bias);
  }

  Node applyToCounts(Graph graph, View view, boolean log1p) {
    return covariates(graph, graph.countsTimes(view, log1p, weight), view);
  }

  /** For a layer that sees classes instead of covariates of cells: {@link Graph#addClass}. */
  Node applyToClasses(Graph graph, Node repeated) {
    Node h = graph.times(repeated, weight);
    for (Parameter table : tables) {
      h = graph.addClass(h, table);
    }
    return bias == null ? h : graph.addRow(h, bias);
  }

  private Node covariates(Graph graph, Node product, View view) {
    Node h = product;
    if (numbers != null) {
      h = graph.add(h, graph.times(graph.numbers(view, "continuous", numbers.cols()), numbers));
    }
    for (int k = 0; k < tables.size(); k++) {
      h = graph.addLevel(h, tables.get(k), view, covariates.levels().get(k).name());
    }
    return bias == null ? h : graph.addRow(h, bias);
  }

  public int out() {
    return out;
  }

  public Parameter weight() {
    return weight;
  }

  /** Stops training of all but the levels from {@code known} on, by covariate. */
  void freezeBut(java.util.function.ToIntFunction<String> known) {
    weight.freeze();
    if (bias != null) {
      bias.freeze();
    }
    if (numbers != null) {
      numbers.freeze();
    }
    for (int k = 0; k < tables.size(); k++) {
      tables.get(k).trainFrom(known.applyAsInt(covariates.levels().get(k).name()));
    }
  }
}
