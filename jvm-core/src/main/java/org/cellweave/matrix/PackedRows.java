package org.cellweave.matrix;

import java.util.Arrays;

/**
 * The rows of one block in as few bytes as can be unpacked at the speed of memory: a byte for the
 * way from one column to the next, and a byte for a value where most values are small whole
 * numbers, as counts are; two bytes where arrays take eight or twelve. Values come back to the bit.
 */
final class PackedRows {
  /** Stands for a longer way, or another value, than a byte holds. */
  private static final int ELSEWHERE = 255;

  /** A quarter of values that no byte holds costs what bytes save. */
  private static final int RARE = 4;

  private final int firstRow;
  private final long[] rowPtr;

  /** Where each row begins in {@link #ways}. */
  private final int[] starts;

  private final byte[] ways;
  private final Values values;

  private PackedRows(int firstRow, long[] rowPtr, int[] starts, byte[] ways, Values values) {
    this.firstRow = firstRow;
    this.rowPtr = rowPtr;
    this.starts = starts;
    this.ways = ways;
    this.values = values;
  }

  /**
   * @param block whose first row is row {@code firstRow} of {@code rowPtr}, as it is in the block
   */
  static PackedRows of(CsrMatrix.Block block, long[] rowPtr, int firstRow) {
    int nRows = block.endRow() - block.firstRow();
    int[] starts = new int[nRows];
    int[] at = block.indices();
    byte[] ways = new byte[at.length + at.length / 4 + 16];
    int size = 0;
    for (int r = 0; r < nRows; r++) {
      int i = block.firstRow() + r;
      starts[r] = size;
      int last = -1;
      for (int p = block.start(i); p < block.end(i); p++) {
        if (size + 5 > ways.length) {
          ways = Arrays.copyOf(ways, ways.length + ways.length / 2 + 5);
        }
        size = addWay(ways, size, at[p] - last - 1);
        last = at[p];
      }
    }
    return new PackedRows(firstRow, rowPtr, starts, Arrays.copyOf(ways, size), Values.of(block));
  }

  private static int addWay(byte[] ways, int size, int way) {
    if (way < ELSEWHERE) {
      ways[size] = (byte) way;
      return size + 1;
    }
    ways[size] = (byte) ELSEWHERE;
    ways[size + 1] = (byte) way;
    ways[size + 2] = (byte) (way >>> 8);
    ways[size + 3] = (byte) (way >>> 16);
    ways[size + 4] = (byte) (way >>> 24);
    return size + 5;
  }

  long bytes() {
    return ways.length + 4L * starts.length + values.bytes();
  }

  /** Writes row {@code i} of the matrix from position {@code start} of {@code to} on. */
  void unpack(int i, CsrMatrix.Block to, int start) {
    int n = (int) (rowPtr[i + 1] - rowPtr[i]);
    unpackColumns(starts[i - firstRow], n, to.indices(), start);
    values.copy((int) (rowPtr[i] - rowPtr[firstRow]), n, to, start);
  }

  /** Adds the wanted entries of row {@code i} of the matrix. */
  void unpack(int i, SomeEntries to) {
    int n = (int) (rowPtr[i + 1] - rowPtr[i]);
    int first = to.room(n);
    boolean[] wanted = to.wanted();
    int[] at = to.columns();
    int[] places = to.places();
    byte[] w = ways;
    int p = starts[i - firstRow];
    int column = -1;
    int size = first;
    for (int k = 0; k < n; k++) {
      int way = w[p++] & 0xff;
      if (way == ELSEWHERE) {
        way = longWay(w, p);
        p += Integer.BYTES;
      }
      column += way + 1;
      at[size] = column;
      places[size] = k;
      size += wanted[column] ? 1 : 0;
    }
    values.pick((int) (rowPtr[i] - rowPtr[firstRow]), to, first, size);
    to.endRow(size);
  }

  private static int longWay(byte[] w, int p) {
    return (w[p] & 0xff)
        | (w[p + 1] & 0xff) << 8
        | (w[p + 2] & 0xff) << 16
        | (w[p + 3] & 0xff) << 24;
  }

