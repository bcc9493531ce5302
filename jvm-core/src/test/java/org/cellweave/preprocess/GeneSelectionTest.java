package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.GeneSelection.Combine;
import org.cellweave.testing.Seeds;
import org.cellweave.util.RefusedRowException;
import org.junit.jupiter.api.Test;

class GeneSelectionTest {
  private static GeneSelection.Params.Builder loose() {
    return GeneSelection.Params.builder().thresh(0.1).alpha(0.99);
  }

  /** One set of four cells with ten counts each: c is 0.1. */
  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{10, 0, 0}, {0, 10, 0}, {9, 0, 1}, {1, 8, 1}});
    var made = GeneSelection.run(x, Categories.of("set", 0, 0, 0, 0), loose().build());
    assertThat(made.mean()[0][0]).isCloseTo(0.5, within(1e-12));
    // shares 1, 0, .9, .1: squares .25 + .25 + .16 + .16 over 3
    assertThat(made.variance()[0][0]).isCloseTo(0.82 / 3, within(1e-12));
    // v / c = 2.73 beyond .5 + q sqrt(.5 * .1 / 4) with q = 0.973; the third gene varies by 0.0033
    assertThat(made.selected()).containsExactly(true, true, false);
    assertThat(made.nSets()).containsExactly(1, 1, 0);
    // log10(0.273 / 0.05) = 0.737, of the second gene log10(.2767 / .045) = 0.789
    var strict =
        GeneSelection.run(x, Categories.of("set", 0, 0, 0, 0), loose().thresh(0.75).build());
    assertThat(strict.selected()).containsExactly(false, true, false);
  }

  @Test
  void setsAreCombined() {
    double[][] rows = new double[40][3];
    for (int i = 0; i < 40; i++) {
      // the first gene varies in both sets, the second in one, which alone has the third
      rows[i][0] = i % 2 == 0 ? 50 : 1;
      rows[i][1] = i < 20 ? i % 2 == 1 ? 50 : 1 : 10;
      rows[i][2] = i < 20 ? 0 : i % 2 == 1 ? 50 : 1;
    }
    var x = DenseMatrix.ofRows(rows);
    var sets =
        new Categories(
            "set", IntStream.range(0, 40).map(i -> i / 20).toArray(), new String[] {"a", "b"});
    assertThat(GeneSelection.run(x, sets, loose().build()).selected())
        .containsExactly(true, true, false);
    assertThat(GeneSelection.run(x, sets, loose().build()).nSets()[2]).isEqualTo(1);
    var both = loose().combine(Combine.INTERSECTION).build();
    assertThat(GeneSelection.run(x, sets, both).nSets()[0]).isEqualTo(2);
    assertThat(GeneSelection.run(x, sets, both).selected()[0]).isTrue();
  }

  @Test
  void storageAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          Matrix x = Seeds.counts(700, 30, 0.5, seed);
          int[] codes = IntStream.range(0, 700).map(i -> i % 3).toArray();
          var sets = new Categories("set", codes, new String[] {"a", "b", "c"});
          var one = Seeds.withThreads(1, () -> GeneSelection.run(x, sets, loose().build()));
          for (int threads : new int[] {2, 7}) {
            var many =
                Seeds.withThreads(
                    threads, () -> GeneSelection.run(x.toDense(), sets, loose().build()));
            assertThat(many.selected()).isEqualTo(one.selected());
            assertThat(many.variance()).isDeepEqualTo(one.variance());
          }
        });
  }

  @Test
  void messages() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {0, 0}, {1, 1}});
    var one = Categories.of("set", 0, 0, 0);
    assertThatThrownBy(() -> GeneSelection.run(x, one, loose().build()))
        .isInstanceOf(RefusedRowException.class)
        .hasMessageContaining("row 1 of X has no counts");
    var alone = new Categories("set", new int[] {0, 0, 1}, new String[] {"a", "b"});
    assertThatThrownBy(() -> GeneSelection.run(x, alone, loose().build()))
        .hasMessageContaining("level 'b' of set has 1 cell");
    var negative = DenseMatrix.ofRows(new double[][] {{1, -2}, {1, 1}});
    assertThatThrownBy(
            () -> GeneSelection.run(negative, Categories.of("set", 0, 0), loose().build()))
        .hasMessageContaining("X[0, 1] is -2.0");
    assertThatThrownBy(() -> loose().alpha(0).build()).hasMessageContaining("alpha");
    assertThatThrownBy(() -> loose().alpha(1.5).build()).hasMessageContaining("alpha");
    assertThatThrownBy(() -> loose().thresh(Double.NaN).build()).hasMessageContaining("thresh");
  }
}
