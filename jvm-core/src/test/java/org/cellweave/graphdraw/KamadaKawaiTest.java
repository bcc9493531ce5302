package org.cellweave.graphdraw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cellweave.graphdraw.SmallGraphs.distance;
import static org.cellweave.graphdraw.SmallGraphs.edge;
import static org.cellweave.graphdraw.SmallGraphs.graph;
import static org.cellweave.graphdraw.SmallGraphs.random;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class KamadaKawaiTest {
  private static KamadaKawai.Result run(CsrMatrix graph, KamadaKawai.Params params) {
    return KamadaKawai.run(new KamadaKawai.Input(graph, null), params);
  }

  @Test
  void aPathIsALineAsLongAsTheRootOfItsNodes() {
    var path = graph(4, edge(0, 1, 1), edge(1, 2, 1), edge(2, 3, 1));
    var result = run(path, KamadaKawai.Params.DEFAULTS);
    assertThat(result.stress()).isLessThan(1e-6);
    assertThat(result.converged()).isTrue();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(distance(result.coordinates(), i, j)).isCloseTo(2.0 / 3 * (i - j), within(2e-3));
      }
    }
  }

  @Test
  void aStrongEdgeIsShortWhenWeighted() {
    var path = graph(3, edge(0, 1, 4), edge(1, 2, 2));
    var weighted = KamadaKawai.Params.builder().weighted(true).build();
    var at = run(path, weighted).coordinates();
    assertThat(distance(at, 1, 2) / distance(at, 0, 1)).isCloseTo(2, within(0.01));
    at = run(path, KamadaKawai.Params.DEFAULTS).coordinates();
    assertThat(distance(at, 1, 2) / distance(at, 0, 1)).isCloseTo(1, within(0.01));
  }

  @Test
  void theWayRoundIsTakenWhenShorter() {
    // 0 - 2 has length 4, by 1 it is 1 + 1
    var triangle = graph(3, edge(0, 1, 4), edge(1, 2, 4), edge(0, 2, 1));
    var at = run(triangle, KamadaKawai.Params.builder().weighted(true).build()).coordinates();
    assertThat(distance(at, 0, 2) / distance(at, 0, 1)).isCloseTo(2, within(0.01));
  }

  @Test
  void componentsAreApart() {
    var at = run(graph(4, edge(0, 1, 1), edge(2, 3, 1)), KamadaKawai.Params.DEFAULTS).coordinates();
    for (int i : new int[] {0, 1}) {
      for (int j : new int[] {2, 3}) {
        assertThat(distance(at, i, j)).isGreaterThan(1.2 * distance(at, 0, 1));
      }
    }
  }

  @Test
  void moreStepsNeverRaiseTheStress() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = random(25, seed);
          double before = Double.MAX_VALUE;
          for (int steps : new int[] {1, 2, 5, 20, 100}) {
            var params = KamadaKawai.Params.builder().maxIter(steps).seed(seed).build();
            double stress = run(graph, params).stress();
            assertThat(stress).isLessThanOrEqualTo(before);
            before = stress;
          }
          var flat = DenseMatrix.zeros(25, 2, DType.FLOAT64);
          for (int i = 0; i < 25; i++) {
            flat.set(i, 0, i);
          }
          var told =
              KamadaKawai.run(new KamadaKawai.Input(graph, flat), KamadaKawai.Params.DEFAULTS);
          assertThat(told.stress()).isGreaterThan(0.5 * before);
        });
  }

  /**
   * igraph 1.0 leaves these at a stress of 0.02046 (a grid of 6 x 6) and 0.01649 (a ring of 12).
   */
  @Test
  void stressIsNoMoreThanThatOfIgraph() {
    double[][] edges = new double[60][];
    int n = 0;
    for (int i = 0; i < 36; i++) {
      if (i % 6 < 5) {
        edges[n++] = edge(i, i + 1, 1);
      }
      if (i < 30) {
        edges[n++] = edge(i, i + 6, 1);
      }
    }
    var grid = run(graph(36, edges), KamadaKawai.Params.DEFAULTS);
    assertThat(grid.stress()).isLessThan(0.0205);
    double[][] ring = new double[12][];
    for (int i = 0; i < 12; i++) {
      ring[i] = edge(i, (i + 1) % 12, 1);
    }
    assertThat(run(graph(12, ring), KamadaKawai.Params.DEFAULTS).stress()).isLessThan(0.0165);
  }

  /** igraph 1.0 leaves 1988 cells at a stress of 0.0824. */
  @EachReference
  void stressIsLessThanThatOfIgraph(H5Reference kang) {
    try (kang) {
      var result = run(kang.csr("obsp/connectivities"), KamadaKawai.Params.DEFAULTS);
      assertThat(result.converged()).isTrue();
      assertThat(result.stress()).isLessThan(kang.overSeeds("kamada_kawai_stress", 0.0824));
    }
  }

  @Test
  void doesNotDependOnThreads() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = random(70, seed);
          var params = KamadaKawai.Params.builder().weighted(seed % 2 == 0).seed(seed).build();
          double[] one = Seeds.withThreads(1, () -> run(graph, params)).coordinates().doubleData();
          for (int threads : new int[] {2, 7}) {
            var many = Seeds.withThreads(threads, () -> run(graph, params));
            assertThat(many.coordinates().doubleData()).isEqualTo(one);
          }
        });
  }

  @Test
  void emptyGraphs() {
    var defaults = KamadaKawai.Params.DEFAULTS;
    assertThat(run(graph(0), defaults).coordinates().nRows()).isZero();
    assertThat(run(graph(1), defaults).coordinates().doubleData()).containsExactly(0, 0);
    var two = run(graph(2), defaults);
    assertThat(two.stress()).isLessThan(1e-9);
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> KamadaKawai.Params.builder().maxIter(0).build())
        .hasMessageContaining("maxIter must be positive, got 0");
    assertThatThrownBy(() -> KamadaKawai.Params.builder().tol(-1).build())
        .hasMessageContaining("tol");
    assertThatThrownBy(
            () -> run(CsrMatrix.empty(5001, 5001, DType.FLOAT32), KamadaKawai.Params.DEFAULTS))
        .hasMessageContaining("at most 5000 nodes")
        .hasMessageContaining("got 5001; use layout fr or fa");
    var start = DenseMatrix.zeros(3, 2, DType.FLOAT64);
    assertThatThrownBy(
            () ->
                KamadaKawai.run(
                    new KamadaKawai.Input(graph(2), start), KamadaKawai.Params.DEFAULTS))
        .hasMessageContaining("start must have 2 rows");
  }
}
