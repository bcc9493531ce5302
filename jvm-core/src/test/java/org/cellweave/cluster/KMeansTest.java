package org.cellweave.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class KMeansTest {
  /** Mean of scikit-learn's KMeans(8, n_init=1) over random_state 0..39; its deviation is 2068. */
  private static final double PEER_INERTIA = 98160.39;

  private static KMeans.Params clusters(int k, long seed) {
    return KMeans.Params.builder().nClusters(k).seed(seed).build();
  }

  private static DenseMatrix noise(int n, int d, long seed) {
    var random = new SplittableRandom(seed);
    double[][] rows = new double[n][d];
    for (double[] row : rows) {
      for (int j = 0; j < d; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return DenseMatrix.ofRows(rows);
  }

  @Test
  void twoPairsByHand() {
    var x = DenseMatrix.ofRows(new double[][] {{100}, {102}, {200}, {206}});
    var result = KMeans.run(x, clusters(2, 0));
    assertThat(result.labels()[0]).isEqualTo(result.labels()[1]);
    assertThat(result.labels()[2]).isEqualTo(result.labels()[3]).isNotEqualTo(result.labels()[0]);
    assertThat(result.inertia()).isCloseTo(1 + 1 + 9 + 9, within(1e-9));
    assertThat(result.centroids()[result.labels()[0]][0]).isCloseTo(101, within(1e-9));
    assertThat(result.converged()).isTrue();
  }

  @Test
  void everyCellIsAtItsNearestCentroidAndEveryCentroidIsAMean() {
    Seeds.forEach(
        20,
        seed -> {
          var x = noise(200, 3, seed);
          var params = KMeans.Params.builder().nClusters(7).tol(0).seed(seed).build();
          var result = KMeans.run(x, params);
          double[] row = new double[3];
          double[][] sums = new double[7][3];
          int[] sizes = new int[7];
          for (int i = 0; i < 200; i++) {
            x.readRow(i, row);
            double own = squared(row, result.centroids()[result.labels()[i]]);
            for (double[] centroid : result.centroids()) {
              assertThat(own).isLessThanOrEqualTo(squared(row, centroid) + 1e-12);
            }
            sizes[result.labels()[i]]++;
            for (int j = 0; j < 3; j++) {
              sums[result.labels()[i]][j] += row[j];
            }
          }
          for (int c = 0; c < 7; c++) {
            assertThat(sizes[c]).isPositive();
            for (int j = 0; j < 3; j++) {
              assertThat(sums[c][j] / sizes[c]).isCloseTo(result.centroids()[c][j], within(1e-9));
            }
          }
        });
  }

  private static double squared(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return sum;
  }

  @Test
  void moreStartsAreNotWorse() {
    var x = noise(300, 2, 5);
    double one = KMeans.run(x, clusters(9, 3)).inertia();
    var ten = KMeans.Params.builder().nClusters(9).nInit(10).seed(3).build();
    assertThat(KMeans.run(x, ten).inertia()).isLessThanOrEqualTo(one);
  }

  @EachReference
  void inertiaIsNotWorseThanThePeers(H5Reference kang) {
    try (kang) {
      var x = kang.dense("obsm/X_pca_harmony");
      double sum = 0;
      for (int seed = 0; seed < 40; seed++) {
        sum += KMeans.run(x, clusters(8, seed)).inertia();
      }
      double peer = kang.overSeeds("kmeans_inertia", PEER_INERTIA);
      double deviation = kang.overSeeds("kmeans_inertia_sd", 2068);
      assertThat(sum / 40).isCloseTo(peer, within(3 * deviation / Math.sqrt(20)));
    }
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var x = noise(5000, 6, 1);
    var one = Seeds.withThreads(1, () -> KMeans.run(x, clusters(12, 4)));
    for (int threads : new int[] {2, 7}) {
      var many = Seeds.withThreads(threads, () -> KMeans.run(x, clusters(12, 4)));
      assertThat(many.labels()).isEqualTo(one.labels());
      assertThat(many.centroids()).isDeepEqualTo(one.centroids());
    }
  }

  @Test
  void duplicatesStillFillEveryCluster() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {1}, {1}, {1}, {2}});
    assertThat(KMeans.run(x, clusters(3, 0)).inertia()).isZero();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> KMeans.run(noise(3, 2, 0), clusters(4, 0)))
        .hasMessage("nClusters must not exceed the number of rows, got 4 for 3");
    var bad = DenseMatrix.ofRows(new double[][] {{1}, {Double.POSITIVE_INFINITY}});
    assertThatThrownBy(() -> KMeans.run(bad, clusters(1, 0)))
        .hasMessage("x must be finite, got Infinity in row 1, column 0");
    assertThatThrownBy(() -> clusters(0, 0)).hasMessage("nClusters must be positive, got 0");
  }
}
