package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Largest eigenpairs of a symmetric operator by the Lanczos process with full reorthogonalisation
 * and without restarts.
 *
 * <p>Memory: one vector per step; a few times as many steps as pairs are needed.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898719581">Parlett 1998, chapter 13</a>
 */
final class Lanczos {
  private static final double TOLERANCE = 1e-9;
  private static final int PIECE = 4096;

  private final int size;
  private final UnaryOperator<double[]> operator;
  private final SplittableRandom random;
  private double[][] basis = new double[64][];
  private double[] alpha = new double[64];
  private double[] beta = new double[64];

  Lanczos(int size, UnaryOperator<double[]> operator, long seed) {
    this.size = size;
    this.operator = operator;
    this.random = new SplittableRandom(seed);
  }

  /**
   * @param values largest first
   * @param vectors one after another
   */
  record Pairs(double[] values, double[] vectors, int steps) {}

  Pairs largest(int k, Progress progress) {
    basis[0] = fresh(0);
    int check = Math.min(size, 2 * k + 20);
    for (int m = 1; m <= size; m++) {
      Parallel.checkInterrupted();
      grow(m);
      double[] w = operator.apply(basis[m - 1]);
      alpha[m - 1] = dot(w, basis[m - 1]);
      orthogonalise(w, m);
      beta[m - 1] = Math.sqrt(dot(w, w));
      boolean exhausted = m == size;
      if (m == check) {
        check = Math.min(size, m + m / 8 + 1);
        double[] values = new double[k];
        double[] small = ritz(m, k, values);
        double residual = residual(small, m, k, values[0]);
        progress.step("pca", m, 0, residual);
        if (exhausted || residual < TOLERANCE) {
          return new Pairs(values, vectors(small, m, k), m);
        }
      }
      if (m < size) {
        next(w, m);
      }
    }
    throw new IllegalStateException("unreachable: the last step returns");
  }

  /** Continues with w, or with a random direction when the space found so far is invariant. */
  private void next(double[] w, int m) {
    double scale = Math.abs(alpha[0]) + Math.abs(beta[0]);
    if (beta[m - 1] <= 1e-13 * scale) {
      beta[m - 1] = 0;
      basis[m] = fresh(m);
      return;
    }
    for (int j = 0; j < size; j++) {
      w[j] /= beta[m - 1];
    }
    basis[m] = w;
  }

  private double[] fresh(int m) {
    double[] v = new double[size];
    for (int j = 0; j < size; j++) {
      v[j] = random.nextDouble(-1, 1);
    }
    orthogonalise(v, m);
    double norm = Math.sqrt(dot(v, v));
    for (int j = 0; j < size; j++) {
      v[j] /= norm;
    }
    return v;
  }

  private void grow(int m) {
    if (m + 1 > basis.length) {
      basis = Arrays.copyOf(basis, 2 * basis.length);
      alpha = Arrays.copyOf(alpha, 2 * alpha.length);
      beta = Arrays.copyOf(beta, 2 * beta.length);
    }
  }

  /** Removes the first m basis vectors, twice, as rounding leaves traces the first time. */
  private void orthogonalise(double[] w, int m) {
    for (int pass = 0; pass < 2; pass++) {
      double[] c = new double[m];
      Parallel.forBlocks(m, b -> c[b] = dot(w, basis[b]));
      Parallel.forRange(
          size,
          PIECE,
          (from, to) -> {
            for (int b = 0; b < m; b++) {
              double[] v = basis[b];
              double cb = c[b];
              for (int j = from; j < to; j++) {
                w[j] -= cb * v[j];
              }
            }
          });
    }
  }

  private static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < a.length; j += 4) {
      s0 += a[j] * b[j];
      s1 += a[j + 1] * b[j + 1];
      s2 += a[j + 2] * b[j + 2];
      s3 += a[j + 3] * b[j + 3];
    }
    for (; j < a.length; j++) {
      s0 += a[j] * b[j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Eigenpairs of the tridiagonal matrix, small vectors one after another. */
  private double[] ritz(int m, int k, double[] values) {
    double[] vectors = new double[m * k];
    try (var t = NativeMemory.doubles((long) m * m)) {
      double[] row = new double[m];
      for (int i = 0; i < m; i++) {
        Arrays.fill(row, 0);
        row[i] = alpha[i];
        if (i + 1 < m) {
          row[i + 1] = beta[i];
        }
        t.position((long) i * m).put(row);
      }
      t.position(0);
      if (!Blas.largestEigen(m, k, t, values, vectors)) {
        throw new ConvergenceException("LAPACK found no eigenvalues of the Lanczos matrix");
      }
    }
    return vectors;
  }

  private double residual(double[] small, int m, int k, double largest) {
    double worst = 0;
    for (int c = 0; c < k; c++) {
      worst = Math.max(worst, Math.abs(beta[m - 1] * small[c * m + m - 1]));
    }
    return largest > 0 ? worst / largest : 0;
  }

  private double[] vectors(double[] small, int m, int k) {
    double[] out = new double[size * k];
    Parallel.forBlocks(
        k,
        c -> {
          for (int b = 0; b < m; b++) {
            double s = small[c * m + b];
            double[] v = basis[b];
            for (int j = 0; j < size; j++) {
              out[c * size + j] += s * v[j];
            }
          }
        });
    return out;
  }
}
