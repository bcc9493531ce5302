package org.cellweave.neighbors;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.matrix.SentOnce;
import org.cellweave.util.Parallel;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.RefusedValueException;

/**
 * Cells as the searches see them: moved to the centroid (Euclidean), or scaled to length one after
 * the cosine or correlation transform, so that one squared difference serves the three metrics.
 */
final class PointSet implements SentOnce {
  private static final long serialVersionUID = 1;
  private static final int BLOCK = 1024;

  final int n;
  final int d;
  final Metric metric;
  final boolean dense;
  private final String name;
  private final Matrix x;
  private transient Rows rows;
  private double[] centre;
  private double[] rowShift;
  private double[] rowScale;

  /** For the metrics that look at every pair; null for the others. */
  private transient RowDistance pairs;

  private PointSet(Matrix x, Metric metric, String name) {
    this.n = x.nRows();
    this.d = x.nCols();
    this.metric = metric;
    this.dense = !x.isSparse();
    this.name = name;
    this.x = x;
    this.rows = Rows.of(x);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    rows = Rows.of(x);
  }

  static PointSet of(Matrix x, Metric metric) {
    return of(x, metric, MetricArguments.NONE, "x");
  }

  /**
   * @param name of the matrix, for messages
   */
  static PointSet of(Matrix x, Metric metric, MetricArguments arguments, String name) {
    var points = raw(x, metric, arguments, name);
    switch (metric) {
      case EUCLIDEAN -> {
        points.centre = x.colSums();
        for (int j = 0; j < points.d; j++) {
          points.centre[j] /= points.n;
        }
      }
      case COSINE, CORRELATION -> points.directions();
      case PRECOMPUTED -> points.requireDistances(x);
      default ->
          points.pairs = RowDistance.of(metric, arguments.completed(metric, points), points.d);
    }
    return points;
  }

  /** Cells that fit the metric and its arguments, not yet transformed. */
  static PointSet raw(Matrix x, Metric metric, MetricArguments arguments, String name) {
    if (x.nCols() == 0) {
      throw new IllegalArgumentException(
          name + " must have at least one column, got " + x.describe());
    }
    Finite.require(x, name, "a distance");
    arguments.check(metric, x.nCols());
    return new PointSet(x, metric, name);
  }

  /** Other cells, moved to the same centre and measured as these are. */
  PointSet alike(Matrix x, String name) {
    Finite.require(x, name, "a distance");
    var points = new PointSet(x, metric, name);
    points.centre = centre;
    points.pairs = pairs;
    if (rowScale != null) {
      points.directions();
    }
    return points;
  }

  private void requireDistances(Matrix x) {
    if (n != d) {
      throw new IllegalArgumentException(
          "metric precomputed needs the distances of all pairs of cells, got " + x.describe());
    }
    double[] row = new double[d];
    for (int i = 0; i < n; i++) {
      rows.read(i, row);
      for (int j = 0; j < d; j++) {
        if (row[j] < 0) {
          throw new RefusedValueException(
              "metric precomputed needs distances that are not negative, got "
                  + row[j]
                  + " "
                  + RefusedValueException.place(i, j),
              i,
              j,
              row[j]);
        }
      }
    }
  }

  /** What the values take when they travel, if dense. */
  long bytes() {
    return (long) n
        * d
        * (x instanceof DenseMatrix y && y.isFloat32Stored() ? Float.BYTES : Double.BYTES);
  }

  /** Variance of every column, divided by n - 1. */
  double[] variances() {
    double[] out = new double[d];
    double[][] c = covariance(true);
    for (int j = 0; j < d; j++) {
      out[j] = c[0][j];
    }
    return out;
  }

  /** Covariance of the columns, divided by n - 1. */
  double[][] covariance() {
    return covariance(false);
  }

  private double[][] covariance(boolean diagonal) {
    if (n < 2) {
      throw new IllegalArgumentException("a variance needs at least 2 cells, got " + n);
    }
    double[] mean = new double[d];
    double[] row = new double[d];
    for (int i = 0; i < n; i++) {
      rows.read(i, row);
      for (int j = 0; j < d; j++) {
        mean[j] += row[j] / n;
      }
    }
    double[][] out = new double[diagonal ? 1 : d][d];
    for (int i = 0; i < n; i++) {
      rows.read(i, row);
      for (int j = 0; j < d; j++) {
        row[j] -= mean[j];
      }
      for (int r = 0; r < out.length; r++) {
        for (int j = 0; j < d; j++) {
          out[r][j] += (diagonal ? row[j] : row[r]) * row[j] / (n - 1);
        }
      }
    }
    return out;
  }

