package org.cellweave.clonal.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cellweave.clonal.association.AssociationSamples.same;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class GraphAssociationsTest {
  private static GraphAssociations.Params pcs(int n) {
    return GraphAssociations.Params.builder().nPcs(n).build();
  }

  @Test
  void agreesWithThePackageAndTheFullVariance() {
    try (var reference = AssociationSamples.reference()) {
      var x = reference.dense("graph/x");
      var graph = reference.dense("graph/w").toCsr();
      for (var given : new org.cellweave.matrix.Matrix[] {x, x.toCsr()}) {
        var found = GraphAssociations.run(graph, given, pcs(6));
        same(found.eigenvalues(), reference.doubles("graph/evals"), Tolerance.F64, "eigenvalues");
        same(found.explained(), reference.doubles("graph/varexpl"), Tolerance.F64, "explained");
        same(found.moransI(), reference.doubles("graph/morans_i"), Tolerance.F64, "Moran's I");
        same(found.pvalue(), reference.doubles("graph/morans_pvalue"), Tolerance.F64, "p-value");
        var theirs = reference.dense("graph/loadings");
        for (int c = 0; c < 6; c++) {
          double along = 0;
          for (int j = 0; j < x.nCols(); j++) {
            along += found.loadings().get(j, c) * theirs.get(j, c);
          }
          assertThat(Math.abs(along)).isCloseTo(1, within(Tolerance.F64));
        }
      }
    }
  }

  @Test
  void byHand() {
    // a path of four nodes: only its three steps are edges
    double[][] w = {{0, 1, 0, 0}, {1, 0, 1, 0}, {0, 1, 0, 1}, {0, 0, 1, 0}};
    var x = DenseMatrix.ofRows(new double[][] {{1, 0}, {1, 1}, {-1, 0}, {-1, 5}});
    var found = GraphAssociations.run(DenseMatrix.ofRows(w).toCsr(), x, pcs(1));
    // 4/6 * (1 - 1 + 1) * 2 / 4
    assertThat(found.moransI()[0]).isCloseTo(1 / 3.0, within(Tolerance.EXACT));
    // S1 = 12, S2 = 40, W = 6, kurtosis 1
    double second = (4 * (7 * 12 - 4 * 40 + 3 * 36) - (12 * 12 - 8 * 40 + 6 * 36)) / (6.0 * 36);
    double z = (1 / 3.0 + 1 / 3.0) / Math.sqrt(second - 1 / 9.0);
    assertThat(found.pvalue()[0])
        .isCloseTo(org.cellweave.diffexp.Significance.normalAbove(z), within(Tolerance.F64));
  }

  @Test
  void invariants() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = AssociationSamples.graph(50, 0.15, seed);
          var x = AssociationSamples.normal(50, 30, seed);
          var one = Seeds.withThreads(1, () -> GraphAssociations.run(graph, x, pcs(4)));
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> GraphAssociations.run(graph, x, pcs(4)));
            assertThat(more.loadings().doubleData()).isEqualTo(one.loadings().doubleData());
            assertThat(more.pvalue()).isEqualTo(one.pvalue());
          }
          int[] order = Seeds.permutation(50, seed);
          var moved =
              GraphAssociations.run(
                  graph.takeRows(order).takeCols(order), x.takeRows(order), pcs(4));
          same(moved.eigenvalues(), one.eigenvalues(), Tolerance.F64, "eigenvalues");
          same(moved.pvalue(), one.pvalue(), Tolerance.F64, "p-value");
          // scores are X times loadings, and their graph product is the eigenvalue
          for (int c = 0; c < 4; c++) {
            double product = 0;
            for (int i = 0; i < 50; i++) {
              for (int j = 0; j < 50; j++) {
                product += one.scores().get(i, c) * graph.get(i, j) * one.scores().get(j, c);
              }
            }
            assertThat(product).isCloseTo(one.eigenvalues()[c], within(1e-6));
          }
          // Moran's I does not see where a feature has its zero
          double[] shifted = x.doubleData().clone();
          for (int k = 0; k < shifted.length; k++) {
            shifted[k] += 3;
          }
          var other = GraphAssociations.run(graph, DenseMatrix.wrap(shifted, 50, 30), pcs(4));
          same(other.pvalue(), one.pvalue(), Tolerance.F64, "p-value");
        });
  }

  @Test
  void constantFeatureAndSparseWideTable() {
    var graph = AssociationSamples.graph(40, 0.2, 1);
    var x = Seeds.counts(40, 300, 0.1, 2);
    var found = GraphAssociations.run(graph, x, pcs(12));
    assertThat(found.loadings().shape()).isEqualTo("300 x 12");
    assertThat(found.eigenvalues()[0]).isGreaterThan(found.eigenvalues()[11]);
    double[][] same = new double[40][3];
    for (int i = 0; i < 40; i++) {
      same[i] = new double[] {0.1, i, i * i};
    }
    var constant = GraphAssociations.run(graph, DenseMatrix.ofRows(same), pcs(1));
    assertThat(constant.moransI()[0]).isNaN();
    assertThat(constant.pvalue()[0]).isNaN();
  }

  @Test
  void messages() {
    var graph = AssociationSamples.graph(10, 0.5, 1);
    var x = AssociationSamples.normal(10, 6, 1);
    assertThatThrownBy(() -> GraphAssociations.run(graph, x, GraphAssociations.Params.DEFAULTS))
        .hasMessage(
            "nPcs must be at most 5, one less than the smaller side of a matrix of 10 x 6, got 50");
    assertThatThrownBy(() -> GraphAssociations.run(graph, x.takeCols(new int[] {0}), pcs(1)))
        .hasMessage(
            "graphAssociations needs at least 4 clones, as Moran's I of fewer has no variance, and two"
                + " features, got a matrix of 10 x 1");
    var same = org.cellweave.matrix.DenseMatrix.zeros(10, 6, x.dtype());
    assertThatThrownBy(() -> GraphAssociations.run(graph, same, pcs(2)))
        .hasMessageContaining("no feature of X varies over the clones");
    assertThatThrownBy(() -> pcs(0)).hasMessage("nPcs must be positive, got 0");
    var empty = org.cellweave.matrix.CsrMatrix.empty(10, 10, org.cellweave.matrix.DType.FLOAT64);
    assertThatThrownBy(() -> GraphAssociations.run(empty, x, pcs(2)))
        .hasMessage("graph has no edges");
    assertThatThrownBy(
            () -> GraphAssociations.run(graph, x.takeRows(new int[] {0, 1, 2, 3}), pcs(2)))
        .hasMessageContaining("the list of clones has length 4");
  }
}
