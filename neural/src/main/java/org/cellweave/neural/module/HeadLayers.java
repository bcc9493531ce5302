package org.cellweave.neural.module;

import java.util.function.ToIntFunction;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.nn.Covariates;
import org.cellweave.neural.nn.FullyConnected;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;

/**
 * The last layers of a decoder, one per kind of parameter of the likelihood; one that a likelihood
 * does not ask for is not made.
 */
final class HeadLayers {
  private final FullyConnected scale;
  private final FullyConnected dropout;
  private final FullyConnected dispersion;

  HeadLayers(Parameters parameters, VaeShape shape, Covariates covariates) {
    scale = new FullyConnected(parameters, headShape("px_scale", shape, covariates));
    dropout =
        shape.likelihood() == Likelihood.ZINB
            ? new FullyConnected(parameters, headShape("px_dropout", shape, covariates))
            : null;
    dispersion =
        shape.dispersion() == VaeShape.Dispersion.GENE_CELL
                && shape.likelihood() != Likelihood.POISSON
            ? new FullyConnected(parameters, headShape("px_r_decoder", shape, covariates))
            : null;
  }

  /** Of a linear decoder the heads are all there is: without bias, on the covariates. */
  private static FullyConnected.Shape headShape(
      String name, VaeShape shape, Covariates covariates) {
    boolean linear = shape.linearDecoder();
    return new FullyConnected.Shape(
        name,
        linear ? shape.latent() : shape.hidden(),
        shape.hidden(),
        shape.genes(),
        1,
        0,
        linear && shape.batchNorm().inDecoder(),
        false,
        false,
        !linear || shape.decoderBias(),
        false,
        linear ? covariates : Covariates.NONE,
        linear ? shape.continuous() : 0,
        false);
  }

  /** As {@link FullyConnected#freezeBut}; of a linear decoder the first layer is all there is. */
  void freezeBut(ToIntFunction<String> known, boolean firstLayer, boolean norms) {
    for (FullyConnected head : new FullyConnected[] {scale, dropout, dispersion}) {
      if (head != null) {
        head.freezeBut(known, firstLayer);
        if (norms) {
          head.freezeNorms();
        }
      }
    }
  }

  Node scale(Graph graph, Node h) {
    return scale.apply(graph, h, View.CELLS);
  }

  /** Null without additional zeros. */
  Node dropout(Graph graph, Node h) {
    return dropout == null ? null : dropout.apply(graph, h, View.CELLS);
  }

  /** Null unless every cell has its own dispersions. */
  Node dispersion(Graph graph, Node h) {
    return dispersion == null ? null : dispersion.apply(graph, h, View.CELLS);
  }
}
