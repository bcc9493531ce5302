package org.cellweave.trajectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class PagaTest {
  private static CsrMatrix directed(int n, int[][] edges) {
    var w = DenseMatrix.zeros(n, n, DType.FLOAT64);
    for (int[] e : edges) {
      w.set(e[0], e[1], 1);
    }
    return w.toCsr();
  }

  @Test
  void countsByHand() {
    // groups {0, 1}, {2, 3}; edges 0>1, 1>0, 2>3, 3>2, 1>2: out = (3, 2), one edge between
    var graph = directed(4, new int[][] {{0, 1}, {1, 0}, {2, 3}, {3, 2}, {1, 2}});
    var result = Paga.run(graph, new int[] {0, 0, 1, 1}, 2, Paga.Params.DEFAULTS);
    double chance = (3.0 * 2 + 2.0 * 2) / 3;
    assertThat(result.connectivities().get(0, 1)).isCloseTo(1 / chance, within(Tolerance.EXACT));
    assertThat(result.connectivities().get(0, 0)).isZero();
    assertThat(result.tree().nnz()).isEqualTo(1);
    assertThat(result.sizes()).containsExactly(2, 2);
  }

  private static CsrMatrix random(int n, int k, long seed) {
    var random = new SplittableRandom(seed);
    var w = DenseMatrix.zeros(n, n, DType.FLOAT64);
    for (int i = 0; i < n; i++) {
      for (int e = 0; e < k; e++) {
        int j = random.nextInt(n);
        if (j != i) {
          w.set(i, j, 1);
        }
      }
    }
    return w.toCsr();
  }

  @Test
  void connectivitiesAreSymmetricSharesAndTheTreeIsPartOfThem() {
    Seeds.forEach(
        20,
        seed -> {
          int[] codes = new SplittableRandom(seed).ints(200, 0, 6).toArray();
          var r = Paga.run(random(200, 8, seed), codes, 6, Paga.Params.DEFAULTS);
          assertThat(r.tree().nnz()).isEqualTo(5);
          for (int a = 0; a < 6; a++) {
            for (int b = 0; b < 6; b++) {
              double v = r.connectivities().get(a, b);
              assertThat(v).isBetween(0.0, 1.0).isEqualTo(r.connectivities().get(b, a));
              double t = r.tree().get(a, b);
              assertThat(t == 0 || (t == v && a < b)).isTrue();
            }
          }
        });
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      int[] codes = kang.codes("obs/leiden");
      int g = kang.categories("obs/leiden").length;
      var result = Paga.run(kang.csr("obsp/distances"), codes, g, Paga.Params.DEFAULTS);
      same(result.connectivities(), kang.csr("uns/paga/connectivities"));
      same(result.tree(), kang.csr("uns/paga/connectivities_tree"));
      assertThat(result.sizes()).isEqualTo(kang.ints("uns/leiden_sizes"));
    }
  }

  private static void same(CsrMatrix ours, CsrMatrix theirs) {
    assertThat(ours.nnz()).isEqualTo(theirs.nnz());
    for (int a = 0; a < theirs.nRows(); a++) {
      for (int b = 0; b < theirs.nCols(); b++) {
        assertThat(ours.get(a, b)).isCloseTo(theirs.get(a, b), within(Tolerance.PEER));
      }
    }
  }

  @Test
  void refusesCellsWithoutAGroup() {
    assertThatThrownBy(
            () -> Paga.run(random(5, 2, 1), new int[] {0, 1, -1, 0, 1}, 2, Paga.Params.DEFAULTS))
        .hasMessageContaining("cell 2 has -1");
    assertThatThrownBy(() -> Paga.run(random(5, 2, 1), new int[] {0, 1}, 2, Paga.Params.DEFAULTS))
        .hasMessageContaining("codes has length 2");
    assertThatThrownBy(() -> new Paga.Params(Paga.Model.V1_0, 0))
        .hasMessageContaining("nNeighbors must be positive");
  }
}
