package org.cellweave.embed;

import java.util.Arrays;
import java.util.List;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Density of each group of cells at its own cells in a plane: a Gaussian kernel estimate with
 * Scott's bandwidth and the group's covariance, scaled to [0, 1] within the group.
 *
 * <p>Sums are exact to float64: only terms below exp(-40) of a cell's own are left out. Cost: at
 * most the square of the largest group. Cells without a group get 0.
 *
 * <p>Scott 1992, doi:10.1002/9780470316849; the estimate is that of scipy's {@code gaussian_kde}.
 */
public final class EmbeddingDensity {
  private static final int BLOCK = 128;
  private static final double FARTHEST2 = 80;

  private EmbeddingDensity() {}

  /**
   * @param coordinates cells by two coordinates
   * @param codes group of every cell, -1 for none
   * @param groups names of the groups, for messages
   * @throws IllegalArgumentException when a coordinate is not finite, or the cells of a group lie
   *     on a line
   */
  public static double[] run(
      DenseMatrix coordinates, int[] codes, List<String> groups, Progress progress) {
    int nGroups = groups.size();
    int n = coordinates.nRows();
    Check.sameLength(codes.length, n, "codes", "the number of cells");
    Check.sameLength(coordinates.nCols(), 2, "a row of coordinates", "the number of axes");
    double[] x = coordinates.column(0);
    double[] y = coordinates.column(1);
    var beyond = Finite.first(coordinates);
    if (beyond != null) {
      int i = beyond.row();
      throw beyond.refusal(
          "row " + i + " of coordinates is (" + x[i] + ", " + y[i] + "); it must be finite",
          "coordinates");
    }
    double[] out = new double[n];
    int[] byX = Ordering.ascending(x);
    for (int g = 0; g < nGroups; g++) {
      Parallel.checkInterrupted();
      int group = g;
      int[] cells = Arrays.stream(byX).filter(i -> codes[i] == group).toArray();
      if (cells.length > 0) {
        estimate(cells, groups.get(g), x, y, out);
      }
      progress.step("density", g + 1, nGroups, Double.NaN);
    }
    return out;
  }

  /**
   * @param cells of the group, ascending in x
   */
  private static void estimate(int[] cells, String group, double[] x, double[] y, double[] out) {
    int m = cells.length;
    double[] u = new double[m];
    double[] v = new double[m];
    whiten(cells, group, x, y, u, v);
    double reach = Math.sqrt(FARTHEST2);
    double[] density = new double[m];
    Parallel.forRange(
        m,
        BLOCK,
        (from, to) -> {
          int first = 0;
          for (int i = from; i < to; i++) {
            while (u[i] - u[first] > reach) {
              first++;
            }
            double sum = 0;
            for (int j = first; j < m && u[j] - u[i] <= reach; j++) {
              double du = u[i] - u[j];
              double dv = v[i] - v[j];
              double r2 = du * du + dv * dv;
              sum += r2 < FARTHEST2 ? Elementary.exp(-0.5 * r2) : 0;
            }
            density[i] = sum;
          }
        });
    double low = Arrays.stream(density).min().orElse(0);
    double high = Arrays.stream(density).max().orElse(0);
    for (int k = 0; k < m; k++) {
      out[cells[k]] = high > low ? (density[k] - low) / (high - low) : Double.NaN;
    }
  }

  /** Coordinates in which the kernel is the standard normal one; the first grows with x. */
  private static void whiten(
      int[] cells, String group, double[] x, double[] y, double[] u, double[] v) {
    int m = cells.length;
    double meanX = Arrays.stream(cells).mapToDouble(i -> x[i]).sum() / m;
    double meanY = Arrays.stream(cells).mapToDouble(i -> y[i]).sum() / m;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i : cells) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    double scott2 = Elementary.pow(m, -1.0 / 3) / (m - 1);
    double a = Math.sqrt(xx * scott2);
    double b = xy * scott2 / a;
    double c2 = yy * scott2 - b * b;
    if (m < 3 || !(a > 0) || !(c2 > 1e-12 * yy * scott2)) {
      throw new IllegalArgumentException(
          "group "
              + group
              + " has "
              + m
              + (m == 1 ? " cell" : m == 2 ? " cells" : " cells that lie on one line")
              + ", so that it has no density in the plane; remove the group or merge it with"
              + " another");
    }
    double c = Math.sqrt(c2);
    for (int k = 0; k < m; k++) {
      u[k] = (x[cells[k]] - meanX) / a;
      v[k] = (y[cells[k]] - meanY - b * u[k]) / c;
    }
  }
}
