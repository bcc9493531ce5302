package org.cellweave.simulate;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * A sparse matrix with random values from 0 to 1 at random places, as {@code scipy.sparse.random}:
 * every set of so many places is equally likely. Cost: one draw for every place (Knuth's selection
 * sampling), one more for every value.
 */
public final class SparsePlaces {
  private SparsePlaces() {}

  /**
   * @param density share of the places that have a value, rounded to whole places
   */
  public static CsrMatrix of(int nRows, int nCols, double density, long seed, DType type) {
    Check.nonNegative(nRows, "m");
    Check.nonNegative(nCols, "n");
    Check.inRange(density, 0, 1, "density");
    var random = new SplittableRandom(seed);
    long left = (long) nRows * nCols;
    long wanted = (long) Math.rint(density * left);
    var builder = new CsrBuilder(nCols, type);
    int[] at = new int[nCols];
    double[] values = new double[nCols];
    for (int i = 0; i < nRows; i++) {
      Parallel.checkInterrupted();
      int n = 0;
      for (int j = 0; j < nCols; j++, left--) {
        if (random.nextDouble() * left < wanted) {
          at[n] = j;
          values[n++] = random.nextDouble();
          wanted--;
        }
      }
      builder.addRow(at, values, n);
    }
    return builder.build();
  }
}
