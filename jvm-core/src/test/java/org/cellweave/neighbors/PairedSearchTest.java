package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PairedSearchTest {
  @Test
  void listsOfBatchesByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {4}, {2}, {10}, {3}});
    int[][] members = {{0, 1, 3}, {2, 4}};
    var got =
        BatchNeighbors.run(x, members, 2, Metric.EUCLIDEAN, MetricArguments.NONE, Progress.NONE);
    // of the first batch and then of the second; 2 lies between 0 and 4, the lower comes first
    assertThat(got.indices())
        .containsExactly(0, 1, 2, 4, 1, 0, 4, 2, 0, 1, 2, 4, 3, 1, 4, 2, 1, 0, 4, 2);
    assertThat(got.distances())
        .containsExactly(0, 4, 2, 3, 0, 4, 1, 2, 2, 2, 0, 1, 0, 6, 7, 8, 1, 3, 0, 1);
  }

  /** Several blocks of every batch, and copies, whose order only the index decides. */
  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"EUCLIDEAN", "COSINE", "CORRELATION", "MANHATTAN"})
  void listsOfBatchesAreThoseOfAllPairs(Metric metric) {
    Seeds.forEach(
        3,
        seed -> {
          int n = 2600;
          int k = 4;
          var x = copies(n, 11, seed);
          int[][] members = batches(n, new int[] {1400, 1100, 96, 4});
          var got = run(x, members, k, metric);
          var one = Seeds.withThreads(1, () -> run(x, members, k, metric));
          var seven = Seeds.withThreads(7, () -> run(x, members, k, metric));
          assertThat(one.indices()).isEqualTo(got.indices());
          assertThat(seven.indices()).isEqualTo(got.indices());
          assertThat(one.distances()).isEqualTo(got.distances());
          assertThat(seven.distances()).isEqualTo(got.distances());
          for (int i = 0; i < n; i += 13) {
            for (int b = 0; b < members.length; b++) {
              int at = (i * members.length + b) * k;
              assertThat(Arrays.copyOfRange(got.indices(), at, at + k))
                  .isEqualTo(expected(x, metric, i, members[b], k));
            }
          }
        });
  }

  private static BatchNeighbors.Result run(DenseMatrix x, int[][] members, int k, Metric metric) {
    return BatchNeighbors.run(x, members, k, metric, MetricArguments.NONE, Progress.NONE);
  }

  private static int[] expected(DenseMatrix x, Metric metric, int i, int[] among, int k) {
    var points = PointSet.of(x, metric, MetricArguments.NONE, "x");
    double[] self = new double[x.nCols()];
    double[] other = new double[x.nCols()];
    points.readForDistance(i, self);
    double[] distances = new double[among.length];
    for (int c = 0; c < among.length; c++) {
      points.readForDistance(among[c], other);
      // the cell itself comes before its copies
      distances[c] = among[c] == i ? -1 : points.distance(self, other);
    }
    int[] order = Ordering.ascending(distances);
    return IntStream.range(0, k).map(c -> among[order[c]]).toArray();
  }

  /** Batches of these sizes, one after another and then mixed. */
  private static int[][] batches(int n, int[] sizes) {
    int[] order = Seeds.permutation(n, 5);
    int[][] out = new int[sizes.length][];
    int from = 0;
    for (int b = 0; b < sizes.length; b++) {
      out[b] = Arrays.copyOfRange(order, from, from + sizes[b]);
      Arrays.sort(out[b]);
      from += sizes[b];
    }
    return out;
  }

  /** Points of which every fifth has a copy, and forty are one point. */
  private static DenseMatrix copies(int n, int d, long seed) {
    var random = new SplittableRandom(seed);
    double[][] rows = new double[n][d];
    for (int i = 0; i < n; i++) {
      double centre = 4 * random.nextInt(5);
      Arrays.setAll(rows[i], j -> (j == 0 ? centre : 0) + random.nextGaussian());
      if (i % 5 == 4) {
        rows[i] = rows[i - 3].clone();
      }
      if (i % 65 == 64) {
        rows[i] = rows[0].clone();
      }
    }
    return DenseMatrix.ofRows(rows);
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"EUCLIDEAN", "COSINE", "CORRELATION"})
  void pairsAreThoseOfTwoSearches(Metric metric) {
    Seeds.forEach(
        5,
        seed -> {
          var first = copies(1700, 9, seed);
          var second = copies(1130, 9, seed + 100);
          var there = CrossNeighbors.run(second, first, 7, metric, Progress.NONE);
          var back = CrossNeighbors.run(first, second, 5, metric, Progress.NONE);
          var expected = MutualNeighbors.of(there, back);
          for (int threads : new int[] {1, 2, 7}) {
            var got =
                Seeds.withThreads(
                    threads,
                    () -> MutualNeighbors.run(first, second, 5, 7, metric, MetricArguments.NONE));
            assertThat(got.first()).isEqualTo(expected.first());
            assertThat(got.second()).isEqualTo(expected.second());
            assertThat(got.there()).isEqualTo(expected.there());
            assertThat(got.back()).isEqualTo(expected.back());
          }
        });
  }

  /** Far from the origin float32 cannot tell the cells apart, so that float64 must. */
  @Test
  void whatRoundingHidesIsSearchedInFull() {
    int n = 700;
    double[][] rows = new double[n][2];
    for (int i = 0; i < n; i++) {
      rows[i][0] = i % 2 == 0 ? -1e6 : 1e6;
      rows[i][1] = 1e-4 * i;
    }
    var got =
        NearestNeighbors.run(
            DenseMatrix.ofRows(rows), NearestNeighbors.Params.builder().nNeighbors(3).build());
    for (int i = 2; i < n - 2; i++) {
      assertThat(got.indices()[3 * i]).isEqualTo(i);
      assertThat(new int[] {got.indices()[3 * i + 1], got.indices()[3 * i + 2]})
          .containsExactlyInAnyOrder(i - 2, i + 2);
    }
  }

  @Test
  void valuesBeyondFloat32HaveNeighboursToo() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {3e30}, {-3e30}, {1e31}, {2e31}});
    var got = NearestNeighbors.run(x, NearestNeighbors.Params.builder().nNeighbors(2).build());
    assertThat(got.indices()).containsExactly(0, 1, 1, 0, 2, 0, 3, 1, 4, 3);
  }

  /** Blocks of a plane lie far apart, so that this is soon done. */
  @Test
  void autoIsExactForManyDenseCells() {
    int n = 70_000;
    var random = new SplittableRandom(8);
    double[] values = random.doubles(2L * n).toArray();
    var x = DenseMatrix.wrap(values, n, 2);
    var got = NearestNeighbors.run(x, NearestNeighbors.Params.builder().nNeighbors(4).build());
    assertThat(got.search()).isEqualTo(NearestNeighbors.Search.EXACT);
    int[] all = IntStream.range(0, n).toArray();
    for (int i = 0; i < n; i += 7919) {
      assertThat(Arrays.copyOfRange(got.indices(), 4 * i, 4 * i + 4))
          .isEqualTo(expected(x, Metric.EUCLIDEAN, i, all, 4));
    }
  }

  @Test
  void noBlockIsTwiceInARoundAndEveryPairComesOnce() {
    var points = PointSet.of(copies(4000, 3, 1), Metric.EUCLIDEAN);
    var others = PointSet.of(copies(1500, 3, 2), Metric.EUCLIDEAN);
    var rows = Blocks.of(points);
    var columns = Blocks.of(others);
    var met = new HashSet<BlockRounds.Pair>();
    for (var round : BlockRounds.within(rows)) {
      var blocks = new HashSet<Integer>();
      for (var pair : round) {
        assertThat(blocks.add(pair.row())).isTrue();
        assertThat(pair.row() == pair.column() || blocks.add(pair.column())).isTrue();
        assertThat(pair.column()).isLessThanOrEqualTo(pair.row());
        assertThat(met.add(pair)).isTrue();
      }
    }
    assertThat(met).hasSize(rows.count() * (rows.count() + 1) / 2);
    met.clear();
    for (var round : BlockRounds.between(rows, columns)) {
      assertThat(round.stream().map(BlockRounds.Pair::row).distinct()).hasSameSizeAs(round);
      assertThat(round.stream().map(BlockRounds.Pair::column).distinct()).hasSameSizeAs(round);
      met.addAll(round);
    }
    assertThat(met).hasSize(rows.count() * columns.count());
  }

  @Test
  void saysWhatIsWrong() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {1}, {2}});
    assertThatThrownBy(() -> run(x, new int[][] {{0, 1}, {2}}, 2, Metric.EUCLIDEAN))
        .hasMessage("k must be at most 1, got 2");
    assertThatThrownBy(() -> run(x, new int[][] {{0, 1}, {2}}, 0, Metric.EUCLIDEAN))
        .hasMessage("k must be positive, got 0");
    var zero = DenseMatrix.ofRows(new double[][] {{1, 0}, {0, 0}});
    var one = DenseMatrix.ofRows(new double[][] {{1, 0}, {0, 1}});
    assertThatThrownBy(
            () -> MutualNeighbors.run(one, zero, 1, 1, Metric.COSINE, MetricArguments.NONE))
        .hasMessageContaining("row 1 of second is all zero");
    assertThatThrownBy(
            () -> MutualNeighbors.run(one, zero, 1, 3, Metric.EUCLIDEAN, MetricArguments.NONE))
        .hasMessageContaining("got nNeighbors = 3 for 2 cells");
  }
}
