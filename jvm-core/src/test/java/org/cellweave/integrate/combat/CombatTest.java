package org.cellweave.integrate.combat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.cellweave.design.Categories;
import org.cellweave.design.Covariate;
import org.cellweave.design.DesignMatrix;
import org.cellweave.design.NumericCovariate;
import org.cellweave.integrate.combat.Combat.Flavor;
import org.cellweave.integrate.combat.Combat.Params;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.RTable;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class CombatTest {
  private static final String COLUMN = "obs['k']";

  private static final Params SVA = Params.builder().flavor(Flavor.SVA).build();

  static Categories batches(int n, int k, long seed) {
    var random = new SplittableRandom(seed);
    int[] codes = new int[n];
    String[] names = new String[k];
    Arrays.setAll(names, b -> "b" + b);
    for (int i = 0; i < n; i++) {
      codes[i] = i < 2 * k ? i % k : random.nextInt(k);
    }
    return new Categories(COLUMN, codes, names);
  }

  /** All cells of batch a are alike: its residuals are nothing, whatever they are multiplied by. */
  @Test
  void aBatchWithoutVarianceMovesAsAWhole() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 5, 2}, {1, 5, 2}, {2, 7, 9}, {4, 6, 1}});
    var batches = new Categories(COLUMN, new int[] {0, 0, 1, 1}, new String[] {"a", "b"});
    var result = Combat.run(x, batches, List.of(), Params.DEFAULTS).x();
    for (int j = 0; j < 3; j++) {
      assertThat(result.get(0, j)).isFinite().isEqualTo(result.get(1, j));
      // the shift of a batch shrinks towards that of its other genes, never past both levels
      double mean = (2 * x.get(0, j) + x.get(2, j) + x.get(3, j)) / 4;
      assertThat(Math.abs(result.get(0, j) - mean)).isLessThanOrEqualTo(5);
    }
  }

  /**
   * Categories differ in level and spread of every gene; a numeric and a categorical covariate act.
   */
  static DenseMatrix data(Categories batches, int genes, long seed) {
    var random = new SplittableRandom(seed + 77);
    int n = batches.codes().length;
    var x = DenseMatrix.zeros(n, genes, DType.FLOAT64);
    for (int j = 0; j < genes; j++) {
      double level = random.nextDouble(0, 4);
      double[] shift = random.doubles(batches.nLevels(), -1, 2).toArray();
      double[] spread = random.doubles(batches.nLevels(), 0.5, 2).toArray();
      for (int i = 0; i < n; i++) {
        int b = batches.codes()[i];
        double noise = random.nextDouble() + random.nextDouble() - 1;
        x.set(i, j, level + shift[b] + spread[b] * noise + (i % 3 == 1 ? 1.5 : 0) + 0.01 * i);
      }
    }
    return x;
  }

  private static List<Covariate> covariates(int n) {
    int[] codes = new int[n];
    double[] slope = new double[n];
    for (int i = 0; i < n; i++) {
      codes[i] = i % 3;
      slope[i] = 0.01 * i;
    }
    return List.of(Categories.of("type", codes), new NumericCovariate("slope", slope));
  }

  /** The method as the paper writes it, cell by cell, with explicit normal equations. */
  private static double[][] naive(
      DenseMatrix x, Categories batches, List<Covariate> covariates, int tauDdof) {
    int n = x.nRows();
    int p = x.nCols();
    int nb = batches.nLevels();
    double[][] columns = DesignMatrix.of(covariates, n).columns();
    int q = columns.length;
    double[][] design = new double[n][nb + q];
    double[] share = new double[nb];
    for (int i = 0; i < n; i++) {
      design[i][batches.codes()[i]] = 1;
      share[batches.codes()[i]] += 1.0 / n;
      int k = nb;
      for (double[] column : columns) {
        design[i][k++] = column[i];
      }
    }
    double[][] s = new double[p][n];
    double[][] level = new double[p][n];
    double[] std = new double[p];
    for (int j = 0; j < p; j++) {
      double[] y = x.column(j);
      double[] coefficients = leastSquares(design, y);
      double grand = 0;
      for (int b = 0; b < nb; b++) {
        grand += share[b] * coefficients[b];
      }
      double squares = 0;
      for (int i = 0; i < n; i++) {
        level[j][i] = grand;
        double fit = 0;
        for (int k = 0; k < nb + q; k++) {
          fit += design[i][k] * coefficients[k];
          level[j][i] += k < nb ? 0 : design[i][k] * coefficients[k];
        }
        squares += (y[i] - fit) * (y[i] - fit);
      }
      std[j] = Math.sqrt(squares / n);
      for (int i = 0; i < n; i++) {
        s[j][i] = (y[i] - level[j][i]) / std[j];
      }
    }
    double[][] out = new double[n][p];
    for (int b = 0; b < nb; b++) {
      int batch = b;
      int[] cells =
          java.util.stream.IntStream.range(0, n).filter(i -> batches.codes()[i] == batch).toArray();
      adjust(s, level, std, cells, tauDdof, out);
    }
    return out;
  }

  private static void adjust(
      double[][] s, double[][] level, double[] std, int[] cells, int tauDdof, double[][] out) {
    int p = s.length;
    double n = cells.length;
    double[] shift = new double[p];
    double[] spread = new double[p];
    for (int j = 0; j < p; j++) {
      double[] v = Arrays.stream(cells).mapToDouble(batchValues(s[j])).toArray();
      shift[j] = Arrays.stream(v).average().orElseThrow();
      spread[j] = variance(v, 1);
    }
    double centre = Arrays.stream(shift).average().orElseThrow();
    double width = variance(shift, tauDdof);
    double m = Arrays.stream(spread).average().orElseThrow();
    double s2 = variance(spread, 1);
    double a = (2 * s2 + m * m) / s2;
    double rate = (m * s2 + m * m * m) / s2;
    double[] g = shift.clone();
    double[] d = spread.clone();
    double change = 1;
    while (change > 1e-4) {
      change = 0;
      for (int j = 0; j < p; j++) {
        double now = (width * n * shift[j] + d[j] * centre) / (width * n + d[j]);
        double squares = 0;
        for (int i : cells) {
          squares += (s[j][i] - now) * (s[j][i] - now);
        }
        double spreadNow = (squares / 2 + rate) / (n / 2 + a - 1);
        change = Math.max(change, Math.abs(now - g[j]) / g[j]);
        change = Math.max(change, Math.abs(spreadNow - d[j]) / d[j]);
        g[j] = now;
        d[j] = spreadNow;
      }
    }
    for (int j = 0; j < p; j++) {
      for (int i : cells) {
        out[i][j] = (s[j][i] - g[j]) / Math.sqrt(d[j]) * std[j] + level[j][i];
      }
    }
  }

  private static java.util.function.IntToDoubleFunction batchValues(double[] v) {
    return i -> v[i];
  }

  private static double variance(double[] v, int ddof) {
    double mean = Arrays.stream(v).average().orElseThrow();
    return Arrays.stream(v).map(x -> (x - mean) * (x - mean)).sum() / (v.length - ddof);
  }

  /** Gaussian elimination on the normal equations. */
  private static double[] leastSquares(double[][] design, double[] y) {
    int k = design[0].length;
    double[][] a = new double[k][k + 1];
    for (int i = 0; i < y.length; i++) {
      for (int r = 0; r < k; r++) {
        for (int c = 0; c < k; c++) {
          a[r][c] += design[i][r] * design[i][c];
        }
        a[r][k] += design[i][r] * y[i];
      }
    }
    for (int r = 0; r < k; r++) {
      for (int below = 0; below < k; below++) {
        if (below != r) {
          double f = a[below][r] / a[r][r];
          for (int c = r; c <= k; c++) {
            a[below][c] -= f * a[r][c];
          }
        }
      }
    }
    double[] b = new double[k];
    for (int r = 0; r < k; r++) {
      b[r] = a[r][k] / a[r][r];
    }
    return b;
  }

  @Test
  void shiftsAloneByHand() {
    // gene 0: batch means 1 and 5, grand mean 3, residuals -1 and 1; gene 1: means 2 and 2
    var x = DenseMatrix.wrap(new double[] {0, 1, 2, 3, 4, 1, 6, 3}, 4, 2);
    var batches = new Categories(COLUMN, new int[] {0, 0, 1, 1}, new String[] {"a", "b"});
    var r = Combat.run(x, batches, List.of(), Params.builder().meanOnly(true).build());
    // shifts of batch a: -2 and 0, mean -1, variance 1, so half way to the mean: -1.5 and -0.5
    assertThat(r.gamma()[0]).containsExactly(-1.5, -0.5);
    assertThat(r.gamma()[1]).containsExactly(1.5, 0.5);
    assertThat(r.delta()[0]).containsExactly(1, 1);
    assertThat(r.x().floatData()).containsExactly(1.5f, 1.5f, 3.5f, 3.5f, 2.5f, 0.5f, 4.5f, 2.5f);
  }

  @Test
  void equalsTheNaiveMethod() {
    Seeds.forEach(
        20,
        seed -> {
          var batches = batches(60, 2 + (int) (seed % 3), seed);
          var x = data(batches, 150, seed);
          List<Covariate> with = seed % 2 == 0 ? covariates(60) : List.of();
          for (Flavor flavor : Flavor.values()) {
            var p = Params.builder().flavor(flavor).build();
            var r = Combat.run(x, batches, with, p);
            double[][] expected = naive(x, batches, with, flavor == Flavor.SVA ? 1 : 0);
            for (int i = 0; i < 60; i++) {
              for (int j = 0; j < 150; j++) {
                assertThat(r.x().get(i, j)).isCloseTo(expected[i][j], Offset.offset(1e-5));
              }
            }
            assertThat(r.converged()).isTrue();
          }
        });
  }

  @Test
  void batchesComeTogetherAndCovariatesStay() {
    Seeds.forEach(
        20,
        seed -> {
          var batches = batches(300, 3, seed);
          var x = data(batches, 100, seed);
          var r = Combat.run(x, batches, covariates(300), Params.DEFAULTS);
          double before = 0;
          double after = 0;
          double effect = 0;
          for (int j = 0; j < 100; j++) {
            before += between(x, batches, j) / 100;
            after += between(r.x(), batches, j) / 100;
            effect += typeEffect(r.x(), j) / 100;
          }
          assertThat(after).isLessThan(0.05 * before);
          // the column averages over 300 cells leave about 0.1 of noise in one gene
          assertThat(effect).isCloseTo(1.5, Offset.offset(0.2));
        });
  }

  private static double between(DenseMatrix x, Categories batches, int j) {
    double[] sum = new double[3];
    int[] n = new int[3];
    for (int i = 0; i < x.nRows(); i++) {
      sum[batches.codes()[i]] += x.get(i, j) - (i % 3 == 1 ? 1.5 : 0) - 0.01 * i;
      n[batches.codes()[i]]++;
    }
    return variance(new double[] {sum[0] / n[0], sum[1] / n[1], sum[2] / n[2]}, 1);
  }

  private static double typeEffect(DenseMatrix x, int j) {
    double effect = 0;
    for (int i = 0; i + 2 < x.nRows(); i += 3) {
      effect += x.get(i + 1, j) - 0.5 * (x.get(i, j) + x.get(i + 2, j));
    }
    int triples = x.nRows() / 3;
    return effect / triples;
  }

  @Test
  void everyKindOfMatrixGivesTheSame() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(90, 140, 0.4, seed);
          double[] before = x.toDense().doubleData();
          var batches = batches(90, 2, seed);
          var expected = Combat.run(x, batches, covariates(90), Params.DEFAULTS).x();
          assertThat(x.toDense().doubleData()).as("input kept").isEqualTo(before);
          for (Matrix other :
              List.of(
                  x.toDense(),
                  new CscMatrix(x.transposeToCsr()),
                  x.withDType(DType.INT64),
                  x.toDense().toFloat64())) {
            var r = Combat.run(other, batches, covariates(90), Params.DEFAULTS);
            assertThat(r.x().dtype()).isEqualTo(DType.FLOAT32);
            assertThat(r.x().floatData()).isEqualTo(expected.floatData());
          }
        });
  }

  @Test
  void orderOfCellsAndNamesOfBatchesDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var batches = batches(60, 3, seed);
          var x = data(batches, 40, seed);
          int[] order = Seeds.permutation(60, seed);
          int[] codes = new int[60];
          for (int i = 0; i < 60; i++) {
            codes[i] = (batches.codes()[order[i]] + 1) % 3;
          }
          var plain = Combat.run(x, batches, List.of(), Params.DEFAULTS).x().takeRows(order);
          var moved =
              Combat.run(
                      x.takeRows(order),
                      new Categories(COLUMN, codes, new String[] {"z", "x", "y"}),
                      List.of(),
                      Params.DEFAULTS)
                  .x();
          for (int k = 0; k < 60 * 40; k++) {
            assertThat(moved.floatData()[k]).isCloseTo(plain.floatData()[k], Offset.offset(1e-5f));
          }
        });
  }

  @Test
  void genesWithoutVariance() {
    var batches = batches(40, 2, 1);
    var x = data(batches, 30, 1);
    for (int i = 0; i < 40; i++) {
      x.set(i, 3, 0);
      x.set(i, 4, 0.1);
      x.set(i, 5, batches.codes()[i] == 0 ? 2 : x.get(i, 5));
    }
    var r = Combat.run(x, batches, List.of(), Params.DEFAULTS);
    assertThat(r.constantGenes()).isEqualTo(2);
    assertThat(r.converged()).isTrue();
    assertThat(r.iterations()[0]).isGreaterThan(1);
    var sva = Combat.run(x, batches, List.of(), SVA);
    for (int i = 0; i < 40; i++) {
      for (DenseMatrix out : List.of(r.x(), sva.x())) {
        assertThat(out.get(i, 3)).isZero();
        assertThat(out.get(i, 4)).isEqualTo((double) 0.1f);
      }
      assertThat(sva.x().get(i, 5)).as("left alone").isEqualTo((double) (float) x.get(i, 5));
      assertThat(r.x().get(i, 5)).isFinite();
    }
  }

  @Test
  void threadsDoNotMatter() {
    var batches = batches(500, 4, 5);
    var x = data(batches, 400, 5);
    var one =
        Seeds.withThreads(
            1, () -> Combat.run(x, batches, covariates(500), Params.DEFAULTS).x().floatData());
    for (int threads : new int[] {2, 7}) {
      assertThat(
              Seeds.withThreads(
                  threads,
                  () -> Combat.run(x, batches, covariates(500), Params.DEFAULTS).x().floatData()))
          .isEqualTo(one);
    }
  }

  private static CsrMatrix kangHvg200(H5Reference kang) {
    List<String> names = Arrays.asList(kang.strings("var/_index"));
    int[] at = Arrays.stream(kang.strings("uns/hvg200")).mapToInt(names::indexOf).toArray();
    return kang.csr("X").takeCols(at);
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      var batches = new Categories(COLUMN, kang.codes("obs/batch"), kang.categories("obs/batch"));
      var r = Combat.run(kangHvg200(kang), batches, List.of(), Params.DEFAULTS);
      assertClose(r.x(), kang.dense("obsm/combat_hvg200").doubleData(), Tolerance.PEER);
      if (kang.isKang()) {
        agreesWithSva(kang);
      }
    }
  }

  private static void agreesWithSva(H5Reference kang) {
    double[] expected = RTable.numbers("sva_combat_200").doubleData();
    var batches = new Categories(COLUMN, kang.codes("obs/batch"), kang.categories("obs/batch"));
    assertClose(Combat.run(kangHvg200(kang), batches, List.of(), SVA).x(), expected, 1e-6);
  }

  /** Relative to the value, or to 1 where it is smaller. */
  private static void assertClose(DenseMatrix ours, double[] expected, double tolerance) {
    double worst = 0;
    float[] values = ours.floatData();
    for (int k = 0; k < expected.length; k++) {
      worst =
          Math.max(worst, Math.abs(values[k] - expected[k]) / Math.max(1, Math.abs(expected[k])));
    }
    assertThat(worst).isLessThan(tolerance);
  }
}
