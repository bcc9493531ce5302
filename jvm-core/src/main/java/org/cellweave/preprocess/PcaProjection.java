package org.cellweave.preprocess;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.products.RowProjection;
import org.cellweave.util.Check;

/**
 * New cells in the principal components of others.
 *
 * <p>Centring subtracts the mean of the new cells, as scanpy's {@code ingest} does, not that of the
 * cells the components come from; a shift between the two sets thus drops out. Cost: one pass over
 * the stored entries times the number of components; sparse input stays sparse.
 */
public final class PcaProjection {
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
    return new RowProjection(Rows.of(x), null, load, shift).run(null, DType.FLOAT32);
  }
}
