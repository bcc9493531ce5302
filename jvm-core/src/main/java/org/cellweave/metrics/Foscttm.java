package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Fraction of samples closer than the true match: for cells measured in two modalities, the share
 * of cells of the other modality that lie strictly nearer than the cell's own partner. 0 is best,
 * 0.5 is chance.
 *
 * <p>Row {@code i} of both matrices is the same cell. Shares are of {@code n}, not {@code n - 1},
 * as in the papers. Ties do not count, and are told by distances without rounding of the products.
 * Cost {@code n^2 d} in tiles.
 *
 * @see <a href="https://doi.org/10.1089/cmb.2020.0366">Demetci et al. 2022</a>
 */
public final class Foscttm {
  private static final double ROWS_TO_PRODUCTS = 1e-2;

  private Foscttm() {}

  /**
   * @param forward mean over the cells of {@code x} of the share of {@code y}
   * @param backward mean over the cells of {@code y} of the share of {@code x}
   */
  public record Result(double forward, double backward, double[] byCellOfX, double[] byCellOfY) {
    /** Of both directions. */
    public double mean() {
      return (forward + backward) / 2;
    }
  }

  /**
   * @throws ShapeMismatchException when the sets differ in shape
   */
  public static Result run(DenseMatrix x, DenseMatrix y, PairMetric metric) {
    if (x.nRows() != y.nRows()) {
      throw new ShapeMismatchException(
          "x has "
              + x.nRows()
              + " rows and y has "
              + y.nRows()
              + "; row i of both must be the same cell");
    }
    var tiles = DistanceTiles.of(x, y, metric);
    double[] there = shares(tiles);
    double[] back = shares(tiles.swapped());
    return new Result(mean(there), mean(back), there, back);
  }

  private static double[] shares(DistanceTiles tiles) {
    double[] out = new double[tiles.nQueries];
    Parallel.forBlocks(
        tiles.nBlocks(),
        block ->
            tiles.forBlock(
                block,
                (i, first, count, squared) -> {
                  double own = tiles.exact(i, i);
                  int nearer = 0;
                  for (int j = 0; j < count; j++) {
                    double gap = squared[j] - own;
                    double error = tiles.error(i, first + j);
                    if (Math.abs(gap) <= error) {
                      // what is left is the rounding of the rows themselves
                      gap = tiles.exact(i, first + j) - own + error * ROWS_TO_PRODUCTS;
                    }
                    nearer += gap < 0 ? 1 : 0;
                  }
                  out[i] += nearer;
                }));
    for (int i = 0; i < out.length; i++) {
      out[i] /= tiles.nBase;
    }
    return out;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
