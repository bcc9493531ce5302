package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.neural.data.CellData;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quoted;

/**
 * Cells of a group that lie apart from most of it in the latent space: the tenth whose Mahalanobis
 * distance is largest, by a mean and a covariance that outliers have no hand in, those of the half
 * of the cells whose covariance has the least determinant, reweighted once.
 *
 * <p>Departure from scikit-learn's EllipticEnvelope, which scvi-tools takes: starts are subsets as
 * small as can be, as in the paper, and quantiles of chi-square are Wilson and Hilferty's.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1999.10485670">Rousseeuw and Van Driessen 1999</a>
 */
final class OutlierCells {
  private static final double SHARE = 0.1;
  private static final int MOST_STARTS = 500;
  private static final int LEAST_STARTS = 30;

  /** Cells that all starts together look at, which keeps large groups from taking long. */
  private static final int WORK = 2_000_000;

  private static final int FINISHED = 10;
  private static final int MOST_STEPS = 50;

  /** Normal quantile of 0.975, by which cells are taken for the reweighted covariance. */
  private static final double FAR = 1.959963984540054;

  private final int n;
  private final int d;
  private final float[] x;

  private OutlierCells(float[] x, int d) {
    this.x = x;
    this.d = d;
    this.n = x.length / d;
  }

  /** The cells of the group that remain; all of them, with a warning, where none can be told. */
  static int[] without(
      CountModel model, CellData read, int[] group, String name, long seed, List<String> warnings) {
    Places places = Places.of(model, read, group);
    int[] kept = kept(places.mean(), places.latent(), seed);
    if (kept == null) {
      warnings.add(
          "group "
              + Quoted.of(name)
              + " keeps all its cells: outliers cannot be told among "
              + group.length
              + " cells in "
              + places.latent()
              + " latent dimensions");
      return group;
    }
    return Arrays.stream(kept).map(i -> group[i]).toArray();
  }

  /**
   * Rows that remain, ascending; null where the rows fill no space.
   *
   * @param x rows by columns, row-major
   * @param d number of columns
   */
  static int[] kept(float[] x, int d, long seed) {
    var cells = new OutlierCells(x, d);
    double[] distances = cells.n <= d + 1 ? null : cells.distances(seed);
    if (distances == null) {
      return null;
    }
    double largest = quantile(distances, 1 - SHARE);
    return IntStream.range(0, cells.n).filter(i -> distances[i] <= largest).toArray();
  }

  /** Linear between the sorted values. */
  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  private double[] distances(long seed) {
    int half = (n + d + 2) / 2;
    int tries = Math.max(LEAST_STARTS, Math.min(MOST_STARTS, WORK / n));
    List<Shape> starts = Parallel.map(tries, start -> started(half, seed, start));
    List<Shape> best =
        starts.stream()
            .filter(shape -> shape != null)
            .sorted(Comparator.comparingDouble(Shape::logDeterminant))
            .limit(FINISHED)
            .toList();
    List<Shape> done = Parallel.map(best.size(), k -> steps(best.get(k), half, MOST_STEPS));
    Shape least =
        done.stream()
            .filter(shape -> shape != null)
            .min(Comparator.comparingDouble(Shape::logDeterminant))
            .orElse(null);
    return least == null ? null : reweighted(least.distances());
  }

  /** Two steps from the fewest cells that fill the space. */
  private Shape started(int half, long seed, int start) {
    int[] order = Shuffle.sample(n, n, Streams.of(seed, start));
    for (int size = d + 1; size <= n; size++) {
      Shape shape = shape(Arrays.copyOf(order, size));
      if (shape != null) {
        return steps(shape, half, 2);
      }
    }
    return null;
  }

  /** Takes the nearest cells anew until the determinant falls no more; null when it vanishes. */
  private Shape steps(Shape from, int half, int most) {
    Shape now = from;
    for (int s = 0; s < most && now != null; s++) {
      Shape next = shape(nearest(now.distances(), half));
      if (next != null && s > 0 && next.logDeterminant() >= now.logDeterminant()) {
        return now;
      }
      now = next;
    }
    return now;
  }

  private double[] reweighted(double[] distances) {
    double most = chiSquare(FAR) * quantile(distances, 0.5) / chiSquare(0);
    int[] near = IntStream.range(0, n).filter(i -> distances[i] < most).toArray();
    Shape shape = near.length > d ? shape(near) : null;
    return shape == null ? distances : shape.distances();
  }

  private double chiSquare(double normal) {
    double part = 2.0 / (9 * d);
    return d * Elementary.pow(1 - part + normal * Math.sqrt(part), 3);
  }

  /** Positions of the smallest distances, ascending; of equal ones the first. */
  private static int[] nearest(double[] distances, int count) {
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    double last = sorted[count - 1];
    long ties = count - Arrays.stream(distances).filter(x -> x < last).count();
    int[] out = new int[count];
    int next = 0;
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] < last || (distances[i] == last && ties-- > 0)) {
        out[next++] = i;
      }
    }
    return out;
  }

  /**
   * @param logDeterminant of a covariance
   * @param distances squared Mahalanobis distances of all cells by it
   */
  private record Shape(double logDeterminant, double[] distances) {}

  /** By the mean and covariance of some cells; null when these fill no space. */
  private Shape shape(int[] of) {
    double[] mean = new double[d];
    for (int i : of) {
      for (int j = 0; j < d; j++) {
        mean[j] += x[i * d + j] / of.length;
      }
    }
    double[][] factor = new double[d][d];
    for (int i : of) {
      for (int j = 0; j < d; j++) {
        for (int k = 0; k <= j; k++) {
          factor[j][k] += (x[i * d + j] - mean[j]) * (x[i * d + k] - mean[k]) / of.length;
        }
      }
    }
    double log = factored(factor);
    return Double.isFinite(log) ? new Shape(log, distances(mean, factor)) : null;
  }

  /** Turns a covariance into its Cholesky factor; the logarithm of its determinant. */
  private double factored(double[][] a) {
    double log = 0;
    for (int j = 0; j < d; j++) {
      double whole = a[j][j];
      for (int k = 0; k < j; k++) {
        for (int l = 0; l < k; l++) {
          a[j][k] -= a[j][l] * a[k][l];
        }
        a[j][k] /= a[k][k];
        a[j][j] -= a[j][k] * a[j][k];
      }
      if (!(a[j][j] > 1e-10 * whole)) {
        return Double.NEGATIVE_INFINITY;
      }
      log += Elementary.log(a[j][j]);
      a[j][j] = Math.sqrt(a[j][j]);
    }
    return log;
  }

  private double[] distances(double[] mean, double[][] factor) {
    double[] out = new double[n];
    double[] y = new double[d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        y[j] = x[i * d + j] - mean[j];
        for (int k = 0; k < j; k++) {
          y[j] -= factor[j][k] * y[k];
        }
        y[j] /= factor[j][j];
        out[i] += y[j] * y[j];
      }
    }
    return out;
  }
}
