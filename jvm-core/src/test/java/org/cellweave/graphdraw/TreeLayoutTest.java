package org.cellweave.graphdraw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class TreeLayoutTest {
  private static CsrMatrix graph(int n, int... edges) {
    double[][] w = new double[n][n];
    for (int e = 0; e < edges.length; e += 2) {
      w[edges[e]][edges[e + 1]] = 1;
      w[edges[e + 1]][edges[e]] = 1;
    }
    return DenseMatrix.ofRows(w).toCsr();
  }

  private static TreeLayout.Result run(CsrMatrix graph, TreeLayout.Kind kind, int... roots) {
    return TreeLayout.run(
        new TreeLayout.Input(graph, roots), TreeLayout.Params.builder().kind(kind).build());
  }

  private static final CsrMatrix TEN =
      graph(10, 0, 1, 0, 2, 1, 3, 1, 4, 1, 5, 2, 6, 6, 7, 6, 8, 6, 9);

  /** Numbers of igraph 1.0. */
  @Test
  void placesAreThoseOfIgraph() {
    assertThat(run(TEN, TreeLayout.Kind.REINGOLD_TILFORD, 0).coordinates().doubleData())
        .containsExactly(0, 0, -1, 1, 1, 1, -2, 2, -1, 2, 0, 2, 1, 2, 0, 3, 1, 3, 2, 3);
    var bent = run(TEN, TreeLayout.Kind.CIRCULAR, 0).coordinates();
    assertThat(bent.get(1, 0)).isCloseTo(0.15643446504023092, within(1e-12));
    assertThat(bent.get(1, 1)).isCloseTo(0.9876883405951378, within(1e-12));
    assertThat(bent.get(9, 0)).isCloseTo(2.427050983124842, within(1e-12));
    assertThat(bent.get(9, 1)).isCloseTo(-1.76335575687742, within(1e-12));
    var two = run(graph(6, 0, 1, 0, 2, 3, 4, 3, 5), TreeLayout.Kind.REINGOLD_TILFORD);
    assertThat(two.roots()).containsExactly(0, 3);
    assertThat(two.coordinates().doubleData())
        .containsExactly(-1, 1, -1.5, 2, -0.5, 2, 1, 1, 0.5, 2, 1.5, 2);
  }

  /** Numbers of scanpy 1.11.5. */
  @Test
  void levelsAreSpreadAsByScanpy() {
    var tree = graph(7, 0, 1, 0, 2, 1, 3, 1, 4, 1, 5, 2, 6);
    double[] at = run(tree, TreeLayout.Kind.EQUAL, 0).coordinates().doubleData();
    assertThat(at)
        .containsExactly(
            new double[] {
              0.5, 0, 0.25, -1 / 3.0, 0.75, -1 / 3.0, 0.125, -2 / 3.0, 0.375, -2 / 3.0, 0.625,
              -2 / 3.0, 0.875, -2 / 3.0
            },
            within(1e-12));
  }

  @Test
  void everyTreeIsDrawnWithoutOverlap() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 40;
          var random = new SplittableRandom(seed);
          int[] edges = new int[2 * n - 2];
          int[] parent = new int[n];
          for (int i = 1; i < n; i++) {
            parent[i] = random.nextInt(Math.max(0, i - 8), i);
            edges[2 * i - 2] = i;
            edges[2 * i - 1] = parent[i];
          }
          var at = run(graph(n, edges), TreeLayout.Kind.REINGOLD_TILFORD, 0).coordinates();
          for (int i = 0; i < n; i++) {
            double low = Double.MAX_VALUE;
            double high = -Double.MAX_VALUE;
            for (int j = 0; j < n; j++) {
              if (i != j && at.get(i, 1) == at.get(j, 1)) {
                assertThat(Math.abs(at.get(i, 0) - at.get(j, 0))).isGreaterThan(1 - 1e-9);
              }
              if (j > 0 && parent[j] == i) {
                low = Math.min(low, at.get(j, 0));
                high = Math.max(high, at.get(j, 0));
                assertThat(at.get(j, 1)).isEqualTo(at.get(i, 1) + 1);
              }
            }
            if (low <= high) {
              assertThat(at.get(i, 0)).isCloseTo((low + high) / 2, within(1e-9));
            }
          }
        });
  }

  @Test
  void rootsAreChosenByLinks() {
    assertThat(run(graph(4, 0, 1, 1, 2, 1, 3), TreeLayout.Kind.CIRCULAR).roots())
        .containsExactly(1);
    var given = run(graph(5, 0, 1, 1, 2, 3, 4), TreeLayout.Kind.REINGOLD_TILFORD, 2);
    assertThat(given.roots()).containsExactly(2, 3);
    assertThat(given.depth()).isEqualTo(3);
    assertThat(run(graph(0), TreeLayout.Kind.EQUAL).coordinates().nRows()).isZero();
    assertThat(run(graph(1), TreeLayout.Kind.CIRCULAR).coordinates().doubleData())
        .containsExactly(0, 0);
  }

  @Test
  void aLongPathNeedsNoStack() {
    int n = 200_000;
    var builder = new CsrBuilder(n, org.cellweave.matrix.DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      builder.addRow(new int[] {i + 1}, new double[] {1}, i + 1 < n ? 1 : 0);
    }
    var at = run(builder.build(), TreeLayout.Kind.REINGOLD_TILFORD, 0).coordinates();
    assertThat(at.get(n - 1, 0)).isZero();
    assertThat(at.get(n - 1, 1)).isEqualTo(n - 1);
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> run(TEN, TreeLayout.Kind.CIRCULAR, 10)).hasMessageContaining("root");
    assertThatThrownBy(() -> run(TEN, TreeLayout.Kind.CIRCULAR, 1, 1))
        .hasMessageContaining("root must name each node once, got 1 twice");
    assertThatThrownBy(() -> run(graph(4, 0, 1, 2, 3), TreeLayout.Kind.EQUAL, 1))
        .hasMessageContaining("graph must be a single tree")
        .hasMessageContaining("got 2 roots [1, 2]; use layout rt or fr");
  }

  @Test
  void plainPlaces() {
    assertThat(PlainLayout.run(4, PlainLayout.Kind.CIRCLE, 0).doubleData())
        .containsExactly(new double[] {1, 0, 0, 1, -1, 0, 0, -1}, within(1e-12));
    assertThat(PlainLayout.run(5, PlainLayout.Kind.GRID, 0).doubleData())
        .containsExactly(0, 0, 1, 0, 2, 0, 0, 1, 1, 1);
    Seeds.forEach(
        20,
        seed -> {
          double[] at = PlainLayout.run(50, PlainLayout.Kind.RANDOM, seed).doubleData();
          assertThat(at).doesNotHaveDuplicates();
          for (double v : at) {
            assertThat(v).isBetween(-1.0, 1.0);
          }
          assertThat(PlainLayout.run(50, PlainLayout.Kind.RANDOM, seed).doubleData()).isEqualTo(at);
        });
    assertThatThrownBy(() -> PlainLayout.run(-1, PlainLayout.Kind.GRID, 0))
        .hasMessageContaining("n must");
  }
}
