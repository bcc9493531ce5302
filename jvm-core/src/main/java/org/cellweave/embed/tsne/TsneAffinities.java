package org.cellweave.embed.tsne;

import java.util.Arrays;
import org.cellweave.neighbors.KernelWidth;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Joint probabilities of t-SNE: for each cell a Gaussian of its squared distances whose entropy is
 * the logarithm of the perplexity, averaged over both directions of a pair, all together 1.
 *
 * <p>The width is found by Newton's method inside a bracket, to 1e-5 of the entropy.
 */
final class TsneAffinities {
  private static final int BLOCK = 512;
  private static final int MAX_STEPS = 100;
  private static final double TOLERANCE = 1e-5;

  final int n;
  final int[] starts;
  final int[] others;
  final float[] p;

  private TsneAffinities(int n, int[] starts, int[] others, float[] p) {
    this.n = n;
    this.starts = starts;
    this.others = others;
    this.p = p;
  }

  static TsneAffinities of(NearestNeighbors.Result lists, double perplexity) {
    int n = lists.nCells();
    int k = lists.nNeighbors() - 1;
    long[] own = new long[n * k];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] d2 = new double[k];
          double[] given = new double[k];
          for (int i = from; i < to; i++) {
            for (int c = 0; c < k; c++) {
              double d = lists.distances()[i * (k + 1) + 1 + c];
              d2[c] = d * d;
            }
            calibrate(d2, Elementary.log(perplexity), given);
            for (int c = 0; c < k; c++) {
              own[i * k + c] = pack(lists.indices()[i * (k + 1) + 1 + c], (float) given[c]);
            }
            Arrays.sort(own, i * k, (i + 1) * k);
          }
        });
    return symmetric(n, k, own);
  }

  /** Fills {@code given} with the conditional probabilities. */
  static void calibrate(double[] d2, double entropy, double[] given) {
    int k = d2.length;
    double nearest = Double.POSITIVE_INFINITY;
    double mean = 0;
    for (double d : d2) {
      nearest = Math.min(nearest, d);
      mean += d / k;
    }
    var inverseWidth = new KernelWidth(mean > nearest ? 1 / (mean - nearest) : 1);
    double sum = k;
    for (int step = 0; step < MAX_STEPS; step++) {
      double beta = inverseWidth.value();
      sum = 0;
      double first = 0;
      double second = 0;
      for (int c = 0; c < k; c++) {
        double d = d2[c] - nearest;
        double e = Elementary.exp(-beta * d);
        given[c] = e;
        sum += e;
        first += e * d;
        second += e * d * d;
      }
      first /= sum;
      double miss = Elementary.log(sum) + beta * first - entropy;
      if (Math.abs(miss) <= TOLERANCE) {
        break;
      }
      if (miss > 0) {
        inverseWidth.raise();
      } else {
        inverseWidth.lower();
      }
      double slope = -beta * (second / sum - first * first);
      if (slope < 0) {
        inverseWidth.prefer(beta - miss / slope);
      }
    }
    for (int c = 0; c < k; c++) {
      given[c] /= sum;
    }
  }

  private static TsneAffinities symmetric(int n, int k, long[] own) {
    int[] inStarts = new int[n + 1];
    for (long entry : own) {
      inStarts[other(entry) + 1]++;
    }
    for (int i = 0; i < n; i++) {
      inStarts[i + 1] += inStarts[i];
    }
    long[] incoming = new long[own.length];
    int[] at = Arrays.copyOf(inStarts, n);
    for (int i = 0; i < n; i++) {
      for (int c = i * k; c < (i + 1) * k; c++) {
        incoming[at[other(own[c])]++] = pack(i, value(own[c]));
      }
    }
    int[] starts = new int[n + 1];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            starts[i + 1] = merged(own, i * k, (i + 1) * k, incoming, inStarts[i], inStarts[i + 1]);
          }
        });
    long total = 0;
    for (int i = 0; i < n; i++) {
      total += starts[i + 1];
      if (total > Integer.MAX_VALUE - 16) {
        throw new IllegalArgumentException(
            "the neighbours of " + n + " cells exceed 2^31 pairs. Lower perplexity.");
      }
      starts[i + 1] = (int) total;
    }
    var out = new TsneAffinities(n, starts, new int[(int) total], new float[(int) total]);
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            out.fill(i, own, i * k, (i + 1) * k, incoming, inStarts[i], inStarts[i + 1]);
          }
        });
    return out;
  }

  private static int merged(long[] own, int a, int aEnd, long[] incoming, int b, int bEnd) {
    int count = aEnd - a + bEnd - b;
    while (a < aEnd && b < bEnd) {
      int left = other(own[a]);
      int right = other(incoming[b]);
      count -= left == right ? 1 : 0;
      a += left <= right ? 1 : 0;
      b += right <= left ? 1 : 0;
    }
    return count;
  }

  private void fill(int i, long[] own, int a, int aEnd, long[] incoming, int b, int bEnd) {
    double scale = 1 / (2.0 * n);
    for (int at = starts[i]; at < starts[i + 1]; at++) {
      int left = a < aEnd ? other(own[a]) : Integer.MAX_VALUE;
      int right = b < bEnd ? other(incoming[b]) : Integer.MAX_VALUE;
      others[at] = Math.min(left, right);
      double sum = 0;
      if (left <= right) {
        sum += value(own[a++]);
      }
      if (right <= left) {
        sum += value(incoming[b++]);
      }
      p[at] = (float) (sum * scale);
    }
  }

  /** Sorts by the other cell; probabilities are not negative, so their bits need no care. */
  private static long pack(int other, float value) {
    return ((long) other << 32) | Float.floatToRawIntBits(value);
  }

  private static int other(long entry) {
    return (int) (entry >>> 32);
  }

  private static float value(long entry) {
    return Float.intBitsToFloat((int) entry);
  }
}
