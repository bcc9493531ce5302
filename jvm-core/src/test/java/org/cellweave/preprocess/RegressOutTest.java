package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.RegressOut.Regressors;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class RegressOutTest {
  private static Regressors numeric(double[]... columns) {
    String[] names = new String[columns.length];
    Arrays.setAll(names, k -> "key" + k);
    return Regressors.numeric(names, columns);
  }

  private static double[] random(int n, long seed) {
    return new SplittableRandom(seed).doubles(n, -2, 5).toArray();
  }

  private static double[] values(Matrix x, Regressors r) {
    return RegressOut.run(x, r).x().doubleData();
  }

  @Test
  void straightLineByHand() {
    // y = 0, 1, 5 on 0, 1, 2: slope 2.5, intercept -0.5; the second gene is constant
    var x = DenseMatrix.wrap(new double[] {0, 4, 1, 4, 5, 4}, 3, 2);
    var r = RegressOut.run(x, numeric(new double[] {0, 1, 2}));
    assertThat(r.x()).isSameAs(x);
    assertThat(r.rank()).isEqualTo(2);
    assertThat(x.doubleData())
        .containsExactly(new double[] {0.5, 0, -1, 0, 0.5, 0}, Offset.offset(1e-14));
  }

  @Test
  void meansOfCategoriesByHand() {
    var x = DenseMatrix.wrap(new double[] {1, 4, 3, 4, 7, 4}, 3, 2);
    var r = RegressOut.run(x, Regressors.categories(Categories.of("type", 0, 0, 2)));
    assertThat(r.rank()).isEqualTo(2);
    // a constant gene keeps its value, as in scanpy
    assertThat(x.doubleData()).containsExactly(-1, 4, 1, 4, 0, 4);
  }

  @Test
  void residualsAreOrthogonalAndStayWhatTheyAre() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(70, 300, 0.5, seed).toDense().toFloat64();
          double[] a = random(70, seed);
          double[] b = random(70, seed + 100);
          for (int i = 0; i < 70; i++) {
            b[i] = 1e4 + b[i];
          }
          RegressOut.run(x, numeric(a, b));
          double[] once = x.doubleData().clone();
          for (int j = 0; j < 300; j++) {
            double[] y = x.column(j);
            double sum = 0;
            double withA = 0;
            double withB = 0;
            for (int i = 0; i < 70; i++) {
              sum += y[i];
              withA += y[i] * a[i];
              withB += y[i] * b[i];
            }
            assertThat(sum).isCloseTo(0, Offset.offset(1e-11));
            assertThat(withA).isCloseTo(0, Offset.offset(1e-10));
            assertThat(withB).isCloseTo(0, Offset.offset(1e-7));
          }
          RegressOut.run(x, numeric(a, b));
          assertThat(x.doubleData()).containsExactly(once, Offset.offset(1e-10));
        });
  }

  @Test
  void dependentKeysAndTheirScaleDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(50, 20, 0.5, seed);
          double[] a = random(50, seed);
          double[] flat = new double[50];
          Arrays.fill(flat, 0.1);
          double[] scaled = Arrays.stream(a).map(v -> 3e5 * v - 2).toArray();
          var plain = RegressOut.run(x, numeric(a));
          var more = RegressOut.run(x, numeric(flat, scaled, a));
          assertThat(plain.rank()).isEqualTo(2);
          assertThat(more.rank()).isEqualTo(2);
          assertThat(more.x().doubleData())
              .containsExactly(plain.x().doubleData(), Offset.offset(1e-5));
        });
  }

  @Test
  void everyKindOfMatrixGivesTheSame() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(60, 300, 0.4, seed);
          double[] before = Kang.flat(x);
          var keys =
              seed % 2 == 0
                  ? numeric(random(60, seed))
                  : Regressors.categories(Categories.of("c", Seeds.permutation(60, seed)));
          double[] expected = values(x, keys);
          assertThat(Kang.flat(x)).as("a sparse input is kept").isEqualTo(before);
          assertThat(values(new CscMatrix(x.transposeToCsr()), keys)).isEqualTo(expected);
          assertThat(values(x.toDense(), keys)).isEqualTo(expected);
          var wide = RegressOut.run(x.withDType(DType.INT64), keys).x();
          assertThat(wide.dtype()).isEqualTo(DType.FLOAT64);
          assertThat(wide.doubleData()).containsExactly(expected, Offset.offset(1e-5));
        });
  }

  @Test
  void threadsDoNotMatter() {
    var x = Seeds.counts(400, 700, 0.3, 3);
    double[] key = random(400, 3);
    double[] one = Seeds.withThreads(1, () -> values(x, numeric(key)));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> values(x, numeric(key)))).isEqualTo(one);
    }
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      List<String> names = Arrays.asList(kang.strings("var/_index"));
      int[] at = Arrays.stream(kang.strings("uns/hvg200")).mapToInt(names::indexOf).toArray();
      CsrMatrix x = kang.csr("X").takeCols(at);
      double[] ours = values(x, numeric(kang.doubles("obs/total_counts")));
      double[] theirs = kang.dense("obsm/regress_out_hvg200").doubleData();
      Kang.assertClose(ours, theirs, Tolerance.PEER, 1, "residuals");
    }
  }

  @Test
  void messagesSayWhatToDo() {
    var x = DenseMatrix.wrap(new double[] {0, 4, 1, 4, 5, 4}, 3, 2);
    assertThatThrownBy(() -> Regressors.numeric(new String[0], new double[0][]))
        .hasMessage("regressOut needs at least one key, got none");
    assertThatThrownBy(() -> numeric(new double[] {1, Double.NaN}))
        .hasMessage(
            "regressOut needs finite numbers, but 'key0' is NaN for cell 1. Fill it or subset"
                + " first");
    assertThatThrownBy(() -> Regressors.categories(Categories.of("type", 0, 1, -1)))
        .hasMessage(
            "type has 1 missing label, for cell 2. Give every cell a label, or subset to the cells"
                + " that have one");
    assertThatThrownBy(() -> RegressOut.run(x, numeric(new double[2])))
        .hasMessage("regressors has length 2, but number of cells is 3");
    x.set(1, 1, Double.NEGATIVE_INFINITY);
    double[] before = x.doubleData().clone();
    assertThatThrownBy(() -> RegressOut.run(x, numeric(new double[] {1, 2, 4})))
        .hasMessageStartingWith("regressOut needs finite values, but X[1, 1] is -Infinity");
    assertThat(x.doubleData()).as("nothing changed").isEqualTo(before);
  }
}
