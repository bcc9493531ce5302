package org.cellweave.graphdraw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cellweave.graphdraw.SmallGraphs.distance;
import static org.cellweave.graphdraw.SmallGraphs.edge;
import static org.cellweave.graphdraw.SmallGraphs.graph;
import static org.cellweave.graphdraw.SmallGraphs.random;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class SpringLayoutTest {
  private static final SpringLayout.Params DEFAULTS = SpringLayout.Params.DEFAULTS;

  @Test
  void twoNodesAreAtTheBalanceOfTheForces() {
    // repulsion 1/d equals attraction d^2 at d = 1, whatever the weight's unit
    for (double w : new double[] {0.01, 1, 70}) {
      var at = SpringLayout.run(graph(2, edge(0, 1, w)), DEFAULTS).coordinates();
      assertThat(distance(at, 0, 1)).isCloseTo(1, within(1e-9));
      assertThat(at.get(0, 0)).isCloseTo(-0.5, within(1e-9));
      assertThat(at.get(0, 1)).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void triangleIsEquilateral() {
    var at =
        SpringLayout.run(graph(3, edge(0, 1, 1), edge(1, 2, 1), edge(0, 2, 1)), DEFAULTS)
            .coordinates();
    for (int i = 0; i < 3; i++) {
      assertThat(distance(at, i, (i + 1) % 3)).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void pathIsALineInItsOrder() {
    var at =
        SpringLayout.run(
                graph(4, edge(0, 1, 1), edge(1, 2, 1), edge(2, 3, 1)),
                SpringLayout.Params.builder().iterations(3000).build())
            .coordinates();
    for (int i = 0; i < 3; i++) {
      assertThat(at.get(i, 0)).isLessThan(at.get(i + 1, 0));
      assertThat(at.get(i, 1)).isCloseTo(0, within(0.01));
    }
  }

  @Test
  void lighterEdgeIsLonger() {
    var at = SpringLayout.run(graph(3, edge(0, 1, 1), edge(1, 2, 0.1)), DEFAULTS).coordinates();
    assertThat(distance(at, 1, 2)).isGreaterThan(1.5 * distance(at, 0, 1));
  }

  @Test
  void multiplesOfAGraphAndAnyThreadsGiveTheSameBits() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = random(5 + (int) (seed & 15), seed);
          var params = SpringLayout.Params.builder().seed(seed).build();
          double[] one =
              Seeds.withThreads(
                  1, () -> SpringLayout.run(graph, params).coordinates().doubleData());
          for (int threads : new int[] {2, 7}) {
            double[] other =
                Seeds.withThreads(
                    threads, () -> SpringLayout.run(graph, params).coordinates().doubleData());
            assertThat(other).isEqualTo(one);
          }
          double[][] four = new double[graph.nRows()][graph.nRows()];
          for (int i = 0; i < four.length; i++) {
            for (int j = 0; j < four.length; j++) {
              four[i][j] = 4 * graph.get(i, j);
            }
          }
          var scaled = SpringLayout.run(DenseMatrix.ofRows(four).toCsr(), params);
          assertThat(scaled.coordinates().doubleData()).isEqualTo(one);
        });
  }

  @Test
  void neighboursAreNearerThanOthers() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = random(30, seed);
          var result = SpringLayout.run(graph, SpringLayout.Params.builder().seed(seed).build());
          assertThat(result.components()).isEqualTo(1);
          assertThat(result.lastMove()).isLessThan(0.05);
          double[] sum = new double[2];
          int[] count = new int[2];
          for (int i = 0; i < 30; i++) {
            for (int j = 0; j < i; j++) {
              int kind = graph.get(i, j) > 0 ? 1 : 0;
              sum[kind] += distance(result.coordinates(), i, j);
              count[kind]++;
            }
          }
          assertThat(sum[1] / count[1]).isLessThan(0.7 * sum[0] / count[0]);
        });
  }

  @Test
  void componentsDoNotOverlap() {
    Seeds.forEach(
        20,
        seed -> {
          // components of 6, 4 and 2 nodes and two lone ones, interleaved
          int[] component = {0, 1, 0, 2, 0, 1, 3, 0, 1, 2, 0, 1, 4, 0};
          var random = new SplittableRandom(seed);
          double[][] w = new double[14][14];
          for (int i = 0; i < 14; i++) {
            for (int j = 0; j < i; j++) {
              if (component[i] == component[j]) {
                w[i][j] = w[j][i] = 0.1 + random.nextDouble();
              }
            }
          }
          var result = SpringLayout.run(DenseMatrix.ofRows(w).toCsr(), DEFAULTS);
          assertThat(result.components()).isEqualTo(5);
          for (int a = 0; a < 5; a++) {
            for (int b = 0; b < a; b++) {
              double[] one = box(result.coordinates(), component, a);
              double[] two = box(result.coordinates(), component, b);
              double gapX = Math.max(two[0] - one[1], one[0] - two[1]);
              double gapY = Math.max(two[2] - one[3], one[2] - two[3]);
              assertThat(Math.max(gapX, gapY)).isGreaterThan(0.99);
            }
          }
        });
  }

  private static double[] box(DenseMatrix at, int[] component, int wanted) {
    double[] box = {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE};
    for (int i = 0; i < component.length; i++) {
      if (component[i] == wanted) {
        box[0] = Math.min(box[0], at.get(i, 0));
        box[1] = Math.max(box[1], at.get(i, 0));
        box[2] = Math.min(box[2], at.get(i, 1));
        box[3] = Math.max(box[3], at.get(i, 1));
      }
    }
    return box;
  }

  @EachReference
  void strongLinksOfTheReferenceGraphAreShort(H5Reference reference) {
    double[] w;
    int n;
    try (reference) {
      var graph = reference.csr("uns/paga/connectivities");
      n = graph.nRows();
      w = graph.toDense().toFloat64().doubleData();
      var at = SpringLayout.run(graph, DEFAULTS).coordinates();
      int[] order = {0};
      double nearest = Double.MAX_VALUE;
      for (int p = 0; p < n * n; p++) {
        if (p / n > p % n && w[p] > w[order[0]]) {
          order[0] = p;
        }
      }
      double[] all = new double[n * (n - 1) / 2];
      int at2 = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
          all[at2++] = distance(at, i, j);
          nearest = Math.min(nearest, distance(at, i, j));
        }
      }
      Arrays.sort(all);
      assertThat(distance(at, order[0] / n, order[0] % n)).isLessThan(all[all.length / 4]);
      assertThat(nearest).isGreaterThan(0.2);
    }
  }

  @Test
  void emptyAndLoneNodes() {
    assertThat(SpringLayout.run(graph(0), DEFAULTS).coordinates().nRows()).isZero();
    var two = SpringLayout.run(graph(2), DEFAULTS);
    assertThat(two.components()).isEqualTo(2);
    assertThat(distance(two.coordinates(), 0, 1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> SpringLayout.Params.builder().iterations(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iterations must be positive, got 0");
    assertThatThrownBy(
            () -> SpringLayout.run(DenseMatrix.ofRows(new double[2][3]).toCsr(), DEFAULTS))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("graph must be square");
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> SpringLayout.run(graph(2, edge(0, 1, bad)), DEFAULTS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("finite weights of at least 0, got")
          .hasMessageContaining("in row 0, column 1");
    }
    assertThatThrownBy(() -> SpringLayout.run(CsrMatrix.empty(5001, 5001, dtype()), DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 5000 nodes, got 5001");
  }

  private static org.cellweave.matrix.DType dtype() {
    return org.cellweave.matrix.DType.FLOAT64;
  }
}
