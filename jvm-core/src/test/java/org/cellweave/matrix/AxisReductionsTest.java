package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class AxisReductionsTest {
  private static final double NAN = Double.NaN;
  private static final DenseMatrix X =
      DenseMatrix.ofRows(new double[][] {{1, 0, -2}, {3, 0, 0}, {3, NAN, -5}});

  @Test
  void byHand() {
    assertThat(AxisReductions.sum(X, 0)).containsExactly(7, NAN, -7);
    assertThat(AxisReductions.sum(X, 1)).containsExactly(-1, 3, NAN);
    assertThat(AxisReductions.mean(X, 0)).containsExactly(7 / 3.0, NAN, -7 / 3.0);
    assertThat(AxisReductions.variance(X, 0, 0)[0]).isCloseTo(8 / 9.0, within(1e-15));
    assertThat(AxisReductions.variance(X, 0, 1)[0]).isCloseTo(4 / 3.0, within(1e-15));
    assertThat(AxisReductions.nanSum(X, 1)).containsExactly(-1, 3, -2);
    assertThat(AxisReductions.nanMean(X, 0)).containsExactly(7 / 3.0, 0, -7 / 3.0);
    assertThat(AxisReductions.nanVariance(X, 1, 0)[2]).isEqualTo(16);
    assertThat(AxisReductions.countNonzero(X, 0)).containsExactly(3, 1, 2);
    assertThat(AxisReductions.extreme(X, 0, true, false)).containsExactly(3, NAN, 0);
    assertThat(AxisReductions.extreme(X, 0, false, true)).containsExactly(1, 0, -5);
    assertThat(AxisReductions.argExtreme(X, 0, true)).containsExactly(1, 2, 1);
    assertThat(AxisReductions.argExtreme(X, 1, false)).containsExactly(2, 1, 1);
    assertThat(AxisReductions.total(new double[] {1, 2, 3, 4, 5, 6})).isEqualTo(21);
    assertThat(AxisReductions.totalVariance(DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 0}}), 0))
        .isEqualTo(1.25);
    assertThat(Quantiles.medians(X, 0, false)).containsExactly(3, NAN, -2);
    assertThat(Quantiles.medians(X, 0, true)).containsExactly(3, 0, -2);
    assertThat(Quantiles.of(X, 0.25, 0, true)).containsExactly(2, 0, -3.5);
    assertThat(Quantiles.median(new double[] {4, 1, 3, 2}, false)).isEqualTo(2.5);
  }

  @Test
  void extremesOfManyColumns() {
    double[][] rows = new double[3][150];
    rows[1][149] = 7;
    rows[2][70] = -4;
    rows[0][3] = NAN;
    var x = DenseMatrix.ofRows(rows);
    assertThat(AxisReductions.extreme(x, 1, true, false)).containsExactly(NAN, 7, 0);
    assertThat(AxisReductions.extreme(x, 1, false, false)).containsExactly(NAN, 0, -4);
    assertThat(AxisReductions.extreme(x, 0, true, false)[149]).isEqualTo(7);
    assertThat(AxisReductions.extreme(x, 0, false, false)[70]).isEqualTo(-4);
    assertThat(AxisReductions.extreme(x, 0, false, false)[3]).isNaN();
    assertThatThrownBy(
            () -> AxisReductions.extreme(DenseMatrix.zeros(2, 0, DType.FLOAT64), 1, true, false))
        .hasMessage("max needs at least one column, got 2 x 0");
  }

  @Test
  void constantColumnsHaveNoVariance() {
    var builder = new CsrBuilder(1, DType.FLOAT64);
    for (int i = 0; i < 1000; i++) {
      builder.addRow(new int[] {0}, new double[] {0.1}, 1);
    }
    assertThat(AxisReductions.variance(builder.build(), 0, 0)[0]).isLessThan(1e-28);
  }

  private static CsrMatrix signed(long seed) {
    CsrMatrix x = Seeds.counts(700, 30, 0.3, seed);
    for (int b = 0; b < x.blockCount(); b++) {
      float[] v = x.block(b).values();
      for (int p = 0; p < v.length; p++) {
        v[p] -= 5;
      }
    }
    return x;
  }

  @Test
  void storageAndThreadsDoNotMatter() {
    List<Function<Matrix, double[]>> reductions =
        List.of(
            x -> AxisReductions.sum(x, 0),
            x -> AxisReductions.sum(x, 1),
            x -> AxisReductions.nanMean(x, 0),
            x -> AxisReductions.extreme(x, 0, true, false),
            x -> AxisReductions.extreme(x, 1, false, false),
            x -> doubles(AxisReductions.argExtreme(x, 0, true)),
            x -> doubles(AxisReductions.argExtreme(x, 1, false)),
            x -> doubles(AxisReductions.countNonzero(x, 0)),
            x -> Quantiles.medians(x, 0, false),
            x -> Quantiles.medians(x, 1, false),
            x -> Quantiles.of(x, 0.9, 0, false));
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix x = signed(seed);
          Matrix columns = new CscMatrix(x.transposeToCsr());
          for (var reduction : reductions) {
            double[] one = Seeds.withThreads(1, () -> reduction.apply(x));
            assertThat(Seeds.withThreads(2, () -> reduction.apply(x))).isEqualTo(one);
            assertThat(Seeds.withThreads(7, () -> reduction.apply(x))).isEqualTo(one);
            assertThat(reduction.apply(x.toDense())).isEqualTo(one);
            assertThat(reduction.apply(columns)).isEqualTo(one);
          }
          for (int axis = 0; axis < 2; axis++) {
            double[] variance = AxisReductions.variance(x, axis, 1);
            assertThat(AxisReductions.variance(x.toDense(), axis, 1))
                .containsExactly(variance, within(1e-12));
            assertThat(AxisReductions.nanVariance(x, axis, 1))
                .containsExactly(variance, within(1e-12));
            int given = axis;
            assertThat(Seeds.withThreads(7, () -> AxisReductions.variance(x, given, 1)))
                .isEqualTo(variance);
          }
        });
  }

  private static double[] doubles(int[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  @Test
  void quantilesAreThoseOfTheSortedValues() {
    Seeds.forEach(
        20,
        seed -> {
          DenseMatrix x = signed(seed).toDense();
          double[] column = x.column(3);
          Arrays.sort(column);
          for (double share : new double[] {0, 0.1, 0.5, 0.77, 1}) {
            assertThat(Quantiles.of(x, share, 0, false)[3])
                .isCloseTo(org.cellweave.util.Quantile.ofSorted(column, share), within(1e-12));
          }
        });
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> AxisReductions.axis(2))
        .hasMessage("axis must be 0 (one for every column) or 1 (one for every row), got 2");
    assertThat(AxisReductions.axis(-1)).isEqualTo(1);
    var none = DenseMatrix.zeros(0, 3, DType.FLOAT64);
    assertThatThrownBy(() -> AxisReductions.extreme(none, 0, true, false))
        .hasMessage("max needs at least one row, got 0 x 3");
    assertThatThrownBy(() -> AxisReductions.argExtreme(none, 0, false))
        .hasMessage("argmin needs at least one row, got 0 x 3");
    assertThatThrownBy(() -> AxisReductions.ddof(-1)).hasMessageContaining("ddof");
    assertThatThrownBy(() -> Quantiles.of(X, 2, 0, false)).hasMessageContaining("q must lie in");
    assertThat(Quantiles.medians(none, 0, false)).containsExactly(NAN, NAN, NAN);
  }
}
