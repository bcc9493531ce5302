package org.cellweave.diffexp.pseudobulk;

import java.util.stream.IntStream;
import org.apache.commons.numbers.gamma.Trigamma;
import org.cellweave.util.Elementary;

/**
 * How far dispersions scatter around their trend: a normal prior on their logarithm, whose variance
 * is that of the residuals without what sampling alone explains.
 *
 * <p>As in PyDESeq2, that part is the trigamma function of half the residual degrees of freedom
 * also where these are few; DESeq2 simulates it there.
 *
 * @param variance of the prior
 * @param spread standard deviation of all residuals, from their median absolute deviation
 */
public record DispersionPrior(double variance, double spread) {
  private static final double LEAST = 0.25;

  /** Residuals so many spreads above the trend belong to genes that are not shrunk. */
  private static final double OUTLYING = 2;

  static DispersionPrior fit(double[] own, double[] fitted, int degreesOfFreedom, double least) {
    double[] residuals =
        IntStream.range(0, own.length)
            .filter(g -> own[g] >= 100 * least)
            .mapToDouble(g -> Elementary.log(own[g] / fitted[g]))
            .toArray();
    double spread = residuals.length == 0 ? 0 : Robust.spread(residuals);
    double sampling = Trigamma.value(degreesOfFreedom / 2.0);
    return new DispersionPrior(Math.max(LEAST, spread * spread - sampling), spread);
  }

  /** Whether a gene is too far above the trend to be shrunk towards it. */
  boolean isOutlier(double own, double fitted) {
    return Elementary.log(own) > Elementary.log(fitted) + OUTLYING * spread;
  }
}
