package org.cellweave.neural.data;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.random.CountDistributions;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.RefusedValueException;

/**
 * Keeps every molecule of a cell with one probability, as if the cell had been sequenced less
 * deeply: binomial thinning. Each cell has a random stream of its own.
 *
 * <p>Unlike drawing down to a total ({@code DownsampleCounts}) this leaves totals random, as
 * sequencing does.
 */
public final class ThinnedMatrix {
  private ThinnedMatrix() {}

  /**
   * @param x cells by genes, counts; not changed
   * @param shares probability of a molecule to be kept, one per cell
   * @return sparse, without stored zeros
   */
  public static CsrMatrix run(Matrix x, double[] shares, long seed) {
    Check.sameLength(shares.length, x.nRows(), "shares", "number of cells");
    for (int i = 0; i < shares.length; i++) {
      if (!(shares[i] >= 0 && shares[i] <= 1)) {
        throw new IllegalArgumentException(
            "shares must lie in [0, 1], got " + shares[i] + " for cell " + i);
      }
    }
    CsrBuilder out = new CsrBuilder(x.nCols(), x.dtype());
    RowReader reader = Rows.of(x).reader();
    int[] genes = new int[x.nCols()];
    double[] kept = new double[x.nCols()];
    for (int i = 0; i < x.nRows(); i++) {
      SplittableRandom random = Streams.of(seed, i);
      int n = reader.load(i);
      int m = 0;
      for (int k = 0; k < n; k++) {
        double count = reader.values()[k];
        requireCount(count, i, reader.columns()[reader.start() + k]);
        int left = CountDistributions.binomial((int) count, shares[i], random);
        if (left > 0) {
          genes[m] = reader.columns()[reader.start() + k];
          kept[m++] = left;
        }
      }
      out.addRow(genes, kept, m);
    }
    return out.build();
  }

  private static void requireCount(double count, int cell, int gene) {
    if (!(count >= 0 && count <= Integer.MAX_VALUE) || count != Math.rint(count)) {
      String expected = count > Integer.MAX_VALUE ? "counts up to " + Integer.MAX_VALUE : "counts";
      throw new RefusedValueException(
          "thinning needs " + expected + ", but [" + cell + ", " + gene + "] is " + count,
          cell,
          gene,
          count);
    }
  }
}
