package org.cellweave.preprocess.sctransform;

import java.util.Arrays;
import org.cellweave.internal.Ordering;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;

/**
 * Parameters of genes as smooth functions of their mean: outliers are left out, and the others go
 * into a kernel regression on the logarithm of the geometric mean.
 *
 * <p>A gene is an outlier when one of its parameters is more than ten robust deviations from the
 * median of its bin, in each of two rows of bins that are shifted by half a bin. The kernel is
 * normal with quartiles at a quarter of the bandwidth, cut at four standard deviations; where no
 * gene is that near, the nearest counts.
 */
final class ParameterCurve {
  private static final double OUTLIER = 10;
  private static final double MAD_TO_DEVIATION = 1.4826;
  private static final double TINY = Math.ulp(1.0);

  /** Standard deviation of a normal distribution with quartiles at plus and minus a quarter. */
  private static final double DEVIATION_PER_BANDWIDTH = 0.25 / 0.6744897501960817;

  private static final double CUT = 4;

  private final boolean[] outlier;
  private final double bandwidth;
  private final double[] x;
  private final double[][] y;

  /**
   * @param means log10 of the geometric mean of every gene
   * @param parameters values of every gene, one array per parameter
   * @param adjust factor of the bandwidth
   */
  ParameterCurve(double[] means, double[][] parameters, double adjust) {
    this.outlier = outliers(means, parameters);
    int[] order = Ordering.ascending(means);
    int[] kept = Arrays.stream(order).filter(g -> !outlier[g]).toArray();
    x = Arrays.stream(kept).mapToDouble(g -> means[g]).toArray();
    y = new double[parameters.length][];
    Arrays.setAll(y, p -> Arrays.stream(kept).mapToDouble(g -> parameters[p][g]).toArray());
    bandwidth = KernelBandwidth.sheatherJones(x) * adjust;
  }

  boolean[] outlier() {
    return outlier;
  }

  double bandwidth() {
    return bandwidth;
  }

  /** Value of every parameter at a mean, which counts as one within the range of the genes. */
  double[] at(double mean) {
    double centre = Math.max(x[0], Math.min(x[x.length - 1], mean));
    double deviation = DEVIATION_PER_BANDWIDTH * bandwidth;
    int from = firstAtLeast(centre - CUT * deviation);
    double[] sum = new double[y.length];
    double total = 0;
    for (int g = from; g < x.length && x[g] <= centre + CUT * deviation; g++) {
      double d = (x[g] - centre) / deviation;
      double w = Elementary.exp(-0.5 * d * d);
      total += w;
      for (int p = 0; p < y.length; p++) {
        sum[p] += w * y[p][g];
      }
    }
    if (total == 0) {
      int near = nearest(centre);
      Arrays.setAll(sum, p -> y[p][near]);
      return sum;
    }
    for (int p = 0; p < y.length; p++) {
      sum[p] /= total;
    }
    return sum;
  }

  private int firstAtLeast(double value) {
    int low = 0;
    int high = x.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (x[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int nearest(double value) {
    int after = firstAtLeast(value);
    boolean isBefore = after == x.length || (after > 0 && value - x[after - 1] <= x[after] - value);
    return isBefore ? after - 1 : after;
  }

  private static boolean[] outliers(double[] means, double[][] parameters) {
    double least = Arrays.stream(means).min().orElseThrow();
    double most = Arrays.stream(means).max().orElseThrow();
    double width = (most - least) * KernelBandwidth.sheatherJones(means) / 2;
    int[] bins = bins(means, least, width, 0);
    int[] shifted = bins(means, least, width, width / 2);
    boolean[] out = new boolean[means.length];
    for (double[] values : parameters) {
      double[] one = scores(values, bins);
      double[] other = scores(values, shifted);
      for (int g = 0; g < out.length; g++) {
        out[g] |= Math.min(one[g], other[g]) > OUTLIER;
      }
    }
    return out;
  }

  private static int[] bins(double[] means, double least, double width, double shift) {
    // bins are open to the left, so that they start below the least mean
    double start = least - 10 * TINY - shift;
    int[] bin = new int[means.length];
    Arrays.setAll(bin, g -> (int) Math.ceil((means[g] - start) / width) - 1);
    return bin;
  }

  /** Distance of every value from the median of its bin, in robust deviations of the bin. */
  private static double[] scores(double[] values, int[] bin) {
    double[] places = Arrays.stream(bin).asDoubleStream().toArray();
    int[] order = Ordering.ascending(places);
    double[] score = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && bin[order[to]] == bin[order[from]]) {
        to++;
      }
      int[] members = Arrays.copyOfRange(order, from, to);
      double middle = Median.of(Arrays.stream(members).mapToDouble(g -> values[g]).toArray());
      double mad =
          Median.of(
              Arrays.stream(members).mapToDouble(g -> Math.abs(values[g] - middle)).toArray());
      for (int g : members) {
        score[g] = Math.abs(values[g] - middle) / (MAD_TO_DEVIATION * mad + TINY);
      }
      from = to;
    }
    return score;
  }
}
