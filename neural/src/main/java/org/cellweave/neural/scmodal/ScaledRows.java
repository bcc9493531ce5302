package org.cellweave.neural.scmodal;

import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/** Rows of a matrix as networks see them; the matrix itself stays as it is, sparse or dense. */
final class ScaledRows {
  private static final int BLOCK = 32;

  private final Rows rows;
  private final Scaling scaling;

  /** What a zero becomes. */
  private final float[] ofZero;

  ScaledRows(Matrix x, Scaling scaling) {
    this.rows = Rows.of(x);
    this.scaling = scaling;
    ofZero = new float[x.nCols()];
    for (int j = 0; j < ofZero.length; j++) {
      ofZero[j] = (float) (-scaling.mean()[j] / scaling.std()[j]);
    }
  }

  int nCols() {
    return ofZero.length;
  }

  /**
   * Reads rows into {@code out}, one after another.
   *
   * @param cells null for those from {@code first} on
   */
  void read(int[] cells, int first, int n, float[] out) {
    int p = ofZero.length;
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          var reader = rows.reader();
          for (int k = from; k < to; k++) {
            System.arraycopy(ofZero, 0, out, k * p, p);
            int count = reader.load(cells == null ? first + k : cells[k]);
            int[] at = reader.columns();
            int start = reader.start();
            double[] values = reader.values();
            for (int q = 0; q < count; q++) {
              int j = at[start + q];
              out[k * p + j] = (float) ((values[q] - scaling.mean()[j]) / scaling.std()[j]);
            }
          }
        });
  }
}
