package org.cellweave.neural.nn;

/** From latent places to the logits of labels. */
public final class Classifier {
  private final FullyConnected body;
  private final Linear last;

  /**
   * @param layers hidden layers; with 0 the classifier is one linear layer
   */
  public record Shape(
      int in,
      int hidden,
      int layers,
      int classes,
      double dropout,
      boolean batchNorm,
      boolean layerNorm) {}

  public Classifier(Parameters parameters, Shape shape) {
    body =
        shape.layers() == 0
            ? null
            : new FullyConnected(
                parameters,
                new FullyConnected.Shape(
                    "classifier",
                    shape.in(),
                    shape.hidden(),
                    shape.hidden(),
                    shape.layers(),
                    shape.dropout(),
                    shape.batchNorm(),
                    shape.layerNorm(),
                    true,
                    true,
                    false,
                    Covariates.NONE,
                    0,
                    false));
    last =
        new Linear(
            parameters,
            Linear.Shape.plain(
                "classifier.logits",
                shape.layers() == 0 ? shape.in() : shape.hidden(),
                shape.classes()),
            false);
  }

  /** Keeps batch normalisation as it is. */
  public void freezeNorms() {
    if (body != null) {
      body.freezeNorms();
    }
  }

  public Node logits(Graph graph, Node z) {
    Node h = body == null ? z : body.apply(graph, z, View.CELLS);
    return last.apply(graph, h, View.CELLS);
  }
}
