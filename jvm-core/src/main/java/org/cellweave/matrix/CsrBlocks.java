package org.cellweave.matrix;

import java.util.Arrays;
import org.cellweave.util.ShapeMismatchException;

/** The blocks of a {@link CsrMatrix}: in memory, or read when somebody asks. */
interface CsrBlocks {
  int count();

  /** First row of block {@code b}, without reading it. */
  int firstRow(int b);

  CsrMatrix.Block get(int b);

  boolean isFloat32();

  /** Number of the block that holds row {@code i}. */
  default int holding(int i) {
    int low = 0;
    int high = count() - 1;
    while (low < high) {
      int mid = (low + high + 1) >>> 1;
      if (firstRow(mid) <= i) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    return low;
  }

  /** Blocks in memory. */
  record Held(CsrMatrix.Block[] blocks) implements CsrBlocks {
    @Override
    public int count() {
      return blocks.length;
    }

    @Override
    public int firstRow(int b) {
      return blocks[b].firstRow();
    }

    @Override
    public CsrMatrix.Block get(int b) {
      return blocks[b];
    }

    @Override
    public boolean isFloat32() {
      return blocks.length == 0 || blocks[0].values() != null;
    }
  }

  /** Cuts {@code 0 ... count} into parts of about one size: the first of each, and the end. */
  static int[] evenly(int count, int parts) {
    int[] bounds = new int[parts + 1];
    for (int p = 0; p <= parts; p++) {
      bounds[p] = (int) ((long) count * p / Math.max(1, parts));
    }
    return bounds;
  }

  /** First rows of the blocks, and the number of rows. */
  static int[] bounds(long[] rowPtr) {
    int nRows = rowPtr.length - 1;
    int[] bounds = new int[16];
    int n = 0;
    int first = 0;
    while (first < nRows) {
      int end = blockEnd(rowPtr, first);
      long size = rowPtr[end] - rowPtr[first];
      if (size < 0 || size > Integer.MAX_VALUE - 16) {
        throw new ShapeMismatchException(
            "row pointers must not decrease; rows " + first + " to " + end + " hold " + size);
      }
      if (++n == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * n);
      }
      bounds[n] = end;
      first = end;
    }
    return Arrays.copyOf(bounds, n + 1);
  }

  /**
   * The end of the block that starts at {@code first}: about {@link CsrMatrix#BLOCK_NNZ} values.
   */
  private static int blockEnd(long[] rowPtr, int first) {
    int nRows = rowPtr.length - 1;
    long limit = rowPtr[first] + CsrMatrix.BLOCK_NNZ;
    int maxRows = (int) Math.min(nRows, first + (long) CsrMatrix.BLOCK_NNZ);
    int end = first + 1;
    while (end < maxRows && rowPtr[end + 1] <= limit) {
      end++;
    }
    return end;
  }
}
