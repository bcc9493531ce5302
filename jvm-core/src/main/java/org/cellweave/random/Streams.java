package org.cellweave.random;

import java.util.SplittableRandom;

/** Random streams that depend on a seed and a position alone, so that threads cannot matter. */
public final class Streams {
  /** The step of SplitMix64: a counter raised by it and mixed is a random stream. */
  public static final long STEP = 0x9E3779B97F4A7C15L;

  private Streams() {}

  /** One stream per position: neighbouring seeds and positions are mixed apart. */
  public static SplittableRandom of(long seed, int position) {
    return new SplittableRandom(mix(mix(seed) + STEP * (position + 2L)));
  }

  /** The finaliser of SplitMix64. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
