package org.cellweave.metrics;

import org.cellweave.design.Categories;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Principal component regression: the part of the variance of an embedding that covariates explain.
 *
 * <p>The mean over components of R², weighted by their variances, does not change when the
 * embedding is rotated, so that no principal components are needed: with all of them it is the
 * explained over the total sum of squares of the columns at hand. For a limited number of
 * components pass those. Cost {@code n d}.
 *
 * @see <a href="https://doi.org/10.1038/s41592-018-0254-1">Büttner et al. 2019</a>
 */
public final class VarianceExplained {
  /** A covariate that keeps less than this share of its length adds nothing to the others. */
  private static final double INDEPENDENT = 1e-10;

  private static final int BLOCK = 2048;

  private VarianceExplained() {}

  /** By the levels of one grouping. */
  public static double byGroups(DenseMatrix x, int[] codes) {
    var groups = Categories.complete("codes", codes, x.nRows());
    int d = x.nCols();
    int nGroups = groups.sizes().length;
    double[] centre = centre(x);
    var parts =
        Parallel.map(
            Parallel.nBlocks(x.nRows(), BLOCK),
            block -> {
              double[] sums = new double[nGroups * d + 1];
              double[] row = new double[d];
              int end = Math.min(x.nRows(), (block + 1) * BLOCK);
              for (int i = block * BLOCK; i < end; i++) {
                x.readRow(i, row);
                int at = codes[i] * d;
                for (int j = 0; j < d; j++) {
                  double v = row[j] - centre[j];
                  sums[at + j] += v;
                  sums[nGroups * d] += v * v;
                }
              }
              return sums;
            });
    double[] sums = total(parts);
    double explained = 0;
    for (int g = 0; g < nGroups; g++) {
      for (int j = 0; j < d && groups.sizes()[g] > 0; j++) {
        double sum = sums[g * d + j];
        explained += sum * sum / groups.sizes()[g];
      }
    }
    return share(explained, sums[nGroups * d]);
  }

  /**
   * By a linear model of numeric covariates with an intercept; covariates that others already
   * determine add nothing.
   *
   * @param covariates one array of values per covariate
   */
  public static double byCovariates(DenseMatrix x, double[][] covariates) {
    int n = x.nRows();
    double[][] basis = orthonormal(covariates, n);
    int d = x.nCols();
    double[] centre = centre(x);
    var parts =
        Parallel.map(
            Parallel.nBlocks(n, BLOCK),
            block -> {
              double[] sums = new double[basis.length * d + 1];
              double[] row = new double[d];
              for (int i = block * BLOCK; i < Math.min(n, (block + 1) * BLOCK); i++) {
                x.readRow(i, row);
                for (int j = 0; j < d; j++) {
                  double v = row[j] - centre[j];
                  sums[basis.length * d] += v * v;
                  for (int q = 0; q < basis.length; q++) {
                    sums[q * d + j] += basis[q][i] * v;
                  }
                }
              }
              return sums;
            });
    double[] sums = total(parts);
    double explained = 0;
    for (int p = 0; p < basis.length * d; p++) {
      explained += sums[p] * sums[p];
    }
    return share(explained, sums[basis.length * d]);
  }

  /**
   * How much less a covariate explains after an integration: {@code (before - after) / before}, 0
   * when it explains more.
   *
   * @throws IllegalArgumentException when it explained nothing before
   */
  public static double comparison(double before, double after) {
    Check.inRange(before, 0, 1, "before");
    Check.inRange(after, 0, 1, "after");
    if (before == 0) {
      throw new IllegalArgumentException(
          "before must be positive, got 0: the batch explains nothing before the integration");
    }
    return Math.max(0, (before - after) / before);
  }

  private static double share(double explained, double total) {
    if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "x must vary within the range of float64, got " + total + " as total sum of squares");
    }
    return Math.min(1, explained / total);
  }

  private static double[] centre(DenseMatrix x) {
    if (x.nRows() < 2 || x.nCols() == 0) {
      throw new IllegalArgumentException(
          "x must have at least 2 rows and 1 column, got " + x.describe());
    }
    double[] sums = x.colSums();
    var beyond = Finite.first(sums);
    if (beyond != null) {
      throw new NonFiniteException(
          "x must be finite, got column sum " + beyond.value() + " in column " + beyond.row(),
          "x",
          -1,
          beyond.row(),
          beyond.value());
    }
    for (int j = 0; j < sums.length; j++) {
      sums[j] /= x.nRows();
    }
    return sums;
  }

  private static double[] total(java.util.List<double[]> parts) {
    double[] sums = new double[parts.get(0).length];
    for (double[] part : parts) {
      for (int p = 0; p < sums.length; p++) {
        sums[p] += part[p];
      }
    }
    return sums;
  }

  /** Centred covariates made orthonormal; dependent ones are dropped. */
  private static double[][] orthonormal(double[][] covariates, int n) {
    double[][] centred = new double[covariates.length][];
    double[] least = new double[covariates.length];
    for (int c = 0; c < covariates.length; c++) {
      double[] v = covariates[c].clone();
      if (v.length != n) {
        throw new ShapeMismatchException(
            "covariate " + c + " has length " + v.length + ", but the number of cells is " + n);
      }
      Finite.requireForCells(v, "covariate " + c);
      double mean = 0;
      for (int i = 0; i < n; i++) {
        mean += v[i];
      }
      mean /= n;
      for (int i = 0; i < n; i++) {
        v[i] -= mean;
      }
      centred[c] = v;
      least[c] = INDEPENDENT * OrthonormalBasis.length(v);
    }
    return OrthonormalBasis.of(centred, least).q();
  }
}
