package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** Takes the variation along a direction out of some cells: all get the same place on it. */
final class Centring {
  private static final int BLOCK = 512;

  private Centring() {}

  /**
   * Changes the rows of {@code cells}. A vector of length zero is no direction, and nothing is
   * done.
   *
   * @param searched cells whose mean is that place
   * @param lost is told of the variance that goes; null for nobody
   */
  static void along(
      DenseMatrix x, int[] cells, int[] searched, double[] vector, LostVariance lost) {
    double length = OrthonormalBasis.length(vector);
    if (length == 0) {
      return;
    }
    double[] unit = Arrays.stream(vector).map(v -> v / length).toArray();
    double[] place = places(x, cells, unit);
    double[] reference = Arrays.equals(cells, searched) ? place : places(x, searched, unit);
    double center = Arrays.stream(reference).sum() / reference.length;
    if (lost != null) {
      lost.remove(cells, place, unit);
    }
    Parallel.forRange(
        cells.length,
        BLOCK,
        (from, to) -> {
          double[] row = new double[unit.length];
          for (int i = from; i < to; i++) {
            x.readRow(cells[i], row);
            for (int c = 0; c < row.length; c++) {
              row[c] += (center - place[i]) * unit[c];
            }
            x.setRow(cells[i], row);
          }
        });
  }

  private static double[] places(DenseMatrix x, int[] cells, double[] unit) {
    double[] out = new double[cells.length];
    Parallel.forRange(
        cells.length,
        BLOCK,
        (from, to) -> {
          double[] row = new double[unit.length];
          for (int i = from; i < to; i++) {
            x.readRow(cells[i], row);
            for (int c = 0; c < row.length; c++) {
              out[i] += row[c] * unit[c];
            }
          }
        });
    return out;
  }
}
