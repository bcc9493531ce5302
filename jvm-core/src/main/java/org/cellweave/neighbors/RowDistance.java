package org.cellweave.neighbors;

import org.cellweave.util.Elementary;

/** The distance between two rows, by one of the metrics that look at every pair. */
@FunctionalInterface
interface RowDistance {
  double of(double[] a, double[] b);

  /**
   * @param arguments with what the metric takes from data, see {@link MetricArguments#completed}
   * @param d columns of the rows
   */
  static RowDistance of(Metric metric, MetricArguments arguments, int d) {
    if (metric.isOfPresence()) {
      return (a, b) -> presence(metric, a, b);
    }
    return switch (metric) {
      case MANHATTAN -> RowDistance::manhattan;
      case BRAYCURTIS -> RowDistance::brayCurtis;
      case CANBERRA -> RowDistance::canberra;
      case CHEBYSHEV -> RowDistance::chebyshev;
      case HAMMING -> RowDistance::hamming;
      case SQEUCLIDEAN -> (a, b) -> squares(a, b, null);
      case HAVERSINE -> haversine(d);
      case MINKOWSKI -> minkowski(arguments.p() == null ? 2 : arguments.p(), arguments.w());
      case SEUCLIDEAN -> standardised(arguments.v());
      case MAHALANOBIS -> mahalanobis(arguments.vi());
      default -> throw new AssertionError(metric);
    };
  }

  private static double manhattan(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += Math.abs(a[j] - b[j]);
    }
    return sum;
  }

  private static double brayCurtis(double[] a, double[] b) {
    double apart = 0;
    double all = 0;
    for (int j = 0; j < a.length; j++) {
      apart += Math.abs(a[j] - b[j]);
      all += Math.abs(a[j]) + Math.abs(b[j]);
    }
    return apart == 0 ? 0 : apart / all;
  }

  private static double canberra(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double size = Math.abs(a[j]) + Math.abs(b[j]);
      sum += size == 0 ? 0 : Math.abs(a[j] - b[j]) / size;
    }
    return sum;
  }

  private static double chebyshev(double[] a, double[] b) {
    double most = 0;
    for (int j = 0; j < a.length; j++) {
      most = Math.max(most, Math.abs(a[j] - b[j]));
    }
    return most;
  }

  private static double hamming(double[] a, double[] b) {
    int unequal = 0;
    for (int j = 0; j < a.length; j++) {
      unequal += a[j] != b[j] ? 1 : 0;
    }
    return (double) unequal / a.length;
  }

  private static double squares(double[] a, double[] b, double[] over) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double gap = a[j] - b[j];
      sum += gap == 0 ? 0 : gap * gap / (over == null ? 1 : over[j]);
    }
    return sum;
  }

  private static RowDistance standardised(double[] variance) {
    return (a, b) -> Math.sqrt(squares(a, b, variance));
  }

  private static RowDistance minkowski(double p, double[] w) {
    return (a, b) -> {
      double sum = 0;
      for (int j = 0; j < a.length; j++) {
        double gap = Math.abs(a[j] - b[j]);
        sum += (w == null ? 1 : w[j]) * (p == 2 ? gap * gap : Elementary.pow(gap, p));
      }
      return p == 2 ? Math.sqrt(sum) : Elementary.pow(sum, 1 / p);
    };
  }

  private static RowDistance haversine(int d) {
    if (d != 2) {
      throw new IllegalArgumentException(
          "metric haversine needs 2 columns, latitude and longitude in radians, got " + d);
    }
    return (a, b) -> {
      double up = Elementary.sin((a[0] - b[0]) / 2);
      double along = Elementary.sin((a[1] - b[1]) / 2);
      return 2
          * Elementary.asin(
              Math.sqrt(up * up + Elementary.cos(a[0]) * Elementary.cos(b[0]) * along * along));
    };
  }

  private static RowDistance mahalanobis(double[][] inverse) {
    return (a, b) -> {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        double part = 0;
        for (int j = 0; j < a.length; j++) {
          part += inverse[i][j] * (a[j] - b[j]);
        }
        sum += (a[i] - b[i]) * part;
      }
      return Math.sqrt(Math.max(0, sum));
    };
  }

  /** From how many columns are not zero in both rows, in one of them, in none. */
  private static double presence(Metric metric, double[] a, double[] b) {
    double both = 0;
    double onlyA = 0;
    double onlyB = 0;
    for (int j = 0; j < a.length; j++) {
      boolean inA = a[j] != 0;
      boolean inB = b[j] != 0;
      both += inA && inB ? 1 : 0;
      onlyA += inA && !inB ? 1 : 0;
      onlyB += inB && !inA ? 1 : 0;
    }
    double differ = onlyA + onlyB;
    double none = a.length - both - differ;
    return switch (metric) {
      case JACCARD -> share(differ, both + differ);
      case DICE -> share(differ, 2 * both + differ);
      case SOKALSNEATH -> share(2 * differ, both + 2 * differ);
      case ROGERSTANIMOTO, SOKALMICHENER -> share(2 * differ, both + none + 2 * differ);
      case RUSSELLRAO -> share(a.length - both, a.length);
      case YULE -> share(2 * onlyA * onlyB, both * none + onlyA * onlyB);
      default -> throw new AssertionError(metric);
    };
  }

  private static double share(double part, double whole) {
    return part == 0 ? 0 : part / whole;
  }
}
