package org.cellweave.integrate.mosaic;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/**
 * Linear discriminants: directions of standardised features along which groups of cells lie far
 * apart, measured by the spread within the groups.
 *
 * @param columns features with some spread within groups, ascending
 * @param w columns by discriminants, row-major, the strongest first
 * @param intercept puts the mean of all cells at zero
 * @see <a href="https://doi.org/10.1111/j.1469-1809.1936.tb02137.x">Fisher 1936</a>
 */
record Discriminants(int[] columns, double[] w, double[] intercept) {
  /** Of the spread within groups, as a standard deviation of features that have one of 1. */
  private static final double LEAST_SPREAD = 1e-4;

  /** Of the square of the strongest. */
  private static final double LEAST_STRENGTH = 1e-8;

  /**
   * @param candidates columns, ascending
   * @param labels of the cells, complete, at least two used
   * @return null where no direction tells the groups apart
   */
  static Discriminants of(StandardisedFeatures values, int[] candidates, Categories labels) {
    int groups = labels.nLevels();
    int n = values.nCells();
    double[] sizes = Arrays.stream(labels.sizes()).asDoubleStream().toArray();
    double[] means = GroupMeans.of(values, candidates, labels);
    double[][] within = values.gram(candidates);
    double freedom = n - groups;
    for (int a = 0; a < within.length; a++) {
      for (int b = 0; b < within.length; b++) {
        double between = 0;
        for (int g = 0; g < groups; g++) {
          between += sizes[g] * means[a * groups + g] * means[b * groups + g];
        }
        within[a][b] = (within[a][b] - between) / freedom;
      }
    }
    int[] spread = spread(within);
    if (spread.length == 0 || freedom <= 0) {
      return null;
    }
    double[][] white = whitening(within, spread);
    double[][] projected = new double[white[0].length][groups];
    for (int d = 0; d < projected.length; d++) {
      for (int g = 0; g < groups; g++) {
        for (int c = 0; c < spread.length; c++) {
          projected[d][g] += white[c][d] * means[spread[c] * groups + g];
        }
      }
    }
    double[][] among = new double[projected.length][projected.length];
    for (int a = 0; a < among.length; a++) {
      for (int b = 0; b < among.length; b++) {
        for (int g = 0; g < groups; g++) {
          among[a][b] += sizes[g] * projected[a][g] * projected[b][g] / (groups - 1);
        }
      }
    }
    var eigen = SymmetricEigen.of(among);
    int k = Math.min(groups - 1, eigen.rank(LEAST_STRENGTH));
    double[] w = new double[spread.length * k];
    for (int c = 0; c < spread.length; c++) {
      for (int d = 0; d < projected.length; d++) {
        for (int r = 0; r < k; r++) {
          w[c * k + r] += white[c][d] * eigen.vectors()[d][r];
        }
      }
    }
    int[] columns = Arrays.stream(spread).map(c -> candidates[c]).toArray();
    return k == 0 ? null : new Discriminants(columns, w, new double[k]);
  }

  private static int[] spread(double[][] within) {
    return IntStream.range(0, within.length)
        .filter(c -> within[c][c] > LEAST_SPREAD * LEAST_SPREAD)
        .toArray();
  }

  /** Directions in which the spread within groups is 1, features in rows. */
  private static double[][] whitening(double[][] within, int[] spread) {
    int p = spread.length;
    double[] deviation = new double[p];
    double[][] correlation = new double[p][p];
    for (int a = 0; a < p; a++) {
      deviation[a] = Math.sqrt(within[spread[a]][spread[a]]);
      for (int b = 0; b < p; b++) {
        correlation[a][b] =
            within[spread[a]][spread[b]]
                / Math.sqrt(within[spread[a]][spread[a]] * within[spread[b]][spread[b]]);
      }
    }
    var eigen = SymmetricEigen.of(correlation);
    int rank = eigen.rank(LEAST_SPREAD * LEAST_SPREAD / eigen.values()[0]);
    double[][] out = new double[p][rank];
    for (int c = 0; c < p; c++) {
      for (int d = 0; d < rank; d++) {
        out[c][d] = eigen.vectors()[c][d] / (Math.sqrt(eigen.values()[d]) * deviation[c]);
      }
    }
    return out;
  }

  /** Means of standardised features in groups. */
  private static final class GroupMeans {
    static double[] of(StandardisedFeatures values, int[] columns, Categories labels) {
      int groups = labels.nLevels();
      var shares = DenseMatrix.zeros(values.nCells(), groups, DType.FLOAT64);
      for (int i = 0; i < values.nCells(); i++) {
        shares.set(i, labels.code(i), 1.0 / labels.size(labels.code(i)));
      }
      return values.cross(columns, shares);
    }
  }
}
