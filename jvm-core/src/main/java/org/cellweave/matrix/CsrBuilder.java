package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.util.ShapeMismatchException;

/** Collects the rows of a {@link CsrMatrix} one after another. */
public final class CsrBuilder {
  private final int nCols;
  private final DType dtype;
  private final boolean float32;
  private long[] rowPtr = new long[1025];
  private int nRows;
  private final List<int[]> doneIndices = new ArrayList<>();
  private final List<Object> doneValues = new ArrayList<>();
  private final List<Integer> doneFirstRows = new ArrayList<>();
  private int firstRow;
  private int[] indices = new int[1 << 12];
  private float[] values;
  private double[] wide;
  private int used;

  /** Values are kept as float32 unless {@code dtype} is 32-bit integer or wider. */
  public CsrBuilder(int nCols, DType dtype) {
    this(
        nCols,
        dtype,
        switch (dtype) {
          case INT32, INT64, UINT32, UINT64, FLOAT64 -> false;
          default -> true;
        });
  }

  /**
   * @param float32 how values are kept, whatever the type
   */
  public CsrBuilder(int nCols, DType dtype, boolean float32) {
    this.nCols = nCols;
    this.dtype = dtype;
    this.float32 = float32;
    if (float32) {
      values = new float[1 << 12];
    } else {
      wide = new double[1 << 12];
    }
  }

  /** Appends a row given by its first {@code n} indices and values, which it may reorder. */
  public void addRow(int[] at, double[] v, int n) {
    n = canonical(at, v, n, nCols, nRows);
    if (used > 0 && (long) used + n > CsrMatrix.BLOCK_NNZ) {
      closeBlock();
    }
    ensure(used + n);
    System.arraycopy(at, 0, indices, used, n);
    for (int p = 0; p < n; p++) {
      if (float32) {
        values[used + p] = (float) v[p];
      } else {
        wide[used + p] = v[p];
      }
    }
    used += n;
    if (nRows + 2 > rowPtr.length) {
      rowPtr = Arrays.copyOf(rowPtr, rowPtr.length * 2);
    }
    rowPtr[nRows + 1] = rowPtr[nRows] + n;
    nRows++;
  }

  private void ensure(int size) {
    if (size > indices.length) {
      int grown = Math.max(size, indices.length * 2);
      indices = Arrays.copyOf(indices, grown);
      if (float32) {
        values = Arrays.copyOf(values, grown);
      } else {
        wide = Arrays.copyOf(wide, grown);
      }
    }
  }

  private void closeBlock() {
    if (nRows == firstRow) {
      return;
    }
    doneIndices.add(Arrays.copyOf(indices, used));
    doneValues.add(float32 ? Arrays.copyOf(values, used) : Arrays.copyOf(wide, used));
    doneFirstRows.add(firstRow);
    firstRow = nRows;
    used = 0;
  }

  /** The rows so far. */
  public CsrMatrix build() {
    closeBlock();
    long[] ptr = Arrays.copyOf(rowPtr, nRows + 1);
    CsrMatrix.Block[] blocks = new CsrMatrix.Block[doneIndices.size()];
    for (int b = 0; b < blocks.length; b++) {
      int end = b + 1 < blocks.length ? doneFirstRows.get(b + 1) : nRows;
      Object v = doneValues.get(b);
      blocks[b] =
          new CsrMatrix.Block(
              ptr,
              doneFirstRows.get(b),
              end,
              doneIndices.get(b),
              float32 ? (float[]) v : null,
              float32 ? null : (double[]) v);
    }
    return new CsrMatrix(nRows, nCols, dtype, ptr, blocks);
  }

  /** Sorts a row by column and adds up duplicates; returns the new length. */
  private static int canonical(int[] at, double[] v, int n, int nCols, int row) {
    boolean sorted = true;
    for (int p = 0; p < n; p++) {
      if (at[p] < 0 || at[p] >= nCols) {
        throw new ShapeMismatchException(
            "row "
                + row
                + " holds column index "
                + at[p]
                + ", but there are "
                + nCols
                + " columns");
      }
      sorted &= p == 0 || at[p - 1] < at[p];
    }
    if (sorted) {
      return n;
    }
    long[] keys = new long[n];
    for (int p = 0; p < n; p++) {
      keys[p] = ((long) at[p] << 32) | p;
    }
    Arrays.sort(keys);
    double[] old = Arrays.copyOf(v, n);
    int kept = 0;
    for (int p = 0; p < n; p++) {
      int column = (int) (keys[p] >>> 32);
      double value = old[(int) keys[p]];
      if (kept > 0 && at[kept - 1] == column) {
        v[kept - 1] += value;
      } else {
        at[kept] = column;
        v[kept++] = value;
      }
    }
    return kept;
  }
}
