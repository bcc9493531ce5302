package org.cellweave.matrix;

import java.util.List;

/** Copies rows of several sparse matrices below each other, columns moved to new places. */
final class RowStack {
  private final List<CsrMatrix> parts;
  private final List<int[]> maps;
  private final boolean[] increasing;
  private final int[] firstRow;
  private final CsrMatrix out;

  RowStack(List<CsrMatrix> parts, List<int[]> maps, int nCols, DType dtype) {
    this.parts = parts;
    this.maps = maps;
    this.increasing = new boolean[parts.size()];
    this.firstRow = new int[parts.size() + 1];
    boolean float32 = dtype != DType.FLOAT64;
    for (int p = 0; p < parts.size(); p++) {
      firstRow[p + 1] = Math.addExact(firstRow[p], parts.get(p).nRows());
      increasing[p] = increasing(maps.get(p));
      float32 &= parts.get(p).isFloat32Stored();
    }
    this.out = CsrMatrix.allocate(nCols, rowPointers(), dtype, float32);
  }

  private static boolean increasing(int[] map) {
    int last = -1;
    for (int j = 0; map != null && j < map.length; j++) {
      if (map[j] >= 0 && map[j] < last) {
        return false;
      }
      last = Math.max(last, map[j]);
    }
    return true;
  }

  private long[] rowPointers() {
    long[] ptr = new long[firstRow[parts.size()] + 1];
    for (int p = 0; p < parts.size(); p++) {
      int[] map = maps.get(p);
      int offset = firstRow[p];
      parts
          .get(p)
          .forBlocks(
              from -> {
                for (int i = from.firstRow(); i < from.endRow(); i++) {
                  int kept = from.end(i) - from.start(i);
                  for (int q = from.start(i); map != null && q < from.end(i); q++) {
                    kept -= map[from.indices()[q]] < 0 ? 1 : 0;
                  }
                  ptr[offset + i + 1] = kept;
                }
              });
    }
    for (int i = 1; i < ptr.length; i++) {
      ptr[i] += ptr[i - 1];
    }
    return ptr;
  }

  CsrMatrix run() {
    out.forBlocks(
        to -> {
          double[] row = new double[out.nCols()];
          long[] used = new long[(out.nCols() + 63) >> 6];
          int p = 0;
          for (int i = to.firstRow(); i < to.endRow(); i++) {
            while (i >= firstRow[p + 1]) {
              p++;
            }
            int source = i - firstRow[p];
            CsrMatrix.Block from = parts.get(p).blockOf(source);
            if (increasing[p]) {
              copy(from, source, maps.get(p), to, to.start(i));
            } else {
              scatter(from, source, maps.get(p), row, used);
              gather(row, used, to, to.start(i));
            }
          }
        });
    return out;
  }

  private static void copy(CsrMatrix.Block from, int i, int[] map, CsrMatrix.Block to, int at) {
    int end = from.end(i);
    for (int q = from.start(i); q < end; q++) {
      int place = map == null ? from.indices()[q] : map[from.indices()[q]];
      if (place >= 0) {
        put(to, at++, place, from.value(q));
      }
    }
  }

  /** A bit per column keeps the row in order without a sort. */
  private static void scatter(CsrMatrix.Block from, int i, int[] map, double[] row, long[] used) {
    int end = from.end(i);
    for (int q = from.start(i); q < end; q++) {
      int place = map[from.indices()[q]];
      if (place >= 0) {
        row[place] = from.value(q);
        used[place >> 6] |= 1L << place;
      }
    }
  }

  private static void gather(double[] row, long[] used, CsrMatrix.Block to, int at) {
    for (int w = 0; w < used.length; w++) {
      for (long bits = used[w]; bits != 0; bits &= bits - 1) {
        int place = (w << 6) + Long.numberOfTrailingZeros(bits);
        put(to, at++, place, row[place]);
      }
      used[w] = 0;
    }
  }

  private static void put(CsrMatrix.Block to, int at, int place, double value) {
    to.indices()[at] = place;
    if (to.values() != null) {
      to.values()[at] = (float) value;
    } else {
      to.wideValues()[at] = value;
    }
  }
}
