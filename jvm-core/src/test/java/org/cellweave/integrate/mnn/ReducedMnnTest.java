package org.cellweave.integrate.mnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchTree;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.MutualNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class ReducedMnnTest {
  private static ReducedMnn.Params params(MergePlan.Builder plan) {
    return ReducedMnn.Params.builder().plan(plan.build()).build();
  }

  private static ReducedMnn.Result run(MnnData data, MergePlan.Builder plan) {
    return ReducedMnn.run(data.x(), data.batch(), params(plan));
  }

  /** Two pairs of cells 3 apart in the first dimension: nothing of it is left. */
  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0, 0}, {1, 5}, {3, 0}, {4, 5}});
    var batch = Categories.of("batch", 0, 0, 1, 1);
    var made = ReducedMnn.run(x, batch, params(MergePlan.builder().k(1)));
    var merge = made.merges().get(0);
    assertThat(merge.leftCells()).containsExactly(0, 1);
    assertThat(merge.rightCells()).containsExactly(2, 3);
    assertThat(merge.batchSize()).isEqualTo(1);
    // variances 0.5 + 12.5, of which the first dimension's goes
    assertThat(merge.lostVariance()[0]).isCloseTo(0.5 / 13, within(Tolerance.EXACT));
    assertThat(merge.lostVariance()[1]).isCloseTo(0.5 / 13, within(Tolerance.EXACT));
    double[][] expected = {{0.5, 0}, {0.5, 5}, {0.5, 0}, {0.5, 5}};
    for (int i = 0; i < 4; i++) {
      for (int c = 0; c < 2; c++) {
        assertThat(made.corrected().get(i, c)).isCloseTo(expected[i][c], within(1e-12));
      }
    }
    assertThat(made.lost().removed()[0]).containsExactly(0.5, 0);
  }

  @Test
  void centringLeavesNoVariationAlongTheVector() {
    Seeds.forEach(
        20,
        seed -> {
          var data = MnnData.noise(10, 0, seed, 80);
          double[] vector = data.x().takeRows(new int[] {3}).doubleData().clone();
          int[] cells = IntStream.range(10, 70).toArray();
          int[] searched = IntStream.range(10, 40).toArray();
          var x = data.x().copy();
          Centring.along(x, cells, searched, vector, null);
          double place = along(data.x(), searched, vector);
          for (int i : cells) {
            assertThat(along(x, new int[] {i}, vector)).isCloseTo(place, within(Tolerance.F64));
          }
          assertThat(x.get(5, 5)).isEqualTo(data.x().get(5, 5));
          var untouched = data.x().copy();
          Centring.along(untouched, cells, searched, new double[10], null);
          assertThat(untouched.doubleData()).isEqualTo(data.x().doubleData());
        });
  }

  private static double along(DenseMatrix x, int[] cells, double[] vector) {
    double sum = 0;
    for (int i : cells) {
      for (int c = 0; c < vector.length; c++) {
        sum += x.get(i, c) * vector[c] / cells.length;
      }
    }
    return sum;
  }

  /** Cell by cell, as the formula is written. */
  @Test
  void tricubeSmoothingEqualsItsFormula() {
    Seeds.forEach(
        5,
        seed -> {
          var data = MnnData.noise(4, 1, seed, 60, 50);
          int[] left = IntStream.range(0, 40).map(p -> p % 13).toArray();
          int[] right = IntStream.range(0, 40).map(p -> 60 + p * 7 % 23).toArray();
          var shifts = MeanShifts.of(data.x(), left, right);
          for (int k : new int[] {20, 11}) {
            for (double ndist : new double[] {3, 1}) {
              var x = data.x().copy();
              int[] cells = data.batch().members()[1];
              TricubeSmoothing.apply(x, cells, shifts, k, ndist);
              for (int i : cells) {
                double[] expected = smoothed(data.x(), i, shifts, k, ndist);
                for (int c = 0; c < 4; c++) {
                  assertThat(x.get(i, c)).isCloseTo(expected[c], within(1e-10));
                }
              }
            }
          }
        });
  }

  private static double[] smoothed(DenseMatrix x, int i, MeanShifts shifts, int k, double ndist) {
    int m = shifts.cells().length;
    double[] distance = new double[m];
    for (int s = 0; s < m; s++) {
      for (int c = 0; c < x.nCols(); c++) {
        distance[s] += Math.pow(x.get(i, c) - x.get(shifts.cells()[s], c), 2);
      }
      distance[s] = Math.sqrt(distance[s]);
    }
    double[] sorted = distance.clone();
    Arrays.sort(sorted);
    int nearest = Math.min(k, m);
    double h = ndist * sorted[(int) Math.ceil(nearest / 2.0) - 1];
    double total = 0;
    double[] out = new double[x.nCols()];
    for (int s = 0; s < m; s++) {
      if (distance[s] <= sorted[nearest - 1]) {
        double w = Math.pow(1 - Math.pow(Math.min(1, distance[s] / h), 3), 3);
        total += w;
        for (int c = 0; c < out.length; c++) {
          out[c] += w * shifts.shifts()[s][c];
        }
      }
    }
    for (int c = 0; c < out.length; c++) {
      out[c] = x.get(i, c) + out[c] / total;
    }
    return out;
  }

  @Test
  void weightsThatAllVanishCountTheSame() {
    double[] weights = new double[3];
    TricubeSmoothing.weigh(new double[] {2, 2, 2}, 0, 1, weights);
    assertThat(weights).containsExactly(1 / 3.0, 1 / 3.0, 1 / 3.0);
    TricubeSmoothing.weigh(new double[] {0, 0, 5}, 0, 3, weights);
    assertThat(weights).containsExactly(0.5, 0.5, 0);
  }

  @Test
  void sizesOfBatchEffects() {
    Seeds.forEach(
        5,
        seed -> {
          var none =
              FastMnn.run(noise(0, seed).x(), noise(0, seed).batch(), FastMnn.Params.DEFAULTS);
          var unit =
              FastMnn.run(noise(1, seed).x(), noise(1, seed).batch(), FastMnn.Params.DEFAULTS);
          assertThat(none.merges().get(0).batchSize()).isLessThan(0.1);
          assertThat(unit.merges().get(0).batchSize()).isGreaterThan(0.5);
          assertThat(Arrays.stream(unit.merges().get(0).lostVariance()))
              .allMatch(v -> v > 0 && v < 0.05);
        });
  }

  private static MnnData noise(double shift, long seed) {
    return MnnData.noise(100, shift, seed, 500, 500);
  }

  @Test
  void smallEffectsAreSkippedWhereThatIsAskedFor() {
    var data = MnnData.noise(10, 0, 4, 100, 120);
    var params = ReducedMnn.Params.builder().minBatchSkip(0.5).build();
    var made = ReducedMnn.run(data.x(), data.batch(), params);
    assertThat(made.corrected().doubleData()).isEqualTo(data.x().doubleData());
    assertThat(made.merges().get(0).skipped()).isTrue();
    assertThat(made.merges().get(0).lostVariance()).containsExactly(0, 0);
    assertThat(made.warnings()).hasSize(1);
    assertThat(made.warnings().get(0))
        .startsWith(
            "'b0' and 'b1' were merged without correction: the size of their batch effect, 0.")
        .endsWith(", is below minBatchSkip = 0.5");
    var always = ReducedMnn.Params.builder().minBatchSkip(null).build();
    assertThat(ReducedMnn.run(data.x(), data.batch(), always).merges().get(0).skipped()).isFalse();
  }

  @Test
  void onlyBatchesThatTakePartLoseVariance() {
    var made = run(MnnData.noise(8, 1, 2, 60, 70, 80), MergePlan.builder());
    double[] first = made.merges().get(0).lostVariance();
    assertThat(first[0]).isPositive();
    assertThat(first[1]).isPositive();
    assertThat(first[2]).isZero();
    assertThat(Arrays.stream(made.merges().get(1).lostVariance())).allMatch(v -> v > 0);
  }

  /** What was taken out along dimensions, and of genes that lie along them. */
  @Test
  void lossOfGenesFollowsFromTheirLoadings() {
    Seeds.forEach(
        10,
        seed -> {
          var data = MnnData.noise(6, 1, seed, 60, 70);
          var made = run(data, MergePlan.builder());
          double[][] identity = new double[6][6];
          for (int c = 0; c < 6; c++) {
            identity[c][c] = 1;
          }
          double[][] ofDimensions = made.lost().ofGenes(DenseMatrix.ofRows(identity));
          for (int b = 0; b < 2; b++) {
            int[] cells = data.batch().members()[b];
            var moments = data.x().takeRows(cells).colMoments(1);
            double all = Arrays.stream(moments.variance()).sum();
            double lost = 0;
            for (int c = 0; c < 6; c++) {
              double removed = made.lost().removed()[b][c];
              assertThat(ofDimensions[b][c])
                  .isCloseTo(removed / moments.variance()[c], within(1e-9));
              lost += removed;
            }
            assertThat(lost / all).isCloseTo(made.merges().get(0).lostVariance()[b], within(1e-9));
          }
          double[][] none = made.lost().ofGenes(DenseMatrix.ofRows(new double[1][6]));
          assertThat(none[0][0]).isZero();
        });
  }

  @Test
  void aGivenOrderIsThatOfTheBatchesMoved() {
    Seeds.forEach(
        5,
        seed -> {
          var data = MnnData.noise(8, 1, seed, 60, 50, 70);
          var given =
              run(data, MergePlan.builder().mergeOrder(BatchTree.inOrder("b2", "b1", "b0")));
          int[] codes = Arrays.stream(data.batch().codes()).map(c -> 2 - c).toArray();
          var moved = new Categories("batch", codes, new String[] {"b2", "b1", "b0"});
          var plain = ReducedMnn.run(data.x(), moved, ReducedMnn.Params.DEFAULTS);
          assertThat(given.corrected().doubleData()).isEqualTo(plain.corrected().doubleData());
        });
  }

  @Test
  void aTreeThatLeansLeftIsAList() {
    var data = MnnData.noise(8, 1, 3, 40, 50, 45, 60);
    var list = run(data, MergePlan.builder().mergeOrder(BatchTree.inOrder("b3", "b0", "b2", "b1")));
    var nested = List.of(List.of(List.of("b3", "b0"), "b2"), "b1");
    var tree = run(data, MergePlan.builder().mergeOrder(BatchTree.of(nested)));
    assertThat(tree.corrected().doubleData()).isEqualTo(list.corrected().doubleData());
    var halves = List.of(List.of("b0", "b1"), List.of("b2", "b3"));
    var split = run(data, MergePlan.builder().mergeOrder(BatchTree.of(halves)));
    assertThat(split.merges().get(0).left()).containsExactly(2);
    assertThat(split.merges().get(2).left()).containsExactly(0, 1);
    assertThat(split.merges().get(2).right()).containsExactly(2, 3);
  }

  @Test
  void manyBatchesMergeInAutomaticOrder() {
    var data = MnnData.noise(6, 0.4, 5, 40, 35, 45, 30, 50, 40, 36, 44, 38, 42);
    var made = run(data, MergePlan.builder().autoMerge(true).k(10));
    assertThat(made.order().nBatches()).isEqualTo(10);
    assertThat(made.merges()).hasSize(9);
    int[] counts = made.merges().stream().mapToInt(MnnMerge::nPairs).toArray();
    var first = made.merges().get(0);
    // the later batch stays
    assertThat(first.left()[0]).isGreaterThan(first.right()[0]);
    assertThat(counts[0]).isGreaterThan(0);
    assertThat(made.order().batches(18)).hasSize(10);
  }

  @Test
  void neighboursAsAShareOfCells() {
    assertThat(plan(20, null).neighborsAmong(1000)).isEqualTo(20);
    assertThat(plan(20, 0.05).neighborsAmong(1000)).isEqualTo(50);
    assertThat(plan(20, 0.05).neighborsAmong(100)).isEqualTo(20);
    assertThat(plan(20, 1.0).neighborsAmong(30)).isEqualTo(30);
    var data = MnnData.noise(8, 1, 6, 100, 100);
    var share = run(data, MergePlan.builder().k(5).propK(0.2));
    var number = run(data, MergePlan.builder().k(20));
    assertThat(share.corrected().doubleData()).isEqualTo(number.corrected().doubleData());
  }

  private static MergePlan plan(int k, Double propK) {
    return MergePlan.builder().k(k).propK(propK).build();
  }

  /** Cells beside those that are searched move with them and change nothing. */
  @Test
  void restrictedCellsAreCorrectedButNotSearched() {
    Seeds.forEach(
        5,
        seed -> {
          var data = MnnData.noise(8, 1, seed, 80, 90);
          boolean[] mask = data.allButLast(20);
          int[] kept = IntStream.range(0, data.n()).filter(i -> mask[i]).toArray();
          var restricted =
              ReducedMnn.run(
                  data.x(), data.batch(), mask, ReducedMnn.Params.DEFAULTS, Progress.NONE);
          var alone =
              ReducedMnn.run(
                  data.x().takeRows(kept), data.batch().subset(kept), ReducedMnn.Params.DEFAULTS);
          double[] one = restricted.corrected().takeRows(kept).doubleData();
          double[] two = alone.corrected().doubleData();
          for (int i = 0; i < one.length; i++) {
            assertThat(one[i]).isCloseTo(two[i], within(1e-9));
          }
          boolean[] all = new boolean[data.n()];
          Arrays.fill(all, true);
          var plain = ReducedMnn.run(data.x(), data.batch(), ReducedMnn.Params.DEFAULTS);
          assertThat(
                  ReducedMnn.run(
                          data.x(), data.batch(), all, ReducedMnn.Params.DEFAULTS, Progress.NONE)
                      .corrected()
                      .doubleData())
              .isEqualTo(plain.corrected().doubleData());
        });
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var data = MnnData.noise(12, 1, 7, 900, 700, 800);
    for (boolean auto : new boolean[] {false, true}) {
      var plan = MergePlan.builder().autoMerge(auto);
      var one = Seeds.withThreads(1, () -> run(data, plan));
      for (int threads : new int[] {2, 7}) {
        var other = Seeds.withThreads(threads, () -> run(data, plan));
        assertThat(other.corrected().doubleData()).isEqualTo(one.corrected().doubleData());
        assertThat(other.lost().removed()).isDeepEqualTo(one.lost().removed());
      }
    }
  }

  /** Cells that do not differ: no direction between them, and nothing to shift. */
  @Test
  void batchesThatAreTheSameStayAsTheyAre() {
    var one = MnnData.noise(6, 0, 8, 50).x();
    var rows = IntStream.range(0, 100).map(i -> i % 50).toArray();
    var batch = Categories.of("batch", IntStream.range(0, 100).map(i -> i / 50).toArray());
    var made = ReducedMnn.run(one.takeRows(rows), batch, params(MergePlan.builder().k(1)));
    assertThat(made.merges().get(0).batchSize()).isZero();
    assertThat(made.corrected().doubleData()).isEqualTo(one.takeRows(rows).doubleData());
  }

  @Test
  void refusals() {
    var data = MnnData.noise(5, 1, 1, 30, 20);
    assertThatThrownBy(() -> run(data, MergePlan.builder()))
        .hasMessage(
            "level 'b1' of obs['batch'] has 20 cells, but reducedMnn with k = 20 needs at least 21"
                + " in each. Merge it with another level or remove it");
    assertThatThrownBy(
            () ->
                ReducedMnn.run(
                    data.x(),
                    data.batch(),
                    data.allButLast(15),
                    params(MergePlan.builder().k(5)),
                    Progress.NONE))
        .hasMessage(
            "restrict leaves 5 cells of level 'b1' of obs['batch'], but reducedMnn with k = 5 needs"
                + " at least 6 in each. Mark more cells");
    var one = MnnData.noise(5, 1, 1, 30);
    assertThatThrownBy(() -> run(one, MergePlan.builder()))
        .hasMessage(
            "obs['batch'] must have at least two levels, got 1: there is nothing to merge within"
                + " one batch.");
    assertThatThrownBy(
            () -> run(data, MergePlan.builder().k(5).mergeOrder(BatchTree.inOrder("b0", "b9"))))
        .hasMessage("obs['batch'] has no level 'b9'; it has [b0, b1]");
    assertThatThrownBy(
            () ->
                MergePlan.builder()
                    .autoMerge(true)
                    .mergeOrder(BatchTree.inOrder("b0", "b1"))
                    .build())
        .hasMessage("autoMerge = true and mergeOrder exclude each other; give one of them");
    assertThatThrownBy(() -> plan(0, null)).hasMessage("k must be positive, got 0");
    assertThatThrownBy(() -> plan(5, 1.5)).hasMessage("propK must lie in [0.0, 1.0], got 1.5");
    assertThatThrownBy(() -> plan(5, 0.0)).hasMessage("propK must be positive, got 0.0");
    assertThatThrownBy(() -> ReducedMnn.Params.builder().ndist(0).build())
        .hasMessage("ndist must be positive, got 0.0");
    assertThatThrownBy(() -> ReducedMnn.Params.builder().minBatchSkip(-1.0).build())
        .hasMessage("minBatchSkip must not be negative, got -1.0");
  }

  /** The nearest two of all cells are always mutual; a search that finds none is no such search. */
  @Test
  void setsWithoutPairsAreRefused() {
    var data = MnnData.noise(5, 1, 1, 30, 20);
    var blind =
        new MergeSchedule.Merger() {
          @Override
          public MutualNeighbors.Pairs pairs(MergeNode left, MergeNode right) {
            int[] none = {};
            return new MutualNeighbors.Pairs(none, none, none, none);
          }

          @Override
          public double[] join(MergeNode left, MergeNode right, MutualNeighbors.Pairs pairs) {
            throw new AssertionError();
          }
        };
    for (boolean auto : new boolean[] {false, true}) {
      var plan = MergePlan.builder().autoMerge(auto).build();
      var schedule = new MergeSchedule(data.batch(), null, plan, blind, "mnn", Progress.NONE);
      assertThatThrownBy(schedule::run)
          .hasMessageContaining(
              "of obs['batch'] have no mutual nearest neighbours with k = 20; use")
          .hasMessageContaining("'b0'")
          .hasMessageContaining("'b1'");
    }
  }
}
