package org.cellweave.trajectory;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * Where two sequences stop being correlated: the position with the greatest difference between
 * Kendall's tau of what comes before and of what comes after.
 *
 * <p>The first tau is tau-b; each step then adds one element's concordance to the front and takes
 * it from the back. Cost: O(n^2), in parallel.
 */
final class KendallSplit {
  private static final int BLOCK = 64;

  /** Elements at least on either side. */
  static final int LEAST = 5;

  /** The shortest sequence that can be split. */
  static final int SHORTEST = 2 * LEAST + 2;

  private KendallSplit() {}

  static int of(double[] a, double[] b) {
    int n = a.length;
    long[] before = new long[n];
    long[] after = new long[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            before[i] = concordance(a, b, i, 0, i);
            after[i] = concordance(a, b, i, i + 1, n);
          }
        });
    double front = tauB(a, b, 0, LEAST, sum(before, 0, LEAST));
    double back = tauB(a, b, LEAST, n, sum(after, LEAST, n));
    int best = LEAST;
    double bestGap = Double.NEGATIVE_INFINITY;
    for (int i = LEAST; i < n - LEAST - 1; i++) {
      front += 2.0 / (i + 1) * ((double) before[i] / i - front);
      int rest = n - i;
      back += 2.0 / (rest - 2) * (-(double) after[i] / (rest - 1) + back);
      if (front - back > bestGap) {
        bestGap = front - back;
        best = i;
      }
    }
    return best;
  }

  /** Concordant minus discordant pairs of {@code i} with the elements of a range. */
  private static long concordance(double[] a, double[] b, int i, int from, int to) {
    double ai = a[i];
    double bi = b[i];
    long sum = 0;
    for (int j = from; j < to; j++) {
      int signA = (a[j] > ai ? 1 : 0) - (a[j] < ai ? 1 : 0);
      int signB = (b[j] > bi ? 1 : 0) - (b[j] < bi ? 1 : 0);
      sum += (long) signA * signB;
    }
    return sum;
  }

  private static long sum(long[] values, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }

  private static double tauB(double[] a, double[] b, int from, int to, long difference) {
    double n = to - from;
    double pairs = n * (n - 1) / 2;
    double untiedA = pairs - tiedPairs(a, from, to);
    double untiedB = pairs - tiedPairs(b, from, to);
    return difference / Math.sqrt(untiedA) / Math.sqrt(untiedB);
  }

  private static double tiedPairs(double[] values, int from, int to) {
    double[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    double tied = 0;
    int start = 0;
    for (int k = 1; k <= sorted.length; k++) {
      if (k == sorted.length || sorted[k] != sorted[start]) {
        double run = k - start;
        tied += run * (run - 1) / 2;
        start = k;
      }
    }
    return tied;
  }
}
