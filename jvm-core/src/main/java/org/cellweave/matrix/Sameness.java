package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/**
 * Whether two matrices hold the same numbers, whatever their storage and type: exactly, or nearly,
 * as NumPy's {@code array_equal} and {@code allclose}. Cost: one pass over the rows of both.
 */
public final class Sameness {
  private static final int ROWS = 128;

  private Sameness() {}

  /**
   * Whether every a is within {@code atol + rtol |b|} of b; both 0 ask for equal numbers. Matrices
   * of other shapes are not the same.
   *
   * @param equalNaN whether NaN is the same as NaN
   */
  public static boolean of(Matrix x, Matrix y, double rtol, double atol, boolean equalNaN) {
    if (x.nRows() != y.nRows() || x.nCols() != y.nCols()) {
      return false;
    }
    Rows a = Rows.of(x);
    Rows b = Rows.of(y);
    double different =
        Parallel.sum(
            x.nRows(),
            ROWS,
            (from, to) -> {
              double[] p = new double[x.nCols()];
              double[] q = new double[x.nCols()];
              for (int i = from; i < to; i++) {
                a.read(i, p);
                b.read(i, q);
                for (int j = 0; j < p.length; j++) {
                  if (!near(p[j], q[j], rtol, atol, equalNaN)) {
                    return 1;
                  }
                }
              }
              return 0;
            });
    return different == 0;
  }

  /** As {@link #of}, of two numbers. */
  public static boolean near(double a, double b, double rtol, double atol, boolean equalNaN) {
    if (a == b) {
      return true;
    }
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return equalNaN && Double.isNaN(a) && Double.isNaN(b);
    }
    return !Double.isInfinite(a)
        && !Double.isInfinite(b)
        && Math.abs(a - b) <= atol + rtol * Math.abs(b);
  }
}
