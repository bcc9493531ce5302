package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;

/** From the layers that all share to what is expected of one modality. */
final class Head {
  private final Modality of;
  private final Layer first;
  private final Parameter logDispersion;

  // of regions alone
  private final Layer.Activation sideBySide;
  private final List<Layer> second = new ArrayList<>();
  private final List<Layer> third = new ArrayList<>();

  Head(Parameters parameters, Modality of, int hidden) {
    this.of = of;
    String name = "decoder." + of.name();
    if (!of.isRegions()) {
      first = Layer.linear(parameters, name, hidden, of.nFeatures());
      sideBySide = null;
      logDispersion =
          of.likelihood() == Modality.Likelihood.NEGATIVE_BINOMIAL
              ? parameters.constant(name + ".log_dispersion", 1, of.nFeatures(), 0)
              : null;
      return;
    }
    int dims = Encoder.PIECE_DIMS * of.nPieces();
    first = Layer.linear(parameters, name, hidden, dims);
    sideBySide = Layer.Activation.of(parameters, name + ".pieces", dims);
    logDispersion = null;
    for (int p = 0; p < of.nPieces(); p++) {
      String piece = name + ".piece" + p;
      second.add(
          Layer.activated(parameters, piece + ".0", Encoder.PIECE_DIMS, Encoder.PIECE_UNITS));
      third.add(Layer.linear(parameters, piece + ".1", Encoder.PIECE_UNITS, of.width(p)));
    }
  }

  /** Logarithms of expectations, or logits, by piece. */
  List<Node> apply(Pass pass, Node shared) {
    Node h = first.apply(pass, shared);
    if (!of.isRegions()) {
      return List.of(h);
    }
    Node all = pass.activated(h, sideBySide);
    List<Node> pieces = new ArrayList<>();
    for (int p = 0; p < of.nPieces(); p++) {
      int from = p * Encoder.PIECE_DIMS;
      Node part = Columns.of(pass.tape(), all, from, from + Encoder.PIECE_DIMS);
      pieces.add(third.get(p).apply(pass, second.get(p).apply(pass, part)));
    }
    return pieces;
  }

  /** Null where the likelihood has none. */
  Parameter logDispersion() {
    return logDispersion;
  }
}
