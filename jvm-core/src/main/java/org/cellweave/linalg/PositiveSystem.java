package org.cellweave.linalg;

/** Linear equations with a symmetric positive definite matrix, by its Cholesky factor. */
public final class PositiveSystem {
  private PositiveSystem() {}

  /**
   * Replaces {@code b} by the solution of {@code a x = b}.
   *
   * @param a {@code n x n}, of which the lower triangle of columns one after another (the upper one
   *     of rows) is read; destroyed
   * @return false when a is not positive definite; b is then as it was
   */
  public static boolean solve(int n, double[] a, double[] b) {
    return Lapack.solvePositive(n, a, b);
  }
}
