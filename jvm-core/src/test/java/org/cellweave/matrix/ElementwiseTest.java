package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class ElementwiseTest {
  private static final DenseMatrix X = DenseMatrix.ofRows(new double[][] {{1, 0, -2}, {0, 4, 0.5}});

  private static double[] flat(Matrix x) {
    return x.toDense().doubleData();
  }

  private static Matrix typed(DType type, double[]... rows) {
    return DenseMatrix.ofRows(rows).withDType(type);
  }

  @Test
  void numbersByHand() {
    assertThat(flat(Elementwise.with(X, Arithmetic.PLUS, 1, true)))
        .containsExactly(2, 1, -1, 1, 5, 1.5);
    assertThat(flat(Elementwise.with(X, Arithmetic.SUBTRACTED_FROM, 1, true)))
        .containsExactly(0, 1, 3, 1, -3, 0.5);
    assertThat(flat(Elementwise.with(X, Arithmetic.DIVIDING, 1, true)))
        .containsExactly(1, Double.POSITIVE_INFINITY, -0.5, Double.POSITIVE_INFINITY, 0.25, 2);
    assertThat(flat(Elementwise.with(X, Arithmetic.POWER, 2, true)))
        .containsExactly(1, 0, 4, 0, 16, 0.25);
    assertThat(flat(Elementwise.with(X, Arithmetic.REMAINDER, 3, true)))
        .containsExactly(1, 0, 1, 0, 1, 0.5);
    assertThat(flat(Elementwise.with(X, Arithmetic.MAXIMUM, 0, true)))
        .containsExactly(1, 0, 0, 0, 4, 0.5);
  }

  @Test
  void rowsAndColumnsByHand() {
    double[] row = {1, 2, 4};
    assertThat(flat(Elementwise.withRow(X, Arithmetic.DIVIDE, row, false)))
        .containsExactly(1, 0, -0.5, 0, 2, 0.125);
    double[] column = {10, 100};
    assertThat(flat(Elementwise.withColumn(X, Arithmetic.TIMES, column, false)))
        .containsExactly(10, 0, -20, 0, 400, 50);
    Matrix csr = X.toCsr();
    Matrix csc = new CscMatrix(csr.toCsr().transposeToCsr());
    for (Matrix x : List.of(csr, csc)) {
      Matrix out = Elementwise.withRow(x, Arithmetic.DIVIDE, row, false);
      assertThat(out).hasSameClassAs(x);
      assertThat(out.nnz()).isEqualTo(4);
      assertThat(flat(out)).containsExactly(1, 0, -0.5, 0, 2, 0.125);
      assertThat(flat(Elementwise.withColumn(x, Arithmetic.TIMES, column, false)))
          .containsExactly(10, 0, -20, 0, 400, 50);
    }
  }

  @Test
  void typesAreNumPys() {
    var counts = typed(DType.INT64, new double[] {1, 2, 3});
    assertThat(Elementwise.with(counts, Arithmetic.TIMES, 2, true).dtype()).isEqualTo(DType.INT64);
    assertThat(Elementwise.with(counts, Arithmetic.TIMES, 2, false).dtype())
        .isEqualTo(DType.FLOAT64);
    assertThat(Elementwise.with(counts, Arithmetic.DIVIDE, 2, true).dtype())
        .isEqualTo(DType.FLOAT64);
    assertThat(Elementwise.of(counts, MathFunction.LOG1P).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(Elementwise.of(counts, MathFunction.ABS).dtype()).isEqualTo(DType.INT64);
    var narrow = typed(DType.FLOAT32, new double[] {0.1, 2});
    assertThat(Elementwise.with(narrow, Arithmetic.TIMES, 0.1, false).dtype())
        .isEqualTo(DType.FLOAT32);
    assertThat(flat(Elementwise.with(narrow, Arithmetic.TIMES, 0.1, false))[0])
        .isEqualTo(0.1f * 0.1f);
    var bytes = typed(DType.UINT8, new double[] {200, 3});
    assertThat(Elementwise.with(bytes, Arithmetic.PLUS, 1, true).dtype()).isEqualTo(DType.UINT8);
    // 400 does not fit and would be 144 in NumPy
    Matrix wide = Elementwise.with(bytes, Arithmetic.TIMES, 2, true);
    assertThat(wide.dtype()).isEqualTo(DType.INT64);
    assertThat(flat(wide)).containsExactly(400, 6);
    assertThat(Elementwise.compare(bytes, Comparison.GT, 3).dtype()).isEqualTo(DType.BOOL);
    CsrMatrix odd = typed(DType.INT64, new double[] {4097, 0}).toCsr();
    assertThat(flat(Elementwise.of(odd, MathFunction.SQUARE))).containsExactly(4097.0 * 4097, 0);
  }

  @Test
  void functionsByHand() {
    var x = DenseMatrix.wrap(new double[] {0, 1, 8, 1e-12, -1, -2, Double.NaN, 1 / 0.0}, 1, 8);
    assertThat(flat(Elementwise.of(x, MathFunction.LOG1P)))
        .containsExactly(
            0,
            Math.log(2),
            Math.log(9),
            Math.log1p(1e-12),
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY);
    double[] log2 = flat(Elementwise.of(x, MathFunction.LOG2));
    assertThat(log2[0]).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(log2[2]).isEqualTo(3);
    assertThat(log2[7]).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(flat(Elementwise.rounded(DenseMatrix.wrap(new double[] {0.5, 1.5, 2.345}, 1, 3), 0)))
        .containsExactly(0, 2, 2);
    assertThat(flat(Elementwise.clipped(X, -1, 1))).containsExactly(1, 0, -1, 0, 1, 0.5);
    assertThat(flat(Elementwise.isNaN(x))).containsExactly(0, 0, 0, 0, 0, 0, 1, 0);
  }

  @Test
  void logarithmsOfFloatsAreExactToTheirRounding() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new java.util.SplittableRandom(seed);
          float[] values = new float[2000];
          for (int k = 0; k < values.length; k++) {
            values[k] = (float) Math.exp(random.nextDouble(-40, 40));
          }
          values[0] = 0;
          values[1] = Float.MAX_VALUE;
          values[2] = -0.5f;
          double[] found =
              flat(Elementwise.of(DenseMatrix.wrap(values, 40, 50), MathFunction.LOG1P));
          for (int k = 0; k < values.length; k++) {
            double right = Math.log1p(values[k]);
            assertThat(found[k]).isCloseTo(right, within(Math.ulp((float) right) * 1.0));
          }
        });
  }

  @Test
  void sparseIsDenseAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(700, 30, 0.3, seed);
          var y = Seeds.counts(700, 30, 0.2, seed + 100);
          for (var f : List.of(MathFunction.LOG1P, MathFunction.SQRT, MathFunction.EXPM1)) {
            Matrix one = Seeds.withThreads(1, () -> Elementwise.of(x, f));
            Matrix seven = Seeds.withThreads(7, () -> Elementwise.of(x, f));
            assertThat(one.isSparse()).isTrue();
            assertThat(flat(seven)).isEqualTo(flat(one));
            assertThat(flat(Elementwise.of(x.toDense(), f))).isEqualTo(flat(one));
          }
          for (var operation : List.of(Arithmetic.PLUS, Arithmetic.MINUS, Arithmetic.TIMES)) {
            Matrix dense = Broadcast.of(x.toDense(), operation, y.toDense());
            Matrix pair = Broadcast.of(x, operation, y);
            assertThat(pair.isSparse()).isTrue();
            assertThat(flat(pair)).isEqualTo(flat(dense));
            assertThat(flat(Broadcast.of(x, operation, y.toDense()))).isEqualTo(flat(dense));
            assertThat(flat(Broadcast.of(x.toDense(), operation, y))).isEqualTo(flat(dense));
            assertThat(flat(Seeds.withThreads(7, () -> Broadcast.of(x, operation, y))))
                .isEqualTo(flat(dense));
            Matrix turned = Broadcast.of(new CscMatrix(x), operation, new CscMatrix(y)).transpose();
            assertThat(flat(turned)).isEqualTo(flat(dense));
          }
          for (Comparison c : List.of(Comparison.GT, Comparison.NE, Comparison.EQ)) {
            double bound = c == Comparison.NE ? 0 : 3;
            Matrix mask = Elementwise.compare(x, c, bound);
            assertThat(mask.isSparse()).isTrue();
            assertThat(flat(mask)).isEqualTo(flat(Elementwise.compare(x.toDense(), c, bound)));
            assertThat(mask.nnz()).isEqualTo((long) AxisReductions.total(flat(mask)));
          }
        });
  }

  @Test
  void shapesAreNumPys() {
    Matrix column = DenseMatrix.ofRows(new double[][] {{10}, {100}});
    Matrix row = DenseMatrix.ofRows(new double[][] {{1, 2, 3}});
    assertThat(flat(Broadcast.of(X, Arithmetic.PLUS, column)))
        .containsExactly(11, 10, 8, 100, 104, 100.5);
    assertThat(flat(Broadcast.of(column, Arithmetic.MINUS, row)))
        .containsExactly(9, 8, 7, 99, 98, 97);
    assertThat(flat(Broadcast.of(row, Arithmetic.TIMES, X.toCsr())))
        .containsExactly(1, 0, -6, 0, 8, 1.5);
    assertThat(Broadcast.of(X.toCsr(), Arithmetic.DIVIDE, column).isSparse()).isTrue();
    Matrix one = DenseMatrix.ofRows(new double[][] {{2}});
    assertThat(flat(Broadcast.of(X.toCsr(), Arithmetic.TIMES, one)))
        .containsExactly(2, 0, -4, 0, 8, 1);
  }

  @Test
  void typesAreConverted() {
    assertThat(flat(Elementwise.astype(X, DType.INT32))).containsExactly(1, 0, -2, 0, 4, 0);
    assertThat(flat(Elementwise.astype(X, DType.BOOL))).containsExactly(1, 0, 1, 0, 1, 1);
    var copy = (DenseMatrix) Elementwise.astype(X, DType.FLOAT64);
    copy.set(0, 0, 7);
    assertThat(X.get(0, 0)).isEqualTo(1);
    var counts = Seeds.counts(20, 5, 0.5, 1);
    var whole = (CsrMatrix) Elementwise.astype(counts, DType.INT64);
    assertThat(whole.dtype()).isEqualTo(DType.INT64);
    whole.block(0).values()[0] = 99;
    assertThat(counts.block(0).values()[0]).isNotEqualTo(99);
  }

  @Test
  void messages() {
    Matrix sparse = X.toCsr();
    assertThatThrownBy(() -> Elementwise.with(sparse, Arithmetic.PLUS, 1, true))
        .hasMessageContaining("x + 1 has a value at every place, but x is sparse (2 x 3)")
        .hasMessageContaining("Call x.toarray() first, which takes 0.00 GB");
    assertThatThrownBy(() -> Elementwise.with(sparse, Arithmetic.DIVIDING, 1, true))
        .hasMessageContaining("1 / x has");
    assertThatThrownBy(() -> Elementwise.of(sparse, MathFunction.EXP))
        .hasMessageContaining("np.exp(x) has");
    assertThatThrownBy(() -> Elementwise.compare(sparse, Comparison.LT, 5))
        .hasMessageContaining("x < 5.0 has");
    assertThatThrownBy(() -> Elementwise.clipped(sparse, 1, 2)).hasMessageContaining("toarray()");
    assertThatThrownBy(() -> Elementwise.clipped(X, 2, 1)).hasMessageContaining("got 2.0 and 1.0");
    assertThatThrownBy(
            () -> Elementwise.withRow(sparse, Arithmetic.PLUS, new double[] {1, 2, 3}, false))
        .hasMessageContaining("x + a row has");
    assertThatThrownBy(() -> Broadcast.of(sparse, Arithmetic.DIVIDE, sparse))
        .hasMessageContaining("x / y has");
    assertThatThrownBy(
            () -> Elementwise.withColumn(X, Arithmetic.PLUS, new double[] {1, 2, 3}, false))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("an array of 3 cannot stand beside the 2 rows of a matrix of 2 x 3");
    assertThatThrownBy(() -> Broadcast.of(X, Arithmetic.PLUS, X.transpose()))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("2 x 3 and 3 x 2");
    assertThatThrownBy(() -> Broadcast.fitted(X, 4, 3)).hasMessageContaining("4 x 3 and 2 x 3");
    assertThatThrownBy(() -> Elementwise.compare(X, Comparison.GT, X.transpose()))
        .hasMessageContaining("2 x 3 and 3 x 2");
    assertThatThrownBy(() -> Elementwise.astype(X, DType.UINT8))
        .hasMessageContaining("values of type uint8 must lie in [0, 255], got -2.0");
    var nan = DenseMatrix.wrap(new double[] {Double.NaN}, 1, 1);
    assertThatThrownBy(() -> Elementwise.astype(nan, DType.INT64)).hasMessageContaining("got NaN");
  }
}
