package org.cellweave.doublets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class ScrubletTest {
  private static final int GENES = 120;

  /**
   * Three types of cells, each with 40 genes of its own; the last {@code nDoublets} rows are sums
   * of two cells of different types.
   */
  private static CsrMatrix typed(int nSinglets, int nDoublets, long seed) {
    var random = new SplittableRandom(seed);
    double[][] x = new double[nSinglets + nDoublets][GENES];
    for (int i = 0; i < nSinglets; i++) {
      for (int j = 0; j < GENES; j++) {
        double rate = j / 40 == i % 3 ? 3 : 0.15;
        double limit = Math.exp(-rate);
        double product = random.nextDouble();
        while (product > limit) {
          x[i][j]++;
          product *= random.nextDouble();
        }
      }
    }
    for (int d = nSinglets; d < x.length; d++) {
      int a = random.nextInt(nSinglets / 3) * 3;
      int b = random.nextInt(nSinglets / 3) * 3 + 1;
      for (int j = 0; j < GENES; j++) {
        x[d][j] = x[a][j] + x[b][j];
      }
    }
    return DenseMatrix.ofRows(x).toCsr().withDType(DType.FLOAT32);
  }

  private static Scrublet.Params.Builder small() {
    return Scrublet.Params.builder().nPrinComps(10);
  }

  // ----------------------------------------------------------------------- by hand

  /** q = 4/12 with 3 of 10 neighbours; r = 2, rho = 0.1: q rho / r = 1/60. */
  @Test
  void oddsByHand() {
    var odds = new DoubletOdds(10, 2, 0.1, 0.02);
    double q = 1 / 3.0;
    double rest = 0.9 - q * 0.85;
    assertThat(odds.score(3)).isCloseTo(1 / 60.0 / rest, within(Tolerance.EXACT));
    double qError = Math.sqrt(q * (1 - q) / 13);
    double error = 1 / 60.0 / (rest * rest) * Math.hypot(qError / q * 0.9, 0.02 / 0.1 * (1 - q));
    assertThat(odds.error(3)).isCloseTo(error, within(Tolerance.EXACT));
  }

  /** Two cells far apart, their sum in between twice; the first of a list is the point itself. */
  @Test
  void countsAndParentsByHand() {
    int[] indices = {0, 2, 1, 0, 2, 3, 3, 2};
    var lists =
        new NearestNeighbors.Result(4, 2, indices, new double[8], NearestNeighbors.Search.EXACT);
    assertThat(DoubletOdds.count(lists, 2)).containsExactly(1, 0, 1, 1);
    int[][] parents = DoubletOdds.parents(lists, 2, new int[] {1, 0, 1, 1});
    assertThat(parents[0]).containsExactly(0, 1);
    assertThat(parents[1]).isEmpty();
  }

  // -------------------------------------------------------------------- invariants

  @Test
  void plantedDoubletsAreFound() {
    Seeds.forEach(
        20,
        seed -> {
          var r = Scrublet.run(typed(300, 30, seed), small().seed(seed).build());
          assertThat(r.threshold()).isNotNull();
          int found = 0;
          int wrong = 0;
          for (int i = 0; i < 330; i++) {
            found += i >= 300 && r.predicted()[i] ? 1 : 0;
            wrong += i < 300 && r.predicted()[i] ? 1 : 0;
          }
          assertThat(auc(r.scores(), 300)).isGreaterThan(0.97);
          assertThat(wrong).isLessThan(10);
          assertThat(r.detectedRate()).isCloseTo((found + wrong) / 330.0, within(Tolerance.EXACT));
          assertThat(r.overallRate())
              .isCloseTo(r.detectedRate() / r.detectableFraction(), within(Tolerance.EXACT));
          for (int i = 0; i < 330; i++) {
            assertThat(r.zScores()[i] > 0).isEqualTo(r.predicted()[i]);
            assertThat(r.errors()[i]).isPositive();
          }
        });
  }

  /** How often one of the last scores exceeds one of the first; ties count half. */
  private static double auc(double[] scores, int nFirst) {
    double wins = 0;
    for (int d = nFirst; d < scores.length; d++) {
      for (int i = 0; i < nFirst; i++) {
        wins += scores[d] > scores[i] ? 1 : scores[d] == scores[i] ? 0.5 : 0;
      }
    }
    return wins / nFirst / (scores.length - nFirst);
  }

  @Test
  void everyWayOfScalingFindsThem() {
    for (int way = 0; way < 8; way++) {
      var p =
          small()
              .meanCenter((way & 1) == 0)
              .normalizeVariance((way & 2) == 0)
              .logTransform((way & 4) == 0)
              .build();
      var r = Scrublet.run(typed(300, 30, 1), p);
      double singlets = Arrays.stream(r.scores(), 0, 300).average().orElseThrow();
      double doublets = Arrays.stream(r.scores(), 300, 330).average().orElseThrow();
      assertThat(doublets).as("way %d", way).isGreaterThan(3 * singlets);
    }
  }

  @Test
  void scaleOfCountsAndStorageDoNotMatter() {
    var x = typed(150, 15, 2);
    var r = Scrublet.run(x, small().build());
    var dense = Scrublet.run(x.toDense(), small().build());
    var wide = Scrublet.run(x.withDType(DType.FLOAT64), small().build());
    assertThat(dense.scores()).isEqualTo(r.scores());
    assertThat(wide.scores()).isEqualTo(r.scores());
  }

  @Test
  void cellsWithoutGenesAreLeftOut() {
    var x = typed(150, 15, 2).toDense();
    double[] none = new double[GENES];
    x.setRow(7, none);
    x.setRow(80, none);
    var r = Scrublet.run(x, small().neighborParents(true).build());
    assertThat(r.scores()).hasSize(163);
    assertThat(r.keptCells()[7] || r.keptCells()[80]).isFalse();
    assertThat(r.simScores()).hasSize(326);
    assertThat(r.parents()).hasSize(652);
    assertThat(Arrays.stream(r.parents()).boxed()).allMatch(p -> p >= 0 && p < 163);
    assertThat(r.neighborParents().length).isEqualTo(163);
  }

  @Test
  void givenDoubletsGiveTheSameScoresAsTheWholeRun() {
    var x = typed(200, 20, 3);
    var p = small().build();
    var whole = Scrublet.run(x, p);
    var variable = VariableCounts.of(x);
    var simulation = DoubletSimulation.run(variable.counts(), DoubletSimulation.Params.DEFAULTS);
    var simulated = VariableCounts.rescaled(simulation.counts(), false);
    var before = simulated.copy();
    var observed = variable.observed(false);
    var scored = Scrublet.score(observed, simulated, simulation.parents(), p);
    assertThat(scored.scores()).isEqualTo(whole.scores());
    assertThat(scored.threshold()).isEqualTo(whole.threshold());
    assertThat(simulated.block(0).values()).isEqualTo(before.block(0).values());
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var x = typed(600, 60, 4);
    var p = small().umiSubsampling(0.8).seed(3).build();
    var one = Seeds.withThreads(1, () -> Scrublet.run(x, p));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> Scrublet.run(x, p));
      assertThat(other.scores()).isEqualTo(one.scores());
      assertThat(other.simScores()).isEqualTo(one.simScores());
      assertThat(other.threshold()).isEqualTo(one.threshold());
    }
  }

  @Test
  void aThresholdOfOnesOwn() {
    var x = typed(150, 15, 5);
    var r = Scrublet.run(x, small().threshold(0.3).build());
    assertThat(r.threshold()).isEqualTo(0.3);
    for (int i = 0; i < 165; i++) {
      assertThat(r.predicted()[i]).isEqualTo(r.scores()[i] > 0.3);
    }
  }

  // ---------------------------------------------------------------------- messages

  @Test
  void messages() {
    assertThatThrownBy(() -> small().expectedDoubletRate(1).build())
        .hasMessage("expectedDoubletRate must lie between 0 and 1, got 1.0");
    assertThatThrownBy(() -> small().stdevDoubletRate(-1).build())
        .hasMessage("stdevDoubletRate must not be negative, got -1.0");
    assertThatThrownBy(() -> small().simDoubletRatio(0).build())
        .hasMessage("simDoubletRatio must be positive, got 0.0");
    assertThatThrownBy(() -> small().umiSubsampling(2).build())
        .hasMessage("syntheticDoubletUmiSubsampling must lie in [0.0, 1.0], got 2.0");
    assertThatThrownBy(() -> small().nPrinComps(0).build())
        .hasMessage("nPrinComps must be positive, got 0");
    assertThatThrownBy(() -> small().nNeighbors(0).build())
        .hasMessage("nNeighbors must be positive, got 0");
    assertThatThrownBy(() -> small().threshold(Double.NaN).build())
        .hasMessage("threshold must be finite, got NaN");
    var x = typed(60, 6, 0);
    assertThatThrownBy(() -> Scrublet.run(x, small().nPrinComps(500).build()))
        .hasMessageStartingWith("nPrinComps must be smaller than the number of cells (66)")
        .hasMessageContaining("got 500. Pass nPrinComps = ");
    assertThatThrownBy(() -> Scrublet.run(Seeds.counts(5, 5, 0.1, 0), small().build()))
        .hasMessageContaining("of 5 x 5 are left; check that X holds counts");
    var negative = x.toDense();
    negative.set(3, 4, -1);
    assertThatThrownBy(() -> Scrublet.run(negative, small().build()))
        .hasMessageContaining("row 3, column 4 is -1.0")
        .hasMessageContaining("before scaling");
    negative.set(3, 4, Double.NaN);
    assertThatThrownBy(() -> Scrublet.run(negative, small().build()))
        .hasMessageContaining("X[3, 4] is NaN");
    var p = small().nPrinComps(2).build();
    assertThatThrownBy(() -> Scrublet.score(x, Seeds.counts(4, 3, 0.5, 0), new int[8], p))
        .hasMessageContaining("66 x 120 and 4 x 3");
    assertThatThrownBy(() -> Scrublet.score(x, x, new int[8], p))
        .hasMessageContaining("parents has length 8");
    assertThatThrownBy(
            () ->
                Scrublet.score(
                    DenseMatrix.wrap(new float[] {1, 0, 1, 2, 1, 3}, 3, 2),
                    DenseMatrix.wrap(new float[] {1, 0}, 1, 2),
                    new int[2],
                    small().nPrinComps(1).build()))
        .hasMessageContaining("gene 0 is the same in all cells");
  }
}
