package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameters;

/** From the counts of one modality to the layers that all share. */
final class Encoder {
  static final int PIECE_UNITS = 128;
  static final int PIECE_DIMS = 32;

  private final Modality of;
  private final List<Layer> first = new ArrayList<>();

  // of regions alone
  private final List<Layer> second = new ArrayList<>();
  private final Layer.Activation sideBySide;
  private final Layer last;

  Encoder(Parameters parameters, Modality of, int hidden) {
    this.of = of;
    String name = "encoder." + of.name();
    if (!of.isRegions()) {
      first.add(Layer.onCounts(parameters, name, of.nFeatures(), hidden));
      sideBySide = null;
      last = null;
      return;
    }
    for (int p = 0; p < of.nPieces(); p++) {
      String piece = name + ".piece" + p;
      first.add(Layer.onCounts(parameters, piece + ".0", of.width(p), PIECE_UNITS));
      second.add(Layer.linear(parameters, piece + ".1", PIECE_UNITS, PIECE_DIMS));
    }
    int dims = PIECE_DIMS * of.nPieces();
    sideBySide = Layer.Activation.of(parameters, name + ".pieces", dims);
    last = Layer.activated(parameters, name, dims, hidden);
  }

  /**
   * @param counts by piece
   */
  Node apply(Pass pass, Counts[] counts) {
    if (!of.isRegions()) {
      return first.get(0).apply(pass, counts[0], true);
    }
    List<Node> pieces = new ArrayList<>();
    for (int p = 0; p < counts.length; p++) {
      pieces.add(second.get(p).apply(pass, first.get(p).apply(pass, counts[p], false)));
    }
    return last.apply(pass, pass.activated(Columns.beside(pass.tape(), pieces), sideBySide));
  }
}
