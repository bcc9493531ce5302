package org.cellweave.integrate.factor;

import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Brings mixtures of factors of several data sets together by moving the centroids of soft clusters
 * onto each other: a cell belongs to the cluster of a factor by the share that the factor has of
 * its mixture, and what a ridge regression on the sets explains within a cluster is taken off, as
 * in Harmony's correction.
 *
 * <p>The mixtures that are moved have mean 0 and variance 1 over all cells, factor by factor, so
 * that the result may be negative. With one set nothing is moved. A cell without any factor belongs
 * to no cluster and stays where it is. Cost: cells times k squared.
 *
 * @see <a href="https://doi.org/10.1038/s41592-019-0619-0">Korsunsky 2019</a>
 */
public final class CentroidAlign {
  private static final int ROWS = 512;

  private CentroidAlign() {}

  /**
   * @param ridge penalty of the shifts of the sets, in cells
   */
  public record Params(double ridge) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(ridge, "ridge");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double ridge = 1;

      public Builder ridge(double value) {
        this.ridge = value;
        return this;
      }

      public Params build() {
        return new Params(ridge);
      }
    }
  }

  /**
   * @param h cells by factors
   * @param cluster of every cell: the factor with the largest share
   */
  public record Result(DenseMatrix h, int[] cluster) {}

  /**
   * @param h cells by factors, not negative
   * @param sets of the cells, without unused levels
   */
  public static Result run(DenseMatrix h, Categories sets, Params params, Progress progress) {
    Finite.require(h, "h", "centroidAlign");
    Categories set = sets.forCells(h.nRows()).complete().withoutUnused();
    double[] shares = shares(h);
    double[] z = standardised(h);
    int k = h.nCols();
    double[] moved = z.clone();
    if (set.nLevels() > 1) {
      double[][] shifts = shifts(shares, z, set, k, params.ridge());
      Parallel.forRange(
          h.nRows(),
          ROWS,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              double[] shift = shifts[set.code(i)];
              for (int c = 0; c < k; c++) {
                double share = shares[i * k + c];
                for (int f = 0; share != 0 && f < k; f++) {
                  moved[i * k + f] -= share * shift[c * k + f];
                }
              }
            }
          });
    }
    progress.step("centroidAlign", 1, 1, Double.NaN);
    return new Result(DenseMatrix.wrap(moved, h.nRows(), k), strongest(shares, k));
  }

  /** What each factor has of the sum of a cell; 0 where that is 0. */
  private static double[] shares(DenseMatrix h) {
    int k = h.nCols();
    double[] out = new double[h.nRows() * k];
    double[] row = new double[k];
    for (int i = 0; i < h.nRows(); i++) {
      h.readRow(i, row);
      double sum = 0;
      for (double v : row) {
        sum += v;
      }
      for (int f = 0; f < k && sum > 0; f++) {
        out[i * k + f] = row[f] / sum;
      }
    }
    return out;
  }

  private static double[] standardised(DenseMatrix h) {
    int n = h.nRows();
    int k = h.nCols();
    double[] out = new double[n * k];
    for (int f = 0; f < k; f++) {
      double[] v = h.column(f);
      double mean = 0;
      for (double value : v) {
        mean += value / n;
      }
      double squares = 0;
      for (double value : v) {
        squares += (value - mean) * (value - mean);
      }
      double deviation = Math.sqrt(squares / Math.max(1, n - 1));
      for (int i = 0; i < n; i++) {
        out[i * k + f] = deviation > 0 ? (v[i] - mean) / deviation : 0;
      }
    }
    return out;
  }

  private static int[] strongest(double[] shares, int k) {
    int[] out = new int[shares.length / k];
    for (int i = 0; i < out.length; i++) {
      for (int f = 1; f < k; f++) {
        out[i] = shares[i * k + f] > shares[i * k + out[i]] ? f : out[i];
      }
    }
    return out;
  }

  /**
   * The ridge regression within every cluster on an intercept and one indicator for each set, of
   * which the indicators are penalised: they exclude each other, so that only the intercept is left
   * to be solved for.
   *
   * @return for every set the shifts of the clusters, clusters by factors
   */
  private static double[][] shifts(
      double[] shares, double[] z, Categories set, int k, double ridge) {
    int nSets = set.nLevels();
    double[][] cells = new double[nSets][k];
    double[][][] sums = new double[nSets][][];
    int[][] members = set.members();
    for (int s = 0; s < nSets; s++) {
      double[] own = FactorAlgebra.rows(shares, members[s], k);
      sums[s] = FactorAlgebra.inner(own, FactorAlgebra.rows(z, members[s], k), k);
      for (int at = 0; at < own.length; at++) {
        cells[s][at % k] += own[at];
      }
    }
    double[][] out = new double[nSets][k * k];
    for (int c = 0; c < k; c++) {
      double weight = 0;
      double[] intercept = new double[k];
      for (int s = 0; s < nSets; s++) {
        double slack = ridge / (cells[s][c] + ridge);
        weight += slack * cells[s][c];
        for (int f = 0; f < k; f++) {
          intercept[f] += slack * sums[s][c][f];
        }
      }
      for (int s = 0; s < nSets && weight > 0; s++) {
        for (int f = 0; f < k; f++) {
          double rest = sums[s][c][f] - cells[s][c] * intercept[f] / weight;
          out[s][c * k + f] = rest / (cells[s][c] + ridge);
        }
      }
    }
    return out;
  }
}
