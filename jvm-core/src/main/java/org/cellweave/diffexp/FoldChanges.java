package org.cellweave.diffexp;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Elementary;

/**
 * Logarithms to the base 2 of the ratio of mean expression in a group to that in others: of what
 * the means of logarithms are logarithms of, as scanpy 1 has it, or of means of expression.
 */
final class FoldChanges {
  private static final double PSEUDO = 1e-9;

  private final GroupMoments logarithms;

  /** Null when means of logarithms are compared. */
  private final GroupMoments expression;

  private final Double base;

  private FoldChanges(GroupMoments logarithms, GroupMoments expression, Double base) {
    this.logarithms = logarithms;
    this.expression = expression;
    this.base = base;
  }

  /**
   * @param base of the logarithms; null for the natural one
   */
  static FoldChanges ofMeansOfLogarithms(GroupMoments logarithms, Double base) {
    return new FoldChanges(logarithms, null, base);
  }

  /**
   * @param logs cells by genes
   * @param codes group of every cell
   * @param base of the logarithms; null for the natural one
   */
  static FoldChanges ofMeans(CsrMatrix logs, int[] codes, GroupMoments logarithms, Double base) {
    return new FoldChanges(
        logarithms, GroupMoments.ofLevels(logs, codes, logarithms.nGroups(), base), base);
  }

  /**
   * One per gene of {@code genes}.
   *
   * @param reference a code, or {@link RankGenesGroups#REST}
   */
  double[] of(int group, int reference, int[] genes) {
    double[] out = new double[genes.length];
    for (int r = 0; r < genes.length; r++) {
      out[r] = of(group, reference, genes[r]);
    }
    return out;
  }

  private double of(int group, int reference, int gene) {
    var compared = expression != null ? expression : logarithms;
    double inside = level(compared.in(group, gene).mean());
    double outside = level(compared.compared(group, reference, gene).mean());
    if (Double.isInfinite(inside) || Double.isInfinite(outside)) {
      return beyondRange(
          logarithms.in(group, gene).mean(), logarithms.compared(group, reference, gene).mean());
    }
    return Elementary.log((inside + PSEUDO) / (outside + PSEUDO)) / Elementary.log(2);
  }

  private double level(double mean) {
    return expression != null ? mean : unlog(mean, base);
  }

  /** The fold change of means whose exponentials are too large for a number. */
  private double beyondRange(double inside, double outside) {
    return (logLevel(inside) - logLevel(outside)) / Elementary.log(2);
  }

  private double logLevel(double mean) {
    double level = unlog(mean, base);
    return Double.isInfinite(level)
        ? (base == null ? mean : mean * Elementary.log(base))
        : Elementary.log(level + PSEUDO);
  }

  /** The inverse of the logarithm of one more. */
  static double unlog(double mean, Double base) {
    return Elementary.expm1(base == null ? mean : mean * Elementary.log(base));
  }
}
