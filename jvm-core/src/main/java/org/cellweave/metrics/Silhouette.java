package org.cellweave.metrics;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.design.Categories;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Silhouette of every cell: how much nearer its own group is than another one, from -1 to 1.
 *
 * <p>Cost {@code n^2 d} through BLAS in tiles, {@code n g} memory at most in tiles, never {@code n
 * x n}. Products are float32 of centred data; pairs much nearer than they are long are computed
 * anew in float64, sums are float64. A cell alone in its group has silhouette 0.
 *
 * @see <a href="https://doi.org/10.1016/0377-0427(87)90125-7">Rousseeuw 1987</a>
 * @see <a href="https://doi.org/10.1038/s41587-025-02743-4">Rautenstrauch and Ohler 2025, for
 *     BRAS</a>
 */
public final class Silhouette {
  private static final int QUERIES = 256;
  private static final int BASE = 2048;

  /** Squared distances below this part of the squared lengths lose digits to cancellation. */
  private static final float NEAR = 1e-2f;

  /** Sums of squares of values up to here fit float32. */
  private static final double LARGEST = 1e15;

  private Silhouette() {}

  /** What lies between two cells. */
  public enum Metric {
    EUCLIDEAN,
    COSINE
  }

  /** Which other group a cell is compared with. */
  public enum Between {
    NEAREST,
    MEAN_OTHER,
    FURTHEST
  }

  /** Metric and comparison; the defaults are scikit-learn's. */
  public record Params(Metric metric, Between between) {
    public static final Params DEFAULTS = new Params(Metric.EUCLIDEAN, Between.NEAREST);

    /** The variant of BRAS. */
    public static final Params BRAS = new Params(Metric.COSINE, Between.MEAN_OTHER);
  }

  /** One value per cell, and their mean. */
  public record Result(double[] values, double mean) {}

  public static Result run(Matrix x, int[] labels, Params params) {
    return run(x, labels, params, Progress.NONE);
  }

  /**
   * Computes the silhouettes.
   *
   * @param x cells in rows
   * @param labels one code per cell
   * @throws IllegalArgumentException when there are fewer than two groups or every cell is its own,
   *     or a value is not finite
   */
  public static Result run(Matrix x, int[] labels, Params params, Progress progress) {
    int n = x.nRows();
    var groups = Categories.complete("labels", labels, n);
    groups.atLeastTwo("a silhouette compares groups.");
    if (groups.used() == n) {
      throw new IllegalArgumentException(
          "labels must have fewer levels than cells, got " + n + " levels for " + n + " cells");
    }
    double[] values = new double[n];
    var points = new Points(x, params.metric());
    try (var packed = points.pack()) {
      int nBlocks = Parallel.nBlocks(n, QUERIES);
      var done = new java.util.concurrent.atomic.AtomicInteger();
      Parallel.forBlocks(
          nBlocks,
          block -> {
            int from = block * QUERIES;
            int to = Math.min(n, from + QUERIES);
            double[] sums = points.sums(packed, from, to, groups);
            for (int i = from; i < to; i++) {
              values[i] =
                  value(sums, (i - from) * groups.sizes().length, groups, i, params.between());
            }
            progress.step("silhouette", done.incrementAndGet(), nBlocks, Double.NaN);
          });
    }
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return new Result(values, sum / n);
  }

  private static double value(double[] sums, int at, Categories groups, int i, Between between) {
    int own = groups.codes()[i];
    if (groups.sizes()[own] < 2) {
      return 0;
    }
    double inside = sums[at + own] / (groups.sizes()[own] - 1);
    double outside = outside(sums, at, groups, own, between);
    double most = Math.max(inside, outside);
    return most == 0 ? 0 : (outside - inside) / most;
  }

  private static double outside(
      double[] sums, int at, Categories groups, int own, Between between) {
    double nearest = Double.POSITIVE_INFINITY;
    double furthest = 0;
    double total = 0;
    long count = 0;
    for (int g = 0; g < groups.sizes().length; g++) {
      if (g != own && groups.sizes()[g] > 0) {
        double mean = sums[at + g] / groups.sizes()[g];
        nearest = Math.min(nearest, mean);
        furthest = Math.max(furthest, mean);
        total += sums[at + g];
        count += groups.sizes()[g];
      }
    }
    return switch (between) {
      case NEAREST -> nearest;
      case FURTHEST -> furthest;
      case MEAN_OTHER -> total / count;
    };
  }

