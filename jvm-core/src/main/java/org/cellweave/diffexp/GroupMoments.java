package org.cellweave.diffexp;

import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Rows;

/** Sum, sum of squares and number of non-zero values of every gene in every group, in one pass. */
final class GroupMoments {
  private static final float LEAST_SQUARE = 1e-30f;
  private static final float LARGEST_SQUARE = 1e38f;

  private final ColumnSums[] sums;
  private final int[] sizes;

  private GroupMoments(ColumnSums[] sums, int[] sizes) {
    this.sums = sums;
    this.sizes = sizes;
  }

  /**
   * @param x stored as float32
   * @param codes group of every cell in {@code [0, nGroups)}; a last group holds cells that belong
   *     to none, so that all groups together are all cells
   */
  static GroupMoments of(CsrMatrix x, int[] codes, int nGroups) {
    var groups = GroupSums.byGroup(Rows.of(x), codes, nGroups);
    return new GroupMoments(groups.collect(GroupMoments::add), groups.sizes());
  }

  /**
   * As {@link #of}, of what the values are logarithms of.
   *
   * @param base of the logarithms; null for the natural one
   */
  static GroupMoments ofLevels(CsrMatrix logs, int[] codes, int nGroups, Double base) {
    var groups = GroupSums.byGroup(Rows.of(logs), codes, nGroups);
    GroupSums.Kernel kernel =
        (group, at, start, values, n, to) -> {
          for (int k = 0; k < n; k++) {
            values[k] = (float) FoldChanges.unlog((float) values[k], base);
          }
          add(group, at, start, values, n, to);
        };
    return new GroupMoments(groups.collect(kernel), groups.sizes());
  }

  private static void add(int group, int[] at, int start, double[] values, int n, ColumnSums to) {
    double[] sum = to.sum();
    double[] squares = to.squares();
    int[] nonZero = to.counted();
    for (int k = 0; k < n; k++) {
      int j = at[start + k];
      float v = (float) values[k];
      sum[j] += v;
      // Squared in float32, as scanpy does: its p-values near 1e-60 then agree to 1e-5. Squares
      // that float32 cannot hold are taken in float64, lest a variance be 0 or infinite.
      float square = v * v;
      squares[j] += square > LEAST_SQUARE && square < LARGEST_SQUARE ? square : (double) v * v;
      nonZero[j] += v != 0 ? 1 : 0;
    }
  }

  int nGroups() {
    return sums.length;
  }

  int nGenes() {
    return sums[0].sum().length;
  }

  /** Moments of one gene in what a group is compared with: a reference group or all others. */
  Moments compared(int group, int reference, int gene) {
    return reference == RankGenesGroups.REST ? outside(group, gene) : in(reference, gene);
  }

  int size(int group) {
    return sizes[group];
  }

  /** Moments of one gene in one group. */
  Moments in(int group, int gene) {
    var in = sums[group];
    return new Moments(sizes[group], in.sum()[gene], in.squares()[gene], in.counted()[gene]);
  }

  /** Moments of one gene in all cells outside a group. */
  Moments outside(int group, int gene) {
    double s = 0;
    double q = 0;
    int z = 0;
    int n = 0;
    for (int g = 0; g < sums.length; g++) {
      if (g != group) {
        s += sums[g].sum()[gene];
        q += sums[g].squares()[gene];
        z += sums[g].counted()[gene];
        n += sizes[g];
      }
    }
    return new Moments(n, s, q, z);
  }

  /**
   * @param n number of cells
   * @param nonZero how many of them express the gene
   */
  record Moments(int n, double sum, double squares, int nonZero) {
    double mean() {
      return sum / n;
    }

    /** Divided by n - 1. */
    double variance() {
      double mean = mean();
      return Math.max(0, squares / n - mean * mean) * (n / (n - 1.0));
    }

    double fraction() {
      return (double) nonZero / n;
    }
  }
}