  private void unpackColumns(int from, int n, int[] out, int start) {
    byte[] w = ways;
    int p = from;
    int column = -1;
    for (int k = start; k < start + n; k++) {
      int way = w[p++] & 0xff;
      if (way == ELSEWHERE) {
        way =
            (w[p] & 0xff)
                | (w[p + 1] & 0xff) << 8
                | (w[p + 2] & 0xff) << 16
                | (w[p + 3] & 0xff) << 24;
        p += 4;
      }
      column += way + 1;
      out[k] = column;
    }
  }

  /** The values of all rows, one after the other. */
  private sealed interface Values {
    static Values of(CsrMatrix.Block block) {
      int others = 0;
      for (int p = 0; p < block.nnz(); p++) {
        others += isSmall(block.value(p)) ? 0 : 1;
      }
      if (others > block.nnz() / RARE) {
        return new Whole(block.values(), block.wideValues());
      }
      return Small.of(block, others);
    }

    /** Whether a byte gives the same bits: no fraction, no sign. */
    private static boolean isSmall(double value) {
      int whole = (int) value;
      return whole >= 0
          && whole < ELSEWHERE
          && Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(whole);
    }

    long bytes();

    void copy(int from, int n, CsrMatrix.Block to, int start);

    /** Values at {@code from} plus the places {@code first <= p < end} of the entries. */
    void pick(int from, SomeEntries to, int first, int end);
  }

  /** As they were. */
  private record Whole(float[] narrow, double[] wide) implements Values {
    @Override
    public long bytes() {
      return narrow != null ? 4L * narrow.length : 8L * wide.length;
    }

    @Override
    public void copy(int from, int n, CsrMatrix.Block to, int start) {
      if (narrow != null) {
        System.arraycopy(narrow, from, to.values(), start, n);
      } else {
        System.arraycopy(wide, from, to.wideValues(), start, n);
      }
    }

    @Override
    public void pick(int from, SomeEntries to, int first, int end) {
      int[] places = to.places();
      for (int e = first; e < end; e++) {
        if (narrow != null) {
          to.narrow()[e] = narrow[from + places[e]];
        } else {
          to.wide()[e] = wide[from + places[e]];
        }
      }
    }
  }

  /**
   * Whole numbers in a byte each, {@link #ELSEWHERE} for another value.
   *
   * @param elsewhere positions of the others, in order
   * @param others their values
   */
  private record Small(byte[] bytesOf, int[] elsewhere, double[] others) implements Values {
    static Small of(CsrMatrix.Block block, int others) {
      byte[] bytes = new byte[block.nnz()];
      int[] elsewhere = new int[others];
      double[] values = new double[others];
      int n = 0;
      for (int p = 0; p < bytes.length; p++) {
        double value = block.value(p);
        if (Values.isSmall(value)) {
          bytes[p] = (byte) (int) value;
        } else {
          bytes[p] = (byte) ELSEWHERE;
          elsewhere[n] = p;
          values[n++] = value;
        }
      }
      return new Small(bytes, elsewhere, values);
    }

    @Override
    public long bytes() {
      return bytesOf.length + 12L * others.length;
    }

    @Override
    public void copy(int from, int n, CsrMatrix.Block to, int start) {
      float[] narrow = to.values();
      double[] wide = to.wideValues();
      if (narrow != null) {
        for (int k = 0; k < n; k++) {
          narrow[start + k] = bytesOf[from + k] & 0xff;
        }
      } else {
        for (int k = 0; k < n; k++) {
          wide[start + k] = bytesOf[from + k] & 0xff;
        }
      }
      int found = Arrays.binarySearch(elsewhere, from);
      for (int e = found < 0 ? -found - 1 : found;
          e < elsewhere.length && elsewhere[e] < from + n;
          e++) {
        int at = start + elsewhere[e] - from;
        if (narrow != null) {
          narrow[at] = (float) others[e];
        } else {
          wide[at] = others[e];
        }
      }
    }

    @Override
    public void pick(int from, SomeEntries to, int first, int end) {
      int[] places = to.places();
      float[] narrow = to.narrow();
      double[] wide = to.wide();
      for (int e = first; e < end; e++) {
        int value = bytesOf[from + places[e]] & 0xff;
        double exact = value == ELSEWHERE ? other(from + places[e]) : value;
        if (narrow != null) {
          narrow[e] = (float) exact;
        } else {
          wide[e] = exact;
        }
      }
    }

    private double other(int place) {
      return others[Arrays.binarySearch(elsewhere, place)];
    }
  }
}
