package org.cellweave.embed.umap;

import org.cellweave.util.Elementary;

/**
 * Force coefficients as functions of the squared distance, tabulated at 256 points an octave and
 * interpolated linearly: relative error below 2e-5, and no call of {@code Math.pow} in the loop.
 */
final class UmapForces {
  private static final int BITS = 8;
  private static final int SHIFT = 23 - BITS;
  private static final int MASK = (1 << SHIFT) - 1;
  private static final float STEP = 1f / (1 << SHIFT);
  private static final int OCTAVES = 32;
  private static final int FIRST = (127 - OCTAVES) << BITS;
  private static final int SIZE = (2 * OCTAVES) << BITS;

  /** Coefficients at the points of the table, for {@link #at}. */
  final float[] attraction = new float[SIZE + 1];

  final float[] repulsion = new float[SIZE + 1];

  UmapForces(double a, double b, double gamma) {
    for (int i = 0; i <= SIZE; i++) {
      double d2 = Float.intBitsToFloat((FIRST + i) << SHIFT);
      double power = Elementary.pow(d2, b);
      attraction[i] = (float) (-2 * a * b * power / (d2 * (1 + a * power)));
      repulsion[i] = (float) (2 * gamma * b / ((0.001 + d2) * (1 + a * power)));
    }
  }

  float attraction(float d2) {
    return at(attraction, d2);
  }

  float repulsion(float d2) {
    return at(repulsion, d2);
  }

  static float at(float[] table, float d2) {
    int bits = Float.floatToRawIntBits(d2);
    int i = (bits >> SHIFT) - FIRST;
    if (i < 0) {
      return table[0];
    }
    if (i >= SIZE) {
      return table[SIZE];
    }
    return table[i] + (bits & MASK) * STEP * (table[i + 1] - table[i]);
  }
}
