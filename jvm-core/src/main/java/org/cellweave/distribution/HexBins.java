package org.cellweave.distribution;

import org.cellweave.util.Check;

/**
 * Counts of points in hexagons, with matplotlib's {@code hexbin} for its lattice.
 *
 * <p>Centres are those of two lattices of rectangles, shifted by half a step; a point belongs to
 * the nearer of its two, to the second where both are as far. Cost: O(points).
 */
public final class HexBins {
  private static final double ASIDE = 1e-9;

  private HexBins() {}

  /**
   * Hexagons with at least one point, from left to right, the first lattice before the second.
   *
   * @param x of the centres
   * @param stepX width of a hexagon; its corners are a third of {@code stepY} and two thirds away
   */
  public record Result(double[] x, double[] y, int[] counts, double stepX, double stepY) {}

  /**
   * @param x finite, as {@code y}
   * @param size hexagons side by side
   */
  public static Result run(double[] x, double[] y, int size) {
    Check.positive(size, "gridsize");
    Check.sameLength(y.length, x.length, "y", "the length of x");
    int nx = size;
    int ny = Math.max(1, (int) (nx / Math.sqrt(3)));
    double[] acrossX = ends(x);
    double[] acrossY = ends(y);
    double stepX = (acrossX[1] - acrossX[0]) / nx;
    double stepY = (acrossY[1] - acrossY[0]) / ny;
    int[] first = new int[(nx + 1) * (ny + 1)];
    int[] second = new int[nx * ny];
    for (int i = 0; i < x.length; i++) {
      double u = (x[i] - acrossX[0]) / stepX;
      double v = (y[i] - acrossY[0]) / stepY;
      double toFirst = square(u - Math.rint(u)) + 3 * square(v - Math.rint(v));
      double toSecond = square(u - Math.floor(u) - 0.5) + 3 * square(v - Math.floor(v) - 0.5);
      if (toFirst < toSecond) {
        first[(int) Math.rint(u) * (ny + 1) + (int) Math.rint(v)]++;
      } else {
        second[(int) Math.floor(u) * ny + (int) Math.floor(v)]++;
      }
    }
    int n = filled(first) + filled(second);
    var out = new Result(new double[n], new double[n], new int[n], stepX, stepY);
    int at = place(out, 0, first, ny + 1, acrossX[0], acrossY[0], 0);
    place(out, at, second, ny, acrossX[0], acrossY[0], 0.5);
    return out;
  }

  private static int place(
      Result out, int at, int[] counts, int ny, double lowX, double lowY, double shift) {
    int next = at;
    for (int k = 0; k < counts.length; k++) {
      if (counts[k] > 0) {
        out.x[next] = lowX + (Math.floorDiv(k, ny) + shift) * out.stepX;
        out.y[next] = lowY + (k % ny + shift) * out.stepY;
        out.counts[next++] = counts[k];
      }
    }
    return next;
  }

  private static double[] ends(double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    if (!(high > low)) {
      low -= 0.1;
      high += 0.1;
    }
    double aside = ASIDE * (high - low);
    return new double[] {low - aside, high + aside};
  }

  private static int filled(int[] counts) {
    int n = 0;
    for (int c : counts) {
      n += c > 0 ? 1 : 0;
    }
    return n;
  }

  private static double square(double v) {
    return v * v;
  }
}
