package org.cellweave.preprocess;

import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Rows;
import org.cellweave.products.CrossProduct;
import org.cellweave.util.Parallel;

/**
 * Correlations of all features of a dense matrix with one another.
 *
 * <p>Cost: O(n p^2) in float64 on BLAS, and O(p n log n) for ranks. A feature without variance has
 * no correlation: NaN.
 */
public final class CorrelationMatrix {
  private static final int COLUMNS = 16;

  private CorrelationMatrix() {}

  /** Of the values, or of their ranks. */
  public enum Method {
    PEARSON,
    SPEARMAN
  }

  /**
   * @param x cells by features; by {@link Method#SPEARMAN} its values are replaced by their ranks
   * @return features by features, float64
   */
  public static DenseMatrix run(DenseMatrix x, Method method) {
    Finite.require(x, "x", "correlation");
    if (method == Method.SPEARMAN) {
      rank(x);
    }
    int p = x.nCols();
    double[] means = x.colSums();
    for (int j = 0; j < p; j++) {
      means[j] /= x.nRows();
    }
    var product = new CrossProduct(Rows.of(x), IntStream.range(0, p).toArray(), p);
    try (DoublePointer upper = product.dense(means)) {
      return correlations(upper, p);
    }
  }

  private static void rank(DenseMatrix x) {
    int n = x.nRows();
    Parallel.forRange(
        x.nCols(),
        COLUMNS,
        (from, to) -> {
          double[][] columns = new double[to - from][n];
          double[] part = new double[to - from];
          for (int i = 0; i < n; i++) {
            x.readRow(i, from, to - from, part);
            for (int j = 0; j < part.length; j++) {
              columns[j][i] = part[j];
            }
          }
          for (int j = 0; j < part.length; j++) {
            columns[j] = Ordering.meanRanks(columns[j]);
          }
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < part.length; j++) {
              part[j] = columns[j][i];
            }
            x.setRow(i, from, to - from, part);
          }
        });
  }

  private static DenseMatrix correlations(DoublePointer upper, int p) {
    DenseMatrix out = DenseMatrix.zeros(p, p, DType.FLOAT64);
    double[] deviation = new double[p];
    for (int j = 0; j < p; j++) {
      deviation[j] = Math.sqrt(upper.get((long) j * p + j));
    }
    double[] row = new double[p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        double product = upper.get(j < i ? (long) j * p + i : (long) i * p + j);
        row[j] = product / (deviation[i] * deviation[j]);
      }
      out.setRow(i, row);
    }
    return out;
  }
}
