package org.cellweave.random;

import org.cellweave.util.Check;

/**
 * The random numbers of R after {@code set.seed(seed)} with its default generators: Mersenne
 * Twister, and rejection sampling for {@code sample} (R 3.6 and later). Sequential, not splittable:
 * for agreement with R, not for parallel work.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura 1998</a>
 */
public final class RRandom {
  private static final double TO_UNIT = 2.3283064365386963e-10;

  private final MersenneTwister bits;

  public RRandom(int seed) {
    int s = seed;
    for (int j = 0; j < 50; j++) {
      s = 69069 * s + 1;
    }
    // the first number of the recurrence would be R's position in the state, which starts at N
    s = 69069 * s + 1;
    int[] state = new int[MersenneTwister.N];
    for (int j = 0; j < state.length; j++) {
      s = 69069 * s + 1;
      state[j] = s;
    }
    bits = new MersenneTwister(state);
  }

  /** {@code runif(1)}: inside (0, 1), neither end included. */
  public double nextUniform() {
    double value = (bits.nextInt() & 0xffffffffL) * TO_UNIT;
    if (value <= 0) {
      return 0.5 * TO_UNIT;
    }
    return 1 - value <= 0 ? 1 - 0.5 * TO_UNIT : value;
  }

  /** {@code sample.int(n, 1) - 1}. */
  public int nextIndex(int n) {
    Check.positive(n, "n");
    int bits = 32 - Integer.numberOfLeadingZeros(n - 1);
    long value;
    do {
      value = nextBits(bits);
    } while (value >= n);
    return (int) value;
  }

  private long nextBits(int bits) {
    long v = 0;
    for (int n = 0; n <= bits; n += 16) {
      v = 65536 * v + (long) Math.floor(nextUniform() * 65536);
    }
    return bits < 64 ? v & ((1L << bits) - 1) : v;
  }

  /** {@code sample.int(n, size) - 1}, without replacement. */
  public int[] sample(int n, int size) {
    Check.inRange(size, 0, n, "size");
    int[] left = new int[n];
    for (int i = 0; i < n; i++) {
      left[i] = i;
    }
    int[] out = new int[size];
    int remaining = n;
    for (int i = 0; i < size; i++) {
      int j = nextIndex(remaining);
      out[i] = left[j];
      left[j] = left[--remaining];
    }
    return out;
  }
}
