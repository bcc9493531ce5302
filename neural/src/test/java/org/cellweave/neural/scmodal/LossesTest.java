package org.cellweave.neural.scmodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.neural.fused.Operation;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Values by hand or by the plain formula in float64, gradients beside differences. */
class LossesTest {
  private static float[] normal(int size, long seed) {
    var random = new SplittableRandom(seed);
    float[] out = new float[size];
    for (int k = 0; k < size; k++) {
      out[k] = (float) random.nextGaussian();
    }
    return out;
  }

  private static double value(Operation operation, float[]... inputs) {
    float[] out = new float[1];
    operation.forward(inputs, out);
    return out[0];
  }

  /** Along a random direction, input by input. */
  private static void checkGradient(Operation operation, double step, float[]... inputs) {
    float[] out = new float[1];
    float[][] gradients = new float[inputs.length][];
    for (int k = 0; k < inputs.length; k++) {
      gradients[k] = new float[inputs[k].length];
    }
    operation.forward(inputs, out);
    operation.back(inputs, out, new float[] {2.5f}, gradients);
    for (int side = 0; side < inputs.length; side++) {
      float[] start = inputs[side].clone();
      float[] direction = normal(start.length, 91 + side);
      double expected = 0;
      for (int k = 0; k < start.length; k++) {
        expected += gradients[side][k] * (double) direction[k];
      }
      double[] at = new double[2];
      for (int way = 0; way < 2; way++) {
        for (int k = 0; k < start.length; k++) {
          inputs[side][k] = (float) (start[k] + (way == 0 ? -step : step) * direction[k]);
        }
        at[way] = value(operation, inputs);
      }
      System.arraycopy(start, 0, inputs[side], 0, start.length);
      assertThat(2.5 * (at[1] - at[0]) / (2 * step))
          .as("input " + side)
          .isCloseTo(expected, within(0.01 * Math.abs(expected) + 1e-3));
    }
  }

  // the discriminator ---------------------------------------------------------------------------

