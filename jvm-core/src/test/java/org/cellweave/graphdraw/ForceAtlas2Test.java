package org.cellweave.graphdraw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.embed.Trustworthiness;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ForceAtlas2Test {
  private static CsrMatrix graph(int n, int parts, double gap, long seed) {
    var random = new SplittableRandom(seed);
    var x = DenseMatrix.zeros(n, 5, DType.FLOAT64);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 5; j++) {
        x.set(i, j, (j == i % parts ? gap : 0) + random.nextGaussian());
      }
    }
    return FuzzyGraph.run(
        NearestNeighbors.run(x, NearestNeighbors.Params.builder().nNeighbors(8).build()));
  }

  /**
   * Two joined cells on an axis at {@code -1} and {@code 1}, masses 2: repulsion 2*2*2/2 = 4,
   * attraction 2, gravity 2, so no force at all.
   */
  @Test
  void twoCellsInBalanceStay() {
    var pair = DenseMatrix.wrap(new float[] {0, 1, 1, 0}, 2, 2).toCsr();
    var start = DenseMatrix.wrap(new float[] {-1, 0, 1, 0}, 2, 2);
    var params = ForceAtlas2.Params.builder().maxIter(1).build();
    float[] at =
        ForceAtlas2.run(new ForceAtlas2.Input(pair, start), params).coordinates().floatData();
    assertThat(at).containsExactly(new float[] {-1, 0, 1, 0}, within(1e-6f));
    // Without the other forces gravity alone pulls by 2, swinging 2 * 2 and speed 1.
    var free =
        ForceAtlas2.Params.builder().maxIter(1).scalingRatio(1e-12).edgeWeightInfluence(1).build();
    var weak = DenseMatrix.wrap(new float[] {0, 1e-12f, 1e-12f, 0}, 2, 2).toCsr();
    at = ForceAtlas2.run(new ForceAtlas2.Input(weak, start), free).coordinates().floatData();
    // Both sums are over the same forces: target = sqrt(0.05 sqrt 2) * 0.5 at full efficiency.
    double speed = Math.sqrt(0.05 * Math.sqrt(2)) / 2;
    double expected = -1 + 2 * speed / (1 + Math.sqrt(speed * 4));
    assertThat((double) at[0]).isCloseTo(expected, within(1e-5));
    assertThat(at[2]).isEqualTo(-at[0]);
  }

  @Test
  void doesNotDependOnThreads() {
    var input = new ForceAtlas2.Input(graph(1500, 3, 4, 1), null);
    var params = ForceAtlas2.Params.builder().maxIter(30).build();
    float[] one =
        Seeds.withThreads(1, () -> ForceAtlas2.run(input, params)).coordinates().floatData();
    for (int threads : new int[] {2, 7}) {
      assertThat(
              Seeds.withThreads(threads, () -> ForceAtlas2.run(input, params))
                  .coordinates()
                  .floatData())
          .isEqualTo(one);
    }
  }

  @Test
  void theTreeHardlyChangesOneStep() {
    Seeds.forEach(
        20,
        seed -> {
          var input = new ForceAtlas2.Input(graph(300, 3, 4, seed), null);
          var tree = ForceAtlas2.Params.builder().maxIter(1).seed(seed).build();
          var all = ForceAtlas2.Params.builder().maxIter(1).seed(seed).barnesHutOptimize(false);
          float[] a = ForceAtlas2.run(input, tree).coordinates().floatData();
          float[] b = ForceAtlas2.run(input, all.build()).coordinates().floatData();
          double error = 0;
          double norm = 0;
          for (int c = 0; c < a.length; c++) {
            error += (a[c] - b[c]) * (a[c] - b[c]);
            norm += b[c] * b[c];
          }
          assertThat(Math.sqrt(error / norm)).isLessThan(0.05);
        });
  }

  @Test
  void keepsPartsApart() {
    Seeds.forEach(
        20,
        seed -> {
          var input = new ForceAtlas2.Input(graph(120, 3, 40, seed), null);
          var at =
              ForceAtlas2.run(input, ForceAtlas2.Params.builder().seed(seed).build()).coordinates();
          int[] lists =
              NearestNeighbors.run(at, NearestNeighbors.Params.builder().nNeighbors(4).build())
                  .indices();
          int strangers = 0;
          for (int p = 0; p < lists.length; p++) {
            strangers += lists[p] % 3 == p / 4 % 3 ? 0 : 1;
          }
          assertThat(strangers).isLessThan(lists.length / 20);
        });
  }

  @EachReference
  void keepsNeighbours(H5Reference kang) {
    try (kang) {
      var x = kang.dense("obsm/X_pca_harmony");
      var g = kang.csr("obsp/connectivities");
      var at =
          ForceAtlas2.run(new ForceAtlas2.Input(g, null), ForceAtlas2.Params.DEFAULTS)
              .coordinates();
      // A random layout has 0.5.
      assertThat(Trustworthiness.of(x, at, 15)).isGreaterThan(0.85);
    }
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> ForceAtlas2.Params.builder().maxIter(0).build())
        .hasMessage("maxIter must be positive, got 0");
    assertThatThrownBy(() -> ForceAtlas2.Params.builder().barnesHutTheta(0).build())
        .hasMessage("barnesHutTheta must be positive, got 0.0");
    var g = graph(30, 1, 0, 1);
    var p = ForceAtlas2.Params.DEFAULTS;
    var narrow = DenseMatrix.zeros(30, 1, DType.FLOAT32);
    assertThatThrownBy(() -> ForceAtlas2.run(new ForceAtlas2.Input(g, narrow), p))
        .hasMessageContaining("start must have 30 rows and at least 2 columns");
    var bad = DenseMatrix.zeros(30, 2, DType.FLOAT32);
    bad.set(3, 1, Double.NaN);
    assertThatThrownBy(() -> ForceAtlas2.run(new ForceAtlas2.Input(g, bad), p))
        .hasMessage("row 3, column 1 of start is NaN; it must be finite");
    var none = CsrMatrix.empty(5, 5, DType.FLOAT32);
    assertThatThrownBy(() -> ForceAtlas2.run(new ForceAtlas2.Input(none, null), p))
        .hasMessage("graph has no edges");
    var wide = CsrMatrix.empty(5, 4, DType.FLOAT32);
    assertThatThrownBy(() -> ForceAtlas2.run(new ForceAtlas2.Input(wide, null), p))
        .hasMessageContaining("graph must be square");
    var negative = DenseMatrix.wrap(new float[] {0, -1, -1, 0}, 2, 2).toCsr();
    assertThatThrownBy(() -> ForceAtlas2.run(new ForceAtlas2.Input(negative, null), p))
        .hasMessageContaining("row 0, column 1 is -1.0");
  }
}
