package org.cellweave.matrix;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * The largest or smallest value of every column or row of a dense matrix, without its place; NaN
 * where there is one. Rows of values are compared side by side, which processors do several at a
 * time.
 */
final class DenseExtremes {
  private static final int LANES = 64;

  private DenseExtremes() {}

  static double[] of(DenseMatrix x, int axis, boolean largest) {
    return axis == 1 ? ofRows(x, largest) : ofColumns(x, largest);
  }

  private static double[] ofRows(DenseMatrix x, boolean largest) {
    double[] out = new double[x.nRows()];
    x.forEachRow((i, row) -> out[i] = of(row, largest));
    return out;
  }

  private static double of(double[] row, boolean largest) {
    double[] lanes = new double[LANES];
    Arrays.fill(lanes, row[0]);
    int whole = row.length / LANES * LANES;
    for (int from = 0; from < whole; from += LANES) {
      take(lanes, row, from, LANES, largest);
    }
    take(lanes, row, whole, row.length - whole, largest);
    double best = lanes[0];
    for (double lane : lanes) {
      best = largest ? Math.max(best, lane) : Math.min(best, lane);
    }
    return best;
  }

  private static double[] ofColumns(DenseMatrix x, boolean largest) {
    int[] bounds = Rows.of(x).groupBounds();
    var parts =
        Parallel.map(
            bounds.length - 1,
            g -> {
              double[] best = new double[x.nCols()];
              x.readRow(bounds[g], best);
              x.forRows(
                  bounds[g] + 1,
                  bounds[g + 1],
                  (i, row) -> take(best, row, 0, row.length, largest));
              return best;
            });
    double[] best = parts.get(0);
    parts.forEach(part -> take(best, part, 0, part.length, largest));
    return best;
  }

  private static void take(double[] best, double[] row, int from, int n, boolean largest) {
    if (largest) {
      for (int k = 0; k < n; k++) {
        best[k] = Math.max(best[k], row[from + k]);
      }
    } else {
      for (int k = 0; k < n; k++) {
        best[k] = Math.min(best[k], row[from + k]);
      }
    }
  }
}
