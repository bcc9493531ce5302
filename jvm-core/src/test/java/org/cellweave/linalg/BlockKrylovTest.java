package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class BlockKrylovTest {
  /** A diagonal seen through a reflection, so that no axis is an eigenvector. */
  private static BlockKrylov.Operator reflected(double[] values, double[] normal) {
    int n = values.length;
    return (k, x, y) -> {
      double[] v = new double[n];
      for (int c = 0; c < k; c++) {
        for (int i = 0; i < n; i++) {
          v[i] = x.get((long) i * k + c);
        }
        reflect(v, normal);
        for (int i = 0; i < n; i++) {
          v[i] *= values[i];
        }
        reflect(v, normal);
        write(v, y, k, c);
      }
    };
  }

  private static void write(double[] v, DoublePointer y, int k, int c) {
    for (int i = 0; i < v.length; i++) {
      y.put((long) i * k + c, v[i]);
    }
  }

  private static void reflect(double[] v, double[] normal) {
    double along = 0;
    for (int i = 0; i < v.length; i++) {
      along += v[i] * normal[i];
    }
    for (int i = 0; i < v.length; i++) {
      v[i] -= 2 * along * normal[i];
    }
  }

  private static double[] normal(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[] v = random.doubles(n, -1, 1).toArray();
    double length = OrthonormalBasis.length(v);
    for (int i = 0; i < n; i++) {
      v[i] /= length;
    }
    return v;
  }

  private static LeadingEigen.Pairs check(double[] values, int count, long seed) {
    double[] normal = normal(values.length, seed);
    var found = BlockKrylov.pairs(values.length, count, 1e-10, "test", reflected(values, normal));
    for (int c = 0; c < count; c++) {
      assertThat(found.values()[c]).isCloseTo(values[c], within(1e-9 * values[0]));
      double[] expected = new double[values.length];
      expected[c] = 1;
      reflect(expected, normal);
      double along = 0;
      for (int i = 0; i < values.length; i++) {
        along += expected[i] * found.vectors()[c * values.length + i];
      }
      assertThat(Math.abs(along)).isCloseTo(1, within(1e-7));
    }
    return found;
  }

  @Test
  void findsKnownPairsOfAnySize() {
    Seeds.forEach(
        5,
        seed -> {
          for (int n : new int[] {40, 900}) {
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
              values[i] = 100.0 / (1 + i);
            }
            check(values, 8, seed);
          }
        });
  }

  @Test
  void anOperatorOfLowRankEndsEarly() {
    double[] values = new double[800];
    for (int i = 0; i < 12; i++) {
      values[i] = 50 - i;
    }
    check(values, 12, 1);
  }

  @Test
  void threadsDoNotMatter() {
    double[] values = new double[700];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(-0.01 * i);
    }
    double[] one = Seeds.withThreads(1, () -> check(values, 20, 3).vectors());
    assertThat(Seeds.withThreads(7, () -> check(values, 20, 3).vectors())).isEqualTo(one);
  }
}
