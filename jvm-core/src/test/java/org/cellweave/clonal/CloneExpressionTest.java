package org.cellweave.clonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.clonal.CloneExpression.Params;
import org.cellweave.clonal.CloneExpression.Strategy;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.NonFiniteException;
import org.junit.jupiter.api.Test;

class CloneExpressionTest {
  private static final Params AVERAGE = Params.DEFAULTS;
  private static final Params SUM = new Params(Strategy.SUM);
  private static final DenseMatrix X =
      DenseMatrix.ofRows(new double[][] {{1, 0, 2}, {3, 0, 0}, {0, 0, 5}, {-2, 0, 2}, {9, 9, 9}});
  private static final Categories CLONES =
      new Categories("clone", new int[] {0, 0, 2, 0, -1}, new String[] {"a", "b", "c"});

  private static double[] dense(Matrix x) {
    return x.toDense().toFloat64().doubleData();
  }

  @Test
  void byHand() {
    for (Matrix x : new Matrix[] {X, X.toCsr(), X.toCsr().transpose().transpose()}) {
      var sum = CloneExpression.run(x, CLONES, SUM);
      assertThat(dense(sum.values())).containsExactly(2, 0, 4, 0, 0, 0, 0, 0, 5);
      assertThat(sum.cells()).containsExactly(3, 0, 1);
      assertThat(sum.present()).containsExactly(true, false, true);
      assertThat(sum.values().isSparse()).isEqualTo(x.isSparse());
      assertThat(dense(CloneExpression.run(x, CLONES, AVERAGE).values()))
          .containsExactly(2 / 3.0, 0, 4 / 3.0, 0, 0, 0, 0, 0, 5);
    }
  }

  @Test
  void levelsAreToldApart() {
    var levels = new Categories("day", new int[] {0, 1, 1, 1, 0}, new String[] {"d2", "d4", "d6"});
    var parts = CloneExpression.byLevel(X.toCsr(), CLONES, levels, AVERAGE);
    assertThat(parts).hasSize(3);
    assertThat(dense(parts.get(0).values())).containsExactly(1, 0, 2, 0, 0, 0, 0, 0, 0);
    assertThat(dense(parts.get(1).values())).containsExactly(0.5, 0, 1, 0, 0, 0, 0, 0, 5);
    assertThat(parts.get(0).present()).containsExactly(true, false, false);
    assertThat(parts.get(1).cells()).containsExactly(2, 0, 1);
    assertThat(parts.get(2).present()).containsExactly(false, false, false);
  }

  @Test
  void typesDoNotOverflow() {
    var bytes = DenseMatrix.zeros(300, 1, DType.UINT8);
    for (int i = 0; i < 300; i++) {
      bytes.set(i, 0, 255);
    }
    var all = Categories.of("clone", new int[300]);
    var sum = CloneExpression.run(bytes.toCsr(), all, SUM).values();
    assertThat(sum.get(0, 0)).isEqualTo(76500);
    assertThat(sum.dtype()).isEqualTo(DType.INT64);
    assertThat(CloneExpression.run(bytes, all, AVERAGE).values().dtype()).isEqualTo(DType.FLOAT64);
    var narrow = X.withDType(DType.FLOAT32);
    assertThat(CloneExpression.run(narrow, CLONES, AVERAGE).values().dtype())
        .isEqualTo(DType.FLOAT32);
    assertThat(CloneExpression.run(X, CLONES, SUM).values().dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void storageThreadsAndOrderDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(400, 30, 0.3, seed);
          int[] codes = new SplittableRandom(seed).ints(400, -1, 90).toArray();
          var clones = new Categories("clone", codes, names(90));
          var one = Seeds.withThreads(1, () -> CloneExpression.run(x, clones, AVERAGE));
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> CloneExpression.run(x, clones, AVERAGE));
            assertThat(dense(more.values())).isEqualTo(dense(one.values()));
          }
          assertThat(dense(CloneExpression.run(x.toDense(), clones, AVERAGE).values()))
              .isEqualTo(dense(one.values()));
          int[] order = Seeds.permutation(400, seed);
          var moved = CloneExpression.run(x.takeRows(order), clones.subset(order), AVERAGE);
          assertThat(dense(moved.values()))
              .containsExactly(dense(one.values()), within(Tolerance.F64));
          // means times cells are the sums, and the sums of all clones those of the matrix
          double[] total = CloneExpression.run(x, clones, SUM).values().colSums();
          var labelled = x.takeRows(IntStream.range(0, 400).filter(i -> codes[i] >= 0).toArray());
          assertThat(total).containsExactly(labelled.colSums(), within(Tolerance.F64));
        });
  }

  private static String[] names(int n) {
    String[] out = new String[n];
    Arrays.setAll(out, i -> "c" + i);
    return out;
  }

  @Test
  void namesTheFirstValueThatIsNotFinite() {
    var x = DenseMatrix.ofRows(new double[][] {{Double.NaN, 1}, {1, 2}, {1, Double.NaN}});
    var clones = new Categories("clone", new int[] {-1, 0, 0}, new String[] {"a"});
    for (Matrix m : new Matrix[] {x, x.toCsr()}) {
      assertThatThrownBy(() -> CloneExpression.run(m, clones, AVERAGE))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageContaining("the expression of clones needs finite values, but x[2, 1] is NaN");
    }
  }

  @Test
  void refusesOtherCells() {
    assertThatThrownBy(() -> CloneExpression.run(X, Categories.of("clone", 0, 1), SUM))
        .hasMessage("clone has length 2, but the number of cells is 5");
    assertThatThrownBy(() -> CloneExpression.byLevel(X, CLONES, Categories.of("day", 0, 1), SUM))
        .hasMessage("day has length 2, but the number of cells is 5");
  }
}