  @Test
  void adversaryByHand() {
    // softplus(-0) + softplus(0) = 2 log 2; softplus(-2) = log(1 + e^-2), softplus(-1)
    double expected = (2 * Math.log(2) + Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-1))) / 2;
    float[] said = {0, 2, 0, -1};
    assertThat(value(new Adversary(2, 1), said)).isCloseTo(expected, within(1e-6));
    assertThat(value(new Adversary(2, -1), said)).isCloseTo(-expected, within(1e-6));
  }

  @Test
  void adversaryHoldsWhatIsSaidTooLoud() {
    float[] said = {1e30f, -1e30f, -1e30f, 60};
    var adversary = new Adversary(2, 1);
    assertThat(value(adversary, said)).isCloseTo((50 + 50) / 2.0, within(1e-5));
    float[] gradient = new float[4];
    adversary.back(new float[][] {said}, new float[1], new float[] {1}, new float[][] {gradient});
    assertThat(gradient).containsOnly(0);
  }

  @Test
  void adversaryGoesBack() {
    checkGradient(new Adversary(40, 1), 1e-2, normal(80, 3));
    checkGradient(new Adversary(40, -1), 1e-2, normal(80, 4));
  }

  // reconstructions -----------------------------------------------------------------------------

  @Test
  void meanSquareByHandAndBack() {
    assertThat(value(new MeanSquare(3), new float[] {1, 2, 3}, new float[] {1, 0, 6}))
        .isCloseTo(13 / 3.0, within(1e-6));
    checkGradient(new MeanSquare(200), 1e-2, normal(200, 1), normal(200, 2));
  }

  @Test
  void stackGoesBack() {
    float[] out = new float[4];
    var stack = new Stack(2);
    stack.forward(new float[][] {{1, 2}, {3, 4}}, out);
    assertThat(out).containsExactly(1, 2, 3, 4);
    float[][] gradients = {{1, 1}, null};
    stack.back(new float[2][], out, new float[] {1, 2, 3, 4}, gradients);
    assertThat(gradients[0]).containsExactly(2, 3);
  }

  // mutual neighbours ---------------------------------------------------------------------------

  @Test
  void mutualPairsByHand() {
    try (var products = new Products()) {
      var mutual = new MutualPairs(3, 2, 1, 1, products);
      // by angle: a0 and b1 lie on one axis, a1 and b0 on the other; a2's nearest is b1, not mutual
      mutual.begin(new float[] {1, 0, 0, 2, 3, 1}, new float[] {0.1f, 5, 7, 0, -1, -1});
      assertThat(mutual.partners(0)).containsExactly(1);
      assertThat(mutual.partners(1)).containsExactly(0);
      assertThat(mutual.partners(2)).isEmpty();
      // (0 - 1)^2 and (4 - 1)^2
      assertThat(value(mutual, new float[] {0, 4, 9}, new float[] {1, 1, 9}))
          .isCloseTo(5, within(1e-6));
    }
  }

  @Test
  void mutualPairsAreThoseOfAFullSort() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 60;
          float[] a = normal(n * 5, 2 * seed);
          float[] b = normal(n * 5, 2 * seed + 1);
          try (var products = new Products()) {
            var mutual = new MutualPairs(n, 5, 2, 7, products);
            mutual.begin(a, b);
            int found = 0;
            for (int i = 0; i < n; i++) {
              for (int j = 0; j < n; j++) {
                boolean is = closer(a, b, i, j, n) < 7 && closer(b, a, j, i, n) < 7;
                int at = j;
                assertThat(Arrays.stream(mutual.partners(i)).anyMatch(p -> p == at)).isEqualTo(is);
                found += is ? 1 : 0;
              }
            }
            assertThat(mutual.pairs()).isEqualTo(found);
            checkGradient(mutual, 1e-2, normal(2 * n, seed + 5), normal(2 * n, seed + 6));
          }
        });
  }

  private static int closer(float[] a, float[] b, int i, int j, int n) {
    int count = 0;
    for (int other = 0; other < n; other++) {
      count += cosine(a, i, b, other) > cosine(a, i, b, j) ? 1 : 0;
    }
    return count;
  }

  private static double cosine(float[] a, int i, float[] b, int j) {
    double along = 0;
    double first = 0;
    double second = 0;
    for (int d = 0; d < 5; d++) {
      along += a[i * 5 + d] * (double) b[j * 5 + d];
      first += a[i * 5 + d] * (double) a[i * 5 + d];
      second += b[j * 5 + d] * (double) b[j * 5 + d];
    }
    return along / Math.sqrt(first * second);
  }

  @Test
  void withoutPairsNothingIsLost() {
    try (var products = new Products()) {
      var mutual = new MutualPairs(2, 1, 1, 1, products);
      // a0 is nearest to both, b0 to both: one pair; without features nobody knows anybody better
      mutual.begin(new float[] {1, -1}, new float[] {0, 0});
      assertThat(mutual.pairs()).isEqualTo(1);
      var none = new MutualPairs(0, 1, 1, 1, products);
      none.begin(new float[0], new float[0]);
      assertThat(value(none, new float[0], new float[0])).isZero();
      none.back(new float[2][0], new float[1], new float[] {1}, new float[2][0]);
    }
  }

  // neighbourhoods ------------------------------------------------------------------------------

  private static double plainGeometry(float[] x, int p, float[] z, int d, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double along = 0;
      double first = 0;
      double second = 0;
      for (int j = 0; j < n; j++) {
        double a = kernel(x, p, i, j);
        double b = kernel(z, d, i, j);
        along += a * b;
        first += a * a;
        second += b * b;
      }
      sum += Math.min(0.975, along / Math.sqrt(first * second));
    }
    return -sum / n;
  }

  private static double kernel(float[] x, int p, int i, int j) {
    double sum = 0;
    for (int k = 0; k < p; k++) {
      double gap = x[i * p + k] - (double) x[j * p + k];
      sum += gap * gap;
    }
    return Math.exp(-sum / p / 2);
  }

  @Test
  void geometryIsThatOfAllDifferences() {
    Seeds.forEach(
        10,
        seed -> {
          int n = 70;
          float[] x = normal(n * 12, seed);
          float[] z = normal(n * 3, seed + 100);
          for (int k = 0; k < z.length; k++) {
            z[k] *= 3;
          }
          try (var products = new Products()) {
            var geometry = new Geometry(n, 12, 3, products);
            geometry.begin(x);
            assertThat(value(geometry, z)).isCloseTo(plainGeometry(x, 12, z, 3, n), within(5e-5));
            checkGradient(geometry, 1e-2, z);
          }
        });
  }

  @Test
  void neighbourhoodsThatAgreeAskForNoMore() {
    float[] x = normal(50 * 4, 8);
    try (var products = new Products()) {
      var geometry = new Geometry(50, 4, 4, products);
      geometry.begin(x);
      assertThat(value(geometry, x)).isCloseTo(-0.975, within(1e-6));
      float[] gradient = new float[x.length];
      geometry.back(new float[][] {x}, new float[1], new float[] {1}, new float[][] {gradient});
      assertThat(gradient).containsOnly(0);
    }
  }
}