  /** Centred rows (Euclidean) or directions (cosine), and sums of distances to groups. */
  private static final class Points {
    private final int n;
    private final int d;
    private final Metric metric;
    private final float[][] rows;
    private final float[] lengths;

    Points(Matrix x, Metric metric) {
      this.n = x.nRows();
      this.d = x.nCols();
      this.metric = metric;
      this.rows = new float[Parallel.nBlocks(n, BASE)][];
      this.lengths = new float[n];
      var dense = x instanceof DenseMatrix m ? m : x.toCsr().toDense();
      double[] centre = new double[d];
      if (metric == Metric.EUCLIDEAN) {
        centre = dense.colSums();
        for (int j = 0; j < d; j++) {
          centre[j] /= n;
        }
      }
      double[] shift = centre;
      Parallel.forRange(n, BASE, (from, to) -> rows[from / BASE] = read(dense, shift, from, to));
    }

    private float[] read(DenseMatrix x, double[] shift, int from, int to) {
      float[] out = new float[(to - from) * d];
      double[] row = new double[d];
      for (int i = from; i < to; i++) {
        x.readRow(i, row);
        double length = 0;
        for (int j = 0; j < d; j++) {
          if (!(Math.abs(row[j]) <= LARGEST)) {
            throw Finite.mustBe("finite and at most 1e15", "x", i, j, row[j]);
          }
          row[j] -= shift[j];
          length += row[j] * row[j];
        }
        double scale = metric == Metric.COSINE && length > 0 ? 1 / Math.sqrt(length) : 1;
        float stored = 0;
        int at = (i - from) * d;
        for (int j = 0; j < d; j++) {
          out[at + j] = (float) (row[j] * scale);
          stored += out[at + j] * out[at + j];
        }
        lengths[i] = stored;
      }
      return out;
    }

    FloatPointer pack() {
      var all = NativeMemory.floats(Math.max(1, (long) n * d));
      for (int b = 0; b < rows.length; b++) {
        all.getPointer((long) b * BASE * d).put(rows[b], 0, rows[b].length);
      }
      return all;
    }

    double[] sums(FloatPointer packed, int from, int to, Categories groups) {
      int nGroups = groups.sizes().length;
      double[] sums = new double[(to - from) * nGroups];
      float[] products = new float[BASE];
      try (var c = NativeMemory.floats((long) (to - from) * BASE)) {
        FloatPointer query = packed.getPointer((long) from * d);
        for (int first = 0; first < n; first += BASE) {
          int count = Math.min(BASE, n - first);
          FloatPointer base = packed.getPointer((long) first * d);
          Blas.gemmNt(to - from, count, d, query, d, base, d, c);
          for (int i = from; i < to; i++) {
            c.getPointer((long) (i - from) * count).get(products, 0, count);
            distances(i, first, count, products);
            int at = (i - from) * nGroups;
            for (int j = 0; j < count; j++) {
              sums[at + groups.codes()[first + j]] += products[j];
            }
          }
        }
      }
      return sums;
    }

    private void distances(int i, int first, int count, float[] products) {
      if (metric == Metric.COSINE) {
        for (int j = 0; j < count; j++) {
          products[j] = 1 - products[j];
        }
        if (i >= first && i < first + count) {
          products[i - first] = lengths[i] > 0 ? 0 : 1;
        }
        return;
      }
      float own = lengths[i];
      boolean near = false;
      for (int j = 0; j < count; j++) {
        float together = own + lengths[first + j];
        float squared = together - 2 * products[j];
        near |= squared < NEAR * together;
        products[j] = squared < NEAR * together ? -1 : (float) Math.sqrt(squared);
      }
      if (near) {
        for (int j = 0; j < count; j++) {
          if (products[j] < 0) {
            products[j] = (float) exact(i, first + j);
          }
        }
      }
    }

    private double exact(int i, int j) {
      float[] a = rows[i / BASE];
      float[] b = rows[j / BASE];
      int p = (i % BASE) * d;
      int q = (j % BASE) * d;
      double sum = 0;
      for (int t = 0; t < d; t++) {
        double gap = (double) a[p + t] - b[q + t];
        sum += gap * gap;
      }
      return Math.sqrt(sum);
    }
  }
}
