package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.Pca.Params;
import org.cellweave.preprocess.Pca.Result;
import org.cellweave.preprocess.Pca.Solver;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PcaTest {
  private static Params params(int nComps, Solver solver) {
    return Params.builder().nComps(nComps).solver(solver).build();
  }

  @Test
  void handComputedCase() {
    // four points on a cross: variance 2 * 9 / 3 along the second axis, 2 * 1 / 3 along the first
    var x = DenseMatrix.ofRows(new double[][] {{6, 5}, {4, 5}, {5, 8}, {5, 2}});
    var r = Pca.run(x, null, params(1, Solver.AUTO));
    assertThat(r.solver()).isEqualTo(Solver.COVARIANCE);
    assertThat(r.variance()).containsExactly(new double[] {6}, Offset.offset(1e-12));
    assertThat(r.varianceRatio()).containsExactly(new double[] {0.9}, Offset.offset(1e-12));
    assertThat(r.loadings().column(0)).containsExactly(new double[] {0, 1}, Offset.offset(1e-12));
    assertThat(r.scores().column(0))
        .containsExactly(new double[] {0, 0, 3, -3}, Offset.offset(1e-6));
  }

  @Test
  void withoutCentringItIsATruncatedSvd() {
    var x = DenseMatrix.ofRows(new double[][] {{3, 0}, {0, 1}, {4, 0}});
    var r = Pca.run(x, null, Params.builder().nComps(1).zeroCenter(false).build());
    assertThat(r.loadings().column(0)).containsExactly(new double[] {1, 0}, Offset.offset(1e-12));
    assertThat(r.scores().column(0)).containsExactly(new double[] {3, 0, 4}, Offset.offset(1e-6));
    double variance = 25 / 3.0 - 49 / 9.0;
    assertThat(r.variance()[0]).isCloseTo(variance, Offset.offset(1e-6));
    assertThat(r.varianceRatio()[0])
        .isCloseTo(variance / (variance + 2 / 9.0), Offset.offset(1e-6));
  }

  /** Three strong directions and noise. */
  private static CsrMatrix structured(int n, int p, double density, long seed) {
    var random = new SplittableRandom(seed);
    var dense = DenseMatrix.zeros(n, p, DType.FLOAT32);
    double[][] program = new double[4][p];
    for (int t = 0; t < 4; t++) {
      for (int j = 0; j < p; j++) {
        program[t][j] = random.nextDouble() < 0.3 ? (t + 1) * random.nextDouble() : 0;
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        if (random.nextDouble() < density) {
          dense.set(i, j, program[i % 4][j] + 0.3 * random.nextDouble());
        }
      }
    }
    return dense.toCsr();
  }

  @Test
  void solversAndKindsOfMatrixAgree() {
    Seeds.forEach(
        20,
        seed -> {
          int n = seed % 2 == 0 ? 90 : 40;
          int p = seed % 2 == 0 ? 50 : 70;
          var x = structured(n, p, seed % 3 == 0 ? 0.15 : 0.8, seed);
          boolean[] mask = new boolean[p];
          for (int j = 0; j < p; j++) {
            mask[j] = seed % 4 == 3 || j % 5 != 0;
          }
          boolean centre = seed % 5 != 0;
          Result first = null;
          for (Solver solver : Solver.values()) {
            for (Matrix m : new Matrix[] {x, x.toDense(), new CscMatrix(x.transposeToCsr())}) {
              var params = Params.builder().nComps(5).zeroCenter(centre).solver(solver).build();
              var r = Pca.run(m, mask, params);
              first = first == null ? r : first;
              assertThat(r.solver()).isNotEqualTo(Solver.AUTO);
              Kang.assertClose(r.variance(), first.variance(), 1e-6, "variance");
              Kang.assertClose(r.varianceRatio(), first.varianceRatio(), 1e-6, "ratio");
              Kang.assertClose(
                  r.loadings().doubleData(), first.loadings().doubleData(), 1e-6, 1, "loadings");
            }
          }
        });
  }

  @Test
  void loadingsAreOrthonormalAndScoresHaveTheVariances() {
    Seeds.forEach(
        20,
        seed -> {
          var x = structured(80, 60, 0.5, seed);
          var r = Pca.run(x, null, params(10, Solver.AUTO));
          for (int a = 0; a < 10; a++) {
            double[] u = r.loadings().column(a);
            double largest = Arrays.stream(u).map(Math::abs).max().orElseThrow();
            assertThat(Arrays.stream(u).max().orElseThrow()).isEqualTo(largest);
            for (int b = 0; b <= a; b++) {
              double[] v = r.loadings().column(b);
              double dot = 0;
              for (int g = 0; g < 60; g++) {
                dot += u[g] * v[g];
              }
              assertThat(dot).isCloseTo(a == b ? 1 : 0, Offset.offset(1e-10));
            }
          }
          Kang.assertClose(
              r.scores().colMoments(1).variance(), r.variance(), Tolerance.PEER, "variance");
        });
  }

  @Test
  void directionsWithoutVarianceAreFilledUp() {
    var x = DenseMatrix.zeros(4, 9, DType.FLOAT64);
    x.set(0, 3, 2);
    x.set(1, 3, 2);
    var r = Pca.run(x, null, params(3, Solver.GRAM));
    assertThat(r.variance()[1]).isCloseTo(0, Offset.offset(1e-12));
    for (int a = 0; a < 3; a++) {
      assertThat(Arrays.stream(r.loadings().column(a)).map(v -> v * v).sum())
          .isCloseTo(1, Offset.offset(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(Solver.class)
  void threadsDoNotMatter(Solver solver) {
    var sparse = structured(3000, 90, 0.1, 4);
    for (Matrix x : new Matrix[] {sparse, sparse.toDense()}) {
      Matrix used = solver == Solver.GRAM ? x.takeRows(Seeds.permutation(400, 1)) : x;
      var one = Seeds.withThreads(1, () -> Pca.run(used, null, params(6, solver)));
      for (int threads : new int[] {2, 7}) {
        var other = Seeds.withThreads(threads, () -> Pca.run(used, null, params(6, solver)));
        Same.assertBits(other.variance(), one.variance());
        Same.assertBits(other.scores().floatData(), one.scores().floatData());
        Same.assertBits(other.loadings().doubleData(), one.loadings().doubleData());
      }
    }
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      for (Solver solver : Solver.values()) {
        agreesWithScanpy(kang, solver);
      }
    }
  }

  private static void agreesWithScanpy(H5Reference kang, Solver solver) {
    boolean[] mask = Kang.mask(kang, "var/highly_variable");
    var r = Pca.run(kang.csr("X"), mask, params(30, solver));
    Kang.assertClose(r.variance(), kang.doubles("uns/pca/variance"), Tolerance.PEER, "variance");
    Kang.assertClose(
        r.varianceRatio(), kang.doubles("uns/pca/variance_ratio"), Tolerance.PEER, 0, "ratio");
    assertColumnsClose(r.scores(), kang.dense("obsm/X_pca"));
    assertColumnsClose(r.loadings(), kang.dense("varm/PCs"));
  }

  /**
   * Relative to the largest value of a column: the reference iterates in float32, which leaves it
   * 6e-5 away from the float64 decomposition of the same matrix.
   */
  private static void assertColumnsClose(DenseMatrix ours, DenseMatrix reference) {
    for (int c = 0; c < reference.nCols(); c++) {
      double[] expected = reference.column(c);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      Kang.assertClose(ours.column(c), expected, 1e-4, largest, "column " + c);
    }
  }

  @Test
  void messagesSayWhatToDo() {
    var x = structured(20, 30, 0.5, 1);
    assertThatThrownBy(() -> params(0, Solver.AUTO)).hasMessage("nComps must be positive, got 0");
    assertThatThrownBy(() -> Pca.run(x, null, params(50, Solver.AUTO)))
        .hasMessage(
            "nComps must be smaller than the number of cells (20) and of genes used (30), got 50."
                + " Pass nComps = 19 or less");
    assertThat(Pca.run(x, null, Params.DEFAULTS).variance()).hasSize(19);
    assertThatThrownBy(() -> Pca.run(x, new boolean[3], Params.DEFAULTS))
        .hasMessage("geneMask has length 3, but number of genes is 30");
    assertThatThrownBy(() -> Pca.run(x, new boolean[30], Params.DEFAULTS))
        .hasMessage(
            "principal components need at least 2 cells and 2 genes, got 20 cells and 0 genes;"
                + " loosen the filters before");
    assertThatThrownBy(
            () -> Pca.run(DenseMatrix.zeros(9, 9, DType.FLOAT32), null, params(2, Solver.AUTO)))
        .hasMessage("pca: all 9 genes used are constant, so there is no direction of variance");
    var nan = x.toDense();
    nan.set(4, 5, Double.NaN);
    assertThatThrownBy(() -> Pca.run(nan, null, params(2, Solver.AUTO)))
        .hasMessageStartingWith("pca needs finite values, but X[4, 5] is NaN");
  }
}
