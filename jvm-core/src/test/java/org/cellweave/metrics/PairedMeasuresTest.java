package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Cells of which both halves are known: what a place, a partner or a matching is worth. */
class PairedMeasuresTest {
  private static final double CLOSE = 1e-12;

  private static DenseMatrix column(double... values) {
    return DenseMatrix.ofRows(
        Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new));
  }

  private static Categories labels(int... codes) {
    return new Categories("type", codes, new String[] {"a", "b", "c"});
  }

  private static DatasetAlignment.Result aligned(DenseMatrix x, Categories sets, int k) {
    return DatasetAlignment.run(x, sets, new DatasetAlignment.Params(k, 0), Progress.NONE);
  }

  private static NeighborAgreement.Result agreed(DenseMatrix before, DenseMatrix after, int k) {
    return NeighborAgreement.run(before, after, new NeighborAgreement.Params(k, 0), Progress.NONE);
  }

  private static CsrMatrix weights(double[][] rows) {
    var builder = new CsrBuilder(rows[0].length, DType.FLOAT64);
    int[] at = new int[rows[0].length];
    double[] values = new double[at.length];
    for (double[] row : rows) {
      int n = 0;
      for (int j = 0; j < row.length; j++) {
        if (row[j] != 0) {
          at[n] = j;
          values[n++] = row[j];
        }
      }
      builder.addRow(at, values, n);
    }
    return builder.build();
  }

  /** FOSCTTM calls places that fell together perfect; that they are ties is told. */
  @Test
  void placesThatFellTogetherAreTies() {
    var all = Foscttm.run(column(1, 1, 1), column(1, 1, 1), PairMetric.EUCLIDEAN);
    assertThat(all.mean()).isZero();
    assertThat(all.tied()).isEqualTo(1);
    // of x, 0 is as far from 1 as from -1; of y, -1 and 1 have none alike
    var one = Foscttm.run(column(0, 3), column(1, -1), PairMetric.EUCLIDEAN);
    assertThat(one.tied()).isEqualTo(0.25);
    var none = Foscttm.run(column(0, 5), column(0.5, 4), PairMetric.EUCLIDEAN);
    assertThat(none.tied()).isZero();
  }

  @Test
  void bothDirectionsAreOneAnother() {
    Seeds.forEach(
        5,
        seed -> {
          var x = Clouds.of(3, 100, 5, 1, seed).points();
          var y = Clouds.of(3, 100, 5, 1, seed + 99).points();
          for (PairMetric metric : PairMetric.values()) {
            var there = Foscttm.run(x, y, metric);
            var back = Foscttm.run(y, x, metric);
            assertThat(back.byCellOfX()).isEqualTo(there.byCellOfY());
            assertThat(back.byCellOfY()).isEqualTo(there.byCellOfX());
            assertThat(there.mean()).isBetween(0.2, 0.8);
          }
        });
  }

  @Test
  void partnersWithinKByHand() {
    // of x, cells 2 and 3 have one nearer than their partner; of y likewise
    var shares = Foscttm.run(column(0, 1, 2, 3), column(0.4, 1, 2.9, 2), PairMetric.EUCLIDEAN);
    var result = KnnAlignment.run(shares, new KnnAlignment.Params(3));
    assertThat(result.forward()).containsExactly(0.5, 1, 1);
    assertThat(result.backward()).containsExactly(0.5, 1, 1);
    assertThat(result.mean()).isCloseTo(5 / 6.0, within(CLOSE));
    assertThatThrownBy(() -> KnnAlignment.run(shares, new KnnAlignment.Params(5)))
        .hasMessage(
            "maxNeighbors must not exceed the number of pairs, got 5 for 4. Pass maxNeighbors = 4"
                + " or less");
    assertThatThrownBy(() -> new KnnAlignment.Params(0))
        .hasMessage("maxNeighbors must be positive, got 0");
  }

  @Test
  void partnersWithinKAreThoseOfTheLists() {
    Seeds.forEach(
        5,
        seed -> {
          var x = Clouds.of(4, 50, 3, 1, seed).points();
          var y = Clouds.of(4, 50, 3, 1, seed + 50).points();
          var found =
              KnnAlignment.run(Foscttm.run(x, y, PairMetric.EUCLIDEAN), new KnnAlignment.Params(30))
                  .forward();
          for (int k = 1; k <= 30; k += 7) {
            int met = 0;
            for (int i = 0; i < x.nRows(); i++) {
              met += nearest(x, y, i, k).contains(i) ? 1 : 0;
            }
            assertThat(found[k - 1]).isCloseTo(met / 200.0, within(CLOSE));
          }
          assertThat(found).isSorted();
        });
  }

  /** The k nearest rows of y to row i of x, by sorting all. */
  private static List<Integer> nearest(DenseMatrix x, DenseMatrix y, int i, int k) {
    double[] gaps = new double[y.nRows()];
    Integer[] order = new Integer[gaps.length];
    for (int j = 0; j < gaps.length; j++) {
      order[j] = j;
      for (int c = 0; c < x.nCols(); c++) {
        gaps[j] += Math.pow(x.get(i, c) - y.get(j, c), 2);
      }
    }
    Arrays.sort(order, (a, b) -> Double.compare(gaps[a], gaps[b]));
    return Arrays.asList(order).subList(0, k);
  }

  @Test
  void matchingAccuracyByHand() {
    int[] partners = {0, 2, 1, MatchingAccuracy.NONE, 2};
    int[] truth = {0, 1, 2, 3, MatchingAccuracy.NONE};
    var result =
        MatchingAccuracy.run(
            partners, truth, labels(0, 1, 1, 0, Categories.MISSING), labels(0, 1, 0, 2));
    assertThat(result.matched()).isEqualTo(4);
    assertThat(result.exact()).isCloseTo(1 / 3.0, within(CLOSE));
    // 0-0 alike, 1-2 not, 2-1 alike, 4 has no label
    assertThat(result.label()).isCloseTo(2 / 3.0, within(CLOSE));
    int[] unknown = {MatchingAccuracy.NONE};
    var alone = MatchingAccuracy.run(new int[1], unknown, labels(0), labels(0));
    assertThat(alone.exact()).isNaN();
    assertThat(alone.label()).isEqualTo(1);
    assertThatThrownBy(() -> MatchingAccuracy.run(unknown, unknown, labels(0), labels(0)))
        .hasMessage("no cell has a partner; match the two sets first");
    assertThatThrownBy(() -> MatchingAccuracy.run(new int[] {7}, unknown, labels(0), labels(0)))
        .hasMessageContaining("partners")
        .hasMessageContaining("7");
    assertThatThrownBy(() -> MatchingAccuracy.run(new int[2], unknown, labels(0), labels(0)))
        .hasMessageContaining("truth");
  }

  @Test
  void matchingScoreByHand() {
    var matching = weights(new double[][] {{3, 1, 0}, {0, 0, 0}, {2, 2, 4}, {0, 0, 5}});
    int[] truth = {0, 1, 2, 2};
    assertThat(MatchingScore.run(matching, truth))
        .isCloseTo((0.75 + 0 + 0.5 + 1) / 4, within(1e-6));
    assertThatThrownBy(() -> MatchingScore.run(matching, new int[] {0, 1}))
        .hasMessageContaining("truth");
    assertThatThrownBy(() -> MatchingScore.run(matching, new int[] {0, 1, 2, 3}))
        .hasMessageContaining("truth")
        .hasMessageContaining("3");
    assertThatThrownBy(() -> MatchingScore.run(weights(new double[][] {{-1}}), new int[1]))
        .hasMessageContaining("negative");
  }

  @Test
  void alignmentByHand() {
    // of 8 cells, k = 3, D = 2: apart all 3 are of the own set, (3 - 1.5) / (3 - 1.5)
    var sets = new Categories("set", new int[] {0, 0, 0, 0, 1, 1, 1, 1}, new String[] {"a", "b"});
    var apart = aligned(column(0, 1, 2, 3, 100, 101, 102, 103), sets, 3);
    assertThat(apart.alignment()).isZero();
    assertThat(apart.nNeighbors()).isEqualTo(3);
    // pairs of both sets: the nearest is of the other set
    var mixed = aligned(column(0, 10, 20, 30, 0.1, 10.1, 20.1, 30.1), sets, 1);
    assertThat(mixed.alignment()).isEqualTo(2);
  }

  @Test
  void alignmentDrawsToTheSmallestSet() {
    var random = new SplittableRandom(3);
    double[][] rows = new double[900][4];
    int[] codes = new int[900];
    for (int i = 0; i < 900; i++) {
      codes[i] = i < 100 ? 0 : 1;
      Arrays.setAll(rows[i], c -> random.nextGaussian());
    }
    var x = DenseMatrix.ofRows(rows);
    var sets = new Categories("set", codes, new String[] {"a", "b", "unused"});
    var params = DatasetAlignment.Params.DEFAULTS;
    var result = DatasetAlignment.run(x, sets, params, Progress.NONE);
    assertThat(result.nCells()).isEqualTo(200);
    assertThat(result.nNeighbors()).isEqualTo(10);
    assertThat(result.alignment()).isBetween(0.9, 1.1);
    for (int threads : new int[] {1, 2, 7}) {
      assertThat(
              Seeds.withThreads(
                  threads, () -> DatasetAlignment.run(x, sets, params, Progress.NONE)))
          .isEqualTo(result);
    }
    assertThatThrownBy(() -> aligned(x, sets, 200))
        .hasMessageStartingWith(
            "nNeighbors must be less than the number of cells, got 200 for 200");
    var one = new Categories("set", new int[900], new String[] {"a"});
    assertThatThrownBy(() -> aligned(x, one, 3)).hasMessageContaining("there is nothing to align");
  }

  @Test
  void agreementByHand() {
    var before = column(0, 1, 3, 7);
    assertThat(agreed(before, column(0, -1, -3, -7), 2).byCell()).containsExactly(1, 1, 1, 1);
    // of 0 {1, 2} and {3, 1}: one of three; of 1 {0, 2} twice: all
    var moved = agreed(before, column(0, 1, 3, -0.5), 2);
    assertThat(moved.byCell()[0]).isCloseTo(1 / 3.0, within(CLOSE));
    assertThat(moved.mean()).isCloseTo(Arrays.stream(moved.byCell()).sum() / 4, within(CLOSE));
    assertThatThrownBy(() -> agreed(before, column(1), 2))
        .hasMessage("before has 4 rows and after 1; both must be the same cells");
    assertThatThrownBy(() -> agreed(before, before, 4))
        .hasMessageStartingWith("nNeighbors must be less than the number of cells, got 4 for 4");
  }

  @Test
  void agreementIsJaccardsIndexForAnyNumberOfThreads() {
    Seeds.forEach(
        3,
        seed -> {
          var a = Clouds.of(3, 60, 4, 1, seed).points();
          var b = Clouds.of(3, 60, 4, 1, seed + 7).points();
          double[] found = agreed(a, b, 15).byCell();
          for (int i = 0; i < a.nRows(); i += 11) {
            Set<Integer> both = new HashSet<>(nearest(a, a, i, 16));
            Set<Integer> any = new HashSet<>(both);
            both.retainAll(nearest(b, b, i, 16));
            any.addAll(nearest(b, b, i, 16));
            assertThat(found[i]).isCloseTo((both.size() - 1.0) / (any.size() - 1), within(CLOSE));
          }
          for (int threads : new int[] {1, 7}) {
            assertThat(Seeds.withThreads(threads, () -> agreed(a, b, 15).byCell()))
                .isEqualTo(found);
          }
        });
  }

  @Test
  void theBenchmarkIsItsMeasures() {
    var x = Clouds.of(3, 80, 5, 2, 1);
    var y = Clouds.of(3, 80, 5, 2, 1).points();
    var labels = labels(x.labels());
    for (PairMetric metric : PairMetric.values()) {
      var params = new PairedBenchmark.Params(metric, 500);
      var result = PairedBenchmark.run(x.points(), y, labels, params);
      assertThat(result.foscttm().mean()).isZero();
      assertThat(result.alignment().forward()).hasSize(240).containsOnly(1);
      assertThat(result.transfer().meanAccuracy()).isEqualTo(1);
    }
    assertThatThrownBy(() -> new PairedBenchmark.Params(PairMetric.COSINE, 0))
        .hasMessage("maxNeighbors must be positive, got 0");
    assertThatThrownBy(
            () ->
                PairedBenchmark.run(x.points(), column(1), labels, PairedBenchmark.Params.DEFAULTS))
        .hasMessageContaining("row i of both must be the same cell");
  }

  /** Of a mosaic nothing is there before the integration. */
  @Test
  void withoutAnEmbeddingBeforeItsComparisonHasNoValue() {
    var cloud = Clouds.of(3, 80, 5, 2, 1);
    int[] batches = new int[240];
    Arrays.setAll(batches, i -> i % 2);
    var asked = EnumSet.of(IntegrationBenchmark.Measure.PCR_COMPARISON);
    var result =
        IntegrationBenchmark.run(
            cloud.points(),
            null,
            labels(cloud.labels()),
            new Categories("batch", batches, new String[] {"a", "b"}),
            new IntegrationBenchmark.Params(asked, 0),
            Progress.NONE);
    assertThat(result.values().values()).containsOnly(Double.NaN);
  }

  @Test
  void noCellsAreRefused() {
    var none = DenseMatrix.zeros(0, 2, DType.FLOAT64);
    assertThatThrownBy(() -> Foscttm.run(none, none, PairMetric.EUCLIDEAN))
        .hasMessageContaining("give at least one pair of cells");
  }
}
