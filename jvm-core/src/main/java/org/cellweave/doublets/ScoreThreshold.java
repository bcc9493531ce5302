package org.cellweave.doublets;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The minimum between the two modes of a histogram, after smoothing it until two are left; bins,
 * smoothing and rounding are those of scikit-image's {@code threshold_minimum}.
 *
 * @see <a href="https://doi.org/10.1111/j.1749-6632.1965.tb11715.x">Prewitt and Mendelsohn 1966</a>
 */
final class ScoreThreshold {
  private static final int BINS = 256;
  private static final int MAX_SMOOTHINGS = 10_000;

  private ScoreThreshold() {}

  /** Empty when the smoothed histogram does not come to two modes. */
  static OptionalDouble between(double[] scores) {
    double low = Arrays.stream(scores).min().orElse(0);
    double high = Arrays.stream(scores).max().orElse(0);
    if (!(high > low)) {
      return OptionalDouble.empty();
    }
    double[] edges = new double[BINS + 1];
    double step = (high - low) / BINS;
    for (int b = 0; b < BINS; b++) {
      edges[b] = b * step + low;
    }
    edges[BINS] = high;
    float[] smooth = histogram(scores, edges);
    float[] next = new float[BINS];
    int[] modes = {};
    int round = 0;
    for (; round < MAX_SMOOTHINGS; round++) {
      smooth(smooth, next);
      float[] swap = smooth;
      smooth = next;
      next = swap;
      modes = modes(smooth);
      if (modes.length < 3) {
        break;
      }
    }
    if (modes.length != 2 || round >= MAX_SMOOTHINGS - 1) {
      return OptionalDouble.empty();
    }
    int lowest = modes[0];
    for (int b = modes[0]; b <= modes[1]; b++) {
      lowest = smooth[b] < smooth[lowest] ? b : lowest;
    }
    return OptionalDouble.of((edges[lowest] + edges[lowest + 1]) / 2);
  }

  private static float[] histogram(double[] scores, double[] edges) {
    float[] counts = new float[BINS];
    double low = edges[0];
    double width = edges[BINS] - low;
    for (double score : scores) {
      int b = (int) Math.min(BINS - 1, (score - low) / width * BINS);
      if (score < edges[b]) {
        b--;
      } else if (b < BINS - 1 && score >= edges[b + 1]) {
        b++;
      }
      counts[b]++;
    }
    return counts;
  }

  /** Running mean of three; the ends are mirrored. */
  private static void smooth(float[] from, float[] to) {
    double mean = (from[0] + (double) from[0] + from[1]) / 3;
    to[0] = (float) mean;
    for (int b = 1; b < BINS; b++) {
      double entering = from[Math.min(b + 1, BINS - 1)];
      double leaving = from[Math.max(b - 2, 0)];
      mean += (entering - leaving) / 3;
      to[b] = (float) mean;
    }
  }

  /** Last bins of every rise that is followed by a fall. */
  private static int[] modes(float[] h) {
    int[] found = new int[BINS];
    int n = 0;
    boolean rising = true;
    for (int b = 0; b < BINS - 1; b++) {
      if (rising && h[b + 1] < h[b]) {
        rising = false;
        found[n++] = b;
      } else if (!rising && h[b + 1] > h[b]) {
        rising = true;
      }
    }
    return Arrays.copyOf(found, n);
  }
}
