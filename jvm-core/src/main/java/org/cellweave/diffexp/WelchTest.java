package org.cellweave.diffexp;

import org.cellweave.util.Parallel;

/**
 * Welch's t-test of each gene between a group of cells and others.
 *
 * <p>With an overestimated variance the others count as if they were as few as the group, which is
 * scanpy's {@code t-test_overestim_var}.
 */
final class WelchTest {
  private static final int GENES_PER_BLOCK = 64;

  private final GroupMoments moments;
  private final boolean overestimated;

  WelchTest(GroupMoments moments, boolean overestimated) {
    this.moments = moments;
    this.overestimated = overestimated;
  }

  /**
   * Fills scores and p-values, one row per group wanted.
   *
   * @param reference a code, or {@link RankGenesGroups#REST}
   */
  void run(int[] wanted, int reference, double[][] scores, double[][] pvals) {
    Parallel.forRange(
        moments.nGenes(),
        GENES_PER_BLOCK,
        (from, to) -> {
          for (int w = 0; w < wanted.length; w++) {
            for (int j = from; j < to; j++) {
              test(wanted[w], reference, j, scores[w], pvals[w]);
            }
          }
        });
  }

  private void test(int code, int reference, int gene, double[] scores, double[] pvals) {
    var group = moments.in(code, gene);
    var other = moments.compared(code, reference, gene);
    int n = overestimated ? group.n() : other.n();
    double a = group.variance() / group.n();
    double b = other.variance() / n;
    double t = (group.mean() - other.mean()) / Math.sqrt(a + b);
    double df = (a + b) * (a + b) / (a * a / (group.n() - 1) + b * b / (n - 1));
    boolean undefined = Double.isNaN(t);
    scores[gene] = undefined ? 0 : t;
    pvals[gene] = undefined ? 1 : Significance.student(t, Double.isNaN(df) ? 1 : df);
  }
}
