package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cellweave.internal.Masks;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class QcMetricsTest {
  private static final QcMetrics.Params TOP_TWO =
      QcMetrics.Params.builder().percentTop(List.of(2)).build();

  private static CsrMatrix small() {
    // [1 0 3 0 | stored 0], [0 0 0 0], [2 5 2 0]
    return CsrMatrix.of(
        3, 4, new int[] {0, 3, 3, 6}, new int[] {0, 2, 3, 0, 1, 2}, new float[] {1, 3, 0, 2, 5, 2});
  }

  @Test
  void handComputedCase() {
    var qc =
        QcMetrics.run(small(), Map.of("mt", new boolean[] {true, false, false, true}), TOP_TWO);
    assertThat(qc.nGenes()).containsExactly(2, 0, 3);
    assertThat(qc.totalCounts()).containsExactly(4, 0, 9);
    assertThat(qc.pctInTop()[0][0]).isEqualTo(100);
    assertThat(qc.pctInTop()[0][1]).isNaN();
    assertThat(qc.pctInTop()[0][2]).isEqualTo(100 * (7 / 9.0));
    assertThat(qc.geneSets().get("mt").total()).containsExactly(1, 0, 2);
    assertThat(qc.geneSets().get("mt").pct()[0]).isEqualTo(25);
    assertThat(qc.geneSets().get("mt").pct()[1]).isNaN();
    assertThat(qc.nCells()).containsExactly(2, 1, 2, 0);
    assertThat(qc.meanCounts()).containsExactly(1, 5 / 3.0, 5 / 3.0, 0);
    assertThat(qc.pctDropout()[3]).isEqualTo(100);
    assertThat(qc.geneTotals()).containsExactly(3, 5, 5, 0);
    assertThat(qc.log1pTotalCounts()[0]).isEqualTo((double) (float) Math.log1p(4));
    assertThat(qc.log1pNGenes()[2]).isEqualTo(Math.log1p(3));
    assertThat(qc.totalsDType()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void everyKindOfMatrixGivesTheSame() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(70, 40, 0.5, seed);
          var sets = Map.of("s", maskOf(40, seed));
          var params = QcMetrics.Params.builder().percentTop(List.of(5, 1, 40)).build();
          var a = QcMetrics.run(x, sets, params);
          assertThat(a.percentTop()).containsExactly(1, 5, 40);
          assertThat(Arrays.stream(a.pctInTop()[2]).filter(v -> v < 99.9999)).isEmpty();
          same(a, QcMetrics.run(x.toDense(), sets, params));
          same(a, QcMetrics.run(new CscMatrix(x.transposeToCsr()), sets, params));
          topsAgreeWithSorting(x, a);
        });
  }

  private static void topsAgreeWithSorting(CsrMatrix x, QcMetrics.Result qc) {
    double[] row = new double[x.nCols()];
    DenseMatrix dense = x.toDense();
    for (int i = 0; i < x.nRows(); i++) {
      dense.readRow(i, row);
      double[] sorted = row.clone();
      Arrays.sort(sorted);
      double top = 0;
      for (int k = 0; k < 5; k++) {
        top += sorted[sorted.length - 1 - k];
      }
      double expected = 100 * top / Arrays.stream(row).sum();
      assertThat(qc.pctInTop()[1][i]).isCloseTo(expected, within(1e-9));
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double e) {
    return org.assertj.core.data.Offset.offset(e);
  }

  @Test
  void largestValuesOfFractionsAreFoundToo() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new java.util.SplittableRandom(seed);
          double[] v = random.doubles(200, 0, seed % 2 == 0 ? 1 : 100).toArray();
          if (seed % 3 == 0) {
            for (int k = 0; k < v.length; k++) {
              v[k] = Math.rint(v[k] * 3);
            }
          }
          double[] sorted = v.clone();
          Arrays.sort(sorted);
          int n = 1 + random.nextInt(199);
          double rest = Arrays.stream(sorted, 0, 200 - n).sum();
          assertThat(TopValues.splitOff(v, 200, n)).isCloseTo(rest, within(1e-9));
        });
  }

  private static boolean[] maskOf(int n, long seed) {
    var random = new java.util.SplittableRandom(seed);
    boolean[] mask = new boolean[n];
    for (int j = 0; j < n; j++) {
      mask[j] = random.nextBoolean();
    }
    return mask;
  }

  private static void same(QcMetrics.Result a, QcMetrics.Result b) {
    Same.assertBits(b, a);
  }

  @Test
  void threadsDoNotMatter() {
    var x = Seeds.counts(3000, 60, 0.4, 5);
    var sets = Map.of("s", maskOf(60, 5));
    var params = QcMetrics.Params.builder().percentTop(List.of(3)).build();
    var one = Seeds.withThreads(1, () -> QcMetrics.run(x, sets, params));
    same(one, Seeds.withThreads(2, () -> QcMetrics.run(x, sets, params)));
    same(one, Seeds.withThreads(7, () -> QcMetrics.run(x, sets, params)));
  }

  @Test
  void agreesWithScanpy() {
    try (var kang = H5Reference.kang()) {
      var raw = Kang.raw();
      var qc =
          QcMetrics.run(
              raw, Map.of(), QcMetrics.Params.builder().percentTop(List.of(50, 100)).build());
      var cells = Counts.filterCells(raw, new Counts.Criterion(null, 200, null, null));
      var kept = raw.takeRows(Masks.indices(cells.keep()));
      var genes = Counts.filterGenes(kept, new Counts.Criterion(null, 3, null, null));
      var x = kept.takeCols(Masks.indices(genes.keep()));

      var counts = kang.csr("layers/counts");
      assertThat(x.nRows()).isEqualTo(counts.nRows());
      assertThat(x.nCols()).isEqualTo(counts.nCols());
      assertThat(Kang.flat(x)).isEqualTo(Kang.flat(counts));
      compare(Kang.take(cells.numbers(), cells.keep()), kang, "obs/n_genes");
      compare(Kang.take(genes.numbers(), genes.keep()), kang, "var/n_cells");
      boolean[] c = cells.keep();
      compare(Kang.take(Kang.toDoubles(qc.nGenes()), c), kang, "obs/n_genes_by_counts");
      compare(Kang.take(qc.log1pNGenes(), c), kang, "obs/log1p_n_genes_by_counts");
      compare(Kang.take(qc.totalCounts(), c), kang, "obs/total_counts");
      compare(Kang.take(qc.log1pTotalCounts(), c), kang, "obs/log1p_total_counts");
      compare(Kang.take(qc.pctInTop()[0], c), kang, "obs/pct_counts_in_top_50_genes");
      compare(Kang.take(qc.pctInTop()[1], c), kang, "obs/pct_counts_in_top_100_genes");
      boolean[] g = genes.keep();
      compare(Kang.take(Kang.toDoubles(qc.nCells()), g), kang, "var/n_cells_by_counts");
      compare(Kang.take(qc.meanCounts(), g), kang, "var/mean_counts");
      compare(Kang.take(qc.log1pMeanCounts(), g), kang, "var/log1p_mean_counts");
      compare(Kang.take(qc.pctDropout(), g), kang, "var/pct_dropout_by_counts");
      compare(Kang.take(qc.geneTotals(), g), kang, "var/total_counts");
      compare(Kang.take(qc.log1pGeneTotals(), g), kang, "var/log1p_total_counts");
    }
  }

  private static void compare(double[] ours, H5Reference kang, String path) {
    Kang.assertClose(ours, kang.doubles(path), Tolerance.PEER / 10, path);
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> QcMetrics.run(small(), Map.of(), QcMetrics.Params.DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "percentTop must not exceed the number of genes, got 500 for 4 genes. Pass smaller"
                + " numbers, or an empty list to leave these metrics out");
    assertThatThrownBy(() -> QcMetrics.Params.builder().percentTop(List.of(0)).build())
        .hasMessage("percentTop must be positive, got 0");
    assertThatThrownBy(() -> QcMetrics.run(small(), Map.of("mt", new boolean[3]), TOP_TWO))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("qcVars['mt'] has length 3, but number of genes is 4");
  }
}
