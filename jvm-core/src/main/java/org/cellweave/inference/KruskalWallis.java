package org.cellweave.inference;

import org.cellweave.diffexp.Significance;
import org.cellweave.util.Check;

/**
 * Kruskal and Wallis' H test: whether several samples have one median, by ranks corrected for ties
 * and the chi-squared distribution, which fits samples of five values or more.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1952.10483441">Kruskal and Wallis 1952</a>
 */
public final class KruskalWallis {
  private KruskalWallis() {}

  /**
   * @param statistic H
   */
  public record Result(double statistic, double pvalue) {}

  /**
   * @throws IllegalArgumentException for fewer than two samples, and where all values are equal
   */
  public static Result run(double[]... samples) {
    Check.positive(samples.length - 1, "the number of samples less one");
    var ranks = PooledRanks.of(samples);
    double n = ranks.ranks().length;
    double sum = 0;
    int from = 0;
    for (double[] sample : samples) {
      if (sample.length == 0) {
        return new Result(Double.NaN, Double.NaN);
      }
      double ofSample = ranks.sum(from, from + sample.length);
      sum += ofSample * ofSample / sample.length;
      from += sample.length;
    }
    double correction = 1 - ranks.ties() / (n * n * n - n);
    if (correction == 0) {
      throw new IllegalArgumentException(
          "kruskal needs values that differ, but all "
              + (int) n
              + " of the samples are "
              + samples[0][0]);
    }
    double h = (12 / (n * (n + 1)) * sum - 3 * (n + 1)) / correction;
    return new Result(h, Significance.chiSquared(h, samples.length - 1.0));
  }
}
