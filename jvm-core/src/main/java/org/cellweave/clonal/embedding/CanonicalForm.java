package org.cellweave.clonal.embedding;

import org.cellweave.linalg.MatrixProduct;
import org.cellweave.linalg.SymmetricEigen;

/**
 * Of all pairs u, v with the same chances the one whose dimensions are orthogonal in both, longest
 * first, and equally long in u and v, after the contexts' mean is taken off, which no chance
 * depends on. The largest entry of each dimension of v is positive.
 */
final class CanonicalForm {
  /** Squared lengths below this share of the largest are none. */
  private static final double LEAST = 1e-12;

  private CanonicalForm() {}

  /**
   * @param u rows of d; replaced
   * @param v rows of d; replaced
   */
  static void apply(double[] u, double[] v, int d) {
    centre(v, d);
    double[] lengths = principal(u, v, d);
    stretch(u, lengths, d);
    stretch(v, lengths, d);
  }

  /** Each dimension of rows of d times the square root of its length. */
  static void stretch(double[] rows, double[] lengths, int d) {
    for (int k = 0; k < rows.length; k++) {
      rows[k] *= Math.sqrt(lengths[k % d]);
    }
  }

  /**
   * The singular values of {@code u v^T}, largest first; u and v become its singular vectors, of
   * which those without a value are zero.
   */
  static double[] principal(double[] u, double[] v, int d) {
    var ofU = SymmetricEigen.of(gram(u, d));
    double[][] root = ofU.power(0.5, LEAST);
    double[][] inverse = ofU.power(-0.5, LEAST);
    var pairs = SymmetricEigen.of(MatrixProduct.of(MatrixProduct.of(root, gram(v, d)), root));
    double[][] toU = MatrixProduct.of(inverse, pairs.vectors());
    double[][] toV = MatrixProduct.of(root, pairs.vectors());
    double[] lengths = new double[d];
    int rank = pairs.rank(LEAST);
    for (int c = 0; c < d; c++) {
      lengths[c] = c < rank ? Math.sqrt(pairs.values()[c]) : 0;
      for (int r = 0; r < d; r++) {
        toU[r][c] = c < rank ? toU[r][c] : 0;
        toV[r][c] = c < rank ? toV[r][c] / lengths[c] : 0;
      }
    }
    multiply(u, toU, d);
    multiply(v, toV, d);
    fixSigns(u, v, d);
    return lengths;
  }

  /** Takes the mean row off every row. */
  private static void centre(double[] v, int d) {
    int m = v.length / d;
    double[] mean = new double[d];
    for (int k = 0; k < v.length; k++) {
      mean[k % d] += v[k] / m;
    }
    for (int k = 0; k < v.length; k++) {
      v[k] -= mean[k % d];
    }
  }

  /** {@code a^T a} of rows of d. */
  private static double[][] gram(double[] a, int d) {
    double[][] g = new double[d][d];
    for (int i = 0; i < a.length; i += d) {
      for (int r = 0; r < d; r++) {
        for (int c = 0; c < d; c++) {
          g[r][c] += a[i + r] * a[i + c];
        }
      }
    }
    return g;
  }

  /** Replaces every row of d by itself times the matrix. */
  private static void multiply(double[] rows, double[][] matrix, int d) {
    double[] row = new double[d];
    for (int i = 0; i < rows.length; i += d) {
      System.arraycopy(rows, i, row, 0, d);
      for (int c = 0; c < d; c++) {
        double sum = 0;
        for (int k = 0; k < d; k++) {
          sum += row[k] * matrix[k][c];
        }
        rows[i + c] = sum;
      }
    }
  }

  private static void fixSigns(double[] u, double[] v, int d) {
    for (int c = 0; c < d; c++) {
      if (SymmetricEigen.sign(v, c, d, v.length / d) < 0) {
        flip(u, c, d);
        flip(v, c, d);
      }
    }
  }

  private static void flip(double[] rows, int c, int d) {
    for (int k = c; k < rows.length; k += d) {
      rows[k] = -rows[k];
    }
  }
}
