package org.cellweave.neural.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Blocks of a linear layer, batch normalisation, layer normalisation, rectifier and dropout, in
 * this order, each but the first switched on or off.
 *
 * @see <a href="https://doi.org/10.1038/s41592-018-0229-2">Lopez et al. 2018</a>
 */
public final class FullyConnected {
  private final Shape shape;
  private final List<Linear> layers = new ArrayList<>();
  private final List<BatchNorm> norms = new ArrayList<>();

  /**
   * @param in columns of what it is given, covariates not counted
   * @param hidden units of all layers but the last
   * @param out units of the last layer
   * @param injectDeep whether every layer sees the covariates, not the first alone
   * @param numbers columns of {@code continuous} covariates, seen by the first layer
   */
  public record Shape(
      String name,
      int in,
      int hidden,
      int out,
      int layers,
      double dropout,
      boolean batchNorm,
      boolean layerNorm,
      boolean relu,
      boolean bias,
      boolean injectDeep,
      Covariates covariates,
      int numbers,
      boolean onCounts) {}

  public FullyConnected(Parameters parameters, Shape shape) {
    this.shape = shape;
    for (int k = 0; k < shape.layers(); k++) {
      int in = k == 0 ? shape.in() : shape.hidden();
      int out = k == shape.layers() - 1 ? shape.out() : shape.hidden();
      String name = shape.name() + "." + k;
      boolean sees = k == 0 || shape.injectDeep();
      layers.add(
          new Linear(
              parameters,
              new Linear.Shape(
                  name,
                  in,
                  out,
                  shape.bias(),
                  sees ? shape.covariates() : Covariates.NONE,
                  k == 0 ? shape.numbers() : 0),
              k == 0 && shape.onCounts()));
      if (shape.batchNorm()) {
        norms.add(BatchNorm.of(parameters, name + ".bn", out));
      }
    }
  }

  public Node apply(Graph graph, Node x, View view) {
    Node h = x;
    for (int k = 0; k < layers.size(); k++) {
      h = after(graph, k, layers.get(k).apply(graph, h, view));
    }
    return h;
  }

  public Node applyToCounts(Graph graph, View view, boolean log1p) {
    Node h = after(graph, 0, layers.get(0).applyToCounts(graph, view, log1p));
    for (int k = 1; k < layers.size(); k++) {
      h = after(graph, k, layers.get(k).apply(graph, h, view));
    }
    return h;
  }

  /** With the class of every block of rows in place of covariates of cells. */
  public Node applyToClasses(Graph graph, Node repeated) {
    Node h = repeated;
    for (int k = 0; k < layers.size(); k++) {
      h = after(graph, k, layers.get(k).applyToClasses(graph, h));
    }
    return h;
  }

  private Node after(Graph graph, int layer, Node linear) {
    Node h = linear;
    if (shape.batchNorm()) {
      h = graph.batchNorm(h, norms.get(layer));
    }
    if (shape.layerNorm()) {
      h = graph.layerNorm(h);
    }
    if (shape.relu()) {
      h = graph.relu(h);
    }
    return shape.dropout() > 0 ? graph.dropout(h, shape.dropout()) : h;
  }

  public List<Linear> layers() {
    return layers;
  }

  /**
   * Keeps what a reference has learned: of every covariate only the levels from {@code known} on
   * are trained.
   *
   * @param firstLayer whether the first layer is kept too; it trains as a whole otherwise
   */
  public void freezeBut(ToIntFunction<String> known, boolean firstLayer) {
    for (int k = firstLayer ? 0 : 1; k < layers.size(); k++) {
      layers.get(k).freezeBut(known);
    }
  }

  public void freezeNorms() {
    norms.forEach(BatchNorm::freeze);
  }
}
