package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.Aggregate.Func;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class AggregateTest {
  private static final Aggregate.Params ALL =
      new Aggregate.Params(Set.of(Func.values()), Aggregate.Params.DEFAULTS.dof());

  private static double[] row(Aggregate.Result r, Func func, int g) {
    double[] out = new double[r.values().get(func).nCols()];
    r.values().get(func).readRow(g, out);
    return out;
  }

  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{1, -2}, {9, 9}, {3, 0}, {0, 0}, {5, 7}});
    var r = Aggregate.run(x, new int[] {0, -1, 0, 0, 1}, 3, null, ALL);
    assertThat(r.sizes()).containsExactly(3, 1, 0);
    assertThat(row(r, Func.SUM, 0)).containsExactly(4, -2);
    assertThat(row(r, Func.MEAN, 0)).containsExactly(4 / 3.0, -2 / 3.0);
    assertThat(row(r, Func.COUNT_NONZERO, 0)).containsExactly(2, 1);
    assertThat(row(r, Func.MEDIAN, 0)).containsExactly(1, 0);
    // squares 10 and 4: (10 - 16 / 3) / 2 and (4 - 4 / 3) / 2
    assertThat(row(r, Func.VAR, 0))
        .containsExactly(new double[] {7 / 3.0, 4 / 3.0}, within(Tolerance.EXACT));
    assertThat(row(r, Func.MEDIAN, 1)).containsExactly(5, 7);
    assertThat(row(r, Func.VAR, 1)).containsExactly(Double.NaN, Double.NaN);
    assertThat(row(r, Func.SUM, 2)).containsExactly(0, 0);
    assertThat(row(r, Func.MEAN, 2)).containsExactly(Double.NaN, Double.NaN);
    assertThat(row(r, Func.MEDIAN, 2)).containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void aMaskIsASubset() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(60, 12, 0.4, seed);
          int[] order = Seeds.permutation(60, seed);
          int[] codes = new int[60];
          boolean[] mask = new boolean[60];
          int[] kept = new int[30];
          int[] keptCodes = new int[30];
          int n = 0;
          for (int i = 0; i < 60; i++) {
            codes[i] = order[i] % 4;
            mask[i] = order[i] < 30;
            if (mask[i]) {
              kept[n] = i;
              keptCodes[n++] = codes[i];
            }
          }
          var masked = Aggregate.run(x, codes, 4, mask, ALL);
          var subset = Aggregate.run(x.takeRows(kept), keptCodes, 4, null, ALL);
          for (Matrix m : new Matrix[] {x.toDense(), new CscMatrix(x.transposeToCsr()), x}) {
            var other = Aggregate.run(m, codes, 4, mask, ALL);
            for (Func func : Func.values()) {
              for (int g = 0; g < 4; g++) {
                assertThat(row(other, func, g)).isEqualTo(row(subset, func, g));
                assertThat(row(masked, func, g)).isEqualTo(row(subset, func, g));
              }
            }
          }
        });
  }

  @Test
  void aVarianceBeyondFloat64IsInfinite() {
    var x = DenseMatrix.ofRows(new double[][] {{1e300}, {-1e300}});
    var r = Aggregate.run(x, new int[2], 1, null, ALL);
    assertThat(row(r, Func.VAR, 0)).containsExactly(Double.POSITIVE_INFINITY);
  }

  @Test
  void aConstantHasNoVariance() {
    var x = DenseMatrix.ofRows(new double[][] {{0.1}, {0.1}, {0.1}});
    var r = Aggregate.run(x, new int[3], 1, null, ALL);
    assertThat(row(r, Func.VAR, 0)).containsExactly(0);
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var x = Seeds.counts(20_000, 60, 0.5, 1);
    x.forBlocks(
        b -> {
          for (int p = 0; p < b.nnz(); p++) {
            b.values()[p] = (float) Math.log(b.values()[p] + p % 7);
          }
        });
    int[] codes = new int[20_000];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = i % 10 == 0 ? 1 : 0;
    }
    var one = Seeds.withThreads(1, () -> Aggregate.run(x, codes, 2, null, ALL));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> Aggregate.run(x, codes, 2, null, ALL));
      for (Func func : Func.values()) {
        assertThat(row(other, func, 0)).isEqualTo(row(one, func, 0));
        assertThat(row(other, func, 1)).isEqualTo(row(one, func, 1));
      }
    }
  }

  @Test
  void messages() {
    var x = Seeds.counts(3, 3, 0.5, 0);
    assertThatThrownBy(() -> new Aggregate.Params(Set.of(), 1))
        .hasMessageContaining("func must not be empty; choose among [MEAN");
    assertThatThrownBy(() -> new Aggregate.Params(Set.of(Func.VAR), -1))
        .hasMessage("dof must not be negative, got -1");
    assertThatThrownBy(() -> Aggregate.run(x, new int[2], 1, null, ALL))
        .hasMessageContaining("codes has length 2");
    assertThatThrownBy(() -> Aggregate.run(x, new int[3], 1, new boolean[1], ALL))
        .hasMessageContaining("mask has length 1");
    assertThatThrownBy(() -> Aggregate.run(x, new int[] {0, 1, 0}, 1, null, ALL))
        .hasMessageContaining("code must lie in [0, 1), got 1");
  }
}
