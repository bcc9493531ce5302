package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class BlockLanczosTest {
  private static final int N = 1000;
  private static final int K = 20;

  /** Reflected along a few random vectors, so that it is dense, with the spectrum given. */
  private static double[] matrix(long seed, IntToDoubleFunction spectrum) {
    double[] a = new double[N * N];
    for (int i = 0; i < N; i++) {
      a[i * N + i] = spectrum.applyAsDouble(i);
    }
    var random = new SplittableRandom(seed);
    for (int times = 0; times < 3; times++) {
      double[] v = random.doubles(N, -1, 1).toArray();
      double length = OrthonormalBasis.length(v);
      Arrays.setAll(v, i -> v[i] / length);
      reflect(a, v, N, 1);
      reflect(a, v, 1, N);
    }
    return a;
  }

  private static void reflect(double[] a, double[] v, int step, int stride) {
    for (int c = 0; c < N; c++) {
      double along = 0;
      for (int i = 0; i < N; i++) {
        along += a[c * stride + i * step] * v[i];
      }
      for (int i = 0; i < N; i++) {
        a[c * stride + i * step] -= 2 * along * v[i];
      }
    }
  }

  private static LeadingEigen.Pairs pairs(double[] matrix) {
    double[] values = new double[K];
    double[] vectors = new double[K * N];
    try (DoublePointer a = Blas.doubles((long) N * N)) {
      a.put(matrix);
      assertThat(BlockLanczos.largest(N, K, a, values, vectors)).isTrue();
    }
    return new LeadingEigen.Pairs(values, vectors);
  }

  private static void holds(double[] matrix, IntToDoubleFunction spectrum) {
    var found = pairs(matrix);
    double[] expected = new double[N];
    Arrays.setAll(expected, i -> -spectrum.applyAsDouble(i));
    Arrays.sort(expected);
    for (int c = 0; c < K; c++) {
      assertThat(found.values()[c]).isCloseTo(-expected[c], within(Tolerance.EXACT));
      double residual = 0;
      for (int i = 0; i < N; i++) {
        double image = 0;
        for (int j = 0; j < N; j++) {
          image += matrix[i * N + j] * found.vectors()[c * N + j];
        }
        double left = image - found.values()[c] * found.vectors()[c * N + i];
        residual += left * left;
      }
      assertThat(Math.sqrt(residual)).isLessThan(1e-11);
      for (int other = 0; other <= c; other++) {
        double product = 0;
        for (int i = 0; i < N; i++) {
          product += found.vectors()[c * N + i] * found.vectors()[other * N + i];
        }
        assertThat(product).isCloseTo(other == c ? 1 : 0, within(Tolerance.EXACT));
      }
    }
  }

  @Test
  void pairsOfAKnownSpectrumComeOutToRounding() {
    Seeds.forEach(
        3,
        seed -> {
          IntToDoubleFunction falling = i -> 1 / (1 + 0.05 * i);
          holds(matrix(seed, falling), falling);
        });
  }

  @Test
  void signalAboveAlikeNoiseComesOutToRounding() {
    IntToDoubleFunction bulk = i -> i < 5 ? 3 + i : 1 - i / (double) N;
    holds(matrix(4, bulk), bulk);
  }

  @Test
  void valuesThatCoincideAndSpacesOfFewDimensionsAreLeftToLapack() {
    IntToDoubleFunction alike = i -> i < 15 ? 2 : 1 / (1.0 + i);
    holds(matrix(5, alike), alike);
    IntToDoubleFunction few = i -> i < 10 ? 10 - i : 0;
    holds(matrix(6, few), few);
    holds(new double[N * N], i -> 0);
  }

  @Test
  void negativeValuesAreNotTakenForSettledOnes() {
    IntToDoubleFunction negative = i -> -1 - i / 10.0;
    holds(matrix(8, negative), negative);
    IntToDoubleFunction mixed = i -> i < 4 ? 4 - i : -1 - i / 10.0;
    holds(matrix(9, mixed), mixed);
  }

  @Test
  void threadsDoNotMatter() {
    double[] matrix = matrix(7, i -> 1 / (1 + 0.05 * i));
    var one = Seeds.withThreads(1, () -> pairs(matrix));
    for (int threads : new int[] {2, 7}) {
      var more = Seeds.withThreads(threads, () -> pairs(matrix));
      assertThat(more.vectors()).isEqualTo(one.vectors());
      assertThat(more.values()).isEqualTo(one.values());
    }
  }
}
