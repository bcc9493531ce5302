package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;

/** Sparse matrices made from neighbour lists. */
final class Graphs {
  private Graphs() {}

  /** One entry for every listed neighbour but the cell itself, sorted by column. */
  static CsrMatrix ofLists(NearestNeighbors.Result lists, DType dtype, double[] values) {
    int n = lists.nCells();
    int k = lists.nNeighbors();
    long[] rowPtr = new long[n + 1];
    for (int i = 0; i <= n; i++) {
      rowPtr[i] = (long) i * (k - 1);
    }
    var out = CsrMatrix.allocate(n, rowPtr, dtype, dtype == DType.FLOAT32);
    out.forBlocks(
        block -> {
          long[] keys = new long[k - 1];
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            for (int c = 1; c < k; c++) {
              keys[c - 1] = ((long) lists.indices()[i * k + c] << 32) | (i * k + c);
            }
            Arrays.sort(keys);
            int at = block.start(i);
            for (long key : keys) {
              block.indices()[at] = (int) (key >>> 32);
              put(block, at++, values[(int) key]);
            }
          }
        });
    return out;
  }

  private static void put(CsrMatrix.Block block, int at, double value) {
    if (block.values() != null) {
      block.values()[at] = (float) value;
    } else {
      block.wideValues()[at] = value;
    }
  }
}
