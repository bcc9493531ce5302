package org.cellweave.graph;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;

/** Directed graphs made symmetric. */
public final class SymmetricGraph {
  private static final int BLOCK = 1024;

  private SymmetricGraph() {}

  /** How the two directions of an edge become one weight; 0 stands for a missing one. */
  @FunctionalInterface
  public interface Join {
    double of(double there, double back);
  }

  /**
   * The symmetric matrix of joined weights; entries that join to zero are left out.
   *
   * @param a square, columns of a row ascending
   * @param join symmetric in its arguments
   */
  public static CsrMatrix of(CsrMatrix a, Join join) {
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
