package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.graph.GraphAutocorrelation;
import org.cellweave.graph.StrongComponents;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Connectivity, purity, kBET and autocorrelation. */
class GraphMeasuresTest {
  private static CsrMatrix graph(double[][] weights) {
    return DenseMatrix.ofRows(weights).toCsr();
  }

  private static CsrMatrix random(int n, double density, long seed) {
    var random = new SplittableRandom(seed);
    var builder = new CsrBuilder(n, DType.FLOAT32);
    for (int i = 0; i < n; i++) {
      int[] at = new int[n];
      double[] v = new double[n];
      int size = 0;
      for (int j = 0; j < n; j++) {
        if (random.nextDouble() < density) {
          at[size] = j;
          v[size++] = 0.5 + random.nextInt(4);
        }
      }
      builder.addRow(at, v, size);
    }
    return builder.build();
  }

  @Test
  void connectivityByHand() {
    // 0 -> 1 -> 2 -> 0 is strong; 3 only leads there; 4 and 5 are another label
    double[][] w = new double[6][6];
    w[0][1] = w[1][2] = w[2][0] = w[3][0] = w[4][5] = w[5][4] = 1;
    var result = GraphConnectivity.run(graph(w), new int[] {0, 0, 0, 0, 1, 1});
    assertThat(result.byLabel()).containsExactly(0.75, 1);
    assertThat(result.mean()).isEqualTo(0.875);
  }

