package org.cellweave.integrate;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;

/** One thing that an integration makes, for all cells of its input in their order. */
public sealed interface Integrated {
  int nCells();

  /**
   * Coordinates of the cells without the batches' part, to compute neighbours from.
   *
   * @param x cells by dimensions
   */
  record Embedding(DenseMatrix x) implements Integrated {
    @Override
    public int nCells() {
      return x.nRows();
    }
  }

  /**
   * Expression without the batches' part; values need not be counts, and may be negative.
   *
   * @param x cells by features
   * @param features column of the input that each column of {@code x} was; null for all in order
   */
  record Expression(DenseMatrix x, int[] features) implements Integrated {
    public Expression {
      if (features != null) {
        Check.sameLength(features.length, x.nCols(), "features", "the number of columns");
      }
    }

    @Override
    public int nCells() {
      return x.nRows();
    }
  }

  /**
   * A graph of neighbours that joins the batches; there are no new coordinates.
   *
   * @param distances to the neighbours of every cell
   * @param connectivities weights between 0 and 1, symmetric
   */
  record Graph(CsrMatrix distances, CsrMatrix connectivities) implements Integrated {
    public Graph {
      Check.sameLength(
          connectivities.nRows(), distances.nRows(), "connectivities", "the number of cells");
    }

    @Override
    public int nCells() {
      return distances.nRows();
    }
  }
}
