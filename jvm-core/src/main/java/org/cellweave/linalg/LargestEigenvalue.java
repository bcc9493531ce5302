package org.cellweave.linalg;

import org.cellweave.util.Check;

/** The largest eigenvalue of a small dense symmetric matrix. */
public final class LargestEigenvalue {
  private LargestEigenvalue() {}

  /**
   * @param a {@code n x n}; only one triangle is read, and destroyed
   */
  public static double of(int n, double[] a) {
    Check.positive(n, "n");
    Check.sameLength(a.length, Math.multiplyExact(n, n), "a", "n * n");
    return Lapack.largestEigenvalue(n, a);
  }
}
