package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class CategoryResidualsTest {
  private static DenseMatrix without(Matrix x, Categories... labels) {
    return CategoryResiduals.run(x, List.of(labels), Progress.NONE);
  }

  private static Categories random(String name, int n, int levels, long seed) {
    var random = new SplittableRandom(seed);
    int[] codes = new int[n];
    for (int i = 0; i < n; i++) {
      codes[i] = i < levels ? i : random.nextInt(levels);
    }
    return Categories.of(name, codes);
  }

  @Test
  void groupMeansGoAndTheGrandMeanStays() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 7}, {3, 7}, {10, 7}, {14, 7}});
    var out = without(x, Categories.of("batch", 0, 0, 1, 1));
    // means 2 and 12, of all 7
    assertThat(out.column(0)).containsExactly(new double[] {6, 8, 5, 9}, within(1e-12));
    assertThat(out.column(1)).containsExactly(new double[] {7, 7, 7, 7}, within(1e-12));
    assertThat(x.get(2, 0)).isEqualTo(10);
  }

  @Test
  void labelsThatGoTogetherAreFittedTogether() {
    // additive in both labels, which are not balanced: nothing may be left of either
    int[] a = {0, 0, 0, 1, 1, 1, 1, 0};
    int[] b = {0, 0, 1, 1, 1, 1, 0, 0};
    double[][] rows = new double[8][1];
    for (int i = 0; i < 8; i++) {
      rows[i][0] = 5 + 3 * a[i] - 2 * b[i];
    }
    var x = DenseMatrix.ofRows(rows);
    double mean = java.util.Arrays.stream(x.column(0)).average().orElseThrow();
    for (double left : without(x, Categories.of("a", a), Categories.of("b", b)).column(0)) {
      assertThat(left).isCloseTo(mean, within(1e-12));
    }
  }

  @Test
  void invariants() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(90, 12, 0.5, seed);
          var a = random("a", 90, 4, seed);
          var b = random("b", 90, 3, seed + 100);
          var out = Seeds.withThreads(1, () -> without(x, a, b));
          assertThat(out.dtype()).isEqualTo(DType.FLOAT32);
          assertThat(Seeds.withThreads(7, () -> without(x, a, b)).floatData())
              .isEqualTo(out.floatData());
          assertThat(without(x.toDense(), a, b).floatData()).isEqualTo(out.floatData());
          assertThat(out.colMoments(0).mean())
              .containsExactly(x.colMoments(0).mean(), within(Tolerance.F32));
          // groups of either label have the grand mean now, in any order of the labels
          var swapped = without(x, b, a);
          for (int[] group : a.members()) {
            for (int j = 0; j < 12; j++) {
              double mean = 0;
              for (int i : group) {
                mean += out.get(i, j) / group.length;
                assertThat(swapped.get(i, j)).isCloseTo(out.get(i, j), within(Tolerance.F32));
              }
              assertThat(mean).isCloseTo(x.colMoments(0).mean()[j], within(Tolerance.F32));
            }
          }
          var twice = without(out, a, b);
          assertThat(twice.floatData())
              .containsExactly(out.floatData(), within((float) Tolerance.F32));
        });
  }

  @Test
  void aLabelThatRepeatsAnotherChangesNothing() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 4}, {3, 4}, {10, 4}, {14, 4}});
    var batch = Categories.of("batch", 0, 0, 1, 1);
    var out = without(x, batch, Categories.of("well", 1, 1, 0, 0));
    assertThat(out.column(0)).containsExactly(new double[] {6, 8, 5, 9}, within(1e-12));
    assertThat(out.column(1)).containsExactly(new double[] {4, 4, 4, 4}, within(1e-12));
  }

  @Test
  void whatIsWrongIsNamed() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {Double.NaN}});
    assertThatThrownBy(() -> without(x, Categories.of("batch", 0, 1)))
        .hasMessageContaining("X[1, 0] is NaN");
    var fine = DenseMatrix.ofRows(new double[][] {{1}, {2}});
    assertThatThrownBy(() -> without(fine, Categories.of("batch", 0, 0)))
        .hasMessage(
            "regressCategories needs a label with two groups at least, got one group in each of"
                + " [batch]");
    assertThatThrownBy(() -> without(fine, Categories.of("batch", 0, -1)))
        .hasMessageContaining("batch has 1 missing label, for cell 1");
    assertThatThrownBy(() -> without(fine, Categories.of("batch", 0, 1, 0)))
        .hasMessageContaining("batch has length 3, but the number of cells is 2");
  }
}
