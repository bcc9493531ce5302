package org.cellweave.neighbors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.util.Parallel;

/**
 * Coordinates whose squared Euclidean distances are nearly sums of absolute differences, so that
 * products of matrices can rank by them.
 *
 * <p>{@code |a - b|} is a squared distance itself. Classical scaling of every column alone, on a
 * grid of its quantiles and interpolated between them, gives directions; those of the largest
 * eigenvalues over all columns are kept. Where they were all kept, ranks would be exact up to the
 * grid.
 *
 * @see <a href="https://doi.org/10.1007/BF02288916">Torgerson 1952</a>
 */
final class ManhattanScaling {
  private static final int GRID = 32;
  private static final int SAMPLE = 2048;
  private static final int LEAST_WIDTH = 256;
  private static final int PER_COLUMN = 8;

  private final int d;
  private final float[][] grid;

  /** Of every column and place of its grid, the coordinates one after another. */
  private final float[][] tables;

  private final int[] counts;
  private final int width;

  private ManhattanScaling(int d) {
    this.d = d;
    this.grid = new float[d][];
    this.tables = new float[d][];
    this.counts = new int[d];
    this.width = 0;
  }

  private ManhattanScaling(ManhattanScaling from, SymmetricEigen[] scaled) {
    this.d = from.d;
    this.grid = from.grid;
    this.tables = from.tables;
    this.counts = from.counts;
    this.width = keep(scaled);
  }

  /**
   * @param x rows of {@code d} values, one after another
   */
  static ManhattanScaling of(float[] x, int d) {
    var raw = new ManhattanScaling(d);
    var scaled = new SymmetricEigen[d];
    Parallel.forBlocks(
        d,
        j -> {
          raw.grid[j] = quantiles(x, d, j);
          scaled[j] = scaled(raw.grid[j]);
        });
    return new ManhattanScaling(raw, scaled);
  }

  int width() {
    return width;
  }

  /** Of rows that are evenly spread, the least and the largest included. */
  private static float[] quantiles(float[] x, int d, int column) {
    int n = x.length / d;
    float[] values = new float[Math.min(n, SAMPLE)];
    for (int s = 0; s < values.length; s++) {
      values[s] = x[(int) ((long) s * n / values.length) * d + column];
    }
    Arrays.sort(values);
    float[] out = new float[GRID];
    for (int g = 0; g < GRID; g++) {
      out[g] = values[(int) ((long) g * (values.length - 1) / (GRID - 1))];
    }
    return out;
  }

  /** The doubly centred {@code -|a - b| / 2} of the places. */
  private static SymmetricEigen scaled(float[] places) {
    int n = places.length;
    double[][] inner = new double[n][n];
    double[] mean = new double[n];
    double all = 0;
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < n; c++) {
        inner[r][c] = -Math.abs((double) places[r] - places[c]) / 2;
        mean[r] += inner[r][c] / n;
      }
      all += mean[r] / n;
    }
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < n; c++) {
        inner[r][c] += all - mean[r] - mean[c];
      }
    }
    return SymmetricEigen.of(inner);
  }

  /** A direction of one column. */
  private record Direction(int column, double value) {}

  private int keep(SymmetricEigen[] scaled) {
    List<Direction> all = new ArrayList<>();
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < PER_COLUMN && scaled[j].values()[k] > 0; k++) {
        all.add(new Direction(j, scaled[j].values()[k]));
      }
    }
    all.sort(Comparator.comparingDouble(Direction::value).reversed());
    int kept = Math.min(all.size(), Math.max(LEAST_WIDTH, 5 * d / 2));
    all.subList(0, kept).forEach(direction -> counts[direction.column()]++);
    for (int j = 0; j < d; j++) {
      tables[j] = table(scaled[j], counts[j]);
    }
    return kept;
  }

  private static float[] table(SymmetricEigen scaled, int count) {
    float[] out = new float[GRID * count];
    for (int g = 0; g < GRID; g++) {
      for (int k = 0; k < count; k++) {
        out[g * count + k] = (float) (Math.sqrt(scaled.values()[k]) * scaled.vectors()[g][k]);
      }
    }
    return out;
  }

  /**
   * Writes the {@link #width()} coordinates of one row.
   *
   * @param x rows one after another
   * @param from where the row begins
   */
  void write(float[] x, int from, float[] out, int at) {
    int to = at;
    for (int j = 0; j < d; j++) {
      int count = counts[j];
      if (count == 0) {
        continue;
      }
      float value = x[from + j];
      int above = place(grid[j], value);
      float low = grid[j][above - 1];
      float step = grid[j][above] - low;
      float share = step > 0 ? Math.max(0, Math.min(1, (value - low) / step)) : 0;
      for (int k = 0; k < count; k++) {
        float before = tables[j][(above - 1) * count + k];
        out[to++] = before + share * (tables[j][above * count + k] - before);
      }
    }
  }

  /** The first place, but for the lowest, that is not below a value; the last for those beyond. */
  private static int place(float[] grid, float value) {
    int low = 1;
    int high = GRID - 1;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (grid[mid] < value) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }
}
