package org.cellweave.embed;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;
import org.netlib.arpack.Dsaupd;
import org.netlib.arpack.Dseupd;
import org.netlib.util.doubleW;
import org.netlib.util.intW;

/** The algebraically largest eigenpairs of a symmetric operator by ARPACK in plain Java. */
final class LeadingEigen {
  private static final int BASIS = 24;
  private static final Object ARPACK = new Object();

  private LeadingEigen() {}

  /** Computes {@code y = A x}. */
  @FunctionalInterface
  interface Operator {
    void apply(double[] x, double[] y);
  }

  /**
   * The {@code count} leading eigenvectors, one after another, largest eigenvalue first.
   *
   * @throws ConvergenceException when the iteration limit is reached
   */
  static double[] vectors(int n, int count, double tolerance, long seed, Operator a) {
    // The translated ARPACK keeps its state in static fields: one problem at a time.
    synchronized (ARPACK) {
      return iterate(n, count, tolerance, seed, a);
    }
  }

  private static double[] iterate(int n, int count, double tolerance, long seed, Operator a) {
    int basis = Math.min(n, Math.max(2 * count + 1, BASIS));
    var random = new SplittableRandom(seed);
    double[] residual = random.doubles(n, -1, 1).toArray();
    double[] v = new double[n * basis];
    int[] settings = new int[11];
    settings[0] = 1;
    settings[2] = (int) Math.min(5L * n, 100_000);
    settings[6] = 1;
    int[] pointers = new int[11];
    double[] work = new double[3 * n];
    double[] small = new double[basis * (basis + 8)];
    var tol = new doubleW(tolerance);
    var task = new intW(0);
    var info = new intW(1);
    double[] x = new double[n];
    double[] y = new double[n];
    while (true) {
      Dsaupd.dsaupd(
          task,
          "I",
          n,
          "LA",
          count,
          tol,
          residual,
          0,
          basis,
          v,
          0,
          n,
          settings,
          0,
          pointers,
          0,
          work,
          0,
          small,
          0,
          small.length,
          info);
      if (task.val != 1 && task.val != -1) {
        break;
      }
      Parallel.checkInterrupted();
      System.arraycopy(work, pointers[0] - 1, x, 0, n);
      a.apply(x, y);
      System.arraycopy(y, 0, work, pointers[1] - 1, n);
    }
    if (info.val != 0) {
      throw new ConvergenceException(
          "the spectral layout found "
              + settings[4]
              + " of "
              + count
              + " eigenvectors in "
              + settings[2]
              + " restarts. Use init = random.");
    }
    double[] values = new double[count];
    double[] vectors = Arrays.copyOf(v, n * count);
    Dseupd.dseupd(
        true,
        "A",
        new boolean[basis],
        0,
        values,
        0,
        vectors,
        0,
        n,
        0,
        "I",
        n,
        "LA",
        new intW(count),
        tolerance,
        residual,
        0,
        basis,
        v,
        0,
        n,
        settings,
        0,
        pointers,
        0,
        work,
        0,
        small,
        0,
        small.length,
        info);
    double[] out = new double[n * count];
    for (int c = 0; c < count; c++) {
      // ARPACK returns them in ascending order.
      System.arraycopy(vectors, (count - 1 - c) * n, out, c * n, n);
    }
    return out;
  }
}
