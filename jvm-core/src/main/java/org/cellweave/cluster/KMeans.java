package org.cellweave.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Lloyd's k-means with greedy k-means++ starts; of several starts the one with the least inertia.
 *
 * <p>Cost {@code nInit * iterations * n k d}. Ties go to the cluster with the lower number. A
 * cluster that loses its last cell takes the cell that lies farthest from its centroid. Stops, as
 * scikit-learn does, when the labels or the centroids stand still: the squared shift of all
 * centroids falls below {@code tol} times the mean variance of the columns.
 *
 * @see <a href="https://doi.org/10.1109/TIT.1982.1056489">Lloyd 1982</a>
 * @see <a href="https://dl.acm.org/doi/10.5555/1283383.1283494">Arthur and Vassilvitskii 2007</a>
 */
public final class KMeans {
  private static final int BLOCK = 1024;

  private KMeans() {}

  /**
   * @param nClusters number of clusters
   * @param nInit number of starts
   * @param maxIter most iterations of one start
   * @param tol relative shift of the centroids that ends a start
   * @param seed of the starts
   */
  public record Params(int nClusters, int nInit, int maxIter, double tol, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nClusters, "nClusters");
      Check.positive(nInit, "nInit");
      Check.positive(maxIter, "maxIter");
      Check.nonNegative(tol, "tol");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nClusters = 8;
      private int nInit = 1;
      private int maxIter = 300;
      private double tol = 1e-4;
      private long seed = 0;

      private Builder() {}

      public Builder nClusters(int value) {
        nClusters = value;
        return this;
      }

      public Builder nInit(int value) {
        nInit = value;
        return this;
      }

      public Builder maxIter(int value) {
        maxIter = value;
        return this;
      }

