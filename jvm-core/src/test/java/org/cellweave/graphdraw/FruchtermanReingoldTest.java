package org.cellweave.graphdraw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cellweave.graphdraw.SmallGraphs.distance;

import java.util.SplittableRandom;
import org.cellweave.embed.Trustworthiness;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class FruchtermanReingoldTest {
  private static FruchtermanReingold.Result run(CsrMatrix graph, long seed) {
    var params = FruchtermanReingold.Params.builder().seed(seed).build();
    return FruchtermanReingold.run(new FruchtermanReingold.Input(graph, null), params);
  }

  /** Rows and columns of a grid, each node linked to those beside it. */
  private static CsrMatrix grid(int side) {
    var builder = new CsrBuilder(side * side, DType.FLOAT32);
    for (int i = 0; i < side * side; i++) {
      int[] at = new int[4];
      int n = 0;
      for (int step : new int[] {-side, -1, 1, side}) {
        boolean inRow = Math.abs(step) == side || (i + step) / side == i / side;
        if (i + step >= 0 && i + step < side * side && inRow) {
          at[n++] = i + step;
        }
      }
      builder.addRow(at, new double[] {1, 1, 1, 1}, n);
    }
    return builder.build();
  }

  /** Sum of {@code d^3 / 3} over edges less that of {@code log d} over pairs. */
  private static double energy(CsrMatrix graph, DenseMatrix at) {
    double energy = 0;
    for (int i = 0; i < graph.nRows(); i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        energy += Math.pow(distance(at, i, block.indices()[p]), 3) / 6;
      }
      for (int j = 0; j < i; j++) {
        energy -= Math.log(distance(at, i, j));
      }
    }
    return energy;
  }

  @Test
  void forcesBalanceWhereTheyAreKnown() {
    // two nodes: 1/d = d^2 at 1; a triangle too
    var pair = DenseMatrix.ofRows(new double[][] {{0, 1}, {1, 0}}).toCsr();
    assertThat(distance(run(pair, 1).coordinates(), 0, 1)).isCloseTo(1, within(1e-3));
    var three = DenseMatrix.ofRows(new double[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}).toCsr();
    var at = run(three, 1).coordinates();
    for (int i = 0; i < 3; i++) {
      assertThat(distance(at, i, (i + 1) % 3)).isCloseTo(1, within(1e-3));
    }
  }

  @Test
  void weightsCountWhenAsked() {
    // 1/d = w d^2
    var pair = DenseMatrix.ofRows(new double[][] {{0, 8}, {8, 0}}).toCsr();
    assertThat(distance(run(pair, 1).coordinates(), 0, 1)).isCloseTo(1, within(1e-3));
    var input = new FruchtermanReingold.Input(pair, null);
    var weighted = FruchtermanReingold.Params.builder().weighted(true).build();
    var at = FruchtermanReingold.run(input, weighted).coordinates();
    assertThat(distance(at, 0, 1)).isCloseTo(0.5, within(1e-3));
  }

  @Test
  void partsStayWithinReach() {
    // two lone nodes: 1/d = d^2 / (n sqrt n) at sqrt n
    var at = run(CsrMatrix.empty(2, 2, DType.FLOAT32), 3).coordinates();
    assertThat(distance(at, 0, 1)).isCloseTo(Math.sqrt(2), within(0.02));
  }

  @Test
  void pushesEndAtTheirReach() {
    var near = DenseMatrix.ofRows(new double[][] {{0, 0}, {1, 0}, {0, 0.5}, {4, 0}});
    var graph = CsrMatrix.empty(4, 4, DType.FLOAT32);
    var params = FruchtermanReingold.Params.builder().reach(2.0).maxIter(2000).build();
    var at =
        FruchtermanReingold.run(new FruchtermanReingold.Input(graph, near), params).coordinates();
    assertThat(at.get(3, 0)).isEqualTo(4);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(distance(at, i, j)).isGreaterThan(1.9);
      }
    }
    Seeds.forEach(
        20,
        seed -> {
          // the tree has to find all within reach: one step with it is one without
          var two = new FruchtermanReingold.Input(grid(12), run(grid(12), seed).coordinates());
          var step = FruchtermanReingold.Params.builder().reach(1.7).maxIter(1);
          var a = FruchtermanReingold.run(two, step.theta(1e-6).build()).coordinates();
          var b = FruchtermanReingold.run(two, step.theta(0).build()).coordinates();
          assertThat(a.floatData()).isEqualTo(b.floatData());
          var c = FruchtermanReingold.run(two, step.reach(1e6).build()).coordinates();
          assertThat(c.floatData()).isNotEqualTo(a.floatData());
        });
  }

  @Test
  void aGridUnfolds() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = grid(10);
          var result = run(graph, seed);
          assertThat(result.meanMove()).isLessThan(0.01);
          double edges = 0;
          double others = 0;
          for (int i = 0; i < 100; i++) {
            for (int j = 0; j < i; j++) {
              double d = distance(result.coordinates(), i, j);
              edges += graph.get(i, j) > 0 ? d / 180 : 0;
              others += graph.get(i, j) > 0 ? 0 : d / (4950 - 180);
            }
          }
          assertThat(edges).isLessThan(0.35 * others);
        });
  }

  @Test
  void theTreeHardlyChangesTheEnergy() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = grid(8);
          var exact = FruchtermanReingold.Params.builder().theta(0).seed(seed).build();
          var rest =
              FruchtermanReingold.run(new FruchtermanReingold.Input(graph, null), exact)
                  .coordinates();
          var tree = FruchtermanReingold.Params.builder().maxIter(1).build();
          var at =
              FruchtermanReingold.run(new FruchtermanReingold.Input(graph, rest), tree)
                  .coordinates();
          double moved = 0;
          for (int i = 0; i < 64; i++) {
            moved += Math.hypot(at.get(i, 0) - rest.get(i, 0), at.get(i, 1) - rest.get(i, 1)) / 64;
          }
          assertThat(moved).isLessThan(0.1);
          double energy = energy(graph, rest);
          assertThat(energy(graph, at)).isCloseTo(energy, within(0.01 * Math.abs(energy)));
        });
  }

  @Test
  void startsWhereItIsTold() {
    var graph = grid(4);
    var start = run(graph, 5).coordinates();
    var params = FruchtermanReingold.Params.builder().maxIter(1).build();
    var at =
        FruchtermanReingold.run(new FruchtermanReingold.Input(graph, start), params).coordinates();
    for (int i = 0; i < 16; i++) {
      assertThat(at.get(i, 0)).isCloseTo(start.get(i, 0), within(0.02));
    }
  }

  @Test
  void doesNotDependOnThreads() {
    float[] one = Seeds.withThreads(1, () -> run(grid(35), 1)).coordinates().floatData();
    for (int threads : new int[] {2, 7}) {
      var many = Seeds.withThreads(threads, () -> run(grid(35), 1));
      assertThat(many.coordinates().floatData()).isEqualTo(one);
    }
  }

  @EachReference
  void keepsNeighbours(H5Reference kang) {
    try (kang) {
      var x = kang.dense("obsm/X_pca_harmony");
      var at = run(kang.csr("obsp/connectivities"), 0).coordinates();
      // A random layout has 0.5, that of igraph 1.0 has 0.918.
      assertThat(Trustworthiness.of(x, at, 15)).isGreaterThan(0.9);
    }
  }

  @Test
  void emptyGraphs() {
    assertThat(run(CsrMatrix.empty(0, 0, DType.FLOAT32), 0).coordinates().nRows()).isZero();
    assertThat(run(CsrMatrix.empty(1, 1, DType.FLOAT32), 0).meanMove()).isZero();
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> FruchtermanReingold.Params.builder().maxIter(0).build())
        .hasMessageContaining("maxIter must be positive, got 0");
    assertThatThrownBy(() -> FruchtermanReingold.Params.builder().reach(0.0).build())
        .hasMessageContaining("reach must be positive");
    assertThatThrownBy(() -> FruchtermanReingold.Params.builder().theta(-1).build())
        .hasMessageContaining("theta");
    assertThatThrownBy(() -> run(CsrMatrix.empty(2, 3, DType.FLOAT32), 0))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("graph must be square");
    var bad = DenseMatrix.ofRows(new double[][] {{0, -1}, {1, 0}}).toCsr();
    assertThatThrownBy(() -> run(bad, 0)).hasMessageContaining("row 0, column 1 is -1.0");
    var start = DenseMatrix.ofRows(new double[][] {{0, 1}, {Double.NaN, 0}});
    var params = FruchtermanReingold.Params.DEFAULTS;
    assertThatThrownBy(
            () -> FruchtermanReingold.run(new FruchtermanReingold.Input(grid(2), start), params))
        .hasMessageContaining("start must have 4 rows");
    var pair = DenseMatrix.ofRows(new double[][] {{0, 1}, {1, 0}}).toCsr();
    assertThatThrownBy(
            () -> FruchtermanReingold.run(new FruchtermanReingold.Input(pair, start), params))
        .hasMessageContaining("row 1, column 0 of start is NaN");
  }

  @Test
  void lopsidedWeightsAreAveraged() {
    var random = new SplittableRandom(3);
    double[][] w = new double[12][12];
    double[][] half = new double[12][12];
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < i; j++) {
        double v = random.nextDouble() < 0.4 ? 1 + random.nextInt(4) : 0;
        w[i][j] = 2 * v;
        half[i][j] = v;
        half[j][i] = v;
      }
    }
    var params = FruchtermanReingold.Params.builder().weighted(true).build();
    var one =
        FruchtermanReingold.run(
            new FruchtermanReingold.Input(DenseMatrix.ofRows(w).toCsr(), null), params);
    var two =
        FruchtermanReingold.run(
            new FruchtermanReingold.Input(DenseMatrix.ofRows(half).toCsr(), null), params);
    assertThat(one.coordinates().floatData()).isEqualTo(two.coordinates().floatData());
  }
}
