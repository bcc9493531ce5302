package org.cellweave.preprocess;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * New cells in the principal components of others.
 *
 * <p>Centring subtracts the mean of the new cells, as scanpy's {@code ingest} does, not that of the
 * cells the components come from; a shift between the two sets thus drops out. Cost: one pass over
 * the stored entries times the number of components; sparse input stays sparse.
 */
public final class PcaProjection {
  private static final int BLOCK = 512;

  private PcaProjection() {}

  /**
   * @param x cells by genes
   * @param loadings genes by components, zero for genes that were not used
   * @param center whether to subtract the mean of {@code x}
   * @return cells by components, float32
   */
  public static DenseMatrix run(Matrix x, DenseMatrix loadings, boolean center) {
    int n = x.nRows();
    int genes = x.nCols();
    int k = loadings.nCols();
    Check.sameLength(loadings.nRows(), genes, "loadings", "the number of genes");
    double[] load = loadings.toFloat64().doubleData();
    double[] shift = new double[k];
    if (center) {
      double[] sums = x.colSums();
      for (int j = 0; j < genes; j++) {
        for (int c = 0; c < k; c++) {
          shift[c] += sums[j] / n * load[j * k + c];
        }
      }
    }
    var rows = Rows.of(x);
    float[] out = new float[n * k];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] sum = new double[k];
          rows.visit(
              from,
              to,
              (i, at, start, v, count) -> {
                for (int c = 0; c < k; c++) {
                  sum[c] = -shift[c];
                }
                for (int q = 0; q < count; q++) {
                  add(v[q], load, at[start + q] * k, sum);
                }
                for (int c = 0; c < k; c++) {
                  out[i * k + c] = (float) sum[c];
                }
              });
        });
    return DenseMatrix.wrap(out, n, k);
  }

  private static void add(double value, double[] load, int at, double[] sum) {
    if (value != 0) {
      for (int c = 0; c < sum.length; c++) {
        sum[c] += value * load[at + c];
      }
    }
  }
}
