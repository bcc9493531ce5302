package org.cellweave.neural.nn;

/** From cells to normal distributions of latent places. */
public final class Encoder {
  /** Added to variances. */
  public static final double VARIANCE_EPSILON = 1e-4;

  private final FullyConnected body;
  private final Linear mean;
  private final Linear variance;
  private final double epsilon;

  /**
   * @param mean cells by latent dimensions
   * @param variance as {@code mean}
   */
  public record Place(Node mean, Node variance) {
    public Node sample(Graph graph) {
      return graph.sample(mean, variance);
    }
  }

  /**
   * @param out latent dimensions
   * @param epsilon added to variances
   */
  public Encoder(Parameters parameters, FullyConnected.Shape shape, int out, double epsilon) {
    this.body = new FullyConnected(parameters, shape);
    this.mean =
        new Linear(parameters, Linear.Shape.plain(shape.name() + ".mean", shape.out(), out), false);
    this.variance =
        new Linear(parameters, Linear.Shape.plain(shape.name() + ".var", shape.out(), out), false);
    this.epsilon = epsilon;
  }

  public Place ofCounts(Graph graph, View view, boolean log1p) {
    return heads(graph, body.applyToCounts(graph, view, log1p), view);
  }

  public Place ofClasses(Graph graph, Node repeated) {
    return heads(graph, body.applyToClasses(graph, repeated), View.CELLS);
  }

  private Place heads(Graph graph, Node h, View view) {
    return new Place(
        mean.apply(graph, h, view), graph.variance(variance.apply(graph, h, view), epsilon));
  }

  public FullyConnected body() {
    return body;
  }
}
