package org.cellweave.integrate.harmony;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.random.RRandom;
import org.cellweave.util.Elementary;

/**
 * The start of R's harmony 2: cells drawn far from random probes, then ten passes of k-means, with
 * R's random numbers in R's order.
 */
final class RStart {
  private static final int PASSES = 10;

  private final int n;
  private final int dims;
  private final int nClusters;
  private final float[] x;

  /** The probes and the cells that were chosen as first centroids. */
  final int[] probes;

  final int[] chosen;

  RStart(FloatPointer cos, int n, int dims, int nClusters) {
    this.n = n;
    this.dims = dims;
    this.nClusters = nClusters;
    this.x = new float[n * dims];
    cos.get(x, 0, x.length);
    this.probes = new int[nClusters];
    this.chosen = new int[nClusters];
  }

  /**
   * @param roundProbes as 2.0.0, where a probe beyond the last cell can be drawn; here that is the
   *     last cell
   */
  double[] run(RRandom random, boolean roundProbes) {
    for (int k = 0; k < nClusters; k++) {
      float u = (float) random.nextUniform();
      probes[k] = roundProbes ? Math.min(n - 1, Math.round(u * n)) : (int) Math.floor(u * (n - 1));
    }
    boolean[] taken = new boolean[n];
    for (int k = 0; k < nClusters; k++) {
      chosen[k] = draw(random, probes[k], taken);
      taken[chosen[k]] = true;
    }
    double[] means = new double[nClusters * dims];
    for (int k = 0; k < nClusters; k++) {
      for (int c = 0; c < dims; c++) {
        means[k * dims + c] = x[chosen[k] * dims + c];
      }
    }
    for (int pass = 0; pass < PASSES; pass++) {
      pass(means);
    }
    UnitRows.normalise(means, dims);
    return means;
  }

  /** An exponential race: a cell wins with a chance in proportion to its distance. */
  private int draw(RRandom random, int probe, boolean[] taken) {
    float[] key = new float[n];
    float largest = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      float dot = 0;
      for (int c = 0; c < dims; c++) {
        dot += x[probe * dims + c] * x[j * dims + c];
      }
      float distance = Math.abs(2 * (1 - dot));
      key[j] = (float) -Elementary.log((float) random.nextUniform()) / distance;
      largest = Math.max(largest, key[j]);
    }
    int best = smallest(key);
    while (taken[best] && key[best] < largest) {
      key[best] = largest;
      best = smallest(key);
    }
    return best;
  }

  private static int smallest(float[] key) {
    int best = 0;
    for (int j = 1; j < key.length; j++) {
      if (key[j] < key[best]) {
        best = j;
      }
    }
    return best;
  }

  private void pass(double[] means) {
    double[] sums = new double[means.length];
    int[] size = new int[nClusters];
    int[] last = new int[nClusters];
    for (int i = 0; i < n; i++) {
      int k = nearest(i, means);
      size[k]++;
      last[k] = i;
      for (int c = 0; c < dims; c++) {
        sums[k * dims + c] += x[i * dims + c];
      }
    }
    int donor = nClusters - 1;
    for (int k = 0; k < nClusters; k++) {
      if (size[k] > 0) {
        for (int c = 0; c < dims; c++) {
          means[k * dims + c] = sums[k * dims + c] / size[k];
        }
      } else {
        while (donor >= 0 && size[donor] < 2) {
          donor--;
        }
        for (int c = 0; donor >= 0 && c < dims; c++) {
          means[k * dims + c] = x[last[donor] * dims + c];
        }
        donor--;
      }
    }
  }

  private int nearest(int i, double[] means) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < nClusters; k++) {
      double squares = 0;
      for (int c = 0; c < dims; c++) {
        double diff = x[i * dims + c] - means[k * dims + c];
        squares += diff * diff;
      }
      if (squares < least) {
        least = squares;
        best = k;
      }
    }
    return best;
  }
}
