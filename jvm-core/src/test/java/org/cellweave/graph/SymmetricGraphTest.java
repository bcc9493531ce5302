package org.cellweave.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SymmetricGraphTest {
  @Test
  void joinsTheTwoDirectionsOfAnEdge() {
    CsrMatrix directed =
        DenseMatrix.ofRows(new double[][] {{0, 0.5, 0}, {0.25, 0, 1}, {0, 0, 0}}).toCsr();
    DenseMatrix union = SymmetricGraph.of(directed, (a, b) -> a + b - a * b).toDense();
    assertThat(union.doubleData()).containsExactly(0, 0.625, 0, 0.625, 0, 1, 0, 1, 0);
    CsrMatrix mutual = SymmetricGraph.of(directed, Math::min);
    assertThat(mutual.nnz()).isEqualTo(2);
    assertThat(mutual.get(0, 1)).isEqualTo(0.25);
  }

  @Test
  void isSymmetricForAnyGraph() {
    Seeds.forEach(
        20,
        seed -> {
          var graph = SymmetricGraph.of(Seeds.counts(40, 40, 0.1, seed), Math::max);
          assertThat(graph.toDense().doubleData())
              .isEqualTo(graph.transposeToCsr().toDense().doubleData());
        });
  }
}
