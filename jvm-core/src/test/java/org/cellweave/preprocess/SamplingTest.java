package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.preprocess.Sampling.Params;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static Params.Builder size(int n) {
    return Params.builder().size(n);
  }

  @Test
  void everythingIsAPermutation() {
    Seeds.forEach(
        20,
        seed -> {
          int[] all = Sampling.run(50, null, Params.builder().fraction(1.0).seed(seed).build());
          assertThat(all).isEqualTo(Sampling.run(50, null, size(50).seed(seed).build()));
          assertThat(Arrays.stream(all).sorted().toArray())
              .isEqualTo(java.util.stream.IntStream.range(0, 50).toArray());
          assertThat(all).isNotEqualTo(Sampling.run(50, null, size(50).seed(seed + 1).build()));
        });
  }

  @Test
  void sizesAreRoundedDown() {
    assertThat(Sampling.run(7, null, Params.builder().fraction(0.5).build())).hasSize(3);
    assertThat(Sampling.run(7, null, Params.builder().fraction(2.5).replace(true).build()))
        .hasSize(17);
    assertThat(Sampling.run(0, null, Params.builder().fraction(0.5).build())).isEmpty();
  }

  @Test
  void withoutReplacementNothingComesTwiceAndZeroNeverComes() {
    Seeds.forEach(
        20,
        seed -> {
          double[] p = new double[40];
          for (int i = 0; i < 30; i++) {
            p[i] = (i + 1) / 465.0;
          }
          int[] some = Sampling.run(40, p, size(25).seed(seed).build());
          assertThat(Arrays.stream(some).distinct().count()).isEqualTo(25);
          assertThat(Arrays.stream(some).boxed()).allMatch(i -> i < 30);
          int[] repeated = Sampling.run(40, p, size(500).replace(true).seed(seed).build());
          assertThat(Arrays.stream(repeated).boxed()).allMatch(i -> i < 30);
        });
  }

  @Test
  void frequenciesFollowTheProbabilities() {
    double[] p = {0.5, 0, 0.3, 0.2};
    double[] first = new double[4];
    double[] second = new double[4];
    double[] repeated = new double[4];
    double[] equal = new double[4];
    int runs = 40_000;
    for (int seed = 0; seed < runs; seed++) {
      int[] two = Sampling.run(4, p, size(2).seed(seed).build());
      first[two[0]] += 1.0 / runs;
      second[two[1]] += 1.0 / runs;
      repeated[Sampling.run(4, p, size(1).replace(true).seed(seed).build())[0]] += 1.0 / runs;
      equal[Sampling.run(4, null, size(2).seed(seed).build())[1]] += 1.0 / runs;
    }
    // five standard deviations of a share of 40,000
    Offset<Double> close = Offset.offset(5 * 0.5 / Math.sqrt(runs));
    assertThat(first).containsExactly(p, close);
    assertThat(repeated).containsExactly(p, close);
    assertThat(equal).containsExactly(new double[] {0.25, 0.25, 0.25, 0.25}, close);
    // second draw among those left: 0.3 * 0.5 / 0.7 + 0.2 * 0.5 / 0.8 and so on
    assertThat(second)
        .containsExactly(
            new double[] {
              0.3 * 0.5 / 0.7 + 0.2 * 0.5 / 0.8,
              0,
              0.5 * 0.3 / 0.5 + 0.2 * 0.3 / 0.8,
              0.5 * 0.2 / 0.5 + 0.3 * 0.2 / 0.7
            },
            close);
  }

  @Test
  void squareRoots() {
    var x = DenseMatrix.wrap(new float[] {0, 4, 2.25f, 9}, 2, 2);
    Sqrt.run(x);
    assertThat(x.floatData()).containsExactly(0, 2, 1.5f, 3);
    Seeds.forEach(
        20,
        seed -> {
          var csr = Seeds.counts(30, 20, 0.4, seed);
          var dense = csr.toDense().toFloat64();
          Sqrt.run(csr);
          Sqrt.run(dense);
          assertThat(csr.toDense().floatData()).isEqualTo(dense.toFloat32().floatData());
        });
    x.set(1, 0, -1);
    assertThatThrownBy(() -> Sqrt.run(x))
        .hasMessageStartingWith("sqrt needs values that are not negative, but X[1, 0] is -1.0");
    x.set(0, 1, Double.NaN);
    assertThatThrownBy(() -> Sqrt.run(x))
        .hasMessageStartingWith("sqrt needs finite values, but X[0, 1] is NaN");
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> Params.builder().build())
        .hasMessage("exactly one of fraction and n must be given, got neither");
    assertThatThrownBy(() -> size(3).fraction(0.5).build())
        .hasMessage("exactly one of fraction and n must be given, got fraction 0.5 and n 3");
    assertThatThrownBy(() -> size(-1).build()).hasMessage("n must not be negative, got -1");
    assertThatThrownBy(() -> Params.builder().fraction(1.5).build())
        .hasMessage("fraction must lie in [0.0, 1.0], got 1.5");
    assertThatThrownBy(() -> Params.builder().fraction(-1.0).replace(true).build())
        .hasMessage("fraction must not be negative, got -1.0");
    refused(5, null, size(6))
        .hasMessage("n must be at most 5 without replacement, got 6. Set replace = true");
    refused(0, null, size(1).replace(true)).hasMessage("cannot draw 1 from nothing");
    refused(2, new double[] {1}, size(1))
        .hasMessage("p has length 1, but the number to draw from is 2");
    refused(2, new double[] {1.5, -0.5}, size(1))
        .hasMessage("p must not be negative or NaN, but p[1] is -0.5");
    refused(2, new double[] {1, 1}, size(1))
        .hasMessage("probabilities p must sum to 1, got 2.0. Divide them by their sum");
    refused(2, new double[] {1, 0}, size(2))
        .hasMessage("cannot draw 2 without replacement: only 1 have p above 0");
    refused(Integer.MAX_VALUE / 2, null, Params.builder().fraction(3.0).replace(true))
        .hasMessageStartingWith("cannot draw 3221225469");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      int n, double[] p, Params.Builder params) {
    return assertThatThrownBy(() -> Sampling.run(n, p, params.build()));
  }
}
