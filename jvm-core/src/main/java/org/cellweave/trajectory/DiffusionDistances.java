package org.cellweave.trajectory;

import java.util.HashMap;
import java.util.Map;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * Distances between cells that sum random walks of every length, in the coordinates of a diffusion
 * map: each component counts by {@code lambda / (1 - lambda)}, a stationary one by 1.
 */
final class DiffusionDistances {
  private static final int BLOCK = 4096;

  /** From here on an eigenvalue counts as 1; leaves room for float32 eigenvalues. */
  private static final double STATIONARY = 0.9994;

  final int n;
  private final int d;
  private final double[] scaled;
  private final int[] component;
  private final Map<Integer, double[]> kept = new HashMap<>();

  /**
   * @param component connected component of every cell
   */
  DiffusionDistances(DenseMatrix components, double[] eigenvalues, int nDcs, int[] component) {
    this.n = components.nRows();
    this.d = nDcs;
    this.component = component;
    this.scaled = new double[n * d];
    double[] weight = new double[d];
    for (int c = 0; c < d; c++) {
      double lambda = eigenvalues[c];
      weight[c] = lambda < STATIONARY ? lambda / (1 - lambda) : 1;
    }
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] row = new double[components.nCols()];
          for (int i = from; i < to; i++) {
            components.readRow(i, row);
            for (int c = 0; c < d; c++) {
              scaled[i * d + c] = weight[c] * row[c];
            }
          }
        });
  }

  double between(int i, int j) {
    if (component[i] != component[j]) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    for (int c = 0; c < d; c++) {
      double diff = scaled[i * d + c] - scaled[j * d + c];
      sum += diff * diff;
    }
    return Math.sqrt(sum);
  }

  /** Distances from one cell to all; infinite to other components of the graph. */
  double[] from(int i) {
    return kept.computeIfAbsent(
        i,
        cell -> {
          double[] row = new double[n];
          Parallel.forRange(
              n,
              BLOCK,
              (from, to) -> {
                for (int j = from; j < to; j++) {
                  row[j] = between(cell, j);
                }
              });
          return row;
        });
  }

  /** Distances from one cell to some. */
  double[] from(int i, int[] cells) {
    double[] row = from(i);
    double[] out = new double[cells.length];
    for (int k = 0; k < cells.length; k++) {
      out[k] = row[cells[k]];
    }
    return out;
  }
}
