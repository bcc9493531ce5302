package org.cellweave.preprocess.pooling;

import java.util.Arrays;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Takes the factors of pools along a ring of cells apart: the least squares of one equation for
 * every pool, whose factor is the sum of its cells', and a weak one for every cell, which says that
 * its factor is 1.
 *
 * <p>Every size has a pool at every place of the ring, so that the normal equations are circulant:
 * their eigenvalue k is {@code sum over sizes of (sin(pi k s / n) / sin(pi k / n))^2 + weight}, and
 * the solution a convolution with the inverse's first row. What is solved for is the difference
 * from 1, of which the weak equations' right-hand sides are zero; that keeps rounding errors small
 * where sizes share a divisor with the number of cells.
 *
 * <p>Cost: {@code 2 n^2} multiplications, {@code O(n)} memory. Sums run in a fixed order.
 */
final class RingSystem {
  private static final int BLOCK = 64;

  private final int n;
  private final int[] sizes;
  private final double[] inverse;

  /**
   * @param n cells of the ring
   * @param sizes of pools, each at most n
   * @param weight of the equation of a single cell, squared; that of a pool's is 1
   */
  RingSystem(int n, int[] sizes, double weight) {
    this.n = n;
    this.sizes = sizes;
    this.inverse = inverse(n, eigenvalues(n, sizes, weight));
  }

  private static double[] eigenvalues(int n, int[] sizes, double weight) {
    double[] values = new double[n];
    for (int k = 0; k < n; k++) {
      double sum = weight;
      double step = Elementary.sin(Math.PI * k / n);
      for (int s : sizes) {
        double ratio = k == 0 ? s : Elementary.sin(Math.PI * ((long) k * s % n) / n) / step;
        sum += ratio * ratio;
      }
      values[k] = sum;
    }
    return values;
  }

  /** First row of the inverse of the circulant matrix with these eigenvalues. */
  private static double[] inverse(int n, double[] eigenvalues) {
    double[] cos = new double[n];
    Arrays.setAll(cos, i -> Elementary.cos(2 * Math.PI * i / n));
    double[] weights = new double[n];
    Arrays.setAll(weights, k -> 1 / (eigenvalues[k] * n));
    double[] out = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int d = from; d < to; d++) {
            double sum = 0;
            int at = 0;
            for (int k = 0; k < n; k++) {
              sum += weights[k] * cos[at];
              at += d;
              at -= at >= n ? n : 0;
            }
            out[d] = sum;
          }
        });
    return out;
  }

  /**
   * @param pools factor of every pool, by size and first cell
   * @return factor of every cell of the ring
   */
  double[] solve(double[][] pools) {
    double[] right = new double[n];
    for (int s = 0; s < sizes.length; s++) {
      double[] factor = pools[s];
      int size = sizes[s];
      for (int q = 0; q < n; q++) {
        double sum = 0;
        for (int back = 0; back < size; back++) {
          sum += factor[q >= back ? q - back : q - back + n] - size;
        }
        right[q] += sum;
      }
    }
    double[] out = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            out[i] = 1 + convolved(right, i);
          }
        });
    return out;
  }

  private double convolved(double[] right, int i) {
    double sum = 0;
    for (int q = 0; q <= i; q++) {
      sum += inverse[i - q] * right[q];
    }
    for (int q = i + 1; q < n; q++) {
      sum += inverse[i - q + n] * right[q];
    }
    return sum;
  }
}
