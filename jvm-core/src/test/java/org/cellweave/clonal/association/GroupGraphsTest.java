package org.cellweave.clonal.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellweave.clonal.association.AssociationSamples.same;

import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

/** Connectivity of groups, smoothing and mixing of graphs. */
class GroupGraphsTest {
  private static final GraphSmoothing.Params STEPS = GraphSmoothing.Params.DEFAULTS;

  private static DenseMatrix connectivity(CsrMatrix graph, Categories groups, boolean directed) {
    return GroupConnectivity.run(graph, groups, new GroupConnectivity.Params(directed))
        .connectivity();
  }

  @Test
  void agreesWithThePackage() {
    try (var reference = AssociationSamples.reference()) {
      var graph = reference.dense("graph/one_way").toCsr();
      var groups = Categories.of("group", reference.ints("graph/groups"));
      same(
          connectivity(graph, groups, true),
          reference.dense("graph/directed"),
          Tolerance.EXACT,
          "directed");
      same(
          connectivity(graph, groups, false),
          reference.dense("graph/undirected"),
          Tolerance.EXACT,
          "undirected");
      var x = reference.dense("graph/x");
      var smoothed = reference.dense("graph/smoothed");
      same(GraphSmoothing.run(graph, x, STEPS).values(), smoothed, Tolerance.EXACT, "smoothed");
      same(
          GraphSmoothing.run(graph, x.toCsr(), STEPS).values(),
          smoothed,
          Tolerance.EXACT,
          "smoothed");
      var mixed =
          Clonocluster.run(
              reference.dense("graph/w").toCsr(),
              reference.dense("graph/lineage").toCsr(),
              Clonocluster.Params.DEFAULTS);
      same(
          mixed.connectivities(),
          reference.dense("graph/clonocluster"),
          Tolerance.EXACT,
          "clonocluster");
    }
  }

  @Test
  void connectivityByHand() {
    // 0 -> 1, 0 -> 2, 2 -> 0 with 0, 1 in one group and 2 in the other; 3 has no group
    double[][] w = {{0, 2, 1, 1}, {0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 1, 0}};
    var graph = DenseMatrix.ofRows(w).toCsr();
    var groups = Categories.of("group", 0, 0, 1, -1);
    // observed 1 1 / 1 0 of 3; expected 4/3 2/3 / 2/3 1/3
    assertThat(connectivity(graph, groups, true).doubleData()).containsExactly(0.75, 1.5, 1.5, 0);
    // both ways 2 1 / 1 0, of groups of 2 and 1; expected 12/2 5/2 / 5/2 2/2
    assertThat(connectivity(graph, groups, false).doubleData())
        .containsExactly(1 / 3.0, 0.4, 0.4, 0);
    var none = CsrMatrix.empty(4, 4, DType.FLOAT32);
    var empty = GroupConnectivity.run(none, groups, GroupConnectivity.Params.DEFAULTS);
    assertThat(empty.nEdges()).isZero();
    assertThat(empty.connectivity().doubleData()).containsOnly(0);
  }

  @Test
  void smoothingByHand() {
    double[][] w = {{0, 5, 0}, {0, 0, 0}, {1, 1, 1}};
    var graph = DenseMatrix.ofRows(w).toCsr();
    var x = DenseMatrix.ofRows(new double[][] {{3, 0}, {6, 0}, {9, 9}});
    var once = new GraphSmoothing.Params(1);
    double[] expected = {4.5, 0, 6, 0, 6, 3};
    assertThat(GraphSmoothing.run(graph, x, once).values().toDense().doubleData())
        .containsExactly(expected);
    assertThat(GraphSmoothing.run(graph, x.toCsr(), once).values().toDense().doubleData())
        .containsExactly(expected);
    var kept = GraphSmoothing.run(graph, x, new GraphSmoothing.Params(0)).values().toDense();
    kept.set(0, 0, 100);
    assertThat(x.get(0, 0)).as("nothing is shared").isEqualTo(3);
  }

  @Test
  void rowsAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = AssociationSamples.graph(150, 0.05, seed);
          var x = Seeds.counts(150, 30, 0.1, seed);
          var one = Seeds.withThreads(1, () -> GraphSmoothing.run(graph, x, STEPS)).values();
          assertThat(one.isSparse()).isTrue();
          double[] values = one.toDense().doubleData();
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> GraphSmoothing.run(graph, x, STEPS));
            assertThat(more.values().toDense().doubleData()).isEqualTo(values);
          }
          same(GraphSmoothing.run(graph, x.toDense(), STEPS).values(), one, 1e-12, "dense");
          int[] order = Seeds.permutation(150, seed);
          var turned = graph.takeRows(order).takeCols(order);
          same(
              GraphSmoothing.run(turned, x.takeRows(order), STEPS).values(),
              one.takeRows(order),
              Tolerance.EXACT,
              "moved");
          int[] codes = new int[150];
          for (int i = 0; i < 150; i++) {
            codes[i] = i % 4;
          }
          var groups = Categories.of("group", codes);
          same(
              connectivity(turned, groups.subset(order), false),
              connectivity(graph, groups, false),
              Tolerance.EXACT,
              "connectivity");
        });
  }

  @Test
  void clonoclusterGoesFromOneGraphToTheOther() {
    var expression = AssociationSamples.graph(30, 0.2, 1);
    var lineage = AssociationSamples.graph(30, 0.1, 2);
    var all = Clonocluster.run(expression, lineage, new Clonocluster.Params(1, 0.5));
    same(all.connectivities(), lineage, 0, "lineage alone");
    assertThat(all.connectivities().nnz()).isEqualTo(lineage.nnz());
    var none = Clonocluster.run(expression, lineage, new Clonocluster.Params(0, 0));
    same(none.connectivities(), expression, 0, "expression alone");
    var half = Clonocluster.run(expression, lineage, new Clonocluster.Params(0.5, 1));
    assertThat(half.connectivities().get(3, 5))
        .isEqualTo(0.5 * expression.get(3, 5) + 0.5 * lineage.get(3, 5));
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> new Clonocluster.Params(-0.1, 0.1))
        .hasMessage("alpha must lie in [0.0, 1.0], got -0.1");
    assertThatThrownBy(() -> new Clonocluster.Params(0.1, 2))
        .hasMessage("beta must lie in [0.0, 1.0], got 2.0");
    var graph = AssociationSamples.graph(5, 0.5, 1);
    var other = AssociationSamples.graph(6, 0.5, 1);
    assertThatThrownBy(() -> Clonocluster.run(graph, other, Clonocluster.Params.DEFAULTS))
        .hasMessageContaining("the lineage graph has length 6");
    assertThatThrownBy(() -> new GraphSmoothing.Params(-1))
        .hasMessage("nSteps must not be negative, got -1");
    var nan = DenseMatrix.ofRows(new double[][] {{1}, {2}, {Double.NaN}, {1}, {1}});
    assertThatThrownBy(() -> GraphSmoothing.run(graph, nan, STEPS))
        .hasMessageContaining("values[2, 0] is NaN");
    assertThatThrownBy(() -> GraphSmoothing.run(other, nan, STEPS))
        .hasMessageContaining("the list of rows has length 5");
    assertThatThrownBy(() -> connectivity(graph, Categories.of("group", 0, 1), true))
        .hasMessageContaining("group has length 2");
  }
}
