package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrossNeighborsTest {
  @Test
  void byHandWithATie() {
    var reference = DenseMatrix.ofRows(new double[][] {{0}, {4}, {2}, {10}});
    var query = DenseMatrix.ofRows(new double[][] {{3}, {10}});
    var result = CrossNeighbors.run(reference, query, 2, Metric.EUCLIDEAN, Progress.NONE);
    assertThat(result.indices()).containsExactly(1, 2, 3, 1);
    assertThat(result.distances()).containsExactly(1, 1, 0, 6);
  }

  @Test
  void aReferenceAskedForItselfGivesItsOwnLists() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(700, 12, 0.9, seed).toDense();
          for (Metric metric : new Metric[] {Metric.EUCLIDEAN, Metric.COSINE, Metric.MANHATTAN}) {
            var cross = CrossNeighbors.run(x, x, 6, metric, Progress.NONE);
            var params = NearestNeighbors.Params.builder().nNeighbors(6).metric(metric).build();
            var own = NearestNeighbors.run(x, params);
            assertThat(cross.distances()).containsExactly(own.distances(), within(Tolerance.EXACT));
          }
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HAVERSINE", "PRECOMPUTED"})
  void agreesWithAllPairs(Metric metric) {
    int k = 5;
    var reference = Seeds.counts(2300, 9, 0.7, 3).toDense();
    var query = Seeds.counts(40, 9, 0.7, 4).toDense();
    var got = CrossNeighbors.run(reference, query, k, metric, Progress.NONE);
    var sparse = CrossNeighbors.run(reference.toCsr(), query.toCsr(), k, metric, Progress.NONE);
    assertThat(sparse.indices()).isEqualTo(got.indices());
    var base = PointSet.of(reference, metric, MetricArguments.NONE, "reference");
    var points = base.alike(query, "query");
    double[] a = new double[9];
    double[] b = new double[9];
    for (int i = 0; i < 40; i++) {
      points.readForDistance(i, a);
      double[] all = new double[2300];
      for (int j = 0; j < 2300; j++) {
        base.readForDistance(j, b);
        all[j] = base.distance(a, b);
      }
      int[] order = Ordering.ascending(all);
      for (int c = 0; c < k; c++) {
        assertThat(got.distances()[i * k + c]).isEqualTo(all[order[c]]);
        assertThat(got.indices()[i * k + c]).isEqualTo(order[c]);
      }
    }
  }

  /** Enough cells for groups, most of which are too far away to be looked at. */
  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"EUCLIDEAN", "COSINE", "CORRELATION", "MANHATTAN"})
  void whatIsLeftOutIsNoNeighbour(Metric metric) {
    Seeds.forEach(
        3,
        seed -> {
          int k = 7;
          var reference = clusters(3000, 37, seed);
          var query = clusters(300, 37, seed);
          var got = CrossNeighbors.run(reference, query, k, metric, Progress.NONE);
          var one =
              Seeds.withThreads(
                  1, () -> CrossNeighbors.run(reference, query, k, metric, Progress.NONE));
          assertThat(got.indices()).isEqualTo(one.indices());
          var base = PointSet.of(reference, metric, MetricArguments.NONE, "reference");
          var points = base.alike(query, "query");
          double[] a = new double[37];
          double[] b = new double[37];
          for (int i = 0; i < 300; i++) {
            points.readForDistance(i, a);
            double[] all = new double[3000];
            for (int j = 0; j < 3000; j++) {
              base.readForDistance(j, b);
              all[j] = base.distance(a, b);
            }
            int[] order = Ordering.ascending(all);
            for (int c = 0; c < k; c++) {
              assertThat(got.indices()[i * k + c]).isEqualTo(order[c]);
              assertThat(got.distances()[i * k + c]).isEqualTo(all[order[c]]);
            }
          }
        });
  }

  /** Nine groups, in each of which every tenth point has a copy. */
  private static DenseMatrix clusters(int n, int d, long seed) {
    var centres = new java.util.SplittableRandom(99);
    double[][] centre = new double[9][d];
    for (double[] c : centre) {
      java.util.Arrays.setAll(c, j -> 6 * centres.nextGaussian());
    }
    var random = new java.util.SplittableRandom(seed);
    double[][] rows = new double[n][d];
    for (int i = 0; i < n; i++) {
      double[] from = centre[random.nextInt(9)];
      java.util.Arrays.setAll(rows[i], j -> from[j] + random.nextGaussian());
      if (i % 10 == 9) {
        rows[i] = rows[i - 7].clone();
      }
    }
    return DenseMatrix.ofRows(rows);
  }

  /** Sums beyond float32 are left to float64. */
  @Test
  void hugeValuesHaveNeighboursToo() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {3e38}, {-3e38}, {1e39}, {2e39}});
    var result = CrossNeighbors.run(x, x, 2, Metric.MANHATTAN, Progress.NONE);
    assertThat(result.indices()).containsExactly(0, 1, 1, 0, 2, 0, 3, 1, 4, 3);
  }

  @Test
  void mutualPairsByHand() {
    var first = DenseMatrix.ofRows(new double[][] {{0}, {1}, {10}});
    var second = DenseMatrix.ofRows(new double[][] {{0.4}, {9}, {30}});
    var pairs = MutualNeighbors.run(first, second, 1, 1, Metric.EUCLIDEAN, MetricArguments.NONE);
    // 1 looks at 0.4 too, but 0.4 looks at 0; 30 looks at 10, but 10 looks at 9
    assertThat(pairs.first()).containsExactly(0, 2);
    assertThat(pairs.second()).containsExactly(0, 1);
    var more = MutualNeighbors.run(first, second, 2, 1, Metric.EUCLIDEAN, MetricArguments.NONE);
    assertThat(more.first()).containsExactly(0, 1, 2);
    assertThat(more.second()).containsExactly(0, 0, 1);
    assertThat(more.there()).as("0.4 in the lists of 0 and 1, 9 in that of 10").containsOnly(0);
    assertThat(more.back()).as("1 is the second of 0.4").containsExactly(0, 1, 0);
  }

  @Test
  void mutualPairsDoNotDependOnWhichSetIsFirst() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(60, 8, 0.6, seed).toDense();
          var y = Seeds.counts(80, 8, 0.6, seed + 1000).toDense();
          for (Metric metric : new Metric[] {Metric.EUCLIDEAN, Metric.SEUCLIDEAN}) {
            var there = MutualNeighbors.run(x, y, 4, 6, metric, MetricArguments.NONE);
            var back = MutualNeighbors.run(y, x, 6, 4, metric, MetricArguments.NONE);
            assertThat(set(there.first(), there.second()))
                .isEqualTo(set(/* first= */ back.second(), /* second= */ back.first()));
          }
        });
  }

  /** Variances of one set alone would measure 4 to 0 by 2 one way and by 1 the other. */
  @Test
  void mutualPairsAreMeasuredByOneVariance() {
    var first = DenseMatrix.ofRows(new double[][] {{0, 0}, {0, 10}, {1, 4}});
    var second = DenseMatrix.ofRows(new double[][] {{0, 1}, {10, 0}, {4, 1}});
    var all = MetricArguments.NONE.completed(Metric.SEUCLIDEAN, first, second);
    // of columns 0 0 1 0 10 4 and 0 10 4 1 0 1
    assertThat(all.v()).containsExactly(new double[] {15.9, 15.066666666667}, within(1e-9));
    var there = CrossNeighbors.run(second, first, 3, Metric.SEUCLIDEAN, all, Progress.NONE);
    var back = CrossNeighbors.run(first, second, 3, Metric.SEUCLIDEAN, all, Progress.NONE);
    for (int i = 0; i < 3; i++) {
      for (int c = 0; c < 3; c++) {
        int j = there.indices()[3 * i + c];
        for (int d = 0; d < 3; d++) {
          if (back.indices()[3 * j + d] == i) {
            assertThat(back.distances()[3 * j + d]).isEqualTo(there.distances()[3 * i + c]);
          }
        }
      }
    }
  }

  private static Set<List<Integer>> set(int[] first, int[] second) {
    return IntStream.range(0, first.length)
        .mapToObj(p -> List.of(first[p], second[p]))
        .collect(Collectors.toSet());
  }

  @Test
  void metricsHaveTheNamesOfScikitLearn() {
    assertThat(Metric.named("l2")).isEqualTo(Metric.EUCLIDEAN);
    assertThat(Metric.named("cityblock")).isEqualTo(Metric.MANHATTAN);
    for (Metric metric : Metric.values()) {
      assertThat(Metric.named(metric.spelled())).isEqualTo(metric);
    }
    assertThatThrownBy(() -> Metric.named("cosin"))
        .hasMessageStartingWith("metric must be one of [euclidean, cosine,")
        .hasMessageEndingWith("l2, l1, cityblock], got 'cosin'. Did you mean 'cosine'?");
  }

  @Test
  void aWidthIsFoundFromEitherSide() {
    for (double wanted : new double[] {1e-3, 0.7, 1, 900}) {
      var width = new KernelWidth(1);
      for (int step = 0; step < 90 && width.value() != wanted; step++) {
        if (width.value() < wanted) {
          width.raise();
        } else {
          width.lower();
        }
      }
      assertThat(width.value()).isCloseTo(wanted, within(1e-12 * wanted));
      width.prefer(-1);
      assertThat(width.value()).isPositive();
    }
  }

  @Test
  void doesNotDependOnThreads() {
    var x = Seeds.counts(300, 12, 0.9, 1);
    var y = Seeds.counts(200, 12, 0.9, 2);
    int[] one = Seeds.withThreads(1, () -> indices(x, y));
    assertThat(Seeds.withThreads(2, () -> indices(x, y))).isEqualTo(one);
    assertThat(Seeds.withThreads(7, () -> indices(x, y))).isEqualTo(one);
  }

  private static int[] indices(
      org.cellweave.matrix.Matrix reference, org.cellweave.matrix.Matrix query) {
    return CrossNeighbors.run(reference, query, 9, Metric.EUCLIDEAN, Progress.NONE).indices();
  }

  @Test
  void messages() {
    var three = DenseMatrix.ofRows(new double[][] {{0, 1}, {1, 2}, {2, 2}});
    var narrow = DenseMatrix.ofRows(new double[][] {{0}});
    assertThatThrownBy(() -> CrossNeighbors.run(three, narrow, 2, Metric.EUCLIDEAN, Progress.NONE))
        .hasMessage("reference and query must have the same columns, got 2 and 1");
    assertThatThrownBy(() -> CrossNeighbors.run(three, three, 4, Metric.EUCLIDEAN, Progress.NONE))
        .hasMessageContaining("got nNeighbors = 4 for 3 cells");
    assertThatThrownBy(() -> CrossNeighbors.run(three, three, 2, Metric.PRECOMPUTED, Progress.NONE))
        .hasMessageStartingWith("metric precomputed does not go with a search in another matrix");
  }
}
