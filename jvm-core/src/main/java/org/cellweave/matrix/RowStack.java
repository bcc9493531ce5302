package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.util.Check;
import org.cellweave.util.ShapeMismatchException;

/**
 * Matrices one below the other, each with its own places for its columns.
 *
 * <p>Cost: one pass over the stored values, parallel over blocks of rows of the result; sparse
 * parts are never made dense.
 */
public final class RowStack {
  private final List<CsrMatrix> parts;
  private final List<int[]> places;
  private final int nCols;
  private final double fill;
  private final int[] partOfRow;
  private final int[] firstRow;
  private final int[][] holes;
  private final boolean[] identity;
  private final boolean[] increasing;

  RowStack(List<CsrMatrix> parts, List<int[]> places, int nCols, double fill) {
    Check.sameLength(places.size(), parts.size(), "columnPlaces", "the number of matrices");
    this.parts = parts;
    this.places = new ArrayList<>();
    for (int m = 0; m < parts.size(); m++) {
      int nPlaces = parts.get(m).nCols();
      this.places.add(
          places.get(m) != null ? places.get(m) : IntStream.range(0, nPlaces).toArray());
    }
    this.nCols = nCols;
    this.fill = fill;
    firstRow = new int[parts.size() + 1];
    holes = new int[parts.size()][];
    identity = new boolean[parts.size()];
    increasing = new boolean[parts.size()];
    for (int m = 0; m < parts.size(); m++) {
      firstRow[m + 1] = Math.addExact(firstRow[m], parts.get(m).nRows());
      inspect(m);
    }
    partOfRow = new int[firstRow[parts.size()]];
    for (int m = 0; m < parts.size(); m++) {
      Arrays.fill(partOfRow, firstRow[m], firstRow[m + 1], m);
    }
  }

  /**
   * Puts matrices one below the other, in parallel and without making them dense.
   *
   * @param columnPlaces for every matrix, where each of its columns goes, or -1 to leave it out; a
   *     null entry keeps all columns where they are
   * @param nCols columns of the result
   * @param dtype type of the result; stored as float32 where all parts are and the type allows it
   * @param fill value of columns a matrix does not have; anything but 0 is stored explicitly
   */
  public static CsrMatrix vstack(
      List<CsrMatrix> parts, List<int[]> columnPlaces, int nCols, DType dtype, double fill) {
    boolean float32 = dtype != DType.FLOAT64 && parts.stream().allMatch(CsrMatrix::isFloat32Stored);
    return new RowStack(parts, columnPlaces, nCols, fill).build(dtype, float32);
  }

  /** Parts of the same columns one below the other. */
  static CsrMatrix below(List<CsrMatrix> parts, int nCols, DType dtype) {
    List<int[]> whole = new ArrayList<>(Collections.nCopies(parts.size(), null));
    return vstack(parts, whole, nCols, dtype, 0);
  }

  /** The parts along the diagonal, zeros elsewhere. The element type is that of the first. */
  public static CsrMatrix blockDiagonal(List<CsrMatrix> parts) {
    int nCols = 0;
    List<int[]> places = new ArrayList<>();
    for (CsrMatrix part : parts) {
      int end = Math.addExact(nCols, part.nCols());
      places.add(IntStream.range(nCols, end).toArray());
      nCols = end;
    }
    boolean wide = parts.stream().anyMatch(p -> p.dtype() == DType.FLOAT64);
    return vstack(parts, places, nCols, wide ? DType.FLOAT64 : parts.get(0).dtype(), 0);
  }

  /** Checks the places of part {@code m} and notes which columns of the result it lacks. */
  private void inspect(int m) {
    int[] at = places.get(m);
    Check.sameLength(at.length, parts.get(m).nCols(), "columnPlaces[" + m + "]", "its columns");
    boolean[] present = new boolean[nCols];
    boolean grows = true;
    int last = -1;
    for (int place : at) {
      if (place < -1 || place >= nCols || (place >= 0 && present[place])) {
        throw new ShapeMismatchException(
            "columnPlaces["
                + m
                + "] must hold distinct places below "
                + nCols
                + " or -1, got "
                + place);
      }
      if (place >= 0) {
        present[place] = true;
        grows &= place > last;
        last = place;
      }
    }
    increasing[m] = grows;
    identity[m] = grows && at.length == nCols && (nCols == 0 || last == nCols - 1);
    for (int j = 0; j < at.length && identity[m]; j++) {
      identity[m] = at[j] == j;
    }
    int[] lacking = new int[nCols];
    int n = 0;
    for (int j = 0; j < nCols; j++) {
      if (!present[j]) {
        lacking[n++] = j;
      }
    }
    holes[m] = fill == 0 ? new int[0] : Arrays.copyOf(lacking, n);
  }

