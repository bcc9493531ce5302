package org.cellweave.neighbors;

import org.bytedeco.javacpp.IntPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;

/** Which of a few rows lies nearest to each of many points, by one product for a block of them. */
final class NearestRow {
  /** Distances held at a time. */
  private static final int SCORES = 1 << 18;

  private static final int LEAST_BLOCK = 16;
  private static final int MOST_BLOCK = 512;

  private NearestRow() {}

  /**
   * @param packed the rows, packed as others
   * @param order which points, by their place; null for all
   * @return by place; of equally near rows the first
   */
  static int[] of(float[] packed, PointSet points, int[] order) {
    int width = points.packedWidth();
    int count = packed.length / width;
    int[] out = new int[order == null ? points.n : order.length];
    if (count == 1) {
      return out;
    }
    try (var all = NativeMemory.floats(packed.length)) {
      all.put(packed, 0, packed.length);
      Parallel.forRange(
          out.length,
          block(count),
          (from, to) -> {
            int n = to - from;
            float[] own = new float[n * width];
            points.pack(order, from, to, own, 0, true);
            // not negative but by rounding, so that bits are ordered as the numbers are
            int[] scores = new int[n * count];
            try (var query = NativeMemory.floats((long) own.length);
                var c = NativeMemory.floats((long) scores.length)) {
              query.put(own, 0, own.length);
              Blas.gemmNt(n, count, width, query, width, all, width, c);
              new IntPointer(c).get(scores, 0, scores.length);
            }
            int[] least = new int[count / RowMinima.SEGMENTS];
            for (int q = 0; q < n; q++) {
              out[from + q] = RowMinima.smallest(scores, q * count, count, least);
            }
          });
    }
    return out;
  }

  /** How many points at a time are compared with so many rows. */
  static int block(int rows) {
    return Math.max(LEAST_BLOCK, Math.min(MOST_BLOCK, SCORES / rows));
  }
}
