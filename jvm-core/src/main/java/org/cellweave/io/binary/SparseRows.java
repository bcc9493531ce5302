package org.cellweave.io.binary;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.FormatException;

/** Brings rows read from a file into the form {@link CsrMatrix} promises. */
public final class SparseRows {
  private SparseRows() {}

  /**
   * Sorts rows by column in place; adds up duplicates, which needs a new matrix.
   *
   * @param bad makes the error for an index out of range
   */
  public static CsrMatrix canonical(CsrMatrix m, Function<String, FormatException> bad) {
    var duplicates = new AtomicBoolean();
    m.forBlocks(
        block -> {
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            if (!isIncreasing(block, i, m.nCols(), bad) && sort(block, i)) {
              duplicates.set(true);
            }
          }
        });
    return duplicates.get() ? withoutDuplicates(m) : m;
  }

  private static boolean isIncreasing(
      CsrMatrix.Block block, int row, int nCols, Function<String, FormatException> bad) {
    int[] at = block.indices();
    int end = block.end(row);
    int previous = -1;
    boolean increasing = true;
    for (int p = block.start(row); p < end; p++) {
      int j = at[p];
      if (j < 0 || j >= nCols) {
        throw bad.apply(
            "holds index "
                + (j < 0 ? "below 0 or above 2^31" : String.valueOf(j))
                + " in row "
                + row
                + ", expected 0 to "
                + (nCols - 1)
                + "; the file is damaged");
      }
      increasing &= j > previous;
      previous = j;
    }
    return increasing;
  }

  /** True when the row holds a column twice. */
  private static boolean sort(CsrMatrix.Block block, int row) {
    int start = block.start(row);
    int n = block.end(row) - start;
    int[] at = block.indices();
    long[] keys = new long[n];
    for (int p = 0; p < n; p++) {
      keys[p] = (long) at[start + p] << 32 | p;
    }
    Arrays.sort(keys);
    double[] old = new double[n];
    for (int p = 0; p < n; p++) {
      old[p] = block.value(start + p);
    }
    boolean twice = false;
    for (int p = 0; p < n; p++) {
      int j = (int) (keys[p] >>> 32);
      double v = old[(int) keys[p]];
      at[start + p] = j;
      if (block.values() != null) {
        block.values()[start + p] = (float) v;
      } else {
        block.wideValues()[start + p] = v;
      }
      twice |= p > 0 && j == at[start + p - 1];
    }
    return twice;
  }

  private static CsrMatrix withoutDuplicates(CsrMatrix m) {
    var builder = new CsrBuilder(m.nCols(), m.dtype(), m.isFloat32Stored());
    int[] at = new int[16];
    double[] v = new double[16];
    for (int b = 0; b < m.blockCount(); b++) {
      CsrMatrix.Block block = m.block(b);
      for (int i = block.firstRow(); i < block.endRow(); i++) {
        int start = block.start(i);
        int n = block.end(i) - start;
        if (n > at.length) {
          at = new int[n * 2];
          v = new double[n * 2];
        }
        for (int p = 0; p < n; p++) {
          at[p] = block.indices()[start + p];
          v[p] = block.value(start + p);
        }
        builder.addRow(at, v, n);
      }
    }
    return builder.build();
  }
}
