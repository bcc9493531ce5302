package org.cellweave.preprocess;

import java.util.Arrays;
import org.cellweave.util.Median;

/** Normalises dispersions within bins of the mean, the bins cut as pandas and numpy cut them. */
final class DispersionBins {
  /** Median absolute deviation of a standard normal variable. */
  private static final double NORMAL_MAD = 0.6744897501960817;

  private static final double[] PERCENTILES = {
    10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100
  };

  private DispersionBins() {}

  /** Equal-width bins; (x - mean) / standard deviation, NaN left out. */
  static double[] bySeurat(double[] mean, double[] dispersion, int nBins) {
    int[] bin = place(mean, equalWidth(mean, nBins));
    double[] out = new double[mean.length];
    for (int b = 0; b < nBins; b++) {
      double[] known = members(bin, b, dispersion);
      double centre = Arrays.stream(known).sum() / known.length;
      double squares = 0;
      for (double d : known) {
        squares += (d - centre) * (d - centre);
      }
      double spread = known.length < 2 ? Double.NaN : Math.sqrt(squares / (known.length - 1));
      // A gene alone in its bin gets the normalised dispersion 1
      if (Double.isNaN(spread)) {
        spread = centre;
        centre = 0;
      }
      normalise(bin, b, dispersion, centre, spread, out);
    }
    return out;
  }

  /** Bins between percentiles of the mean; (x - median) / scaled median absolute deviation. */
  static double[] byCellRanger(double[] mean, double[] dispersion) {
    double[] edges = percentileEdges(mean);
    int[] bin = place(mean, edges);
    double[] out = new double[mean.length];
    for (int b = 0; b < edges.length - 1; b++) {
      double[] known = members(bin, b, dispersion);
      double centre = Median.of(known);
      double[] deviations = Arrays.stream(known).map(d -> Math.abs(d - centre)).toArray();
      normalise(bin, b, dispersion, centre, Median.of(deviations) / NORMAL_MAD, out);
    }
    return out;
  }

  private static void normalise(
      int[] bin, int b, double[] dispersion, double centre, double spread, double[] out) {
    for (int g = 0; g < bin.length; g++) {
      if (bin[g] == b) {
        out[g] = (dispersion[g] - centre) / spread;
      }
    }
  }

  private static double[] members(int[] bin, int b, double[] values) {
    double[] out = new double[bin.length];
    int n = 0;
    for (int g = 0; g < bin.length; g++) {
      if (bin[g] == b && !Double.isNaN(values[g])) {
        out[n++] = values[g];
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static double[] equalWidth(double[] mean, int nBins) {
    double low = Arrays.stream(mean).min().orElse(0);
    double high = Arrays.stream(mean).max().orElse(0);
    double[] edges = new double[nBins + 1];
    if (low == high) {
      double widen = low == 0 ? 0.001 : 0.001 * Math.abs(low);
      low -= widen;
      high += widen;
    }
    double step = (high - low) / nBins;
    for (int k = 0; k < nBins; k++) {
      edges[k] = k * step + low;
    }
    edges[nBins] = high;
    edges[0] -= (high - low) * 0.001;
    return edges;
  }

  private static double[] percentileEdges(double[] mean) {
    double[] sorted = mean.clone();
    Arrays.sort(sorted);
    double[] edges = new double[PERCENTILES.length + 2];
    edges[0] = Double.NEGATIVE_INFINITY;
    edges[edges.length - 1] = Double.POSITIVE_INFINITY;
    for (int k = 0; k < PERCENTILES.length; k++) {
      edges[k + 1] = percentile(sorted, PERCENTILES[k] / 100);
      if (edges[k + 1] == edges[k]) {
        throw new IllegalArgumentException(
            "flavor 'cell_ranger' cannot cut the means into bins: the "
                + (int) PERCENTILES[k - 1]
                + "th and "
                + (int) PERCENTILES[k]
                + "th percentiles are both "
                + edges[k]
                + ". Leave out genes that few cells express, or use flavor 'seurat'");
      }
    }
    return edges;
  }

  /** Linear interpolation between the neighbours of {@code (n - 1) * share}. */
  private static double percentile(double[] sorted, double share) {
    double at = (sorted.length - 1) * share;
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    double t = at - below;
    double gap = sorted[above] - sorted[below];
    return t < 0.5 ? sorted[below] + gap * t : sorted[above] - gap * (1 - t);
  }

  /** Bin b holds {@code edges[b] < x <= edges[b + 1]}. */
  private static int[] place(double[] mean, double[] edges) {
    int[] bin = new int[mean.length];
    for (int g = 0; g < mean.length; g++) {
      int low = 0;
      int high = edges.length - 1;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (edges[middle] < mean[g]) {
          low = middle;
        } else {
          high = middle;
        }
      }
      bin[g] = low;
    }
    return bin;
  }
}
