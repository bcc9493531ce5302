package org.cellweave.neighbors;

import java.io.IOException;
import java.io.ObjectInputStream;
import org.cellweave.matrix.SentOnce;
import org.cellweave.util.Parallel;

/** Transformed rows in the order of lists, so that points that are near lie near in memory. */
final class PlacedRows implements SentOnce {
  private static final long serialVersionUID = 1;
  private static final int BLOCK = 512;
  private static final int STAGE = 16;

  private final PointSet points;
  private final int[] order;
  private final int d;

  /** Some in one array. */
  private transient float[][] rows;

  PlacedRows(InvertedLists lists) {
    this.points = lists.points;
    this.order = lists.order;
    this.d = lists.d;
    fill();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    fill();
  }

  private void fill() {
    rows = new float[Parallel.nBlocks(order.length, BLOCK)][];
    Parallel.forBlocks(rows.length, b -> rows[b] = read(b * BLOCK));
  }

  private float[] read(int from) {
    int to = Math.min(order.length, from + BLOCK);
    float[] out = new float[Math.multiplyExact(to - from, d)];
    double[] row = new double[d];
    for (int p = from; p < to; p++) {
      points.read(order[p], row);
      for (int j = 0; j < d; j++) {
        out[(p - from) * d + j] = (float) row[j];
      }
    }
    return out;
  }

  /** Bits of half the squared distance, or of some number above the limit where it is above. */
  int half(int p, int other, float limit) {
    float[] a = rows[p / BLOCK];
    float[] b = rows[other / BLOCK];
    int from = p % BLOCK * d;
    int at = other % BLOCK * d;
    float sum = 0;
    // NaN is no limit
    for (int j = 0; j < d && !(sum / 2 > limit); j += STAGE) {
      sum += squares(a, from + j, b, at + j, Math.min(STAGE, d - j));
    }
    return Float.floatToRawIntBits(sum / 2);
  }

  private static float squares(float[] a, int from, float[] b, int at, int count) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j + 3 < count; j += 4) {
      float d0 = a[from + j] - b[at + j];
      float d1 = a[from + j + 1] - b[at + j + 1];
      float d2 = a[from + j + 2] - b[at + j + 2];
      float d3 = a[from + j + 3] - b[at + j + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; j < count; j++) {
      float d0 = a[from + j] - b[at + j];
      s0 += d0 * d0;
    }
    return (s0 + s1) + (s2 + s3);
  }
}
