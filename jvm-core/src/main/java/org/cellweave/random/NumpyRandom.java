package org.cellweave.random;

import org.cellweave.util.Check;

/**
 * The random numbers of numpy after {@code numpy.random.seed(seed)}. Sequential, not splittable:
 * for agreement with Python programs, not for parallel work.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura 1998</a>
 */
public final class NumpyRandom {
  private static final long SEEDS = 1L << 32;

  private final MersenneTwister bits;

  /**
   * @param seed at least 0, below 2^32
   */
  public NumpyRandom(long seed) {
    Check.inRange((double) seed, 0, SEEDS - 1, "seed");
    int[] state = new int[MersenneTwister.N];
    state[0] = (int) seed;
    for (int j = 1; j < state.length; j++) {
      state[j] = 1812433253 * (state[j - 1] ^ (state[j - 1] >>> 30)) + j;
    }
    bits = new MersenneTwister(state);
  }

  /** {@code random()}: at least 0, below 1. */
  public double nextDouble() {
    long high = (bits.nextInt() & 0xffffffffL) >>> 5;
    long low = (bits.nextInt() & 0xffffffffL) >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  /** {@code uniform(low, high)}. */
  public double nextUniform(double low, double high) {
    return low + (high - low) * nextDouble();
  }
}
