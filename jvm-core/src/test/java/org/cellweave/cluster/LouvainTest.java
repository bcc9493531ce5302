package org.cellweave.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.AdjustedRand;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class LouvainTest {
  private static Louvain.Params seeded(long seed, boolean useWeights) {
    return Louvain.Params.builder().seed(seed).useWeights(useWeights).build();
  }

  /** Planted groups of 20 nodes: dense inside, sparse between. */
  private static CsrMatrix planted(int groups, long seed) {
    var random = new SplittableRandom(seed);
    int n = 20 * groups;
    var w = DenseMatrix.zeros(n, n, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (random.nextDouble() < (i / 20 == j / 20 ? 0.4 : 0.02)) {
          double weight = 0.5 + random.nextDouble();
          w.set(i, j, weight);
          w.set(j, i, weight);
        }
      }
    }
    return w.toCsr();
  }

  @Test
  void twoTrianglesJoinedByAnEdge() {
    var w = DenseMatrix.zeros(6, 6, DType.FLOAT32);
    for (int[] e : new int[][] {{0, 1}, {0, 2}, {1, 2}, {3, 4}, {3, 5}, {4, 5}, {2, 3}}) {
      w.set(e[0], e[1], 1);
      w.set(e[1], e[0], 1);
    }
    var result = Louvain.run(w.toCsr(), Louvain.Params.DEFAULTS);
    assertThat(result.labels()).containsExactly(0, 0, 0, 1, 1, 1);
    // 6 of 7 edges inside; each triangle has half the strength
    assertThat(result.modularity()).isCloseTo(6.0 / 7 - 0.5, within(Tolerance.EXACT));
    var fine = Louvain.Params.builder().resolution(20).build();
    assertThat(Louvain.run(w.toCsr(), fine).nCommunities()).isEqualTo(6);
    var coarse = Louvain.Params.builder().resolution(0).build();
    assertThat(Louvain.run(w.toCsr(), coarse).nCommunities()).isEqualTo(1);
  }

  @Test
  void findsPlantedGroups() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = planted(6, seed);
          var result = Louvain.run(graph, seeded(seed, true));
          int[] truth = new int[120];
          java.util.Arrays.setAll(truth, i -> i / 20);
          assertThat(AdjustedRand.of(truth, result.labels())).isGreaterThan(0.95);
          assertThat(result.modularity())
              .isCloseTo(Modularity.of(graph, result.labels(), 1), within(Tolerance.F64));
        });
  }

  @Test
  void withoutEdgesEveryNodeIsAlone() {
    var result = Louvain.run(CsrMatrix.empty(4, 4, DType.FLOAT32), Louvain.Params.DEFAULTS);
    assertThat(result.nCommunities()).isEqualTo(4);
    assertThat(result.modularity()).isNaN();
  }

  @Test
  void sameLabelsForAnyNumberOfThreads() {
    var graph = planted(8, 1);
    int[] one = Seeds.withThreads(1, () -> Louvain.run(graph, seeded(3, true)).labels());
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> Louvain.run(graph, seeded(3, true)).labels()))
          .isEqualTo(one);
    }
  }

  /**
   * igraph 0.11's community_multilevel on the same graph, 20 seeds: mean, without and with weights.
   */
  private static final double[] IGRAPH_MEAN = {0.72412, 0.74097};

  @EachReference
  void asGoodAsIgraph(H5Reference kang) {
    try (kang) {
      var graph = kang.csr("obsp/connectivities");
      for (int w = 0; w < 2; w++) {
        boolean weights = w == 1;
        double mean =
            LongStream.range(0, 20)
                .mapToDouble(seed -> Louvain.run(graph, seeded(seed, weights)).modularity())
                .average()
                .orElseThrow();
        String key = weights ? "louvain_modularity" : "louvain_modularity_unweighted";
        assertThat(mean).isGreaterThan(kang.overSeeds(key, IGRAPH_MEAN[w]) - 0.001);
      }
    }
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> Louvain.Params.builder().resolution(-1).build())
        .hasMessage("resolution must not be negative, got -1.0");
    assertThatThrownBy(
            () -> Louvain.run(CsrMatrix.empty(4, 3, DType.FLOAT32), Louvain.Params.DEFAULTS))
        .hasMessageContaining("a graph must be square");
  }
}
