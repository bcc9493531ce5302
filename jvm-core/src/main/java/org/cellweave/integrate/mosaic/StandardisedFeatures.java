package org.cellweave.integrate.mosaic;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.linalg.Blas;
import org.cellweave.linalg.BlockKrylov;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.products.CrossProduct;
import org.cellweave.products.RowProjection;
import org.cellweave.util.ConvergenceException;

/**
 * Cells by features of which every feature is centred and divided by its standard deviation
 * (divisor n - 1). Products are made from those of the matrix as it is: sparse stays sparse.
 */
final class StandardisedFeatures {
  private static final int LARGEST_PRODUCT = 8000;
  private static final double ACCURACY = 1e-11;

  private final Matrix x;
  private final Rows rows;
  private final double[] mean;
  private final double[] variance;
  private final double[] deviation;

  StandardisedFeatures(Matrix x, boolean scale) {
    this.x = x;
    this.rows = Rows.of(x);
    var sums = GroupSums.whole(rows).collect(GroupSums.PLAIN)[0];
    int n = x.nRows();
    mean = new double[x.nCols()];
    variance = new double[mean.length];
    deviation = new double[mean.length];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = sums.mean(j, n);
      variance[j] = sums.variance(j, n);
      deviation[j] = scale && variance[j] > 0 ? Math.sqrt(variance[j]) : 1;
    }
  }

  int nCells() {
    return x.nRows();
  }

  boolean varies(int column) {
    return variance[column] > 0;
  }

  /** Of the values as they were given. */
  double mean(int column) {
    return mean[column];
  }

  /** Of the values as they were given. */
  double variance(int column) {
    return variance[column];
  }

  /** Sum of the squares of a column. */
  double squares(int column) {
    return (nCells() - 1) * variance[column] / (deviation[column] * deviation[column]);
  }

  private int[] places(int[] columns) {
    int[] place = new int[rows.nCols()];
    Arrays.fill(place, -1);
    for (int c = 0; c < columns.length; c++) {
      place[columns[c]] = c;
    }
    return place;
  }

  /**
   * Inner products of some columns.
   *
   * @param columns ascending
   * @return the upper triangle, row-major; to be closed by the caller
   */
  DoublePointer upperGram(int[] columns) {
    int p = columns.length;
    var product = new CrossProduct(rows, places(columns), p);
    boolean dense = !x.isSparse() || CrossProduct.prefersDense(x.nnz(), x.nRows(), x.nCols());
    double[] centre = Arrays.stream(columns).mapToDouble(j -> mean[j]).toArray();
    DoublePointer upper = dense ? product.dense(centre) : product.sparse(new double[p]);
    double n = dense ? 0 : nCells();
    double[] row = new double[p];
    for (int i = 0; i < p; i++) {
      upper.position((long) i * p).get(row);
      for (int j = i; j < p; j++) {
        row[j] =
            (row[j] - n * centre[i] * centre[j]) / (deviation[columns[i]] * deviation[columns[j]]);
      }
      upper.put(row);
    }
    return upper.position(0);
  }

  /** As {@link #upperGram}, both triangles. */
  double[][] gram(int[] columns) {
    int p = columns.length;
    double[][] out = new double[p][p];
    try (DoublePointer upper = upperGram(columns)) {
      for (int i = 0; i < p; i++) {
        upper.position((long) i * p).get(out[i]);
      }
      upper.position(0);
    }
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < i; j++) {
        out[i][j] = out[j][i];
      }
    }
    return out;
  }

  /**
   * Inner products of some columns with those of another matrix of the same cells.
   *
   * @return columns by {@code y.nCols()}, row-major
   */
  double[] cross(int[] columns, DenseMatrix y) {
    int k = y.nCols();
    int[] place = places(columns);
    double[] sums =
        rows.sums(
            (columns.length + 1) * k,
            sum -> {
              double[] own = new double[k];
              return (i, at, start, v, n) -> {
                y.readRow(i, own);
                add(1, own, sum, columns.length * k);
                for (int q = 0; q < n; q++) {
                  int c = place[at[start + q]];
                  if (c >= 0) {
                    add(v[q], own, sum, c * k);
                  }
                }
              };
            });
    double[] out = new double[columns.length * k];
    for (int c = 0; c < columns.length; c++) {
      for (int r = 0; r < k; r++) {
        double total = sums[columns.length * k + r];
        out[c * k + r] = (sums[c * k + r] - mean[columns[c]] * total) / deviation[columns[c]];
      }
    }
    return out;
  }

  private static void add(double factor, double[] row, double[] sum, int at) {
    for (int r = 0; r < row.length; r++) {
      sum[at + r] += factor * row[r];
    }
  }

  /**
   * Some columns times a matrix, plus a row.
   *
   * @param w columns by k, row-major
   * @param intercept k numbers
   * @return cells by k
   */
  DenseMatrix times(int[] columns, double[] w, double[] intercept) {
    int k = intercept.length;
    double[] basis = new double[w.length];
    double[] offset = new double[k];
    for (int c = 0; c < columns.length; c++) {
      for (int r = 0; r < k; r++) {
        basis[c * k + r] = w[c * k + r] / deviation[columns[c]];
        offset[r] += mean[columns[c]] * basis[c * k + r];
      }
    }
    for (int r = 0; r < k; r++) {
      offset[r] -= intercept[r];
    }
    return new RowProjection(rows, places(columns), basis, offset).run(null, DType.FLOAT64);
  }

  /** One array for every column. */
  double[][] dense(int[] columns) {
    int[] place = places(columns);
    double[][] out = new double[columns.length][nCells()];
    for (int c = 0; c < columns.length; c++) {
      Arrays.fill(out[c], -mean[columns[c]] / deviation[columns[c]]);
    }
    rows.forEach(
        (i, at, start, v, n) -> {
          for (int q = 0; q < n; q++) {
            int c = place[at[start + q]];
            if (c >= 0) {
              out[c][i] += v[q] / deviation[columns[c]];
            }
          }
        });
    return out;
  }

  /**
   * Principal components of some columns.
   *
   * @param columns ascending
   * @return columns by k, row-major; the largest entry of each direction is positive
   */
  double[] loadings(int[] columns, int k) {
    int p = columns.length;
    double[] packed = new double[p * k];
    if (p <= LARGEST_PRODUCT) {
      try (DoublePointer upper = upperGram(columns)) {
        if (!Blas.largestEigen(p, k, upper, new double[k], packed)) {
          throw new ConvergenceException(
              "stabmap: LAPACK found no eigenvectors. Check the values for extremes");
        }
      }
    } else {
      packed = BlockKrylov.pairs(p, k, ACCURACY, "stabmap", operator(columns)).vectors();
    }
    double[] out = new double[p * k];
    for (int c = 0; c < k; c++) {
      double sign = SymmetricEigen.sign(packed, c * p, 1, p);
      for (int j = 0; j < p; j++) {
        out[j * k + c] = sign * packed[c * p + j];
      }
    }
    return out;
  }

  private BlockKrylov.Operator operator(int[] columns) {
    return (width, in, out) -> {
      double[] w = new double[columns.length * width];
      in.get(w);
      out.put(cross(columns, times(columns, w, new double[width])));
    };
  }
}