  private void directions() {
    rowShift = new double[n];
    rowScale = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] row = new double[d];
          for (int i = from; i < to; i++) {
            rows.read(i, row);
            double mean = metric == Metric.CORRELATION ? Arrays.stream(row).sum() / d : 0;
            double norm = 0;
            double size = 0;
            for (double v : row) {
              norm += (v - mean) * (v - mean);
              size += v * v;
            }
            // A constant row leaves rounding error of its mean, which is no direction.
            boolean none = norm == 0 || norm <= 1e-28 * size;
            rowShift[i] = mean;
            rowScale[i] = none ? 0 : 1 / Math.sqrt(norm);
          }
        });
    for (int i = 0; i < n; i++) {
      if (rowScale[i] == 0) {
        String what = metric == Metric.COSINE ? "all zero" : "constant";
        String after =
            " is "
                + what
                + ", so that metric "
                + metric.name().toLowerCase(java.util.Locale.ROOT)
                + " is not defined for it. Filter such cells first, or use metric euclidean.";
        throw new RefusedRowException("", name, n, after, i);
      }
    }
  }

  /** Row {@code i}, transformed, in float64. */
  void read(int i, double[] out) {
    rows.read(i, out);
    if (centre != null) {
      for (int j = 0; j < d; j++) {
        out[j] -= centre[j];
      }
    } else if (rowScale != null) {
      double shift = rowShift[i];
      double scale = rowScale[i];
      for (int j = 0; j < d; j++) {
        out[j] = (out[j] - shift) * scale;
      }
    }
  }

  /** Values of a packed row. */
  int packedWidth() {
    return d + 2;
  }

  /**
   * Transformed rows as float32, so that the product of a query and another is half their squared
   * distance: {@code [x, |x|^2 / 2, 1]} and {@code [-y, 1, |y|^2 / 2]}.
   *
   * @param order rows by their place; null for the place itself
   * @param query whether the rows are the x of that, or the y
   */
  void pack(int[] order, int from, int to, float[] out, int at, boolean query) {
    double[] row = new double[d];
    for (int p = from; p < to; p++) {
      read(order == null ? p : order[p], row);
      pack(row, out, at, query);
      at += packedWidth();
    }
  }

  /** As {@link #pack(int[], int, int, float[], int, boolean)}, of one transformed row. */
  void pack(double[] row, float[] out, int at, boolean query) {
    double norm = 0;
    for (int j = 0; j < d; j++) {
      out[at + j] = (float) (query ? row[j] : -row[j]);
      norm += row[j] * row[j];
    }
    out[at + d] = query ? (float) (norm / 2) : 1;
    out[at + d + 1] = query ? 1 : (float) (norm / 2);
  }

  /** All rows packed in an order, off-heap; the caller closes them. */
  FloatPointer packed(int[] order, boolean query) {
    int width = packedWidth();
    var all = NativeMemory.floats((long) order.length * width);
    Parallel.forRange(
        order.length,
        BLOCK,
        (from, to) -> {
          float[] part = new float[(to - from) * width];
          pack(order, from, to, part, 0, query);
          // a view, which has no memory of its own
          all.getPointer((long) from * width).put(part, 0, part.length);
        });
    return all;
  }

  /** Row {@code i}, untouched unless the metric needs directions. */
  void readForDistance(int i, double[] out) {
    if (centre != null) {
      rows.read(i, out);
    } else {
      read(i, out);
    }
  }

  /** The distance between two rows that {@link #readForDistance} gave. */
  double distance(double[] a, double[] b) {
    if (pairs != null) {
      return pairs.of(a, b);
    }
    double sum = 0;
    for (int j = 0; j < d; j++) {
      double diff = a[j] - b[j];
      sum += diff * diff;
    }
    return metric == Metric.EUCLIDEAN ? Math.sqrt(sum) : sum / 2;
  }

  /** The same, where {@code b} is row {@code j}, as distances that are given need it. */
  double distance(double[] a, double[] b, int j) {
    return metric == Metric.PRECOMPUTED ? a[j] : distance(a, b);
  }

  /** The length of the difference in the transformed space; only for metrics with one. */
  double length(double distance) {
    return metric == Metric.EUCLIDEAN ? distance : Math.sqrt(2 * distance);
  }
}
