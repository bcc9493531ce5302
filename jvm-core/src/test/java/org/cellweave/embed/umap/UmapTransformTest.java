package org.cellweave.embed.umap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class UmapTransformTest {
  private static DenseMatrix points(int n, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 2, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 2; j++) {
        x.set(i, j, 10 * (i % 2) + random.nextGaussian());
      }
    }
    return x;
  }

  private static CrossNeighbors.Result lists(DenseMatrix reference, DenseMatrix query) {
    return CrossNeighbors.run(reference, query, 10, Metric.EUCLIDEAN, Progress.NONE);
  }

  @Test
  void aCellStaysNearItsOnlyNeighbour() {
    var reference = DenseMatrix.ofRows(new double[][] {{3, 4}});
    var list = new CrossNeighbors.Result(1, 1, new int[] {0}, new double[] {0});
    var params = UmapTransform.Params.builder().negativeSampleRate(0).build();
    var at = UmapTransform.run(list, reference, params).coordinates();
    assertThat(at.floatData()).containsExactly(3, 4);
  }

  @Test
  void newCellsLandInTheirCloud() {
    Seeds.forEach(
        20,
        seed -> {
          var reference = points(200, seed);
          var query = points(60, seed + 1000);
          var result =
              UmapTransform.run(lists(reference, query), reference, UmapTransform.Params.DEFAULTS);
          assertThat(result.epochs()).isEqualTo(100);
          for (int i = 0; i < 60; i++) {
            assertThat(result.coordinates().get(i, 0))
                .isBetween(10.0 * (i % 2) - 5, 10.0 * (i % 2) + 5);
          }
        });
  }

  @Test
  void doesNotDependOnThreadsNorOnTheOtherNewCells() {
    var reference = points(300, 1);
    var query = points(700, 2);
    var params = UmapTransform.Params.builder().maxIter(40).build();
    float[] one = Seeds.withThreads(1, () -> place(reference, query, params));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> place(reference, query, params))).isEqualTo(one);
    }
    var few = query.takeRows(new int[] {0, 1, 2});
    assertThat(place(reference, few, params)).isEqualTo(java.util.Arrays.copyOf(one, 6));
  }

  private static float[] place(DenseMatrix reference, DenseMatrix query, UmapTransform.Params p) {
    return UmapTransform.run(lists(reference, query), reference, p).coordinates().floatData();
  }

  @Test
  void messages() {
    var lists = lists(points(20, 1), points(5, 2));
    assertThatThrownBy(() -> UmapTransform.run(lists, points(3, 1), UmapTransform.Params.DEFAULTS))
        .hasMessageContaining("a neighbour must lie in [0, 3)");
    assertThatThrownBy(() -> UmapTransform.Params.builder().a(0).build())
        .hasMessageContaining("a must be positive");
    assertThatThrownBy(() -> UmapTransform.Params.builder().maxIter(-1).build())
        .hasMessageContaining("maxIter");
  }
}
