package org.cellweave.integrate.limma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.design.NumericCovariate;
import org.cellweave.integrate.limma.RemoveBatchEffect.Params;
import org.cellweave.linalg.LeastSquares;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.RTable;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class RemoveBatchEffectTest {
  private static final String COLUMN = "obs['lane']";

  private static Categories batch(int... codes) {
    return new Categories(COLUMN, codes, new String[] {"a", "b", "c"});
  }

  private static RemoveBatchEffect.Result run(
      Matrix x, List<Categories> batches, List<? extends Covariate> design) {
    return RemoveBatchEffect.run(x, batches, design, Params.DEFAULTS, Progress.NONE);
  }

  @Test
  void batchesGoToThePlainMeanOfTheirMeans() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {3}, {10}, {12}, {14}, {30}});
    var result = run(x, List.of(batch(0, 0, 1, 1, 1, 2)), List.of());
    // means 2, 12 and 30, whose mean is 44/3, whatever the sizes
    double centre = 44.0 / 3;
    double[] expected = {-1, 1, -2, 0, 2, 0};
    for (int i = 0; i < 6; i++) {
      assertThat(result.x().get(i, 0)).isCloseTo(centre + expected[i], within(1e-12));
    }
    assertThat(result.coefficients()[0][0]).isCloseTo(2 - centre, within(1e-12));
    assertThat(result.coefficients()[1][0]).isCloseTo(12 - centre, within(1e-12));
    assertThat(result.warnings()).isEmpty();
    assertThat(result.x().dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void covariatesLoseTheirSlopeAndTheMeanStays() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {3}, {5}, {7}});
    var slope = new NumericCovariate("obs['depth']", 0, 1, 2, 3);
    var result =
        RemoveBatchEffect.run(x, List.of(), List.of(), new Params(List.of(slope)), Progress.NONE);
    for (int i = 0; i < 4; i++) {
      assertThat(result.x().get(i, 0)).isCloseTo(4, within(1e-12));
    }
  }

  /** What is left is y - X b of a least-squares fit on [design, X]. */
  @Test
  void equalsTheNaiveFit() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 60;
          var x = Seeds.counts(n, 30, 0.5, seed);
          var one = batch(Arrays.stream(Seeds.permutation(n, seed)).map(i -> i % 3).toArray());
          var two =
              Categories.of(
                  "plate", Arrays.stream(Seeds.permutation(n, seed + 1)).map(i -> i % 2).toArray());
          var type =
              Categories.of(
                  "type", Arrays.stream(Seeds.permutation(n, seed + 2)).map(i -> i % 4).toArray());
          double[] slope = Arrays.stream(Seeds.permutation(n, seed + 3)).asDoubleStream().toArray();
          var params = new Params(List.of(new NumericCovariate("slope", slope)));
          var result =
              RemoveBatchEffect.run(x, List.of(one, two), List.of(type), params, Progress.NONE);
          double[][] design = new double[n][8];
          double mean = Arrays.stream(slope).average().orElseThrow();
          for (int i = 0; i < n; i++) {
            design[i][0] = 1;
            for (int t = 1; t < 4; t++) {
              design[i][t] = type.code(i) == t ? 1 : 0;
            }
            design[i][4] = one.code(i) == 0 ? 1 : one.code(i) == 2 ? -1 : 0;
            design[i][5] = one.code(i) == 1 ? 1 : one.code(i) == 2 ? -1 : 0;
            design[i][6] = two.code(i) == 0 ? 1 : -1;
            design[i][7] = slope[i] - mean;
          }
          double[][] y = new double[n][30];
          for (int i = 0; i < n; i++) {
            x.toDense().readRow(i, y[i]);
          }
          double[][] b = LeastSquares.leastNorm(design, y, 1e-12).x();
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < 30; j++) {
              double left = y[i][j];
              for (int k = 4; k < 8; k++) {
                left -= design[i][k] * b[k][j];
              }
              assertThat(result.x().get(i, j)).isCloseTo(left, within(1e-5));
            }
          }
        });
  }

  @Test
  void storageAndThreadsDoNotMatterAndTheInputStays() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(90, 40, 0.3, seed);
          double[] before = x.toDense().doubleData();
          var lanes = batch(Arrays.stream(Seeds.permutation(90, seed)).map(i -> i % 3).toArray());
          float[] one =
              Seeds.withThreads(1, () -> run(x, List.of(lanes), List.of()).x().floatData());
          for (int threads : new int[] {2, 7}) {
            assertThat(
                    Seeds.withThreads(
                        threads, () -> run(x, List.of(lanes), List.of()).x().floatData()))
                .isEqualTo(one);
          }
          assertThat(run(x.toDense(), List.of(lanes), List.of()).x().floatData()).isEqualTo(one);
          assertThat(x.toDense().doubleData()).isEqualTo(before);
        });
  }

  /** R leaves such a coefficient undefined and counts it as zero. */
  @Test
  void whatTheDesignDeterminesStaysAndIsNamed() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {2}, {8}, {9}});
    var lanes = batch(0, 0, 1, 1);
    var result = run(x, List.of(lanes), List.of(Categories.of("type", 0, 0, 1, 1)));
    assertThat(result.x().doubleData()).containsExactly(x.doubleData(), within(1e-12));
    assertThat(result.leftOut()).containsExactly(COLUMN);
    assertThat(result.warnings())
        .containsExactly(
            "removeBatchEffect could not remove all of obs['lane']: the design and the other"
                + " columns determine a part of it");
  }

  @Test
  void agreesWithLimmaOnKang() {
    var plain = RTable.numbers("limma_remove_batch_effect_200");
    var designed = RTable.numbers("limma_remove_batch_effect_design_200");
    try (var kang = H5Reference.kang()) {
      List<String> names = Arrays.asList(kang.strings("var/_index"));
      int[] at = Arrays.stream(kang.strings("uns/hvg200")).mapToInt(names::indexOf).toArray();
      CsrMatrix x = kang.csr("X").takeCols(at);
      var batch = new Categories(COLUMN, kang.codes("obs/batch"), kang.categories("obs/batch"));
      var leiden =
          new Categories("leiden", kang.codes("obs/leiden"), kang.categories("obs/leiden"));
      assertClose(run(x, List.of(batch), List.of()).x(), plain);
      assertClose(run(x, List.of(batch), List.of(leiden)).x(), designed);
    }
  }

  private static void assertClose(DenseMatrix ours, DenseMatrix theirs) {
    assertThat(ours.nRows()).isEqualTo(theirs.nRows());
    double worst = 0;
    for (int i = 0; i < ours.nRows(); i++) {
      for (int j = 0; j < ours.nCols(); j++) {
        double expected = theirs.get(i, j);
        double apart = Math.abs(ours.get(i, j) - expected);
        worst = Math.max(worst, apart / Math.max(1, Math.abs(expected)));
      }
    }
    assertThat(worst).isLessThan(1e-6);
  }

  @Test
  void messagesSayWhatToDo() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {2}, {8}, {9}});
    assertThatThrownBy(() -> run(x, List.of(), List.of()))
        .hasMessage("removeBatchEffect has nothing to remove; name a batch column or covariates");
    assertThatThrownBy(() -> run(x, List.of(batch(0, 0, 0, 0)), List.of()))
        .hasMessage(
            "obs['lane'] must have at least two levels, got 1: there is nothing to remove within"
                + " one batch.");
    assertThatThrownBy(() -> run(x, List.of(batch(0, 1)), List.of()))
        .hasMessage("obs['lane'] has length 2, but the number of cells is 4");
    assertThatThrownBy(() -> run(x, List.of(batch(0, 1, -1, 0)), List.of()))
        .hasMessageStartingWith("obs['lane'] has 1 missing label, for cell 2");
    x.set(1, 0, Double.NaN);
    assertThatThrownBy(() -> run(x, List.of(batch(0, 0, 1, 1)), List.of()))
        .hasMessageStartingWith("limma needs finite values, but x[1, 0] is NaN");
  }
}
