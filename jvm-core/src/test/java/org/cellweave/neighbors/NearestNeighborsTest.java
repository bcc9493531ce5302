package org.cellweave.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors.Params;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NearestNeighborsTest {
  private static Params params(int k, Metric metric, Search search) {
    return Params.builder().nNeighbors(k).metric(metric).search(search).build();
  }

  /** Gaussian clusters, some rows repeated. */
  static DenseMatrix clusters(int n, int d, int nClusters, long seed) {
    var random = new SplittableRandom(seed);
    double[] centres = new double[nClusters * d];
    for (int c = 0; c < centres.length; c++) {
      centres[c] = 4 * random.nextGaussian();
    }
    var x = DenseMatrix.zeros(n, d, org.cellweave.matrix.DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      int c = random.nextInt(nClusters);
      for (int j = 0; j < d; j++) {
        x.set(i, j, centres[c * d + j] + random.nextGaussian());
      }
    }
    return x;
  }

  @Test
  void ordersALineByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {1}, {3}, {7}});
    var got = NearestNeighbors.run(x, params(3, Metric.EUCLIDEAN, Search.AUTO));
    assertThat(got.indices()).containsExactly(0, 1, 2, 1, 0, 2, 2, 1, 0, 3, 2, 1);
    assertThat(got.distances()).containsExactly(0, 1, 3, 0, 1, 2, 0, 2, 3, 0, 4, 6);
    assertThat(got.search()).isEqualTo(Search.EXACT);
    assertThat(got.distanceMatrix().toDense().doubleData())
        .containsExactly(0, 1, 3, 0, 1, 0, 2, 0, 3, 2, 0, 0, 0, 6, 4, 0);
  }

  @Test
  void measuresByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 0, 0}, {3, 3, 0}, {0, 0, 2}});
    var cosine = NearestNeighbors.run(x, params(2, Metric.COSINE, Search.EXACT));
    assertThat(cosine.distances()[1]).isCloseTo(1 - Math.sqrt(0.5), within(Tolerance.EXACT));
    assertThat(cosine.distances()[5]).isCloseTo(1, within(Tolerance.EXACT));
    var taxi = NearestNeighbors.run(x, params(2, Metric.MANHATTAN, Search.EXACT));
    assertThat(taxi.distances()).containsExactly(0, 3, 0, 5, 0, 3);
    var correlation = NearestNeighbors.run(x, params(2, Metric.CORRELATION, Search.EXACT));
    // Rows less their means: (2,-1,-1)/3, (1,1,-2), (-2,-2,4)/3.
    assertThat(correlation.distances()[1]).isCloseTo(0.5, within(Tolerance.EXACT));
  }

  /** The cell itself counts, so that as many cells as neighbours are enough. */
  @Test
  void listsMayHoldAllCells() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {1}, {3}});
    for (Search search : new Search[] {Search.EXACT, Search.APPROXIMATE}) {
      var lists = NearestNeighbors.run(x, params(3, Metric.EUCLIDEAN, search));
      assertThat(lists.indices()).containsExactly(0, 1, 2, 1, 0, 2, 2, 1, 0);
      assertThat(lists.distances()).containsExactly(0, 1, 3, 0, 1, 2, 0, 2, 3);
    }
    assertThat(NearestNeighbors.fitting(15, 15)).isEqualTo(15);
    assertThat(NearestNeighbors.fitting(15, 14)).isEqualTo(8);
    assertThat(NearestNeighbors.fitting(15, 3)).isEqualTo(2);
  }

  @Test
  void putsACellFirstAmongItsDuplicates() {
    double[][] rows = new double[60][];
    Arrays.setAll(rows, i -> new double[] {i < 50 ? 5 : i, 1e3});
    var got =
        NearestNeighbors.run(DenseMatrix.ofRows(rows), params(4, Metric.EUCLIDEAN, Search.EXACT));
    assertThat(Arrays.copyOfRange(got.indices(), 40 * 4, 41 * 4)).containsExactly(40, 0, 1, 2);
    assertThat(Arrays.copyOfRange(got.distances(), 40 * 4, 41 * 4)).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HAVERSINE", "PRECOMPUTED"})
  void agreesWithAllPairs(Metric metric) {
    Seeds.forEach(
        20,
        seed -> {
          int n = 120;
          int k = 7;
          var x = clusters(n, 9, 3, seed);
          x.setRow(17, new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
          x.setRow(90, new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
          var points = PointSet.of(x, metric);
          var got = NearestNeighbors.run(x, params(k, metric, Search.EXACT));
          var sparse = NearestNeighbors.run(x.toCsr(), params(k, metric, Search.EXACT));
          assertThat(sparse.indices()).isEqualTo(got.indices());
          double[] a = new double[9];
          double[] b = new double[9];
          for (int i = 0; i < n; i++) {
            points.readForDistance(i, a);
            double[] all = new double[n];
            for (int j = 0; j < n; j++) {
              points.readForDistance(j, b);
              all[j] = points.distance(a, b);
            }
            Arrays.sort(all);
            for (int c = 0; c < k; c++) {
              assertThat(got.distances()[i * k + c]).isCloseTo(all[c], within(Tolerance.EXACT));
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Search.class,
      names = {"EXACT", "APPROXIMATE"})
  void doesNotDependOnThreads(Search search) {
    var x = clusters(3000, 12, 5, 3);
    var one =
        Seeds.withThreads(1, () -> NearestNeighbors.run(x, params(15, Metric.EUCLIDEAN, search)));
    for (int threads : new int[] {2, 7}) {
      var more =
          Seeds.withThreads(
              threads, () -> NearestNeighbors.run(x, params(15, Metric.EUCLIDEAN, search)));
      assertThat(more.indices()).isEqualTo(one.indices());
      assertThat(more.distances()).isEqualTo(one.distances());
    }
  }

  @Test
  void approximateSearchFindsNearlyAll() {
    for (Metric metric : List.of(Metric.EUCLIDEAN, Metric.COSINE, Metric.CORRELATION)) {
      var x = clusters(6000, 30, 12, 5);
      assertThat(recall(x, metric)).as(metric.name()).isGreaterThan(0.97);
    }
  }

  @EachReference
  void approximateSearchFindsNearlyAll(H5Reference kang) {
    try (kang) {
      assertThat(recall(kang.dense("obsm/X_pca"), Metric.EUCLIDEAN)).isGreaterThan(0.98);
    }
  }

  private static double recall(DenseMatrix x, Metric metric) {
    int k = 15;
    var exact = NearestNeighbors.run(x, params(k, metric, Search.EXACT)).indices();
    var got = NearestNeighbors.run(x, params(k, metric, Search.APPROXIMATE)).indices();
    int found = 0;
    for (int i = 0; i < x.nRows(); i++) {
      for (int c = 1; c < k; c++) {
        for (int e = 1; e < k; e++) {
          found += got[i * k + c] == exact[i * k + e] ? 1 : 0;
        }
      }
    }
    return found / (double) (x.nRows() * (k - 1));
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      var lists = NearestNeighbors.run(kang.dense("obsm/X_pca_harmony"), Params.DEFAULTS);
      GraphAssert.assertSame(lists.distanceMatrix(), kang, "obsp/distances", 1e-6);
      GraphAssert.assertSame(FuzzyGraph.run(lists), kang, "obsp/connectivities", Tolerance.PEER);
      var wide =
          NearestNeighbors.run(kang.dense("obsm/X_pca"), Params.builder().nNeighbors(30).build());
      GraphAssert.assertSame(wide.distanceMatrix(), kang, "obsp/gauss30_distances", Tolerance.PEER);
      GraphAssert.assertSame(
          GaussGraph.run(wide), kang, "obsp/gauss30_connectivities", Tolerance.PEER);
    }
  }

  @Test
  void saysWhatIsWrong() {
    var x = DenseMatrix.ofRows(new double[][] {{0, 0}, {1, 2}, {3, 3}});
    assertThatThrownBy(() -> Params.builder().nNeighbors(1).build())
        .hasMessage("nNeighbors must be at least 2, because it counts the cell itself, got 1");
    assertThatThrownBy(() -> NearestNeighbors.run(x, params(4, Metric.EUCLIDEAN, Search.AUTO)))
        .hasMessageContaining("got nNeighbors = 4 for 3 cells. Lower nNeighbors.");
    assertThatThrownBy(() -> NearestNeighbors.run(x, params(2, Metric.DICE, Search.APPROXIMATE)))
        .hasMessageContaining("metric dice has no approximate search");
    assertThatThrownBy(
            () -> NearestNeighbors.run(x, params(2, Metric.MANHATTAN, Search.APPROXIMATE)))
        .hasMessage(
            "metric manhattan has no approximate search; use search exact, or one of the metrics"
                + " euclidean, cosine and correlation");
    for (double recall : new double[] {0, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> Params.builder().recall(recall).build())
          .hasMessage("recall must lie in (0, 1], got " + recall);
    }
    assertThatThrownBy(() -> NearestNeighbors.run(x, params(2, Metric.COSINE, Search.AUTO)))
        .hasMessageContaining("row 0 of x is all zero, so that metric cosine is not defined");
    assertThatThrownBy(() -> NearestNeighbors.run(x, params(2, Metric.CORRELATION, Search.AUTO)))
        .hasMessageContaining("row 0 of x is constant");
    var hole = DenseMatrix.ofRows(new double[][] {{0, 0}, {1, Double.NaN}, {3, 3}});
    assertThatThrownBy(() -> NearestNeighbors.run(hole, params(2, Metric.EUCLIDEAN, Search.AUTO)))
        .hasMessageContaining("a distance needs finite values, but x[1, 1] is NaN");
    var tall = DenseMatrix.zeros(GaussGraph.DENSE_CELLS + 1, 1, DType.FLOAT32);
    assertThatThrownBy(() -> GaussGraph.dense(tall, Metric.EUCLIDEAN, 5))
        .hasMessageContaining("it is limited to 16384 cells, got 16385. Use knn = true");
    assertThatThrownBy(() -> GaussGraph.dense(x, Metric.EUCLIDEAN, 4))
        .hasMessage("nNeighbors must lie in [2, 3], the number of cells, got 4");
  }

  @Test
  void denseKernelByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0}, {1}, {3}});
    var dense = GaussGraph.dense(x, Metric.EUCLIDEAN, 2);
    // squared widths: a quarter of the squared distance to the nearest other cell
    double a = 0.25;
    double c = 1;
    double expected = Math.sqrt(2 * Math.sqrt(a * c) / (a + c)) * Math.exp(-9 / (a + c));
    assertThat(dense.connectivities().get(0, 2)).isCloseTo(expected, within(Tolerance.EXACT));
    assertThat(dense.connectivities().get(1, 1)).isEqualTo(1);
    assertThat(dense.distances().get(2, 0)).isEqualTo(3);
  }

  @Test
  void denseKernelIsSymmetricForAnyNumberOfThreads() {
    var x = Seeds.counts(90, 6, 0.8, 2).toDense();
    var one = Seeds.withThreads(1, () -> GaussGraph.dense(x, Metric.MANHATTAN, 10));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> GaussGraph.dense(x, Metric.MANHATTAN, 10));
      assertThat(other.connectivities().doubleData())
          .isEqualTo(one.connectivities().doubleData())
          .isEqualTo(one.connectivities().transpose().doubleData());
    }
  }
}