  CsrMatrix build(DType dtype, boolean float32) {
    var out = CsrMatrix.allocate(nCols, rowPointers(), dtype, float32);
    out.forBlocks(
        to -> {
          var scratch = new Scratch();
          for (int r = to.firstRow(); r < to.endRow(); r++) {
            int m = partOfRow[r];
            CsrMatrix part = parts.get(m);
            int i = r - firstRow[m];
            CsrMatrix.Block from = part.blockOf(i);
            if (identity[m]) {
              copyRow(from, i, to, r);
            } else if (increasing[m] && holes[m].length == 0) {
              moveRow(from, i, places.get(m), to, to.start(r));
            } else {
              sortRow(from, i, m, to, to.start(r), scratch);
            }
          }
        });
    return out;
  }

  private long[] rowPointers() {
    long[] ptr = new long[partOfRow.length + 1];
    for (int m = 0; m < parts.size(); m++) {
      CsrMatrix part = parts.get(m);
      int[] columns = places.get(m);
      int first = firstRow[m] + 1;
      int added = holes[m].length;
      boolean all = Arrays.stream(columns).allMatch(p -> p >= 0);
      part.forBlocks(
          from -> {
            for (int i = from.firstRow(); i < from.endRow(); i++) {
              int n = all ? from.end(i) - from.start(i) : kept(from, i, columns);
              ptr[first + i] = (long) n + added;
            }
          });
    }
    for (int r = 0; r < partOfRow.length; r++) {
      ptr[r + 1] += ptr[r];
    }
    return ptr;
  }

  private static int kept(CsrMatrix.Block from, int row, int[] places) {
    int[] indices = from.indices();
    int end = from.end(row);
    int n = 0;
    for (int p = from.start(row); p < end; p++) {
      n += 1 + (places[indices[p]] >> 31);
    }
    return n;
  }

  /** Row {@code i} as row {@code r} of another matrix. */
  static void copyRow(CsrMatrix.Block from, int i, CsrMatrix.Block to, int r) {
    int start = from.start(i);
    int at = to.start(r);
    int n = from.end(i) - start;
    System.arraycopy(from.indices(), start, to.indices(), at, n);
    if (to.values() != null && from.values() != null) {
      System.arraycopy(from.values(), start, to.values(), at, n);
      return;
    }
    if (to.wideValues() != null && from.wideValues() != null) {
      System.arraycopy(from.wideValues(), start, to.wideValues(), at, n);
      return;
    }
    for (int p = 0; p < n; p++) {
      put(to, at + p, from.value(start + p));
    }
  }

  private static void put(CsrMatrix.Block to, int at, double value) {
    if (to.values() != null) {
      to.values()[at] = (float) value;
    } else {
      to.wideValues()[at] = value;
    }
  }

  private static void moveRow(
      CsrMatrix.Block from, int i, int[] places, CsrMatrix.Block to, int at) {
    int[] indices = from.indices();
    int[] outIndices = to.indices();
    float[] values = from.values();
    float[] outValues = to.values();
    int end = from.end(i);
    if (values == null || outValues == null) {
      for (int p = from.start(i); p < end; p++) {
        int place = places[indices[p]];
        if (place >= 0) {
          outIndices[at] = place;
          put(to, at++, from.value(p));
        }
      }
      return;
    }
    for (int p = from.start(i); p < end; p++) {
      int place = places[indices[p]];
      if (place >= 0) {
        outIndices[at] = place;
        outValues[at++] = values[p];
      }
    }
  }

  /** Room for one row and the bits of the columns it holds, which put the columns in order. */
  private final class Scratch {
    private long[] bits;
    private double[] dense;

    /** Allocates on the first row that needs it. */
    void open() {
      if (bits == null) {
        bits = new long[(nCols + 63) >>> 6];
        dense = new double[nCols];
      }
    }
  }

  /**
   * Marks the row's columns in a bit set and reads them back in order; cheaper than a sort when a
   * row holds more than a few columns in a hundred.
   */
  private void sortRow(
      CsrMatrix.Block from, int i, int m, CsrMatrix.Block to, int at, Scratch scratch) {
    int[] columns = places.get(m);
    scratch.open();
    long[] bits = scratch.bits;
    double[] dense = scratch.dense;
    int[] indices = from.indices();
    int end = from.end(i);
    for (int p = from.start(i); p < end; p++) {
      int place = columns[indices[p]];
      if (place >= 0) {
        bits[place >>> 6] |= 1L << place;
        dense[place] = from.value(p);
      }
    }
    for (int place : holes[m]) {
      bits[place >>> 6] |= 1L << place;
      dense[place] = fill;
    }
    for (int w = 0; w < bits.length; w++) {
      for (long word = bits[w]; word != 0; word &= word - 1) {
        int place = (w << 6) + Long.numberOfTrailingZeros(word);
        to.indices()[at] = place;
        put(to, at++, dense[place]);
      }
      bits[w] = 0;
    }
  }
}
