package org.cellweave.preprocess.pooling;

import java.util.Arrays;

/**
 * Medians of arrays that follow each other and differ little: values far from the last median are
 * counted, only those near it are sorted. The median is exact whatever was expected.
 */
final class NearMedian {
  /** More values than this near the median make the next search narrower. */
  private static final int MANY = 128;

  private static final double FIRST_WIDTH = 0.1;
  private static final double WIDEST = 0.5;
  private static final double NARROWEST = 1e-4;

  private final double[] near;
  private double width = FIRST_WIDTH;

  /**
   * @param most values of an array
   */
  NearMedian(int most) {
    near = new double[most];
  }

  /**
   * @param v not changed, at least one value
   * @param expected about where the median is; NaN when nothing is known
   */
  double of(double[] v, double expected) {
    if (Double.isNaN(expected)) {
      return ofAll(v);
    }
    double reach = Math.abs(expected) * width;
    double low = expected - reach;
    double high = expected + reach;
    int below = 0;
    int n = 0;
    for (double value : v) {
      near[n] = value;
      // sign bits instead of branches, which nothing foretells; what is not near is overwritten
      long isBelow = Double.doubleToRawLongBits(value - low) >>> 63;
      long isAbove = Double.doubleToRawLongBits(high - value) >>> 63;
      below += (int) isBelow;
      n += 1 - (int) (isBelow | isAbove);
    }
    int left = (v.length - 1) / 2 - below;
    int right = v.length / 2 - below;
    if (left < 0 || right >= n) {
      width = Math.min(WIDEST, 2 * width);
      return ofAll(v);
    }
    if (n > MANY) {
      width = Math.max(NARROWEST, 0.8 * width);
    }
    Arrays.sort(near, 0, n);
    return middle(near[left], near[right]);
  }

  private double ofAll(double[] v) {
    System.arraycopy(v, 0, near, 0, v.length);
    Arrays.sort(near, 0, v.length);
    return middle(near[(v.length - 1) / 2], near[v.length / 2]);
  }

  private static double middle(double left, double right) {
    return left == right ? left : (left + right) / 2;
  }
}
