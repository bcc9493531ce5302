package org.cellweave.doublets;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.preprocess.Pca;
import org.cellweave.util.Progress;

/** Components of the cells, onto which the doublets are projected too. */
final class SharedEmbedding {
  private SharedEmbedding() {}

  /**
   * Cells, then doublets, by components.
   *
   * @param observed changed in place
   * @param simulated changed in place
   */
  static DenseMatrix of(
      CsrMatrix observed, CsrMatrix simulated, Scrublet.Params params, Progress progress) {
    int side = Math.min(observed.nRows(), observed.nCols());
    if (side < 2) {
      throw new IllegalArgumentException(
          "scrublet needs at least 2 cells and 2 genes that vary between them, got "
              + observed.nRows()
              + " cells and "
              + observed.nCols()
              + " such genes; check that X holds raw counts");
    }
    if (params.nPrinComps() >= side) {
      throw new IllegalArgumentException(
          "nPrinComps must be smaller than the number of cells ("
              + observed.nRows()
              + ") and of variable genes ("
              + observed.nCols()
              + "), got "
              + params.nPrinComps()
              + ". Pass nPrinComps = "
              + (side - 1)
              + " or less");
    }
    var moments = observed.colMoments(1);
    double[] mean = moments.mean().clone();
    if (params.normalizeVariance()) {
      float[] scale = scale(moments.variance());
      multiply(observed, scale);
      multiply(simulated, scale);
      for (int j = 0; j < mean.length; j++) {
        mean[j] *= scale[j];
      }
    }
    var pca =
        Pca.run(
            observed,
            null,
            Pca.Params.builder()
                .nComps(params.nPrinComps())
                .zeroCenter(params.meanCenter())
                .seed(params.seed())
                .build(),
            progress);
    return withProjection(
        pca.scores(), simulated, pca.loadings(), params.meanCenter() ? mean : null);
  }

  private static float[] scale(double[] variance) {
    float[] scale = new float[variance.length];
    for (int j = 0; j < scale.length; j++) {
      if (!(variance[j] > 0)) {
        throw new IllegalArgumentException(
            "gene "
                + j
                + " is the same in all cells, so that its variance cannot be made 1; remove such"
                + " genes, or pass normalizeVariance = false");
      }
      scale[j] = (float) (1 / Math.sqrt(variance[j]));
    }
    return scale;
  }

  private static void multiply(CsrMatrix x, float[] scale) {
    x.forBlocks(
        block -> {
          int[] indices = block.indices();
          float[] values = block.values();
          for (int p = 0; p < indices.length; p++) {
            values[p] *= scale[indices[p]];
          }
        });
  }

  private static DenseMatrix withProjection(
      DenseMatrix scores, CsrMatrix simulated, DenseMatrix loadings, double[] mean) {
    int n = scores.nRows();
    int k = scores.nCols();
    var all = DenseMatrix.zeros(n + simulated.nRows(), k, DType.FLOAT32);
    double[] row = new double[k];
    for (int i = 0; i < n; i++) {
      scores.readRow(i, row);
      all.setRow(i, row);
    }
    double[] basis = loadings.doubleData();
    double[] offset = new double[k];
    for (int j = 0; mean != null && j < mean.length; j++) {
      for (int c = 0; c < k; c++) {
        offset[c] += mean[j] * basis[j * k + c];
      }
    }
    simulated.forBlocks(
        block -> {
          double[] sum = new double[k];
          for (int d = block.firstRow(); d < block.endRow(); d++) {
            Arrays.fill(sum, 0);
            for (int p = block.start(d); p < block.end(d); p++) {
              add(sum, block.values()[p], basis, block.indices()[p] * k);
            }
            for (int c = 0; c < k; c++) {
              sum[c] -= offset[c];
            }
            all.setRow(n + d, sum);
          }
        });
    return all;
  }

  private static void add(double[] sum, double v, double[] basis, int from) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += v * basis[from + c];
    }
  }
}
