package org.cellweave.integrate.factor;

import java.util.Arrays;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Rows;
import org.cellweave.preprocess.ValueFacts;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quoted;

/**
 * The cells of one data set, every feature divided by its root mean square (divisor n - 1) and not
 * centred: first those that all sets share, in the same order, then its own. Sparse stays sparse.
 */
final class ScaledPart {
  private static final int BLOCK = 256;

  private final Rows rows;

  /** Place of every column, -1 for none. */
  private final int[] place;

  /** One for every place. */
  private final double[] scale;

  private final int shared;
  private final double sumOfSquares;

  /**
   * @param sharedColumns in the order of all sets
   * @param ownColumns features of this set alone
   * @param scaled false to take values as they are
   */
  ScaledPart(MosaicPart part, int[] sharedColumns, int[] ownColumns, boolean scaled) {
    this.rows = Rows.of(part.x());
    this.shared = sharedColumns.length;
    this.place = new int[rows.nCols()];
    Arrays.fill(place, -1);
    for (int c = 0; c < shared; c++) {
      place[sharedColumns[c]] = c;
    }
    for (int c = 0; c < ownColumns.length; c++) {
      place[ownColumns[c]] = shared + c;
    }
    this.scale = new double[shared + ownColumns.length];
    requireNonNegative(part);
    double[] squares = squares();
    double sum = 0;
    for (int c = 0; c < scale.length; c++) {
      double factor = Math.sqrt((rows.nRows() - 1) / squares[c]);
      scale[c] = !scaled ? 1 : squares[c] > 0 ? factor : 0;
      sum += squares[c] * scale[c] * scale[c];
    }
    this.sumOfSquares = sum;
  }

  private static void requireNonNegative(MosaicPart part) {
    ValueFacts.Found found = ValueFacts.of(part.x()).negative();
    if (found != null) {
      throw new IllegalArgumentException(
          "non-negative factors need values of at least 0, got "
              + found.value()
              + " for "
              + Quoted.of(part.features()[found.col()])
              + " in cell "
              + part.cells()[found.row()]
              + ". Give counts or their logarithms, neither centred nor scaled");
    }
  }

  private double[] squares() {
    double[] all = new double[scale.length];
    var sums = GroupSums.whole(rows).collect(GroupSums.PLAIN)[0];
    int n = rows.nRows();
    for (int j = 0; j < place.length; j++) {
      if (place[j] >= 0) {
        double mean = sums.mean(j, n);
        all[place[j]] = sums.variance(j, n) * (n - 1) + n * mean * mean;
      }
    }
    return all;
  }

  int nCells() {
    return rows.nRows();
  }

  /** Shared features. */
  int nShared() {
    return shared;
  }

  int nOwn() {
    return scale.length - shared;
  }

  /** Sum of the squares of all values as they are used. */
  double sumOfSquares() {
    return sumOfSquares;
  }

  /**
   * Values of one cell, zeros included.
   *
   * @param out shared features, then own ones
   */
  void read(int cell, double[] out) {
    Arrays.fill(out, 0);
    rows.visit(
        cell,
        cell + 1,
        (i, at, start, v, n) -> {
          for (int q = 0; q < n; q++) {
            int c = place[at[start + q]];
            if (c >= 0) {
              out[c] = v[q] * scale[c];
            }
          }
        });
  }

  /**
   * Cells times a matrix.
   *
   * @param basis places by k, row-major
   * @return cells by k
   */
  double[] times(double[] basis, int k) {
    double[] out = new double[Math.multiplyExact(rows.nRows(), k)];
    Parallel.forRange(
        rows.nRows(),
        BLOCK,
        (from, to) ->
            rows.visit(
                from,
                to,
                (i, at, start, v, n) -> {
                  for (int q = 0; q < n; q++) {
                    int c = place[at[start + q]];
                    if (c >= 0) {
                      add(v[q] * scale[c], basis, c * k, out, i * k, k);
                    }
                  }
                }));
    return out;
  }

  /**
   * Sums over the cells.
   *
   * @param h cells by k, row-major
   * @return places by k
   */
  double[] transposedTimes(double[] h, int k) {
    double[] out =
        rows.sums(
            scale.length * k,
            sum ->
                (i, at, start, v, n) -> {
                  for (int q = 0; q < n; q++) {
                    int c = place[at[start + q]];
                    if (c >= 0) {
                      add(v[q], h, i * k, sum, c * k, k);
                    }
                  }
                });
    for (int c = 0; c < scale.length; c++) {
      for (int f = 0; f < k; f++) {
        out[c * k + f] *= scale[c];
      }
    }
    return out;
  }

  private static void add(double factor, double[] row, int from, double[] sum, int to, int k) {
    for (int f = 0; f < k; f++) {
      sum[to + f] += factor * row[from + f];
    }
  }
}
