package org.cellweave.integrate.factor;

import java.util.Arrays;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.preprocess.ScaleNotCenter;
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
  private final double sharedSquares;
  private final double ownSquares;

  private ScaledPart(
      Rows rows, int[] place, double[] scale, int shared, double sharedSquares, double ownSquares) {
    this.rows = rows;
    this.place = place;
    this.scale = scale;
    this.shared = shared;
    this.sharedSquares = sharedSquares;
    this.ownSquares = ownSquares;
  }

  /**
   * @param sharedColumns in the order of all sets
   * @param ownColumns features of this set alone
   * @param scaled false to take values as they are
   */
  static ScaledPart of(MosaicPart part, int[] sharedColumns, int[] ownColumns, boolean scaled) {
    requireNonNegative(part);
    Rows rows = Rows.of(part.x());
    int[] place = new int[rows.nCols()];
    Arrays.fill(place, -1);
    int shared = sharedColumns.length;
    for (int c = 0; c < shared; c++) {
      place[sharedColumns[c]] = c;
    }
    for (int c = 0; c < ownColumns.length; c++) {
      place[ownColumns[c]] = shared + c;
    }
    double[] scale = new double[shared + ownColumns.length];
    double[] squares = GroupSums.whole(rows).collect(GroupSums.PLAIN)[0].squares();
    double[] kept = new double[2];
    for (int j = 0; j < place.length; j++) {
      int c = place[j];
      if (c >= 0) {
        scale[c] = scaled ? factor(squares[j], rows.nRows()) : 1;
        kept[c < shared ? 0 : 1] += squares[j] * scale[c] * scale[c];
      }
    }
    return new ScaledPart(rows, place, scale, shared, kept[0], kept[1]);
  }

  /**
   * Some cells of a set whose features are all shared.
   *
   * @param scale of every feature
   */
  static ScaledPart some(Matrix x, double[] scale) {
    int[] place = new int[scale.length];
    Arrays.setAll(place, j -> j);
    return new ScaledPart(Rows.of(x), place, scale, scale.length, Double.NaN, 0);
  }

  /** What values of a feature are multiplied by; 0 where all are 0. */
  static double factor(double squares, int n) {
    return squares > 0 ? 1 / ScaleNotCenter.rootMeanSquare(squares, n) : 0;
  }

  private static void requireNonNegative(MosaicPart part) {
    ValueFacts.Found found = ValueFacts.of(part.x()).negative();
    if (found != null) {
      String place =
          "for "
              + Quoted.of(part.features()[found.col()])
              + " in cell "
              + part.cells()[found.row()];
      throw new IllegalArgumentException(negative(found.value(), place));
    }
  }

  static String negative(double value, String place) {
    return "non-negative factors need values of at least 0, got "
        + value
        + " "
        + place
        + ". Give counts or their logarithms, neither centred nor scaled";
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

  /** Sum of the squares of the values of shared features, as they are used. */
  double sharedSquares() {
    return sharedSquares;
  }

  /** As {@link #sharedSquares}, of the set's own features. */
  double ownSquares() {
    return ownSquares;
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
