package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Parallel;

/** Sparse matrices made from neighbour lists. */
final class Graphs {
  private static final int BLOCK = 1024;

  private Graphs() {}

  /** How the two directions of an edge become one weight; 0 stands for a missing one. */
  @FunctionalInterface
  interface Join {
    double of(double there, double back);
  }

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

  /** The symmetric matrix of joined weights; entries that join to zero are left out. */
  static CsrMatrix symmetric(CsrMatrix a, Join join) {
    int n = a.nRows();
    var back = a.transposeToCsr();
    long[] rowPtr = new long[n + 1];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            rowPtr[i + 1] = merge(a, back, i, join, null, 0);
          }
        });
    for (int i = 0; i < n; i++) {
      rowPtr[i + 1] += rowPtr[i];
    }
    var out = CsrMatrix.allocate(n, rowPtr, a.dtype(), a.isFloat32Stored());
    out.forBlocks(
        block -> {
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            merge(a, back, i, join, block, block.start(i));
          }
        });
    return out;
  }

  private static int merge(
      CsrMatrix a, CsrMatrix b, int i, Join join, CsrMatrix.Block to, int first) {
    var left = a.blockOf(i);
    var right = b.blockOf(i);
    int p = left.start(i);
    int pEnd = left.end(i);
    int q = right.start(i);
    int qEnd = right.end(i);
    int at = first;
    while (p < pEnd || q < qEnd) {
      int jp = p < pEnd ? left.indices()[p] : Integer.MAX_VALUE;
      int jq = q < qEnd ? right.indices()[q] : Integer.MAX_VALUE;
      int j = Math.min(jp, jq);
      double weight = join.of(jp == j ? left.value(p++) : 0, jq == j ? right.value(q++) : 0);
      if (weight != 0) {
        if (to != null) {
          to.indices()[at] = j;
          put(to, at, weight);
        }
        at++;
      }
    }
    return at - first;
  }

  private static void put(CsrMatrix.Block block, int at, double value) {
    if (block.values() != null) {
      block.values()[at] = (float) value;
    } else {
      block.wideValues()[at] = value;
    }
  }
}
