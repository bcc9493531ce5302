package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.linalg.FastExponential;
import org.cellweave.linalg.OrthonormalBasis;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * Lengthens the shift of a cell until the cell stands in the left set where it stands in its own:
 * at the same quantile along the shift, cells near the line counting more. Shifts are never
 * shortened.
 *
 * <p>Projections and distances of a block of cells are two matrix products for each set; quantiles
 * are selected, not sorted for.
 */
final class ShiftVariance implements AutoCloseable {
  /** Numbers that a task holds at once for each set. */
  private static final int TILE = 1 << 20;

  private static final int MOST_ROWS = 64;

  /** Projections of equal cells may differ by rounding. */
  private static final double ROUNDING = 1e-12;

  private final DenseMatrix x;
  private final double sigma;
  private final int[] cells;
  private final PackedRows left;
  private final PackedRows right;
  private final int[] own;

  /**
   * @param x all cells
   * @param left cells of the left set that are searched
   * @param right the right set, whose cells are to be shifted
   */
  ShiftVariance(DenseMatrix x, int[] left, MergeNode right, double sigma) {
    this.x = x;
    this.sigma = sigma;
    this.cells = right.cells();
    this.left = PackedRows.of(x, left);
    this.right = PackedRows.of(x, right.searched());
    this.own = new int[cells.length];
    int next = 0;
    for (int i = 0; i < cells.length; i++) {
      boolean isSearched = next < this.right.n && right.searched()[next] == cells[i];
      own[i] = isSearched ? next++ : -1;
    }
  }

  /** Changes {@code shifts}, one row for every cell of the right set. */
  void adjust(DenseMatrix shifts) {
    int block = Math.max(1, Math.min(MOST_ROWS, TILE / Math.max(left.n, right.n)));
    Parallel.forRange(cells.length, block, (from, to) -> adjust(shifts, from, to));
  }

  private void adjust(DenseMatrix shifts, int from, int to) {
    int p = x.nCols();
    double[][] directions = new double[to - from][p];
    double[] lengths = new double[to - from];
    for (int i = from; i < to; i++) {
      double[] unit = directions[i - from];
      shifts.readRow(i, unit);
      double length = OrthonormalBasis.length(unit);
      lengths[i - from] = length;
      for (int j = 0; j < p && length > 0; j++) {
        unit[j] /= length;
      }
    }
    try (var points = PackedRows.of(x, Arrays.copyOfRange(cells, from, to));
        var units = PackedRows.of(directions, p)) {
      var there = new Line(points, units, left);
      var here = new Line(points, units, right);
      double[] row = new double[p];
      for (int i = 0; i < to - from; i++) {
        if (lengths[i] > 0) {
          x.readRow(cells[from + i], row);
          double place = dot(row, directions[i]);
          double share = here.shareBelow(i, own[from + i], place);
          double scale = Math.max(1, (there.quantile(i, place, share) - place) / lengths[i]);
          shifts.readRow(from + i, row);
          for (int j = 0; j < p; j++) {
            row[j] *= scale;
          }
          shifts.setRow(from + i, row);
        }
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  /** Where the cells of a set lie relative to lines through a block of cells. */
  private final class Line {
    private final PackedRows points;
    private final PackedRows set;
    private final double[] products;
    private final double[] places;
    private final double[] values;
    private final double[] weights;

    Line(PackedRows points, PackedRows units, PackedRows set) {
      this.points = points;
      this.set = set;
      this.products = points.products(set);
      this.places = units.products(set);
      this.values = new double[set.n];
      this.weights = new double[set.n];
    }

    /** Fills values with places on the line, and weights with exponents; returns the largest. */
    private double load(int i, double place) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < set.n; c++) {
        double along = places[i * set.n + c];
        double squared = points.squares[i] + set.squares[c] - 2 * products[i * set.n + c];
        double off = Math.max(0, squared - (along - place) * (along - place));
        values[c] = along;
        weights[c] = -off / sigma;
        largest = Math.max(largest, weights[c]);
      }
      return largest;
    }

    /** Weight of the set's cells that are no further along than the cell itself. */
    double shareBelow(int i, int own, double place) {
      load(i, place);
      double slack = ROUNDING * Math.max(Math.abs(place), Math.sqrt(points.squares[i]));
      FastExponential.ofShifted(weights, set.n, 0);
      double below = 1;
      double total = 1;
      for (int c = 0; c < set.n; c++) {
        if (c != own) {
          total += weights[c];
          below += values[c] <= place + slack ? weights[c] : 0;
        }
      }
      return below / total;
    }

    double quantile(int i, double place, double share) {
      double largest = load(i, place);
      FastExponential.ofShifted(weights, set.n, largest);
      return WeightedQuantile.of(values, weights, set.n, share);
    }
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
