package org.cellweave.neural.scmodal;

import java.util.Arrays;
import java.util.BitSet;
import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Parallel;

/**
 * Cells of two minibatches that are each among the other's nearest by the angle between their
 * linked features, and how far apart these pairs lie in latent space: the mean over pairs and
 * dimensions of squared differences, 0 without a pair. The neighbours are exact; ties go to the
 * first.
 */
final class MutualPairs implements Operation {
  private static final int ROWS = 32;

  private final int n;
  private final int linked;
  private final int latent;
  private final int neighbors;
  private final Products products;
  private final float[] cosine;
  private final float[] first;
  private final float[] second;

  /** Partners of every cell of the first, in order. */
  private final int[][] partners;

  private int pairs;

  /**
   * @param n cells of a minibatch
   * @param linked features that both have
   */
  MutualPairs(int n, int linked, int latent, int neighbors, Products products) {
    this.n = n;
    this.linked = linked;
    this.latent = latent;
    this.neighbors = neighbors;
    this.products = products;
    cosine = new float[Math.multiplyExact(n, n)];
    first = new float[n * linked];
    second = new float[n * linked];
    partners = new int[n][];
  }

  int pairs() {
    return pairs;
  }

  int[] partners(int i) {
    return partners[i];
  }

  /** Begins a minibatch. */
  void begin(float[] a, float[] b) {
    unit(a, first);
    unit(b, second);
    products.rowsByRows(first, n, second, n, linked, cosine);
    BitSet[] there = new BitSet[n];
    BitSet[] back = new BitSet[n];
    Parallel.forRange(
        n,
        ROWS,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            there[i] = nearest(i * n, 1);
            back[i] = nearest(i, n);
          }
        });
    pairs = 0;
    for (int i = 0; i < n; i++) {
      int row = i;
      partners[i] = there[i].stream().filter(j -> back[j].get(row)).toArray();
      pairs += partners[i].length;
    }
  }

  private void unit(float[] x, float[] out) {
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = i * linked; j < (i + 1) * linked; j++) {
        sum += x[j] * (double) x[j];
      }
      float scale = sum > 0 ? (float) (1 / Math.sqrt(sum)) : 0;
      for (int j = i * linked; j < (i + 1) * linked; j++) {
        out[j] = x[j] * scale;
      }
    }
  }

  /** Places of the largest of n cosines that lie {@code stride} apart. */
  private BitSet nearest(int from, int stride) {
    float[] best = new float[neighbors];
    int[] place = new int[neighbors];
    int filled = 0;
    for (int j = 0; j < n; j++) {
      float v = cosine[from + j * stride];
      if (filled == neighbors && v <= best[neighbors - 1]) {
        continue;
      }
      int at = filled == neighbors ? neighbors - 1 : filled++;
      while (at > 0 && best[at - 1] < v) {
        best[at] = best[at - 1];
        place[at] = place[at - 1];
        at--;
      }
      best[at] = v;
      place[at] = j;
    }
    BitSet out = new BitSet(n);
    Arrays.stream(place, 0, filled).forEach(out::set);
    return out;
  }

  /** Inputs are both latent minibatches. */
  @Override
  public void forward(float[][] inputs, float[] out) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j : partners[i]) {
        for (int d = 0; d < latent; d++) {
          double gap = inputs[0][i * latent + d] - inputs[1][j * latent + d];
          sum += gap * gap;
        }
      }
    }
    out[0] = pairs == 0 ? 0 : (float) (sum / ((double) pairs * latent));
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] inputGradients) {
    if (pairs == 0) {
      return;
    }
    float factor = (float) (2 * outGradient[0] / ((double) pairs * latent));
    for (int i = 0; i < n; i++) {
      for (int j : partners[i]) {
        for (int d = 0; d < latent; d++) {
          float moved = factor * (inputs[0][i * latent + d] - inputs[1][j * latent + d]);
          if (inputGradients[0] != null) {
            inputGradients[0][i * latent + d] += moved;
          }
          if (inputGradients[1] != null) {
            inputGradients[1][j * latent + d] -= moved;
          }
        }
      }
    }
  }
}
