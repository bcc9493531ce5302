package org.cellweave.distribution;

import java.util.Arrays;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Quantile;

/**
 * Counts of numbers in bins, with numpy's edges and seaborn's heights.
 *
 * <p>Without a wish for bins their width is the smaller of Sturges' and of Freedman and Diaconis',
 * the second of at least half that of the square root's rule, as in numpy 2. A value on an edge
 * belongs to the bin on its right, on the last edge to the last bin. Cost: O(n log bins).
 */
public final class Histogram {
  /** More bins than this are no picture any more. */
  private static final int MOST = 1_000_000;

  private Histogram() {}

  /** What the heights of bars are. */
  public enum Stat {
    COUNT,
    FREQUENCY,
    DENSITY,
    PROBABILITY,
    PROPORTION,
    PERCENT
  }

  /**
   * How bins are chosen: {@code edges} if given, else whole numbers in the middle of bins, else
   * {@code width} if positive, else {@code count} if positive, else the rule.
   *
   * @param low end of the first bin, NaN for the least value; so is {@code high}
   */
  public record Bins(
      double[] edges, boolean discrete, double width, int count, double low, double high) {
    /** By the rule, over all values. */
    public static final Bins AUTO = new Bins(null, false, 0, 0, Double.NaN, Double.NaN);

    public Bins {
      for (int i = 1; edges != null && i < edges.length; i++) {
        if (!(edges[i - 1] < edges[i])) {
          throw new IllegalArgumentException(
              "bins must ascend, got " + edges[i] + " after " + edges[i - 1]);
        }
      }
      if (edges != null && edges.length < 2) {
        throw new IllegalArgumentException("bins must have at least two edges");
      }
      if (low > high) {
        throw new IllegalArgumentException("binrange must ascend, got " + low + " and " + high);
      }
    }
  }

  /**
   * @param values finite
   * @return ascending, one more than there are bins
   */
  public static double[] edges(double[] values, Bins bins) {
    if (bins.edges != null) {
      return bins.edges.clone();
    }
    double low = Double.isNaN(bins.low) ? Arrays.stream(values).min().orElse(0) : bins.low;
    double high = Double.isNaN(bins.high) ? Arrays.stream(values).max().orElse(1) : bins.high;
    if (bins.discrete) {
      return steps(low - 0.5, high + 1.5, 1);
    }
    if (bins.width > 0) {
      return ofWidth(low, high, bins.width);
    }
    if (low == high) {
      low -= 0.5;
      high += 0.5;
    }
    int n = bins.count > 0 ? bins.count : automatic(values, low, high);
    double[] out = new double[Check.atMost(n, MOST, "bins") + 1];
    for (int i = 0; i <= n; i++) {
      out[i] = i == n ? high : low + i * ((high - low) / n);
    }
    return out;
  }

  private static double[] ofWidth(double low, double high, double width) {
    double[] out = steps(low, high + width, width);
    double last = out[out.length - 1];
    if (last < high || out.length < 2) {
      out = Arrays.copyOf(out, out.length + 1);
      out[out.length - 1] = last + width;
    }
    return out;
  }

  /** numpy's {@code arange}. */
  private static double[] steps(double from, double end, double step) {
    double n = Math.ceil((end - from) / step);
    if (!(n <= MOST)) {
      throw new IllegalArgumentException(
          "binwidth " + step + " cuts " + from + " to " + end + " in more than " + MOST + " bins");
    }
    double[] out = new double[(int) n];
    for (int i = 0; i < out.length; i++) {
      out[i] = from + i * step;
    }
    return out;
  }

  private static int automatic(double[] values, double low, double high) {
    double[] sorted = Arrays.stream(values).filter(v -> v >= low && v <= high).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      return 1;
    }
    double range = sorted[n - 1] - sorted[0];
    double spread = Quantile.ofSorted(sorted, 0.75) - Quantile.ofSorted(sorted, 0.25);
    double byRoot = range / Math.sqrt(n);
    double bySpread = Math.max(2 * spread * Elementary.pow(n, -1.0 / 3), byRoot / 2);
    double width = Math.min(bySpread, range / (Elementary.log(n) / Elementary.log(2) + 1));
    return width > 0 ? (int) Math.ceil((high - low) / width) : 1;
  }

  /**
   * @param values those outside of the edges count nowhere
   */
  public static double[] counts(double[] values, double[] edges) {
    double[] out = new double[edges.length - 1];
    for (double v : values) {
      if (v >= edges[0] && v <= edges[edges.length - 1]) {
        out[bin(v, edges)]++;
      }
    }
    return out;
  }

  /**
   * Counts in the plane, {@code [bin of x][bin of y]}.
   *
   * @param x as many as {@code y}
   */
  public static double[][] counts(double[] x, double[] y, double[] xEdges, double[] yEdges) {
    Check.sameLength(y.length, x.length, "y", "the length of x");
    double[][] out = new double[xEdges.length - 1][yEdges.length - 1];
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= xEdges[0]
          && x[i] <= xEdges[xEdges.length - 1]
          && y[i] >= yEdges[0]
          && y[i] <= yEdges[yEdges.length - 1]) {
        out[bin(x[i], xEdges)][bin(y[i], yEdges)]++;
      }
    }
    return out;
  }

  private static int bin(double value, double[] edges) {
    int at = Arrays.binarySearch(edges, value);
    int bin = at >= 0 ? at : -at - 2;
    return Math.min(bin, edges.length - 2);
  }

  /** What bars of {@code counts} are high; all zero where nothing was counted. */
  public static double[] heights(double[] counts, double[] edges, Stat stat) {
    double total = Arrays.stream(counts).sum();
    double[] out = new double[counts.length];
    for (int i = 0; i < out.length; i++) {
      double share = total > 0 ? counts[i] / total : 0;
      double width = edges[i + 1] - edges[i];
      out[i] =
          switch (stat) {
            case COUNT -> counts[i];
            case FREQUENCY -> counts[i] / width;
            case DENSITY -> share / width;
            case PROBABILITY, PROPORTION -> share;
            case PERCENT -> 100 * share;
          };
    }
    return out;
  }
}
