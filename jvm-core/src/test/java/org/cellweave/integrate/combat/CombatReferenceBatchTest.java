package org.cellweave.integrate.combat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.cellweave.design.Categories;
import org.cellweave.design.NumericCovariate;
import org.cellweave.integrate.combat.Combat.Flavor;
import org.cellweave.integrate.combat.Combat.Params;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.random.RRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** A batch that the others are drawn to, and sva's own example. */
class CombatReferenceBatchTest {
  private static Params.Builder params() {
    return Params.builder().flavor(Flavor.SVA);
  }

  @Test
  void theReferenceStaysAndTheOthersTakeItsLevelAndSpread() {
    Seeds.forEach(
        20,
        seed -> {
          var batches = CombatTest.batches(400, 3, seed);
          var x = CombatTest.data(batches, 60, seed);
          double[] slope = new double[400];
          for (int i = 0; i < 400; i++) {
            slope[i] = 0.01 * i;
          }
          var kept =
              List.of(
                  Categories.of(
                      "type",
                      java.util.stream.IntStream.range(0, 400)
                          .map(i -> i % 3 == 1 ? 1 : 0)
                          .toArray()),
                  new NumericCovariate("slope", slope));
          var result = Combat.run(x, batches, kept, params().refBatch("b1").build()).x();
          double off = 0;
          for (int j = 0; j < 60; j++) {
            double[] sum = new double[3];
            int[] n = new int[3];
            for (int i = 0; i < 400; i++) {
              int b = batches.code(i);
              if (b == 1) {
                assertThat(result.get(i, j)).isCloseTo(x.get(i, j), within(1e-6));
              }
              sum[b] += result.get(i, j) - (i % 3 == 1 ? 1.5 : 0) - slope[i];
              n[b]++;
            }
            off += Math.abs(sum[0] / n[0] - sum[1] / n[1]) / 60;
            off += Math.abs(sum[2] / n[2] - sum[1] / n[1]) / 60;
          }
          assertThat(off).isLessThan(0.25);
        });
  }

  /** Two batches, means only and no prior to speak of: the shift is the difference of the means. */
  @Test
  void byHand() {
    var batches = new Categories("k", new int[] {0, 0, 1, 1}, new String[] {"a", "b"});
    var x = DenseMatrix.ofRows(new double[][] {{1, 0}, {3, 4}, {11, 3}, {15, 9}});
    var result = Combat.run(x, batches, List.of(), params().refBatch("a").meanOnly(true).build());
    // deviations of a: 1 and 2; shifts of b: (13-2)/1 and (6-2)/2, mean 6.5, variance 40.5
    assertThat(result.gamma()[0]).containsExactly(0, 0);
    double first = (40.5 * 11 + 6.5) / 41.5;
    double second = (40.5 * 2 + 6.5) / 41.5;
    assertThat(result.gamma()[1][0]).isCloseTo(first, within(1e-12));
    assertThat(result.gamma()[1][1]).isCloseTo(second, within(1e-12));
    assertThat(result.x().get(2, 0)).isCloseTo(11 - first, within(1e-6));
    assertThat(result.x().get(3, 1)).isCloseTo(9 - 2 * second, within(1e-6));
    assertThat(result.x().get(1, 1)).isEqualTo(4);
  }

  @Test
  void aSingleCellIsABatchWhereOnlyMeansMove() {
    var batches = new Categories("k", new int[] {0, 0, 0, 1}, new String[] {"a", "b"});
    var x = DenseMatrix.ofRows(new double[][] {{1, 0}, {3, 4}, {2, 3}, {15, 9}});
    var result = Combat.run(x, batches, List.of(), params().meanOnly(true).build()).x();
    assertThat(Math.abs(result.get(3, 0) - result.get(2, 0)))
        .isLessThan(Math.abs(x.get(3, 0) - x.get(2, 0)));
  }

  /** {@code test_combat_sim.R} of sva: 100 genes of 15 samples, drawn by R; gene 1 as printed. */
  @Test
  void agreesWithTheExampleOfSva() {
    int[] treated = {1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0};
    var random = new RRandom(0);
    var x = DenseMatrix.zeros(15, 100, DType.FLOAT64);
    int[] codes = new int[15];
    for (int j = 0; j < 100; j++) {
      for (int i = 0; i < 15; i++) {
        codes[i] = i / 5;
        x.set(i, j, 1 + codes[i] + 4 * treated[i] + normal(random));
      }
    }
    var batches = new Categories("batch", codes, new String[] {"1", "2", "3"});
    var result = Combat.run(x, batches, List.of(), params().build()).x();
    double[] expected = {
      6.5275687,
      1.9434116,
      3.3016615,
      6.5353399,
      5.8317968,
      -0.3314552,
      3.9485709,
      4.5368716,
      4.8050618,
      7.0422784,
      4.2176928,
      2.6528653,
      2.3037212,
      7.1688336,
      3.1533711
    };
    for (int i = 0; i < 15; i++) {
      assertThat(result.get(i, 0)).isCloseTo(expected[i], within(1e-6));
    }
  }

  /** {@code rnorm(1)} by inversion. */
  private static double normal(RRandom random) {
    double big = 1 << 27;
    double u = Math.floor(big * random.nextUniform()) + random.nextUniform();
    return -Math.sqrt(2) * InverseErfc.value(2 * u / big);
  }

  @Test
  void messagesSayWhatToDo() {
    var batches = CombatTest.batches(12, 3, 1);
    var x = CombatTest.data(batches, 5, 1);
    assertThatThrownBy(() -> Combat.run(x, batches, List.of(), params().refBatch("b9").build()))
        .hasMessage(
            "refBatch must be a level of obs['k'], one of [b0, b1, b2], got 'b9'. Did you mean"
                + " 'b0'?");
    var single = new Categories("k", new int[] {0, 1, 1, 1}, new String[] {"a", "b"});
    assertThatThrownBy(
            () ->
                Combat.run(
                    CombatTest.data(single, 5, 1),
                    single,
                    List.of(),
                    params().meanOnly(true).refBatch("a").build()))
        .hasMessage(
            "refBatch 'a' of k has 1 cell, but the others are scaled by its variance; name a batch"
                + " with more");
  }
}
