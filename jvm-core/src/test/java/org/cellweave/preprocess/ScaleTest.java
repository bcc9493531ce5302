package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.cellweave.internal.Masks;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class ScaleTest {
  private static DenseMatrix small() {
    return DenseMatrix.wrap(new double[] {1, 5, 0, 3, 5, 0, 5, 5, 9}, 3, 3);
  }

  @Test
  void handComputedCase() {
    var x = small();
    var r = Scale.run(x, null, Scale.Params.builder().maxValue(1.0).build());
    double s = Math.sqrt(27);
    assertThat(r.x()).isSameAs(x);
    assertThat(r.mean()).containsExactly(3, 5, 3);
    assertThat(r.std()).containsExactly(new double[] {2, 1, s}, Offset.offset(1e-15));
    assertThat(x.doubleData())
        .containsExactly(new double[] {-1, 0, -3 / s, 0, 0, -3 / s, 1, 0, 1}, Offset.offset(1e-15));
  }

  @Test
  void maskedRowsAloneAreUsedAndChanged() {
    var x = small();
    var r = Scale.run(x, new boolean[] {true, false, true}, Scale.Params.DEFAULTS);
    assertThat(r.mean()).containsExactly(3, 5, 4.5);
    assertThat(x.get(1, 0)).isEqualTo(3);
    assertThat(x.get(0, 0)).isCloseTo(-Math.sqrt(0.5), Offset.offset(1e-15));
  }

  @Test
  void sparseStaysSparseWithoutCentring() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(50, 20, 0.4, seed);
          var dense = x.toDense().copy();
          var csc = new CscMatrix(x.transposeToCsr());
          boolean[] mask = null;
          if (seed % 2 == 0) {
            mask = new boolean[50];
            Arrays.fill(mask, 10, 45, true);
          }
          var p = Scale.Params.builder().zeroCenter(false).maxValue(2.0).build();
          var a = Scale.run(x, mask, p);
          var b = Scale.run(csc, mask, p);
          var c = Scale.run(dense, mask, p);
          assertThat(a.x()).isSameAs(x);
          assertThat(b.x()).isSameAs(csc);
          assertThat(csc.toDense().floatData()).isEqualTo(x.toDense().floatData());
          assertThat(dense.floatData()).isEqualTo(x.toDense().floatData());
          Same.assertBits(b.std(), a.std());
          Same.assertBits(c.mean(), a.mean());
        });
  }

  @Test
  void centredGenesHaveMeanZeroAndUnitVariance() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(80, 20, 0.5, seed).withDType(DType.INT64);
          double[] before = Kang.flat(x);
          Scale.run(x, null, Scale.Params.builder().zeroCenter(false).build());
          var r = Scale.run(x, null, Scale.Params.DEFAULTS);
          assertThat(r.x().dtype()).isEqualTo(DType.FLOAT64);
          var moments = r.x().colMoments(1);
          for (int j = 0; j < 20; j++) {
            assertThat(moments.mean()[j]).isCloseTo(0, Offset.offset(Tolerance.EXACT));
            assertThat(moments.variance()[j]).isCloseTo(1, Offset.offset(1e-10));
          }
          assertThat(Kang.flat(x)).as("integers kept").isEqualTo(before);
        });
  }

  @Test
  void aConstantGeneIsNotBlownUp() {
    var x = DenseMatrix.zeros(100, 1, DType.FLOAT32);
    for (int i = 0; i < 100; i++) {
      x.set(i, 0, 0.1);
    }
    var r = Scale.run(x, null, Scale.Params.DEFAULTS);
    assertThat(r.std()).containsExactly(1);
    assertThat(x.get(3, 0)).isCloseTo(0, Offset.offset(1e-9));
  }

  @Test
  void threadsDoNotMatter() {
    var x = Seeds.counts(1500, 30, 0.4, 2);
    var one = Seeds.withThreads(1, () -> Scale.run(x, null, Scale.Params.DEFAULTS));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> Scale.run(x, null, Scale.Params.DEFAULTS));
      Same.assertBits(other.mean(), one.mean());
      Same.assertBits(other.std(), one.std());
      Same.assertBits(other.x().toDense().floatData(), one.x().toDense().floatData());
    }
  }

  @Test
  void agreesWithScanpy() {
    try (var kang = H5Reference.kang()) {
      int[] hvg = Masks.indices(Kang.mask(kang, "var/highly_variable"));
      var x = kang.csr("X").takeCols(Arrays.copyOf(hvg, 200));
      var r = Scale.run(x, null, Scale.Params.builder().maxValue(10.0).build());
      Kang.assertClose(
          r.x().toDense().doubleData(),
          kang.dense("obsm/scale_hvg200").doubleData(),
          Tolerance.PEER,
          "scaled");
    }
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> Scale.Params.builder().maxValue(-1.0).build())
        .hasMessage("maxValue must be positive, got -1.0");
    assertThatThrownBy(() -> Scale.run(small(), new boolean[2], Scale.Params.DEFAULTS))
        .hasMessage("rowMask has length 2, but number of cells is 3");
    assertThatThrownBy(() -> Scale.run(small(), new boolean[3], Scale.Params.DEFAULTS))
        .hasMessage("scale needs at least 2 cells for a variance, got 0. Check the row mask");
    var nan = small();
    nan.set(1, 1, Double.NaN);
    assertThatThrownBy(() -> Scale.run(nan, null, Scale.Params.DEFAULTS))
        .hasMessageStartingWith("scale needs finite values, but X[1, 1] is NaN");
  }
}
