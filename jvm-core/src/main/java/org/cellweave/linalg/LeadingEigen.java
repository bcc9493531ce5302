package org.cellweave.linalg;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.internal.Ordering;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;
import org.netlib.arpack.Dsaupd;
import org.netlib.arpack.Dseupd;
import org.netlib.util.doubleW;
import org.netlib.util.intW;

/** The leading eigenpairs of a symmetric operator by ARPACK in plain Java. */
public final class LeadingEigen {
  private static final int BASIS = 24;
  private static final Object ARPACK = new Object();

  private LeadingEigen() {}

  /** Computes {@code y = A x}. */
  @FunctionalInterface
  public interface Operator {
    void apply(double[] x, double[] y);
  }

  /** Which end of the spectrum leads. */
  public enum Order {
    LARGEST("LA"),
    LARGEST_MAGNITUDE("LM");

    private final String code;

    Order(String code) {
      this.code = code;
    }
  }

  /**
   * What to look for.
   *
   * @param tolerance relative accuracy of the eigenvalues; 0 for machine precision
   * @param purpose and {@code remedy} go into the message of a failure
   */
  public record Task(
      int n, int count, Order order, double tolerance, long seed, String purpose, String remedy) {}

  /** Eigenvalues, algebraically largest first, and their vectors one after another. */
  public record Pairs(double[] values, double[] vectors) {}

  /**
   * The leading eigenpairs.
   *
   * @throws ConvergenceException when the iteration limit is reached
   */
  public static Pairs pairs(Task wanted, Operator a) {
    // The translated ARPACK keeps its state in static fields: one problem at a time.
    synchronized (ARPACK) {
      return iterate(wanted, a);
    }
  }

  private static Pairs iterate(Task wanted, Operator a) {
    int n = wanted.n();
    int count = wanted.count();
    double tolerance = wanted.tolerance();
    long seed = wanted.seed();
    String which = wanted.order().code;
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
          which,
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
          wanted.purpose()
              + " found "
              + settings[4]
              + " of "
              + count
              + " eigenvectors in "
              + settings[2]
              + " restarts. "
              + wanted.remedy());
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
        which,
        new intW(count),
        tol.val,
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
    return ordered(vectors, n, count, a);
  }

  /** Values as Rayleigh quotients, sorted. */
  private static Pairs ordered(double[] vectors, int n, int count, Operator a) {
    double[] quotients = new double[count];
    double[] x = new double[n];
    double[] y = new double[n];
    for (int c = 0; c < count; c++) {
      System.arraycopy(vectors, c * n, x, 0, n);
      a.apply(x, y);
      double top = 0;
      double bottom = 0;
      for (int i = 0; i < n; i++) {
        top += x[i] * y[i];
        bottom += x[i] * x[i];
      }
      quotients[c] = top / bottom;
    }
    int[] order = Ordering.descending(quotients);
    double[] values = new double[count];
    double[] out = new double[n * count];
    for (int c = 0; c < count; c++) {
      values[c] = quotients[order[c]];
      System.arraycopy(vectors, order[c] * n, out, c * n, n);
    }
    return new Pairs(values, out);
  }
}
