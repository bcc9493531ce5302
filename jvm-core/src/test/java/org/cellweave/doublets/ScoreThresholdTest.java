package org.cellweave.doublets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

/** Expected values: {@code skimage.filters.threshold_minimum} of scikit-image 0.26.0. */
class ScoreThresholdTest {
  /** Park and Miller's neighbour: x = 1103515245 x + 12345 modulo 2^31, as a part of 1. */
  private static double[] uniform(int n, long seed) {
    double[] out = new double[n];
    long x = seed;
    for (int i = 0; i < n; i++) {
      x = (x * 1103515245L + 12345) % (1L << 31);
      out[i] = x / (double) (1L << 31);
    }
    return out;
  }

  private static double[] twoModes(int n, long seed, double share) {
    double[] u = uniform(3 * n, seed);
    double[] s = new double[n];
    for (int i = 0; i < n; i++) {
      double m = (u[3 * i + 1] + u[3 * i + 2]) / 2;
      s[i] = u[3 * i] < share ? .1 + .15 * m : .35 + .4 * m;
    }
    return s;
  }

  private static void same(double[] scores, double expected) {
    assertThat(ScoreThreshold.between(scores)).isPresent();
    assertThat(ScoreThreshold.between(scores).getAsDouble())
        .isCloseTo(expected, within(Tolerance.EXACT));
  }

  @Test
  void twoModesAreParted() {
    same(twoModes(2000, 1, .3), 0.2995410387730544);
    same(twoModes(5000, 2, .6), 0.30309709754290004);
    same(twoModes(400, 3, .5), 0.3102638939201143);
    same(twoModes(3000, 4, .1), 0.2973160134070213);
  }

  @Test
  void rippledFlatAndSingleModesToo() {
    same(Arrays.copyOf(uniform(3000, 9), 1000), 0.22860192952612124);
    double[] u = uniform(900, 5);
    double[] m = new double[300];
    for (int i = 0; i < 300; i++) {
      m[i] = (u[3 * i] + u[3 * i + 1] + u[3 * i + 2]) / 3;
    }
    same(m, 0.5074224877619902);
  }

  @Test
  void scoresOnAGrid() {
    double[] u = uniform(6000, 7);
    double[] s = new double[2000];
    for (int i = 0; i < 2000; i++) {
      double a = u[3 * i + 1];
      double b = u[3 * i + 2];
      double k = Math.rint(90 * (u[3 * i] < .4 ? .2 * a + .1 * b : .5 + .3 * a + .2 * b));
      s[i] = new DoubletOdds(90, 2, .05, .02).score((int) k);
    }
    same(s, 0.40994596445395853);
  }

  @Test
  void nothingBetweenOneMode() {
    assertThat(ScoreThreshold.between(new double[] {1, 1, 1})).isEmpty();
    assertThat(ScoreThreshold.between(new double[0])).isEmpty();
    double[] falling = new double[5000];
    for (int i = 0; i < falling.length; i++) {
      falling[i] = Math.pow(i / 5000.0, 4);
    }
    assertThat(ScoreThreshold.between(falling)).isEmpty();
  }
}
