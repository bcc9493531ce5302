package org.cellweave.neighbors;

import org.cellweave.linalg.SymmetricInverse;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;

/**
 * What some metrics take besides two rows, with scipy's names; null where not given.
 *
 * @param p exponent of {@code MINKOWSKI}; 2 when null
 * @param w weight of every column, of {@code MINKOWSKI}
 * @param v variance of every column, of {@code SEUCLIDEAN}; those of the data when null
 * @param vi inverse covariance of the columns, of {@code MAHALANOBIS}; that of the data when null
 */
public record MetricArguments(Double p, double[] w, double[] v, double[][] vi) {
  public static final MetricArguments NONE = new MetricArguments(null, null, null, null);

  /**
   * These arguments with what the metric takes from data and was not given: a variance or an
   * inverse covariance of all cells. Searches in parts of the cells that are given the result share
   * one scale, that of a search in the whole.
   *
   * @param x all cells in rows
   * @throws IllegalArgumentException when they have no such variance, a value is not finite, or an
   *     argument does not fit
   */
  public MetricArguments completed(Metric metric, Matrix x) {
    return takesFromData(metric) ? completed(metric, PointSet.raw(x, metric, this, "x")) : this;
  }

  /** As {@link #completed(Metric, Matrix)}, of the cells of both sets. */
  public MetricArguments completed(Metric metric, Matrix first, Matrix second) {
    if (!takesFromData(metric)) {
      return this;
    }
    var both = DenseMatrix.zeros(first.nRows() + second.nRows(), first.nCols(), DType.FLOAT64);
    double[] row = new double[first.nCols()];
    var above = Rows.of(first);
    var below = Rows.of(second);
    for (int i = 0; i < both.nRows(); i++) {
      if (i < first.nRows()) {
        above.read(i, row);
      } else {
        below.read(i - first.nRows(), row);
      }
      both.setRow(i, row);
    }
    return completed(metric, both);
  }

  MetricArguments completed(Metric metric, PointSet points) {
    if (!takesFromData(metric)) {
      return this;
    }
    return metric == Metric.SEUCLIDEAN
        ? new MetricArguments(p, w, points.variances(), vi)
        : new MetricArguments(
            p, w, v, SymmetricInverse.of(points.covariance(), "the covariance of the columns"));
  }

  private boolean takesFromData(Metric metric) {
    return switch (metric) {
      case SEUCLIDEAN -> v == null;
      case MAHALANOBIS -> vi == null;
      default -> false;
    };
  }

  /**
   * @throws IllegalArgumentException for an argument that the metric does not take, or that does
   *     not fit {@code d} columns
   */
  void check(Metric metric, int d) {
    boolean minkowski = metric == Metric.MINKOWSKI;
    refuse(p != null && !minkowski, "p", metric);
    refuse(w != null && !minkowski, "w", metric);
    refuse(v != null && metric != Metric.SEUCLIDEAN, "V", metric);
    refuse(vi != null && metric != Metric.MAHALANOBIS, "VI", metric);
    if (p != null && !(p > 0)) {
      throw new IllegalArgumentException("p must be positive, got " + p);
    }
    length(w, "w", d);
    length(v, "V", d);
    if (vi != null) {
      sized("VI", vi.length, d);
      for (double[] row : vi) {
        sized("a row of VI", row.length, d);
      }
    }
  }

  private static void refuse(boolean given, String name, Metric metric) {
    if (given) {
      throw new IllegalArgumentException(
          name
              + " is no argument of metric "
              + metric.name().toLowerCase(java.util.Locale.ROOT)
              + "; leave it out");
    }
  }

  private static void length(double[] values, String name, int d) {
    if (values == null) {
      return;
    }
    sized(name, values.length, d);
    for (int j = 0; j < d; j++) {
      if (!(values[j] >= 0 && values[j] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            name + " must be finite and not negative, got " + values[j] + " for column " + j);
      }
    }
  }

  private static void sized(String name, int length, int d) {
    if (length != d) {
      throw new IllegalArgumentException(
          name + " must have one value for each of " + d + " columns, got " + length);
    }
  }
}
