package org.cellweave.graph;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.RefusedValueException;
import org.cellweave.util.ShapeMismatchException;

/** What a layout asks of a graph. */
public final class GraphCheck {
  private GraphCheck() {}

  public static void square(CsrMatrix graph) {
    if (graph.nRows() != graph.nCols()) {
      throw new ShapeMismatchException("graph must be square, got " + graph.describe());
    }
  }

  public static void hasEdges(CsrMatrix graph) {
    if (graph.nnz() == 0) {
      throw new IllegalArgumentException("graph has no edges");
    }
  }

  /**
   * @throws RefusedValueException when a weight is negative or not finite
   */
  public static void weights(CsrMatrix graph) {
    for (int i = 0; i < graph.nRows(); i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        weight(block, i, p);
      }
    }
  }

  /** Entry p of row i. */
  public static double weight(CsrMatrix.Block block, int i, int p) {
    double w = block.value(p);
    if (!(w >= 0 && w < Double.POSITIVE_INFINITY)) {
      int j = block.indices()[p];
      String message =
          "weights of graph must be finite and not negative; row "
              + i
              + ", column "
              + j
              + " is "
              + w;
      throw Double.isFinite(w)
          ? new RefusedValueException(message, i, j, w)
          : new NonFiniteException(message, "graph", i, j, w);
    }
    return w;
  }
}
