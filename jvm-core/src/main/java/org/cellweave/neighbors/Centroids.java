package org.cellweave.neighbors;

import org.cellweave.random.Streams;

/** Lloyd's k-means on some of the points, for lists that need not be the best. */
final class Centroids {
  private static final int POINTS_PER_CENTROID = 48;
  private static final int ROUNDS = 6;

  private Centroids() {}

  /**
   * @param count at most the number of points
   * @return {@code count} rows packed as others, the one without points where it began
   */
  static float[] of(PointSet points, int count, long seed) {
    int most = (int) Math.min(points.n, (long) POINTS_PER_CENTROID * count);
    int[] sample = spread(points.n, most, seed, 0);
    int width = points.packedWidth();
    float[] packed = new float[Math.multiplyExact(count, width)];
    int[] first = spread(most, count, seed, 1);
    for (int c = 0; c < count; c++) {
      points.pack(sample, first[c], first[c] + 1, packed, c * width, false);
    }
    for (int round = 0; round < ROUNDS && count > 1; round++) {
      move(points, sample, NearestRow.of(packed, points, sample), packed);
    }
    return packed;
  }

  /**
   * Rows drawn evenly: one of each of {@code count} stretches.
   *
   * @param stream tells draws of one seed apart
   */
  static int[] spread(int n, int count, long seed, int stream) {
    var random = Streams.of(seed, stream);
    int[] out = new int[count];
    for (int s = 0; s < count; s++) {
      int from = (int) ((long) s * n / count);
      int to = (int) ((s + 1L) * n / count);
      out[s] = from + random.nextInt(to - from);
    }
    return out;
  }

  private static void move(PointSet points, int[] sample, int[] nearest, float[] packed) {
    int d = points.d;
    int count = packed.length / points.packedWidth();
    double[] sums = new double[count * d];
    int[] sizes = new int[count];
    double[] row = new double[d];
    for (int s = 0; s < sample.length; s++) {
      points.read(sample[s], row);
      sizes[nearest[s]]++;
      int at = nearest[s] * d;
      for (int j = 0; j < d; j++) {
        sums[at + j] += row[j];
      }
    }
    for (int c = 0; c < count; c++) {
      if (sizes[c] > 0) {
        for (int j = 0; j < d; j++) {
          row[j] = sums[c * d + j] / sizes[c];
        }
        points.pack(row, packed, c * points.packedWidth(), false);
      }
    }
  }
}