  @Test
  void componentsAreMutualReachability() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 30;
          var graph = random(n, 0.05, seed);
          boolean[][] reach = new boolean[n][n];
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              reach[i][j] = i == j || graph.get(i, j) != 0;
            }
          }
          for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
              for (int j = 0; j < n; j++) {
                reach[i][j] |= reach[i][k] && reach[k][j];
              }
            }
          }
          int[] scratch = new int[n];
          Arrays.fill(scratch, -1);
          int[] all = java.util.stream.IntStream.range(0, n).toArray();
          int[] component = StrongComponents.of(graph, all, scratch);
          assertThat(scratch).containsOnly(-1);
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              assertThat(component[i] == component[j]).isEqualTo(reach[i][j] && reach[j][i]);
            }
          }
        });
  }

  @Test
  void purityByHand() {
    int[] ids = {0, 1, 2, 1, 0, 2, 2, 1, 0};
    var lists =
        new NearestNeighbors.Result(3, 3, ids, new double[9], NearestNeighbors.Search.EXACT);
    var result = NeighborPurity.run(lists, new int[] {0, 0, 1});
    assertThat(result.values()).containsExactly(0.5, 0.5, 0);
    assertThat(result.byLabel()).containsExactly(0.5, 0);
    assertThat(result.mean()).isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void purityOfAGraphCountsWeightsAndLeavesOutCellsWithoutEdges() {
    double[][] w = new double[4][4];
    w[0][0] = 9; // a cell is no neighbour of its own
    w[0][1] = 3;
    w[0][2] = 1;
    w[1][0] = 2;
    w[2][1] = 0.5;
    var result = NeighborPurity.run(graph(w), new int[] {0, 0, 1, 1});
    assertThat(result.values()).containsExactly(0.75, 1, 0, Double.NaN);
    assertThat(result.byLabel()).containsExactly(0.875, 0);
    assertThat(result.mean()).isCloseTo(1.75 / 3, within(1e-12));
    assertThat(NeighborPurity.run(graph(w), new int[] {0, 0, 0, 1}).byLabel()[1]).isNaN();
    w[1][0] = -1;
    assertThatThrownBy(() -> NeighborPurity.run(graph(w), new int[] {0, 0, 1, 1}))
        .hasMessageContaining("row 1, column 0 is -1.0");
  }

  @Test
  void autocorrelationOfARingByHand() {
    double[][] w = new double[4][4];
    for (int i = 0; i < 4; i++) {
      w[i][(i + 1) % 4] = 1;
      w[(i + 1) % 4][i] = 1;
    }
    var values = DenseMatrix.ofRows(new double[][] {{0, 1, 5}, {1, -1, 5}, {2, 1, 5}, {1, -1, 5}});
    var result = GraphAutocorrelation.run(graph(w), values);
    // column 0: z = -1, 0, 1, 0: products 0; column 1 alternates: every product is -1
    assertThat(result.moransI()[0]).isCloseTo(0, within(1e-12));
    assertThat(result.moransI()[1]).isCloseTo(-1, within(1e-12));
    // gaps 1 on 8 directed edges; (n - 1) * 8 / (2 * 8 * 2)
    assertThat(result.gearysC()[0]).isCloseTo(0.75, within(1e-12));
    assertThat(result.gearysC()[1]).isCloseTo(3 * 32 / (2.0 * 8 * 4), within(1e-12));
    assertThat(result.moransI()[2]).isNaN();
    assertThat(result.gearysC()[2]).isNaN();
  }

  @Test
  void autocorrelationIsItsDefinitionForSparseAndDense() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = random(40, 0.1, seed);
          var values = Seeds.counts(40, 50, 0.3, seed);
          var sparse = GraphAutocorrelation.run(graph, values);
          var dense = GraphAutocorrelation.run(graph, values.toDense());
          double total = Arrays.stream(graph.rowSums()).sum();
          for (int j = 0; j < 50; j++) {
            double mean = values.colSums()[j] / 40;
            double product = 0;
            double gaps = 0;
            double variation = 0;
            for (int a = 0; a < 40; a++) {
              double za = values.get(a, j) - mean;
              variation += za * za;
              for (int b = 0; b < 40; b++) {
                double zb = values.get(b, j) - mean;
                product += graph.get(a, b) * za * zb;
                gaps += graph.get(a, b) * (za - zb) * (za - zb);
              }
            }
            assertThat(sparse.moransI()[j])
                .isCloseTo(40 / total * product / variation, within(1e-10));
            assertThat(sparse.gearysC()[j])
                .isCloseTo(39 * gaps / (2 * total * variation), within(1e-10));
          }
          assertThat(dense.moransI()).containsExactly(sparse.moransI(), within(1e-10));
          assertThat(Seeds.withThreads(7, () -> GraphAutocorrelation.run(graph, values).moransI()))
              .isEqualTo(sparse.moransI());
        });
  }

  private static Kbet.Result kbet(Clouds clouds, int[] labels, int[] batches) {
    var search = NearestNeighbors.Params.builder().nNeighbors(50).build();
    var graph = FuzzyGraph.run(NearestNeighbors.run(clouds.points(), search));
    return Kbet.run(graph, labels, batches, Kbet.Params.DEFAULTS, Progress.NONE);
  }

  @Test
  void kbetAcceptsBatchesDrawnAtRandomAndRejectsSeparateOnes() {
    var clouds = Clouds.of(2, 300, 5, 8, 5);
    var random = new SplittableRandom(9);
    int[] mixed = random.ints(600, 0, 2).toArray();
    assertThat(kbet(clouds, clouds.labels(), mixed).mean()).isBetween(0.85, 1.0);
    int[] byPlace = new int[600];
    double[] first = clouds.points().column(0);
    double[] middles = {median(first, clouds.labels(), 0), median(first, clouds.labels(), 1)};
    for (int i = 0; i < 600; i++) {
      byPlace[i] = first[i] > middles[clouds.labels()[i]] ? 1 : 0;
    }
    assertThat(kbet(clouds, clouds.labels(), byPlace).mean()).isLessThan(0.4);
  }

  private static double median(double[] values, int[] labels, int label) {
    double[] own =
        java.util.stream.IntStream.range(0, values.length)
            .filter(i -> labels[i] == label)
            .mapToDouble(i -> values[i])
            .sorted()
            .toArray();
    return own[own.length / 2];
  }

  @Test
  void kbetLeavesOutLabelsThatCannotBeTested() {
    var clouds = Clouds.of(3, 40, 5, 20, 5);
    int[] batches = new int[120];
    for (int i = 0; i < 120; i++) {
      batches[i] = clouds.labels()[i] == 0 ? 0 : i / 3 % 2;
    }
    int[] labels = clouds.labels().clone();
    for (int i = 0; i < 8; i++) {
      labels[3 * i + 1] = 3;
    }
    double[] byLabel = kbet(clouds, labels, batches).byLabel();
    assertThat(byLabel[0]).as("one batch").isNaN();
    assertThat(byLabel[3]).as("eight cells").isNaN();
    assertThat(byLabel[2]).isBetween(0.0, 1.0);
    assertThat(Seeds.withThreads(7, () -> kbet(clouds, labels, batches).byLabel()))
        .isEqualTo(Seeds.withThreads(1, () -> kbet(clouds, labels, batches).byLabel()));
  }

  @Test
  void saysWhatIsWrong() {
    var graph = random(4, 0.5, 1);
    assertThatThrownBy(() -> GraphAutocorrelation.run(graph, Seeds.counts(3, 2, 0.5, 1)))
        .hasMessage("values has 3 rows, but the graph has 4 cells");
    var nan = DenseMatrix.ofRows(new double[][] {{1}, {Double.NaN}, {0}, {0}});
    assertThatThrownBy(() -> GraphAutocorrelation.run(graph, nan))
        .hasMessage("values must be finite, got NaN in row 1, column 0");
    assertThatThrownBy(
            () -> Kbet.run(graph, new int[4], new int[4], Kbet.Params.DEFAULTS, Progress.NONE))
        .hasMessage("batches must have at least two levels, got 1: there is nothing to mix.");
    assertThatThrownBy(() -> Kbet.Params.builder().smallest(80).build())
        .hasMessage("largest must not be below smallest, got 70 and 80");
    assertThatThrownBy(() -> GraphConnectivity.run(graph, new int[3]))
        .hasMessage("labels has length 3, but the number of cells is 4");
    var lists =
        NearestNeighbors.run(
            DenseMatrix.ofRows(new double[][] {{0}, {1}, {2}, {3}}),
            NearestNeighbors.Params.builder().nNeighbors(3).build());
    assertThatThrownBy(() -> lists.prefix(4))
        .hasMessage("k must lie in [2, 3], the length of the lists, got 4");
  }
}
