package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class PearsonResidualsTest {
  private static final PearsonResiduals.Params PLAIN = PearsonResiduals.Params.DEFAULTS;

  private static PearsonResiduals.Params residuals(double theta, Double clip) {
    return PearsonResiduals.Params.builder().theta(theta).clip(clip).build();
  }

  private static ResidualVariance.Params top(int n, double theta, Double clip) {
    return ResidualVariance.Params.builder().nTopGenes(n).residuals(residuals(theta, clip)).build();
  }

  @Test
  void residualsByHand() {
    // cells 4 and 6, genes 3, 7 and 0 of 10
    var x = DenseMatrix.wrap(new double[] {3, 1, 0, 0, 6, 0}, 2, 3);
    var r = PearsonResiduals.run(x, residuals(2, 1.3));
    double[] mu = {1.2, 2.8, 0, 1.8, 4.2, 0};
    double[] expected = new double[6];
    for (int k = 0; k < 6; k++) {
      double z = (x.doubleData()[k] - mu[k]) / Math.sqrt(mu[k] + mu[k] * mu[k] / 2);
      expected[k] = mu[k] == 0 ? 0 : Math.max(-1.3, Math.min(1.3, z));
    }
    assertThat(r.x().doubleData()).containsExactly(expected, Offset.offset(1e-14));
    assertThat(r.clip()).isEqualTo(1.3);
    assertThat(r.nonInteger()).isNull();
    assertThat(PearsonResiduals.run(x, PLAIN).clip()).isEqualTo(Math.sqrt(2));
  }

  @Test
  void poissonResidualsOfAGeneSumToNearlyZeroInUnitsOfCounts() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(60, 30, 0.5, seed).withDType(DType.FLOAT64);
          var r = PearsonResiduals.run(x, residuals(Double.POSITIVE_INFINITY, 1e9)).x();
          double[] cells = x.rowSums();
          double[] genes = x.colSums();
          double total = Arrays.stream(genes).sum();
          for (int j = 0; j < 30; j++) {
            double sum = 0;
            for (int i = 0; i < 60; i++) {
              sum += r.get(i, j) * Math.sqrt(cells[i] * genes[j] / total);
            }
            assertThat(sum).isCloseTo(0, Offset.offset(1e-3));
          }
        });
  }

  @Test
  void varianceEqualsThatOfTheResiduals() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(90, 40, 0.2, seed);
          int[] codes = new int[90];
          for (int i = 0; i < 90; i++) {
            codes[i] = i % 3 == 0 ? 1 : 0;
          }
          Double clip = seed % 2 == 0 ? null : 1.0;
          var p = top(10, seed % 3 == 0 ? 1e9 : 5, clip);
          var r =
              ResidualVariance.run(x, new Categories("batch", codes, new String[] {"a", "b"}), p);
          double[] expected = new double[40];
          for (int b = 0; b < 2; b++) {
            int batch = b;
            int[] cells =
                java.util.stream.IntStream.range(0, 90).filter(i -> codes[i] == batch).toArray();
            var moments =
                PearsonResiduals.run(
                        x.takeRows(cells).withDType(DType.FLOAT64).toDense().toFloat64(),
                        p.residuals())
                    .x()
                    .colMoments(0);
            for (int j = 0; j < 40; j++) {
              expected[j] += moments.variance()[j] / 2;
            }
          }
          assertThat(r.residualVariances()).containsExactly(expected, Offset.offset(1e-10));
          int selected = 0;
          for (int j = 0; j < 40; j++) {
            selected += r.highlyVariable()[j] ? 1 : 0;
            assertThat(r.intersection()[j]).isEqualTo(r.nBatches()[j] == 2);
            assertThat(Double.isNaN(r.rank()[j])).isEqualTo(r.nBatches()[j] == 0);
          }
          assertThat(selected).isEqualTo(10);
        });
  }

  @Test
  void everyKindOfMatrixAnyThreadsAndAnyChunksGiveTheSame() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(300, 40, 0.3, seed);
          var p = top(7, 100, null);
          var chunks =
              ResidualVariance.Params.builder()
                  .nTopGenes(7)
                  .residuals(p.residuals())
                  .chunkSize(3)
                  .build();
          var one = Seeds.withThreads(1, () -> ResidualVariance.run(x, null, p));
          Same.assertBits(Seeds.withThreads(2, () -> ResidualVariance.run(x, null, chunks)), one);
          float[] dense =
              Seeds.withThreads(1, () -> PearsonResiduals.run(x, PLAIN)).x().floatData();
          for (Matrix other : List.of(x.toDense(), new CscMatrix(x.transposeToCsr()))) {
            Same.assertBits(Seeds.withThreads(7, () -> ResidualVariance.run(other, null, p)), one);
            assertThat(
                    Seeds.withThreads(7, () -> PearsonResiduals.run(other, PLAIN)).x().floatData())
                .isEqualTo(dense);
          }
        });
  }

  @Test
  void storedZerosAndEmptyGenesDoNotMatter() {
    var x =
        CsrMatrix.of(
            4,
            3,
            new int[] {0, 2, 4, 5, 6},
            new int[] {0, 2, 0, 1, 0, 2},
            new float[] {2, 1, 0, 0, 4, 3});
    var plain = x.toDense().toCsr();
    assertThat(plain.nnz()).isLessThan(x.nnz());
    var a = ResidualVariance.run(x, null, top(2, 100, null));
    Same.assertBits(ResidualVariance.run(plain, null, top(2, 100, null)), a);
    assertThat(a.residualVariances()[1]).isZero();
    assertThat(a.highlyVariable()).containsExactly(true, false, true);
    assertThat(PearsonResiduals.run(x, PLAIN).x().column(1)).containsOnly(0);
    assertThat(PearsonResiduals.run(x, PLAIN).x().get(1, 0)).as("an empty cell").isZero();
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      CsrMatrix x = kang.csr("layers/counts");
      int n = kang.count("var/pearson_residuals:highly_variable");
      assertAgrees(kang, "pearson_residuals:", ResidualVariance.run(x, null, top(n, 100, null)));
      int[] codes = kang.codes("obs/batch");
      // the reference clips every batch by the size of the first
      double first = Math.sqrt((double) Arrays.stream(codes).filter(c -> c == 0).count());
      var batches = new Categories("batch", codes, kang.categories("obs/batch"));
      assertAgrees(
          kang, "pearson_residuals_batch:", ResidualVariance.run(x, batches, top(n, 100, first)));
    }
  }

  private static void assertAgrees(H5Reference kang, String prefix, ResidualVariance.Result r) {
    Kang.assertClose(
        r.residualVariances(),
        kang.doubles("var/" + prefix + "residual_variances"),
        Tolerance.F64,
        "residual_variances");
    Kang.assertClose(r.means(), kang.doubles("var/" + prefix + "means"), Tolerance.PEER, "means");
    Kang.assertClose(
        r.variances(), kang.doubles("var/" + prefix + "variances"), Tolerance.PEER, "variances");
    assertThat(r.highlyVariable()).isEqualTo(Kang.mask(kang, "var/" + prefix + "highly_variable"));
    Kang.assertClose(r.rank(), kang.doubles("var/" + prefix + "highly_variable_rank"), 0, "rank");
    if (kang.has("var/" + prefix + "highly_variable_nbatches")) {
      Kang.assertClose(
          Kang.toDoubles(r.nBatches()),
          kang.doubles("var/" + prefix + "highly_variable_nbatches"),
          0,
          "nbatches");
    }
  }

  @Test
  void dispersionsOfNormalisedCountsByHand() {
    // means 1, 2, 6, variances 2, 2, 8: dispersions 2, 1, 4 / 3; the third is alone in its bin
    var x = DenseMatrix.wrap(new double[] {0, 1, 4, 2, 3, 8}, 2, 3);
    var p = DispersionFilter.Params.builder().log(false).nBins(2).maxMean(7).build();
    var r = DispersionFilter.run(x, p);
    assertThat(r.means()).containsExactly(1, 2, 6);
    assertThat(r.dispersions()).containsExactly(new double[] {2, 1, 4 / 3.0}, Offset.offset(1e-14));
    double half = Math.sqrt(0.5);
    assertThat(r.dispersionsNorm())
        .containsExactly(new double[] {half, -half, 1}, Offset.offset(1e-14));
    assertThat(r.selected()).containsExactly(true, false, true);
    var logged = DispersionFilter.run(x, DispersionFilter.Params.DEFAULTS);
    assertThat(logged.means()[1]).isCloseTo(Math.log(3), Offset.offset(1e-14));
    assertThat(logged.dispersions()[0]).isCloseTo(Math.log(2), Offset.offset(1e-14));
  }

  @Test
  void genesOfSmallDispersionCountForCellRanger() {
    Seeds.forEach(
        20,
        seed -> {
          // factors that no two cells share keep the means apart
          var x = Seeds.counts(100, 200, 0.3, seed);
          x.forBlocks(
              b -> {
                for (int k = 0; k < b.nnz(); k++) {
                  b.values()[k] *= 1 + 0.001f * k;
                }
              });
          var p =
              DispersionFilter.Params.builder()
                  .flavor(DispersionFilter.Flavor.CELL_RANGER)
                  .nTopGenes(50)
                  .log(false)
                  .build();
          var r = DispersionFilter.run(x, p);
          double least = Double.POSITIVE_INFINITY;
          double most = 0;
          int n = 0;
          for (int j = 0; j < 200; j++) {
            if (r.selected()[j]) {
              n++;
              least = Math.min(least, r.dispersionsNorm()[j]);
            } else {
              most = Math.max(most, r.dispersionsNorm()[j]);
            }
          }
          assertThat(n).isEqualTo(50);
          assertThat(least).isGreaterThan(most).isPositive();
          Same.assertBits(
              Seeds.withThreads(7, () -> DispersionFilter.run(x.toDense(), p)),
              Seeds.withThreads(1, () -> DispersionFilter.run(x, p)));
        });
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> residuals(0, null)).hasMessage("theta must be positive, got 0.0");
    assertThatThrownBy(() -> residuals(1, -1.0)).hasMessage("clip must not be negative, got -1.0");
    assertThatThrownBy(() -> top(0, 1, null)).hasMessage("nTopGenes must be positive, got 0");
    assertThatThrownBy(() -> ResidualVariance.Params.builder().chunkSize(0).build())
        .hasMessage("chunksize must be positive, got 0");
    assertThatThrownBy(() -> DispersionFilter.Params.builder().nBins(0).build())
        .hasMessage("nBins must be positive, got 0");
    assertThatThrownBy(() -> DispersionFilter.Params.builder().nTopGenes(0).build())
        .hasMessage("nTopGenes must be positive, got 0");
    var x = DenseMatrix.wrap(new float[] {0, 0, 0, 0}, 2, 2);
    assertThatThrownBy(() -> PearsonResiduals.run(x, PLAIN))
        .hasMessage("pearsonResiduals needs counts, but X is empty or zero");
    var p = top(1, 100, null);
    var one = x.takeRows(new int[] {0});
    assertThatThrownBy(() -> ResidualVariance.run(one, null, p))
        .hasMessage("highlyVariableGenes needs genes and at least 2 cells, but X is 1 x 2");
    assertThatThrownBy(() -> DispersionFilter.run(one, DispersionFilter.Params.DEFAULTS))
        .hasMessage("a dispersion needs at least 2 cells and 1 gene, but X is 1 x 2");
    String[] names = {"a", "b"};
    assertThatThrownBy(() -> ResidualVariance.run(x, new Categories("batch", new int[3], names), p))
        .hasMessage("batch has length 3, but the number of cells is 2");
    assertThatThrownBy(
            () -> ResidualVariance.run(x, new Categories("batch", new int[] {0, -1}, names), p))
        .hasMessageStartingWith("batch has 1 missing label, for cell 1");
    assertThatThrownBy(() -> ResidualVariance.run(x, new Categories("batch", new int[2], names), p))
        .hasMessage(
            "level 'b' of batch has 0 cells, but highlyVariableGenes needs at least 1 in each."
                + " Merge it with another level or remove it");
    x.set(1, 0, -2);
    assertThatThrownBy(() -> PearsonResiduals.run(x, PLAIN))
        .hasMessageStartingWith("pearsonResiduals needs counts, but X[1, 0] is -2.0");
    assertThatThrownBy(() -> ResidualVariance.run(x, null, p))
        .hasMessageStartingWith("flavor 'pearson_residuals' needs counts, but X[1, 0] is -2.0");
    x.set(1, 0, Double.NaN);
    assertThatThrownBy(() -> PearsonResiduals.run(x, PLAIN))
        .hasMessageStartingWith("pearsonResiduals needs finite values, but X[1, 0] is NaN");
    assertThatThrownBy(() -> DispersionFilter.run(x, DispersionFilter.Params.DEFAULTS))
        .hasMessageStartingWith("filterGenesDispersion needs finite values, but X[1, 0] is NaN");
    x.set(1, 0, 1.5);
    assertThat(PearsonResiduals.run(x, PLAIN).nonInteger().value()).isEqualTo(1.5);
    assertThat(ResidualVariance.run(x, null, p).nonInteger().row()).isEqualTo(1);
  }
}
