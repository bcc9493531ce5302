package org.cellweave.diffexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class LogisticRankingTest {
  private static final int REST = RankGenesGroups.REST;
  private static final List<String> NAMES = List.of("a", "b", "c");

  private static RankGenesGroups.Params params(double tol, int maxIter) {
    return RankGenesGroups.Params.builder()
        .method(RankGenesGroups.Method.LOGREG)
        .regression(new RankGenesGroups.Regression(1, maxIter, tol))
        .build();
  }

  /**
   * One gene, -1 in two cells of a and 1 in two of b: by symmetry no intercept, and w = 4 / (1 +
   * e^w), since the penalty's slope w meets that of four equal losses.
   */
  @Test
  void binaryByHand() {
    var x = DenseMatrix.wrap(new float[] {-1, -1, 1, 1}, 4, 1);
    var r =
        RankGenesGroups.run(
            x,
            new int[] {0, 0, 1, 1},
            List.of("a", "b"),
            new int[] {0, 1},
            REST,
            params(1e-12, 99));
    assertThat(r.groups()).hasSize(2);
    assertThat(r.groups().get(0).group()).isZero();
    double w = r.groups().get(1).scores()[0];
    assertThat(r.groups().get(0).scores()[0]).isEqualTo(-w);
    assertThat(w).isCloseTo(4 / (1 + Math.exp(w)), within(Tolerance.F64));
    assertThat(r.groups().get(0).pvals()).isNull();
    assertThat(r.converged()).isTrue();
  }

  /** With more than two classes the coefficients of a gene add up to 0 at the minimum. */
  @Test
  void coefficientsOfAllClassesAddUpToNothing() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(45, 8, 0.5, seed);
          int[] codes = new int[45];
          for (int i = 0; i < 45; i++) {
            codes[i] = i % 3;
          }
          var fit = new LogisticRegression(x, codes, 3, 1).fit(2000, 1e-10, Progress.NONE);
          for (int j = 0; j < 8; j++) {
            double sum = 0;
            for (int c = 0; c < 3; c++) {
              sum += fit.coefficients()[c][j];
            }
            assertThat(sum).isCloseTo(0, within(1e-6));
          }
        });
  }

  @Test
  void cellsOfOtherGroupsTakeNoPart() {
    var x = Seeds.counts(60, 10, 0.5, 1);
    int[] codes = new int[60];
    for (int i = 0; i < 60; i++) {
      codes[i] = i % 4 - 1;
    }
    var some = RankGenesGroups.run(x, codes, NAMES, new int[] {0}, 2, params(1e-10, 999)).groups();
    int[] rows = new int[30];
    int[] labels = new int[30];
    int n = 0;
    for (int i = 0; i < 60; i++) {
      if (codes[i] == 0 || codes[i] == 2) {
        rows[n] = i;
        labels[n++] = codes[i] / 2;
      }
    }
    var fit = new LogisticRegression(x.takeRows(rows), labels, 2, 1).fit(999, 1e-10, Progress.NONE);
    assertThat(some).hasSize(1);
    for (int r = 0; r < 10; r++) {
      int gene = some.get(0).genes()[r];
      assertThat(some.get(0).scores()[r]).isEqualTo(-fit.coefficients()[0][gene]);
    }
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var x = Seeds.counts(7000, 300, 0.6, 1);
    int[] codes = new int[7000];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = i % 3;
    }
    int[] wanted = {0, 1, 2};
    var one =
        Seeds.withThreads(
            1, () -> RankGenesGroups.run(x, codes, NAMES, wanted, REST, params(1e-4, 5)));
    assertThat(one.converged()).isFalse();
    for (int threads : new int[] {2, 7}) {
      var other =
          Seeds.withThreads(
              threads, () -> RankGenesGroups.run(x, codes, NAMES, wanted, REST, params(1e-4, 5)));
      for (int g = 0; g < 3; g++) {
        assertThat(other.groups().get(g).scores()).isEqualTo(one.groups().get(g).scores());
      }
    }
  }

  @Test
  void messages() {
    var x = Seeds.counts(9, 4, 0.5, 0);
    int[] codes = {0, 0, 0, 1, 1, 1, 2, 2, 2};
    assertThatThrownBy(
            () -> RankGenesGroups.run(x, codes, NAMES, new int[] {1}, REST, params(1e-4, 9)))
        .hasMessage(
            "logistic regression needs two groups or more, got only 'b'; name more groups, or a"
                + " reference");
    assertThatThrownBy(() -> new RankGenesGroups.Regression(0, 9, 1))
        .hasMessage("C must be positive, got 0.0");
    assertThatThrownBy(() -> new RankGenesGroups.Regression(1, 0, 1))
        .hasMessage("maxIter must be positive, got 0");
    assertThatThrownBy(() -> new RankGenesGroups.Regression(1, 9, -1))
        .hasMessage("tol must not be negative, got -1.0");
  }

  /** Values ln 2 and ln 4 against ln 3 twice: means of what they are logarithms of are 2 and 2. */
  @Test
  void foldChangesOfMeansOutsideLogSpace() {
    var x =
        DenseMatrix.wrap(
            new float[] {(float) Math.log(2), (float) Math.log(4), (float) Math.log(3), 0}, 4, 1);
    var p = RankGenesGroups.Params.builder().meanInLogSpace(false).build();
    var r =
        RankGenesGroups.run(x, new int[] {0, 0, 1, 1}, List.of("a", "b"), new int[] {0}, REST, p);
    // means of 1 and 3, and of 2 and 0
    assertThat(r.groups().get(0).logFoldChanges()[0]).isCloseTo(1, within(1e-6));
  }
}
