package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors.Params;
import org.cellweave.neighbors.NearestNeighbors.Result;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.testing.ByBytes;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class InvertedSearchTest {
  private static final int K = 15;

  private static Result search(DenseMatrix x, Search search, double recall, long seed) {
    return NearestNeighbors.run(
        x, Params.builder().nNeighbors(K).search(search).recall(recall).seed(seed).build());
  }

  private static Result exact(DenseMatrix x) {
    return search(x, Search.EXACT, 1, 0);
  }

  private static Result approximate(DenseMatrix x, double recall) {
    return search(x, Search.APPROXIMATE, recall, 0);
  }

  /** Noise of one width in all directions about a few centres, where lists help least. */
  private static DenseMatrix hard(int n, int d) {
    var random = new SplittableRandom(4);
    double[] centres = random.doubles(10L * d).map(v -> 4 * v).toArray();
    var x = DenseMatrix.zeros(n, d, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      int centre = random.nextInt(10) * d;
      for (int j = 0; j < d; j++) {
        x.set(i, j, centres[centre + j] + random.nextGaussian());
      }
    }
    return x;
  }

  /** As near as the farthest true neighbour, or one of those. */
  private static double recall(Result got, Result exact) {
    int hits = 0;
    int k = got.nNeighbors();
    for (int i = 0; i < got.nCells(); i++) {
      double farthest = exact.distances()[(i + 1) * k - 1];
      for (int c = 1; c < k; c++) {
        hits += got.distances()[i * k + c] <= farthest ? 1 : 0;
      }
    }
    return hits / ((double) got.nCells() * (k - 1));
  }

  @Test
  void reachesTheRecallAskedForWhereNothingIsEasy() {
    var x = hard(12_000, 50);
    var truth = exact(x);
    double before = 0;
    for (double target : new double[] {0.8, 0.9, 0.98}) {
      var got = approximate(x, target);
      assertThat(got.search()).isEqualTo(Search.APPROXIMATE);
      assertThat(got.recall()).isGreaterThanOrEqualTo(target).isGreaterThanOrEqualTo(before);
      assertThat(recall(got, truth)).isCloseTo(got.recall(), within(0.01));
      before = got.recall();
    }
    assertThat(approximate(x.takeRows(Seeds.permutation(3000, 1)), 1).recall()).isEqualTo(1);
  }

  @Test
  void tellsTheRecallOfAllWhereAllAreInTheSample() {
    var x = hard(900, 30);
    var got = approximate(x, 0.7);
    assertThat(got.recall()).isCloseTo(recall(got, exact(x)), within(1e-12));
  }

  @EachReference
  void findsNearlyAllOnRealComponents(H5Reference reference) {
    try (reference) {
      var x = reference.dense("obsm/X_pca");
      var got = approximate(x, 0.98);
      assertThat(got.recall()).isGreaterThanOrEqualTo(0.98);
      assertThat(recall(got, exact(x))).isCloseTo(got.recall(), within(0.01));
    }
  }

  @Test
  void sameBitsForAnyNumberOfThreadsAndOthersForAnotherSeed() {
    var x = hard(9_000, 40);
    var one = Seeds.withThreads(1, () -> approximate(x, 0.9));
    for (int threads : new int[] {2, 7}) {
      var more = Seeds.withThreads(threads, () -> approximate(x, 0.9));
      assertThat(more.indices()).isEqualTo(one.indices());
      assertThat(more.distances()).isEqualTo(one.distances());
      assertThat(more.recall()).isEqualTo(one.recall());
    }
    assertThat(search(x, Search.APPROXIMATE, 0.9, 3).indices()).isNotEqualTo(one.indices());
  }

  /** So many at one place that no list may be allowed to hold all of them. */
  @Test
  void duplicatesComeFirstInEachOthersLists() {
    var x = hard(6_000, 10);
    double[] place = new double[10];
    Arrays.fill(place, 2);
    for (int i = 0; i < 6_000; i += 2) {
      x.setRow(i, place);
    }
    var got = approximate(x, 0.98);
    for (int i = 0; i < 6_000; i += 2) {
      assertThat(got.indices()[i * K]).isEqualTo(i);
      for (int c = 0; c < K; c++) {
        assertThat(got.distances()[i * K + c]).isZero();
      }
    }
    assertThat(recall(got, exact(x))).isGreaterThan(0.97);
    Arrays.setAll(place, j -> 7);
    for (int i = 0; i < 6_000; i++) {
      x.setRow(i, place);
    }
    assertThat(approximate(x, 1).distances()).containsOnly(0);
  }

  @Test
  void allListsAreBoundedWhateverTheCells() {
    var x = hard(4_000, 6);
    double[] place = {1, 1, 1, 1, 1, 1};
    for (int i = 0; i < 3_000; i++) {
      x.setRow(i, place);
    }
    var points = PointSet.of(x, Metric.EUCLIDEAN);
    try (var lists = InvertedLists.of(points, 0)) {
      for (int list = 0; list < lists.count(); list++) {
        assertThat(lists.size(list)).isBetween(1, 4 * 63);
      }
      assertThat(Arrays.stream(lists.order).sorted().toArray())
          .isEqualTo(IntStream.range(0, 4_000).toArray());
    }
  }

  @Test
  void listsOfNeighboursMayBeLongerThanThoseOfTheIndexAndTheCellsFew() {
    var x = hard(700, 5);
    var params = Params.builder().search(Search.APPROXIMATE).nNeighbors(400).recall(0.5).build();
    var got = NearestNeighbors.run(x, params);
    var truth =
        NearestNeighbors.run(x, Params.builder().search(Search.EXACT).nNeighbors(400).build());
    assertThat(recall(got, truth)).isGreaterThan(0.5).isCloseTo(got.recall(), within(1e-12));
    for (int n : new int[] {15, 16, 17, 31, 33, 50}) {
      var few = x.takeRows(IntStream.range(0, n).toArray());
      assertThat(recall(approximate(few, 1), exact(few))).as("n = %s", n).isEqualTo(1);
    }
  }

  @Test
  void oneDimensionIsEnough() {
    var x = hard(5_000, 1);
    assertThat(recall(approximate(x, 0.98), exact(x))).isGreaterThan(0.98);
  }

  @Test
  void sparseCellsAreSearchedAsDenseOnes() {
    var counts = Seeds.counts(1500, 30, 0.7, 2);
    var params = Params.builder().search(Search.APPROXIMATE).recall(0.9).build();
    var sparse = NearestNeighbors.run(counts, params);
    var dense = NearestNeighbors.run(counts.toDense(), params);
    assertThat(sparse.indices()).isEqualTo(dense.indices());
  }

  @Test
  void findsInAnotherSetWhatIsThere() {
    var reference = hard(8_000, 20);
    var query = hard(9_500, 20).takeRows(IntStream.range(7_000, 9_500).toArray());
    for (Metric metric : List.of(Metric.EUCLIDEAN, Metric.COSINE, Metric.CORRELATION)) {
      var got = across(reference, query, metric, Search.APPROXIMATE);
      var exact = across(reference, query, metric, Search.EXACT);
      assertThat(exact.recall()).isEqualTo(1);
      assertThat(got.search()).isEqualTo(Search.APPROXIMATE);
      assertThat(got.recall()).isGreaterThanOrEqualTo(0.98);
      int hits = 0;
      for (int p = 0; p < got.distances().length; p++) {
        double farthest = exact.distances()[p / K * K + K - 1];
        hits += got.distances()[p] <= farthest ? 1 : 0;
      }
      double recall = hits / (double) got.distances().length;
      assertThat(recall).isCloseTo(got.recall(), within(0.01));
      // those that are cells of the reference find themselves
      assertThat(got.distances()[0]).isCloseTo(0, within(1e-12));
    }
    var one =
        Seeds.withThreads(1, () -> across(reference, query, Metric.EUCLIDEAN, Search.APPROXIMATE));
    for (int threads : new int[] {2, 7}) {
      var more =
          Seeds.withThreads(
              threads, () -> across(reference, query, Metric.EUCLIDEAN, Search.APPROXIMATE));
      assertThat(more.indices()).isEqualTo(one.indices());
      assertThat(more.distances()).isEqualTo(one.distances());
    }
  }

  private static CrossNeighbors.Result across(
      DenseMatrix reference, DenseMatrix query, Metric metric, Search search) {
    return CrossNeighbors.run(
        reference, query, K, metric, MetricArguments.NONE, search, Progress.NONE);
  }

  @Test
  void searchesEveryBatch() {
    var x = hard(3_000, 12);
    int[][] members = {
      IntStream.range(0, 1_000).toArray(), IntStream.range(1_000, 3_000).toArray()
    };
    var got = batches(x, members, Search.APPROXIMATE);
    var exact = batches(x, members, Search.EXACT);
    assertThat(exact.search()).isEqualTo(Search.EXACT);
    assertThat(exact.recall()).isEqualTo(1);
    assertThat(batches(x, members, Search.AUTO).indices()).isEqualTo(exact.indices());
    assertThat(got.search()).isEqualTo(Search.APPROXIMATE);
    assertThat(got.recall()).isGreaterThanOrEqualTo(0.98);
    int same = 0;
    for (int p = 0; p < got.indices().length; p++) {
      same += got.indices()[p] == exact.indices()[p] ? 1 : 0;
    }
    assertThat(same / (double) got.indices().length).isGreaterThan(0.9);
    for (int i = 0; i < 3_000; i++) {
      assertThat(got.indices()[(2 * i + (i < 1_000 ? 0 : 1)) * 5]).isEqualTo(i);
    }
  }

  private static BatchNeighbors.Result batches(DenseMatrix x, int[][] members, Search search) {
    return BatchNeighbors.run(
        x, members, 5, Metric.EUCLIDEAN, MetricArguments.NONE, search, Progress.NONE);
  }

  @Test
  void refusesValuesThatFloat32DoesNotHoldAndMetricsThatAreNoProduct() {
    var x = hard(50, 3);
    x.set(4, 1, 1e16);
    assertThatThrownBy(() -> approximate(x, 0.98)).hasMessageContaining("x[4, 1]");
    assertThatThrownBy(() -> across(x, x, Metric.EUCLIDEAN, Search.APPROXIMATE))
        .hasMessageContaining("x[4, 1]");
    assertThatThrownBy(() -> across(x, x, Metric.DICE, Search.APPROXIMATE))
        .hasMessageContaining("metric dice has no approximate search");
  }

  /** The rule by which {@code AUTO} turns from exact: never where few look at many. */
  @Test
  void listsPayForManyInMany() {
    assertThat(InvertedSearch.pays(200_000, 200_000)).isTrue();
    assertThat(InvertedSearch.pays(1_000_000, 20_000)).isTrue();
    assertThat(InvertedSearch.pays(100, 1_000_000)).isFalse();
    assertThat(InvertedSearch.pays(1_000_000, 1_000)).isFalse();
  }

  /** Five thousand cells are two tasks; of 80 neighbours nobody asks neighbours for theirs. */
  @Test
  void otherProcessesFindTheSame() {
    var x = hard(5000, 11);
    for (Metric metric : List.of(Metric.EUCLIDEAN, Metric.CORRELATION)) {
      for (int k : new int[] {15, 80}) {
        for (double recall : new double[] {.9, .999}) {
          var params =
              Params.builder()
                  .nNeighbors(k)
                  .metric(metric)
                  .search(Search.APPROXIMATE)
                  .recall(recall)
                  .build();
          var runner = new ByBytes();
          Result here = NearestNeighbors.run(x, params);
          Result there =
              NearestNeighbors.run(x, params, MetricArguments.NONE, runner, Progress.NONE);
          assertThat(there.indices()).isEqualTo(here.indices());
          assertThat(there.distances()).isEqualTo(here.distances());
          assertThat(there.recall()).isEqualTo(here.recall());
          assertThat(runner.passes()).isGreaterThan(k > 64 ? 1 : 3);
        }
      }
    }
  }

  @Test
  void whatIsSparseStaysHere() {
    var runner = new ByBytes();
    var params = Params.builder().search(Search.APPROXIMATE).build();
    var x = Seeds.counts(900, 20, 0.5, 1);
    Result found = NearestNeighbors.run(x, params, MetricArguments.NONE, runner, Progress.NONE);
    assertThat(found.indices()).isEqualTo(NearestNeighbors.run(x, params).indices());
    assertThat(runner.passes()).isZero();
  }
}
