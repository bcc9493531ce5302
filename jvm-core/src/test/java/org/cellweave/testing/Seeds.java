package org.cellweave.testing;

import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Parallel;

/**
 * Runs a property over many seeds and names the seed that fails; {@code -Dtest.seed=} shifts it.
 */
public final class Seeds {
  private Seeds() {}

  public static void forEach(int count, LongConsumer property) {
    long base = Long.getLong("test.seed", 0L);
    for (int s = 0; s < count; s++) {
      try {
        property.accept(base + s);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("with seed " + (base + s) + ": " + e.getMessage(), e);
      }
    }
  }

  /** A random permutation of {@code 0..n-1}. */
  public static int[] permutation(int n, long seed) {
    var random = new SplittableRandom(seed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** A float32 matrix of small counts; each entry is stored with probability {@code density}. */
  public static CsrMatrix counts(int nRows, int nCols, double density, long seed) {
    var random = new SplittableRandom(seed);
    var builder = new CsrBuilder(nCols, DType.FLOAT32);
    int[] at = new int[nCols];
    double[] v = new double[nCols];
    for (int i = 0; i < nRows; i++) {
      int n = 0;
      for (int j = 0; j < nCols; j++) {
        if (random.nextDouble() < density) {
          at[n] = j;
          v[n++] = 1 + random.nextInt(9);
        }
      }
      builder.addRow(at, v, n);
    }
    return builder.build();
  }

  /** Runs {@code body} with a set number of threads and restores the old one. */
  public static <T> T withThreads(int threads, java.util.function.Supplier<T> body) {
    int before = Parallel.threads();
    Parallel.threads(threads);
    try {
      return body.get();
    } finally {
      Parallel.threads(before);
    }
  }
}
