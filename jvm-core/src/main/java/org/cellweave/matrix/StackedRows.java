package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cellweave.util.ShapeMismatchException;

/**
 * Rows of several stores, one below the other.
 *
 * @param firstRow of every part, and the number of rows
 */
record StackedRows(
    List<RowStore> parts, int[] firstRow, long[] rowPtr, DType dtype, boolean isFloat32Stored)
    implements RowStore {

  static RowStore of(List<RowStore> parts) {
    if (parts.isEmpty()) {
      throw new ShapeMismatchException("there must be at least one matrix, got none");
    }
    if (parts.size() == 1) {
      return parts.get(0);
    }
    RowStore first = parts.get(0);
    int[] rows = new int[parts.size() + 1];
    boolean narrow = true;
    for (int p = 0; p < parts.size(); p++) {
      RowStore part = parts.get(p);
      requireAlike(first, part);
      rows[p + 1] = Math.addExact(rows[p], part.nRows());
      narrow &= part.isFloat32Stored();
    }
    long[] ptr = new long[rows[parts.size()] + 1];
    for (int p = 0; p < parts.size(); p++) {
      long[] of = parts.get(p).rowPtr();
      long before = ptr[rows[p]];
      for (int i = 1; i < of.length; i++) {
        ptr[rows[p] + i] = before + of[i];
      }
    }
    return new StackedRows(List.copyOf(parts), rows, ptr, first.dtype(), narrow);
  }

  private static void requireAlike(RowStore first, RowStore part) {
    if (part.nCols() != first.nCols() || part.dtype() != first.dtype()) {
      throw new ShapeMismatchException(
          part.place()
              + " holds "
              + part.nCols()
              + " columns of "
              + part.dtype().numpyName()
              + ", but "
              + first.place()
              + " holds "
              + first.nCols()
              + " of "
              + first.dtype().numpyName());
    }
  }

  @Override
  public int nRows() {
    return firstRow[parts.size()];
  }

  @Override
  public int nCols() {
    return parts.get(0).nCols();
  }

  @Override
  public CsrMatrix read(int[] rows) {
    return read(rows, (part, at) -> parts.get(part).read(at));
  }

  @Override
  public CsrMatrix read(int[] rows, boolean[] columns) {
    return read(rows, (part, at) -> parts.get(part).read(at, columns));
  }

  /** Reads rows of one part. */
  private interface Reading {
    CsrMatrix of(int part, int[] rows);
  }

  private CsrMatrix read(int[] rows, Reading reading) {
    List<CsrMatrix> read = new ArrayList<>();
    int r = 0;
    while (r < rows.length) {
      int part = partOf(rows[r]);
      int end = r + 1;
      while (end < rows.length && rows[end] >= firstRow[part] && rows[end] < firstRow[part + 1]) {
        end++;
      }
      int[] at = Arrays.copyOfRange(rows, r, end);
      for (int i = 0; i < at.length; i++) {
        at[i] -= firstRow[part];
      }
      read.add(reading.of(part, at));
      r = end;
    }
    if (read.size() == 1 && read.get(0).isFloat32Stored() == isFloat32Stored) {
      return read.get(0);
    }
    List<int[]> whole = new ArrayList<>(Collections.nCopies(read.size(), null));
    return new RowStack(read, whole, nCols(), 0).build(dtype, isFloat32Stored);
  }

  /** The part that holds row {@code i}; parts may be empty. */
  private int partOf(int i) {
    int at = Arrays.binarySearch(firstRow, i);
    int part = at >= 0 ? at : -at - 2;
    while (firstRow[part + 1] <= i) {
      part++;
    }
    return part;
  }

  @Override
  public String place() {
    return parts.get(0).place() + " and " + (parts.size() - 1) + " more";
  }

  @Override
  public boolean isHeld() {
    return parts.stream().allMatch(RowStore::isHeld);
  }

  @Override
  public RangeRunner runner() {
    return parts.get(0).runner();
  }
}
