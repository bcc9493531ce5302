package org.cellweave.neural.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static Fingerprint of(org.cellweave.matrix.Matrix x) {
    return new Fingerprint().counts("X", new MatrixRows(x));
  }

  @Test
  void howCountsAreStoredChangesNothingAndThreadsNeither() {
    for (int seed = 0; seed < 20; seed++) {
      CsrMatrix x = Seeds.counts(700, 30, 0.3, seed);
      Fingerprint one = Seeds.withThreads(1, () -> of(x));
      assertThat(one.differing(Seeds.withThreads(2, () -> of(x)))).isEmpty();
      assertThat(one.differing(Seeds.withThreads(7, () -> of(x)))).isEmpty();
      assertThat(one.differing(of(x.toDense()))).isEmpty();
      long inOrder = new MatrixRows(x).sumOfCells((cell, genes, start, values, n) -> cell * 3L + n);
      CountRows plain = forEachOnly(x);
      assertThat(plain.sumOfCells((cell, genes, start, values, n) -> cell * 3L + n))
          .isEqualTo(inOrder);
    }
  }

  private static CountRows forEachOnly(CsrMatrix x) {
    MatrixRows of = new MatrixRows(x);
    return new CountRows() {
      @Override
      public int nCells() {
        return of.nCells();
      }

      @Override
      public int nGenes() {
        return of.nGenes();
      }

      @Override
      public void append(int[] cells, int from, int to, Counts out) {
        of.append(cells, from, to, out);
      }

      @Override
      public void forEach(Visitor visitor) {
        of.forEach(visitor);
      }
    };
  }

  /** Same totals, same genes, same multiset of counts: only their places differ. */
  @Test
  void anyOtherCountsAreToldApart() {
    DenseMatrix x = DenseMatrix.ofRows(new double[][] {{1, 2, 0}, {0, 2, 1}, {3, 0, 3}});
    Fingerprint of = of(x);
    double[][][] others = {
      {{2, 1, 0}, {0, 2, 1}, {3, 0, 3}},
      {{0, 2, 1}, {1, 2, 0}, {3, 0, 3}},
      {{1, 2, 0}, {0, 2, 1}, {3, 3, 0}},
      {{1, 2, 0}, {0, 2, 1}, {3, 0, 4}},
    };
    for (double[][] other : others) {
      assertThat(of.differing(of(DenseMatrix.ofRows(other)))).containsExactly("X");
    }
  }

  @Test
  void namesLevelsAndNumbersCountWithTheirPlaces() {
    var lanes = new Categories("lane", new int[] {0, 1, 1}, new String[] {"a", "b"});
    Fingerprint of =
        new Fingerprint()
            .names("genes", List.of("g0", "g1"))
            .categories("lane", lanes)
            .numbers("size", new double[] {1, 2})
            .numbers("none", (double[]) null);
    Fingerprint other =
        new Fingerprint()
            .names("genes", List.of("g1", "g0"))
            .categories("lane", new Categories("lane", lanes.codes(), new String[] {"a", "c"}))
            .numbers("size", new double[] {2, 1})
            .numbers("more", new double[0]);
    assertThat(of.differing(other)).containsExactly("genes", "lane", "size", "none", "more");
    assertThat(of.differing(of)).isEmpty();
  }
}
