package org.cellweave.matrix;

import org.cellweave.util.Check;

/**
 * One number of every column or every row, in float64, and the same bits for any number of threads.
 *
 * <p>Axis 0 goes over the rows and gives one number for every column, axis 1 one for every row, as
 * NumPy counts. Zeros that a sparse matrix does not store count. NaN is passed on, or left out
 * where that is asked for. Cost: one pass, for variances two.
 */
public final class AxisReductions {
  private AxisReductions() {}

  /** 0 or 1 of 0, 1, -1 and -2. */
  public static int axis(int given) {
    if (given < -2 || given > 1) {
      throw new IllegalArgumentException(
          "axis must be 0 (one for every column) or 1 (one for every row), got " + given);
    }
    return given < 0 ? given + 2 : given;
  }

  private static int others(Matrix x, int axis) {
    return axis == 0 ? x.nRows() : x.nCols();
  }

  public static double[] sum(Matrix x, int axis) {
    if (axis == 1 && x instanceof DenseMatrix dense) {
      return rowSums(dense);
    }
    return axis == 0 ? x.colSums() : x.rowSums();
  }

  private static double[] rowSums(DenseMatrix x) {
    double[] sums = new double[x.nRows()];
    x.forEachRow((i, row) -> sums[i] = total(row));
    return sums;
  }

  public static double[] mean(Matrix x, int axis) {
    double[] sums = sum(x, axis);
    int n = others(x, axis);
    for (int k = 0; k < sums.length; k++) {
      sums[k] /= n;
    }
    return sums;
  }

  /**
   * Around the mean in a second pass, also of a sparse matrix, so that constant ones have none.
   *
   * @param ddof what the number of values is lessened by
   */
  public static double[] variance(Matrix x, int axis, int ddof) {
    if (x instanceof DenseMatrix) {
      return (axis == 0 ? x.colMoments(ddof) : x.rowMoments(ddof)).variance();
    }
    if (x instanceof CscMatrix csc) {
      return variance(csc.columns(), 1 - axis, ddof);
    }
    double[] mean = mean(x, axis);
    Fold fold =
        axis == 0
            ? Fold.columns(x, 2, (i, j, v, to, at) -> squares(v - mean[j], to, at))
            : Fold.rows(x, 2, (i, j, v, to, at) -> squares(v - mean[i], to, at));
    double[] out = new double[mean.length];
    int n = others(x, axis);
    for (int k = 0; k < out.length; k++) {
      double zeros = n - fold.value(k, 1);
      out[k] = (fold.value(k, 0) + zeros * mean[k] * mean[k]) / (n - ddof);
    }
    return out;
  }

  private static void squares(double centred, double[] to, int at) {
    to[at] += centred * centred;
    to[at + 1]++;
  }

  /** Mean of those that are not NaN; NaN where all are. */
  public static double[] nanMean(Matrix x, int axis) {
    double[][] sums = nanSums(x, axis);
    for (int k = 0; k < sums[0].length; k++) {
      sums[0][k] /= sums[1][k];
    }
    return sums[0];
  }

  /** Sum of those that are not NaN. */
  public static double[] nanSum(Matrix x, int axis) {
    return nanSums(x, axis)[0];
  }

  /** Variance of those that are not NaN. */
  public static double[] nanVariance(Matrix x, int axis, int ddof) {
    double[][] sums = nanSums(x, axis);
    double[] mean = sums[0];
    for (int k = 0; k < mean.length; k++) {
      mean[k] /= sums[1][k];
    }
    Fold.Step step =
        (i, j, v, to, at) -> {
          if (!Double.isNaN(v)) {
            squares(v - mean[axis == 0 ? j : i], to, at);
          }
        };
    Fold fold = fold(x, axis, 2, step);
    double[] out = new double[mean.length];
    for (int k = 0; k < out.length; k++) {
      double zeros = sums[1][k] - fold.value(k, 1);
      out[k] = (fold.value(k, 0) + zeros * mean[k] * mean[k]) / (sums[1][k] - ddof);
    }
    return out;
  }

  /** Sums, and how many there are. */
  private static double[][] nanSums(Matrix x, int axis) {
    Fold fold =
        fold(
            x,
            axis,
            2,
            (i, j, v, to, at) -> to[at + (Double.isNaN(v) ? 1 : 0)] += Double.isNaN(v) ? 1 : v);
    double[][] out = {fold.values(0), fold.values(1)};
    int n = others(x, axis);
    for (int k = 0; k < out[1].length; k++) {
      out[1][k] = n - out[1][k];
    }
    return out;
  }

  private static Fold fold(Matrix x, int axis, int width, Fold.Step step) {
    return axis == 0 ? Fold.columns(x, width, step) : Fold.rows(x, width, step);
  }

  /** How many values are not zero; NaN is none. */
  public static int[] countNonzero(Matrix x, int axis) {
    double[] counts = fold(x, axis, 1, (i, j, v, to, at) -> to[at] += v != 0 ? 1 : 0).values(0);
    int[] out = new int[counts.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = (int) counts[k];
    }
    return out;
  }

  /**
   * The largest, or the smallest.
   *
   * @param skipNaN leaves NaN out
   */
  public static double[] extreme(Matrix x, int axis, boolean largest, boolean skipNaN) {
    if (x instanceof DenseMatrix dense && !skipNaN) {
      requireSome(x, axis, largest ? "max" : "min");
      return DenseExtremes.of(dense, axis, largest);
    }
    return Extremes.of(x, axis, largest, skipNaN).values();
  }

  /** Where the largest or the smallest stands: the first place of several, of NaN if there is. */
  public static int[] argExtreme(Matrix x, int axis, boolean largest) {
    if (axis == 1) {
      return Extremes.of(x instanceof CscMatrix ? x.toCsr() : x, 1, largest, false).places();
    }
    requireSome(x, 0, largest ? "argmax" : "argmin");
    Matrix columns =
        x instanceof CscMatrix csc
            ? csc.columns()
            : x instanceof CsrMatrix csr ? csr.transposeToCsr() : x.transpose();
    return Extremes.of(columns, 1, largest, false).places();
  }

  /** What a message says where there is nothing to reduce. */
  static void requireSome(Matrix x, int axis, String what) {
    if (others(x, axis) == 0) {
      throw new IllegalArgumentException(
          what + " needs at least one " + (axis == 0 ? "row" : "column") + ", got " + x.shape());
    }
  }

  /** The sum of all values, by rows. */
  public static double total(Matrix x) {
    return total(sum(x, 1));
  }

  /** Their sum, of four interleaved ones. */
  public static double total(double[] values) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int k = 0;
    for (; k + 3 < values.length; k += 4) {
      a += values[k];
      b += values[k + 1];
      c += values[k + 2];
      d += values[k + 3];
    }
    for (; k < values.length; k++) {
      a += values[k];
    }
    return (a + b) + (c + d);
  }

  /** Variance of all values, around their mean. */
  public static double totalVariance(Matrix x, int ddof) {
    double n = (double) x.nRows() * x.nCols();
    double mean = total(x) / n;
    Fold fold = Fold.rows(x, 2, (i, j, v, to, at) -> squares(v - mean, to, at));
    double zeros = n - total(fold.values(1));
    return (total(fold.values(0)) + zeros * mean * mean) / (n - ddof);
  }

  /** Checks what {@link #variance} subtracts. */
  public static int ddof(int given) {
    return Check.nonNegative(given, "ddof");
  }
}
