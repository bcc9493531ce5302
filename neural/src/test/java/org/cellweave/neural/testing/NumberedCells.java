package org.cellweave.neural.testing;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.View;

/** Cells whose first count is their number plus one, so that a minibatch tells which it has. */
public final class NumberedCells {
  private NumberedCells() {}

  public static CellData of(int n) {
    return of(n, null);
  }

  /**
   * @param labels null without
   */
  public static CellData of(int n, Categories labels) {
    double[][] x = new double[n][2];
    for (int i = 0; i < n; i++) {
      x[i][0] = i + 1;
      x[i][1] = 50;
    }
    return new CellData(
        new MatrixRows(DenseMatrix.ofRows(x)),
        new CellData.Covariates("X", null, labels, List.of(), List.of(), null));
  }

  /** The cells of a minibatch, in its order. */
  public static int[] in(Minibatch minibatch, View view) {
    Counts counts = minibatch.counts(view);
    int[] out = new int[counts.cells()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) counts.value()[counts.start()[i]] - 1;
    }
    return out;
  }
}
