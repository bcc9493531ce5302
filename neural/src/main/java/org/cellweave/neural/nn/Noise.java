package org.cellweave.neural.nn;

import java.util.SplittableRandom;
import org.cellweave.random.Streams;
import org.cellweave.util.Elementary;

/**
 * What a training step draws: standard normal numbers for samples, uniform ones for dropout. Every
 * draw of a step has a place, so that all engines, and any number of threads, draw the same.
 */
public interface Noise {
  /** Fills {@code out} with standard normal numbers for the draw at this place of the step. */
  void normal(int place, float[] out, int n);

  /** Fills {@code out} with numbers in [0, 1) for the draw at this place of the step. */
  void uniform(int place, float[] out, int n);

  /** The draws of one step of a seed. */
  static Noise of(long seed, long step) {
    long stepSeed = Streams.mix(Streams.mix(seed) + Streams.STEP * (step + 1));
    return new Noise() {
      @Override
      public void normal(int place, float[] out, int n) {
        Noise.normal(Streams.of(stepSeed, place), out, n);
      }

      @Override
      public void uniform(int place, float[] out, int n) {
        SplittableRandom random = Streams.of(stepSeed, place);
        for (int i = 0; i < n; i++) {
          out[i] = (random.nextInt() >>> 8) * 0x1p-24f;
        }
      }
    };
  }

  static void normal(SplittableRandom random, float[] out) {
    normal(random, out, out.length);
  }

  /** By the polar method of Marsaglia and Bray (doi:10.1137/1006063), two at a time. */
  static void normal(SplittableRandom random, float[] out, int n) {
    int i = 0;
    while (i < n) {
      double u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      double s = u * u + v * v;
      if (s >= 1 || s == 0) {
        continue;
      }
      double factor = Math.sqrt(-2 * Elementary.log(s) / s);
      out[i++] = (float) (u * factor);
      if (i < n) {
        out[i++] = (float) (v * factor);
      }
    }
  }
}
