package org.cellweave.preprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.linalg.LeastSquares;
import org.cellweave.util.Check;

/**
 * Local quadratic regression on one predictor, as the netlib {@code dloess} program computes it by
 * default: local fits at the vertices of a k-d tree, blended in between by cubic Hermite pieces.
 *
 * <p>The tree cuts the data at medians until a cell holds at most {@code floor(n * span * 0.2)}
 * points; its box is the range widened by 0.5 % on both sides. Each vertex fits a parabola to its
 * {@code floor(n * span)} nearest points under tricube weights; near-singular fits (few distinct
 * values of x) use the minimum-norm solution.
 *
 * <p>Cost: O(n log n + n / cell). Numbers matched: scikit-misc 0.5, {@code surface="interpolate"},
 * {@code degree=2}, {@code family="gaussian"}.
 *
 * @see <a href="https://doi.org/10.1007/BF01890836">Cleveland and Grosse 1991</a>
 */
public final class Loess {
  private static final double RELATIVE_RANK = 100 * Math.ulp(1.0);
  private static final double CELL = 0.2;
  private static final double MARGIN = 0.005;
  private static final int MIN_POINTS = 4;

  private final double[] x;
  private final double[] y;
  private final int nearest;
  private final double widening;
  private final double[] vertices;
  private final double[] value;
  private final double[] slope;

  private Loess(double[] x, double[] y, double span) {
    int n = x.length;
    this.x = x;
    this.y = y;
    this.nearest = (int) Math.min(n, Math.floor(n * span + 1e-5));
    this.widening = Math.max(1, span);
    this.vertices = vertices(x, (int) Math.floor(n * span * CELL));
    this.value = new double[vertices.length];
    this.slope = new double[vertices.length];
  }

  /**
   * Fitted values at the data points.
   *
   * @param span share of the points in each local fit
   * @throws IllegalArgumentException when a local fit would have fewer than four points, or all of
   *     them at one value of x
   */
  public static double[] fit(double[] x, double[] y, double span) {
    Check.sameLength(y.length, x.length, "y", "the length of x");
    Check.positive(span, "span");
    int n = x.length;
    if (n < MIN_POINTS || n * span < MIN_POINTS) {
      throw new IllegalArgumentException(
          "loess with span "
              + span
              + " needs at least "
              + MIN_POINTS
              + " points in each local fit, got "
              + n
              + " points in all. Use a larger span or more genes");
    }
    int[] order = order(x);
    double[] sortedX = new double[n];
    double[] sortedY = new double[n];
    for (int p = 0; p < n; p++) {
      sortedX[p] = x[order[p]];
      sortedY[p] = y[order[p]];
      if (!Double.isFinite(sortedX[p]) || !Double.isFinite(sortedY[p])) {
        throw new IllegalArgumentException(
            "loess needs finite values, but point "
                + order[p]
                + " is ("
                + sortedX[p]
                + ", "
                + sortedY[p]
                + ")");
      }
    }
    var loess = new Loess(sortedX, sortedY, span);
    loess.fitVertices();
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = loess.blend(x[i]);
    }
    return out;
  }

  private static int[] order(double[] x) {
    Integer[] boxed = new Integer[x.length];
    Arrays.setAll(boxed, i -> i);
    Arrays.sort(boxed, (a, b) -> Double.compare(x[a], x[b]));
    return Arrays.stream(boxed).mapToInt(Integer::intValue).toArray();
  }

  // ---------------------------------------------------------------------------- the k-d tree

  private static double[] vertices(double[] x, int cellSize) {
    double low = x[0];
    double high = x[x.length - 1];
    double size = Math.max(Math.abs(low), Math.abs(high));
    double margin = Math.max(high - low, size * 1e-10 + 1e-30) * MARGIN;
    List<Double> cuts = new ArrayList<>();
    cuts.add(low - margin);
    cuts.add(high + margin);
    cut(x, 0, x.length - 1, low - margin, high + margin, cellSize, cuts);
    return cuts.stream().mapToDouble(Double::doubleValue).sorted().distinct().toArray();
  }

  private static void cut(
      double[] x, int first, int last, double low, double high, int cellSize, List<Double> cuts) {
    if (last - first + 1 <= cellSize || last == first) {
      return;
    }
    int middle = awayFromTies(x, first, last);
    double at = x[middle];
    if (at == low || at == high) {
      return;
    }
    cuts.add(at);
    cut(x, first, middle, low, at, cellSize, cuts);
    cut(x, middle + 1, last, at, high, cellSize, cuts);
  }

  /** The place nearest to the median, right before left, where the next point differs. */
  private static int awayFromTies(double[] x, int first, int last) {
    int middle = (first + last) / 2;
    int offset = 0;
    while (middle + offset >= first && middle + offset < last) {
      if (x[middle + offset] != x[middle + offset + 1]) {
        return middle + offset;
      }
      offset = offset <= 0 ? 1 - offset : -offset;
    }
    return middle;
  }

  // -------------------------------------------------------------------------- local fits

  private void fitVertices() {
    int from = 0;
    for (int v = 0; v < vertices.length; v++) {
      double q = vertices[v];
      while (from + nearest < x.length && x[from + nearest] - q < q - x[from]) {
        from++;
      }
      double radius =
          widening * Math.max(Math.abs(q - x[from]), Math.abs(x[from + nearest - 1] - q));
      if (!(radius > 0)) {
        throw new IllegalArgumentException(
            "loess: "
                + nearest
                + " points share the value "
                + q
                + ", so no curve can be fitted there. Use a larger span, or filter genes that are"
                + " all alike");
      }
      fitVertex(v, from, radius);
    }
  }

  private void fitVertex(int v, int from, double radius) {
    double[] design = new double[3 * nearest];
    double[] right = new double[Math.max(3, nearest)];
    for (int p = 0; p < nearest; p++) {
      double offset = x[from + p] - vertices[v];
      double root = Math.sqrt(tricube(Math.abs(offset), radius));
      design[p] = root;
      design[nearest + p] = root * offset;
      design[2 * nearest + p] = root * offset * offset;
      right[p] = root * y[from + p];
    }
    double[] coefficients = LeastSquares.solve(nearest, 3, design, right, RELATIVE_RANK);
    value[v] = coefficients[0];
    slope[v] = coefficients[1];
  }

  private static double tricube(double distance, double radius) {
    if (distance >= 0.999 * radius) {
      return 0;
    }
    if (distance <= 0.001 * radius) {
      return 1;
    }
    double r = distance / radius;
    double t = 1 - r * r * r;
    return t * t * t;
  }

  private double blend(double at) {
    int k = Arrays.binarySearch(vertices, at);
    k = k >= 0 ? k : -k - 2;
    k = Math.max(0, Math.min(k, vertices.length - 2));
    double width = vertices[k + 1] - vertices[k];
    double h = (at - vertices[k]) / width;
    double g = 1 - h;
    return g * g * (1 + 2 * h) * value[k]
        + h * h * (3 - 2 * h) * value[k + 1]
        + (h * g * g * slope[k] - h * h * g * slope[k + 1]) * width;
  }
}
