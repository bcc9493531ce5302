package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.linalg.Blas;
import org.cellweave.linalg.FastExponential;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * The shift of every cell as a mean of the shifts of all cells that have one, by a Gaussian of
 * their distance over the density of such cells there.
 *
 * <p>Exponents are taken relative to the largest of a cell, so that none vanishes however far the
 * nearest lies. Distances and means are matrix products on blocks of cells.
 */
final class GaussianSmoothing implements AutoCloseable {
  /** Weights that a task holds at once. */
  private static final int TILE = 1 << 19;

  private static final int MOST_ROWS = 256;

  private final DenseMatrix x;
  private final double sigma;
  private final PackedRows sources;
  private final double[] logDensity;

  /**
   * @param x all cells, in the space of distances
   * @param sources cells that have a shift, rows of {@code x}
   * @param sigma divides squared distances in the exponent
   */
  GaussianSmoothing(DenseMatrix x, int[] sources, double sigma) {
    this.x = x;
    this.sigma = sigma;
    this.sources = PackedRows.of(x, sources);
    this.logDensity = new double[sources.length];
    // zero until all are known, since exponents() subtracts it
    double[] density = new double[sources.length];
    Parallel.forRange(
        sources.length,
        blockRows(),
        (from, to) -> {
          double[] weights = exponents(Arrays.copyOfRange(sources, from, to));
          double[] row = new double[sources.length];
          for (int i = from; i < to; i++) {
            System.arraycopy(weights, (i - from) * row.length, row, 0, row.length);
            density[i] = logSum(row);
          }
        });
    System.arraycopy(density, 0, logDensity, 0, density.length);
  }

  private int blockRows() {
    return Math.max(1, Math.min(MOST_ROWS, TILE / Math.max(1, sources.n)));
  }

  /** Minus squared distance over sigma, less the log density, of some cells to every source. */
  private double[] exponents(int[] cells) {
    try (var own = PackedRows.of(x, cells)) {
      double[] out = own.products(sources);
      int m = sources.n;
      for (int i = 0; i < cells.length; i++) {
        for (int c = 0; c < m; c++) {
          double squared = own.squares[i] + sources.squares[c] - 2 * out[i * m + c];
          out[i * m + c] = -Math.max(0, squared) / sigma - logDensity[c];
        }
      }
      return out;
    }
  }

  private static double logSum(double[] exponents) {
    double largest = Arrays.stream(exponents).max().orElse(0);
    FastExponential.ofShifted(exponents, exponents.length, largest);
    return largest + Elementary.log(Arrays.stream(exponents).sum());
  }

  /**
   * @param cells rows of x to be shifted
   * @param shifts one row for every source, in any space
   * @return one row for every cell
   */
  DenseMatrix shifts(int[] cells, double[][] shifts) {
    int width = shifts[0].length;
    int m = sources.n;
    var out = DenseMatrix.zeros(cells.length, width, DType.FLOAT64);
    try (var packed = PackedRows.of(shifts, width)) {
      Parallel.forRange(
          cells.length,
          blockRows(),
          (from, to) -> {
            double[] weights = exponents(Arrays.copyOfRange(cells, from, to));
            double[] row = new double[m];
            for (int i = 0; i < to - from; i++) {
              System.arraycopy(weights, i * m, row, 0, m);
              normalise(row);
              System.arraycopy(row, 0, weights, i * m, m);
            }
            try (var w = Blas.doubles(weights.length);
                var c = Blas.doubles((long) (to - from) * width)) {
              w.put(weights);
              Blas.gemmNn(to - from, width, m, w, packed.rows, c);
              double[] shift = new double[width];
              for (int i = from; i < to; i++) {
                c.getPointer((long) (i - from) * width).get(shift, 0, width);
                out.setRow(i, shift);
              }
            }
          });
    }
    return out;
  }

  private static void normalise(double[] exponents) {
    double largest = Arrays.stream(exponents).max().orElse(0);
    FastExponential.ofShifted(exponents, exponents.length, largest);
    double sum = Arrays.stream(exponents).sum();
    for (int c = 0; c < exponents.length; c++) {
      exponents[c] /= sum;
    }
  }

  @Override
  public void close() {
    sources.close();
  }
}