      public Builder tol(double value) {
        tol = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(nClusters, nInit, maxIter, tol, seed);
      }
    }
  }

  /**
   * @param labels cluster of every cell
   * @param centroids one row per cluster
   * @param inertia sum of squared distances to the centroids
   * @param iterations of the start that was kept
   * @param converged false when {@code maxIter} ended it
   */
  public record Result(
      int[] labels, double[][] centroids, double inertia, int iterations, boolean converged) {}

  public static Result run(DenseMatrix x, Params params) {
    return run(x, params, Progress.NONE);
  }

  /**
   * Clusters the rows.
   *
   * @throws IllegalArgumentException when there are fewer rows than clusters or a value is not
   *     finite
   */
  public static Result run(DenseMatrix x, Params params, Progress progress) {
    int n = x.nRows();
    if (n < params.nClusters()) {
      throw new IllegalArgumentException(
          "nClusters must not exceed the number of rows, got " + params.nClusters() + " for " + n);
    }
    if (x.nCols() == 0) {
      throw new IllegalArgumentException("x must have at least one column, got " + x.describe());
    }
    var points = new Points(x);
    if (!Double.isFinite(points.meanVariance())) {
      throw new IllegalArgumentException(
          "k-means: the squares of x exceed the range of float64; rescale x first");
    }
    double shiftLimit = params.tol() * points.meanVariance();
    var random = new SplittableRandom(params.seed());
    Result best = null;
    for (int start = 0; start < params.nInit(); start++) {
      var result = lloyd(points, params, shiftLimit, random.split());
      progress.step("k-means", start + 1, params.nInit(), result.inertia());
      if (best == null || result.inertia() < best.inertia()) {
        best = result;
      }
    }
    return best;
  }

  private static Result lloyd(
      Points points, Params params, double shiftLimit, SplittableRandom random) {
    double[][] centroids = plusPlus(points, params.nClusters(), random);
    int[] labels = new int[points.n];
    Arrays.fill(labels, -1);
    double[] squared = new double[points.n];
    boolean converged = false;
    int iteration = 0;
    while (!converged && iteration < params.maxIter()) {
      Parallel.checkInterrupted();
      iteration++;
      boolean moved = points.assign(centroids, labels, squared);
      double shift = points.recentre(centroids, labels, squared);
      converged = !moved || shift <= shiftLimit;
    }
    points.assign(centroids, labels, squared);
    double inertia = 0;
    for (double s : squared) {
      inertia += s;
    }
    double[][] uncentred = points.uncentred(centroids);
    return new Result(labels, uncentred, inertia, iteration, converged);
  }

  /** Draws each centroid by squared distance, the best of a few draws. */
  private static double[][] plusPlus(Points points, int k, SplittableRandom random) {
    int draws = 2 + (int) Elementary.log(k);
    double[][] centroids = new double[k][];
    double[] nearest = new double[points.n];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    centroids[0] = points.row(random.nextInt(points.n));
    points.lower(centroids[0], nearest, nearest);
    double[] candidate = new double[points.n];
    for (int c = 1; c < k; c++) {
      double least = Double.POSITIVE_INFINITY;
      double[] kept = null;
      double total = sum(nearest);
      for (int draw = 0; draw < draws; draw++) {
        double[] row = points.row(pick(nearest, total * random.nextDouble()));
        points.lower(row, nearest, candidate);
        double potential = sum(candidate);
        if (potential < least) {
          least = potential;
          kept = row;
        }
      }
      centroids[c] = kept;
      points.lower(kept, nearest, nearest);
    }
    return centroids;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum;
  }

  private static int pick(double[] weights, double target) {
    double sum = 0;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      if (weights[i] > 0) {
        last = i;
        if (sum > target) {
          return i;
        }
      }
    }
    return last;
  }

  /** The rows around their mean. */
  private static final class Points {
    private final int n;
    private final int d;
    private final double[] mean;
    private final double[] rows;

    Points(DenseMatrix x) {
      n = x.nRows();
      d = x.nCols();
      mean = x.colSums();
      for (int j = 0; j < d; j++) {
        mean[j] /= n;
      }
      rows = new double[Math.multiplyExact(n, d)];
      Parallel.forRange(
          n,
          BLOCK,
          (from, to) -> {
            double[] row = new double[d];
            for (int i = from; i < to; i++) {
              x.readRow(i, row);
              for (int j = 0; j < d; j++) {
                rows[i * d + j] = Finite.require(row[j], "x", i, j) - mean[j];
              }
            }
          });
    }

    double[] row(int i) {
      return Arrays.copyOfRange(rows, i * d, (i + 1) * d);
    }

    double meanVariance() {
      double sum = Parallel.sum(rows.length, BLOCK * d, this::squares);
      return sum / n / d;
    }

    private double squares(int from, int to) {
      double sum = 0;
      for (int p = from; p < to; p++) {
        sum += rows[p] * rows[p];
      }
      return sum;
    }

    private double squared(int i, double[] centroid) {
      double sum = 0;
      int at = i * d;
      for (int j = 0; j < d; j++) {
        double gap = rows[at + j] - centroid[j];
        sum += gap * gap;
      }
      return sum;
    }

    /** {@code out = min(nearest, squared distance to a centroid)}. */
    void lower(double[] centroid, double[] nearest, double[] out) {
      Parallel.forRange(
          n,
          BLOCK,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              out[i] = Math.min(nearest[i], squared(i, centroid));
            }
          });
    }

    boolean assign(double[][] centroids, int[] labels, double[] squared) {
      boolean[] moved = new boolean[Parallel.nBlocks(n, BLOCK)];
      Parallel.forRange(
          n,
          BLOCK,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              int best = 0;
              double least = Double.POSITIVE_INFINITY;
              for (int c = 0; c < centroids.length; c++) {
                double s = squared(i, centroids[c]);
                if (s < least) {
                  least = s;
                  best = c;
                }
              }
              moved[from / BLOCK] |= labels[i] != best;
              labels[i] = best;
              squared[i] = least;
            }
          });
      boolean any = false;
      for (boolean m : moved) {
        any |= m;
      }
      return any;
    }

    /** Moves centroids to the means; returns the sum of their squared shifts. */
    double recentre(double[][] centroids, int[] labels, double[] squared) {
      int k = centroids.length;
      int[] sizes = new int[k];
      for (int label : labels) {
        sizes[label]++;
      }
      refill(sizes, labels, squared);
      double[] sums = sums(labels, k);
      double shift = 0;
      for (int c = 0; c < k; c++) {
        for (int j = 0; j < d; j++) {
          double moved = sums[c * d + j] / sizes[c];
          double gap = moved - centroids[c][j];
          shift += gap * gap;
          centroids[c][j] = moved;
        }
      }
      return shift;
    }

    private double[] sums(int[] labels, int k) {
      var parts =
          Parallel.map(
              Parallel.nBlocks(n, BLOCK),
              block -> {
                double[] part = new double[k * d];
                for (int i = block * BLOCK; i < Math.min(n, (block + 1) * BLOCK); i++) {
                  int at = labels[i] * d;
                  for (int j = 0; j < d; j++) {
                    part[at + j] += rows[i * d + j];
                  }
                }
                return part;
              });
      double[] sums = new double[k * d];
      for (double[] part : parts) {
        for (int p = 0; p < sums.length; p++) {
          sums[p] += part[p];
        }
      }
      return sums;
    }

    private void refill(int[] sizes, int[] labels, double[] squared) {
      for (int c = 0; c < sizes.length; c++) {
        if (sizes[c] == 0) {
          int farthest = -1;
          for (int i = 0; i < n; i++) {
            if (sizes[labels[i]] > 1 && (farthest < 0 || squared[i] > squared[farthest])) {
              farthest = i;
            }
          }
          sizes[labels[farthest]]--;
          labels[farthest] = c;
          sizes[c] = 1;
          squared[farthest] = 0;
        }
      }
    }

    double[][] uncentred(double[][] centroids) {
      double[][] out = new double[centroids.length][d];
      for (int c = 0; c < out.length; c++) {
        for (int j = 0; j < d; j++) {
          out[c][j] = centroids[c][j] + mean[j];
        }
      }
      return out;
    }
  }
}
