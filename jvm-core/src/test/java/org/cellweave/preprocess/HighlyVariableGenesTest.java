package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.assertj.core.data.Offset;
import org.cellweave.design.Categories;
import org.cellweave.internal.Mask;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.HighlyVariableGenes.Flavor;
import org.cellweave.preprocess.HighlyVariableGenes.Params;
import org.cellweave.preprocess.HighlyVariableGenes.Result;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.SharedData;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HighlyVariableGenesTest {
  static Params params(Flavor flavor, Integer nTop) {
    return Params.builder().flavor(flavor).nTopGenes(nTop).span(0.5).build();
  }

  static String[] names(int n) {
    String[] names = new String[n];
    for (int j = 0; j < n; j++) {
      names[j] = "g" + j;
    }
    return names;
  }

  static Categories twoBatches(int n) {
    int[] codes = new int[n];
    for (int i = 0; i < n; i++) {
      codes[i] = i % 3 == 0 ? 1 : 0;
    }
    return new Categories("batch", codes, new String[] {"a", "b"});
  }

  /** Genes with different spreads around different means. */
  static CsrMatrix counts(int cells, int genes, long seed) {
    var random = new java.util.SplittableRandom(seed);
    var dense = DenseMatrix.zeros(cells, genes, DType.FLOAT32);
    for (int j = 0; j < genes; j++) {
      double mean = random.nextDouble(0.2, 8);
      double spread = random.nextDouble(0.1, 1.5);
      for (int i = 0; i < cells; i++) {
        double rate = mean * Math.exp(spread * (random.nextDouble() + random.nextDouble() - 1));
        dense.set(i, j, Math.floor(rate * -Math.log(1 - random.nextDouble())));
      }
    }
    return dense.toCsr();
  }

  @Test
  void seuratByHand() {
    // expm1 gives the columns (0 2), (1 3), (4 8): means 1, 2, 6, variances 2, 2, 8
    double[][] expm1 = {{0, 1, 4}, {2, 3, 8}};
    var x = DenseMatrix.zeros(2, 3, DType.FLOAT64);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        x.set(i, j, Math.log1p(expm1[i][j]));
      }
    }
    var r =
        HighlyVariableGenes.run(x, names(3), null, Params.builder().nBins(2).nTopGenes(1).build());
    double[] disp = {Math.log(2), Math.log(1), Math.log(8 / 6.0)};
    assertThat(r.means())
        .containsExactly(
            new double[] {Math.log1p(1), Math.log1p(2), Math.log1p(6)}, Offset.offset(1e-12));
    assertThat(r.dispersions()).containsExactly(disp, Offset.offset(1e-12));
    // the first two share a bin; the third is alone and gets 1
    double centre = (disp[0] + disp[1]) / 2;
    double spread = (disp[0] - disp[1]) / Math.sqrt(2);
    assertThat(r.dispersionsNorm())
        .containsExactly(
            new double[] {(disp[0] - centre) / spread, (disp[1] - centre) / spread, 1},
            Offset.offset(1e-12));
    assertThat(r.highlyVariable()).containsExactly(false, false, true);
    assertThat(r.nBatches()).isNull();
    assertThat(r.rank()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Flavor.class)
  void everyKindOfMatrixGivesTheSame(Flavor flavor) {
    Seeds.forEach(
        20,
        seed -> {
          var x = counts(120, 60, seed);
          if (!flavor.expectsCounts()) {
            Log1p.run(x, Log1p.Params.DEFAULTS);
          }
          var batches = seed % 2 == 0 ? twoBatches(120) : null;
          var p = params(flavor, seed % 3 == 0 && !flavor.expectsCounts() ? null : 10);
          var a = HighlyVariableGenes.run(x, names(60), batches, p);
          for (Matrix other : List.of(x.toDense(), new CscMatrix(x.transposeToCsr()))) {
            Same.assertBits(HighlyVariableGenes.run(other, names(60), batches, p), a);
          }
          if (p.nTopGenes() != null && (batches != null || flavor.expectsCounts())) {
            assertThat(a.selected()).isEqualTo(10);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Flavor.class)
  void orderOfCellsDoesNotMatter(Flavor flavor) {
    Seeds.forEach(
        20,
        seed -> {
          var x = counts(90, 50, seed);
          if (!flavor.expectsCounts()) {
            Log1p.run(x, Log1p.Params.DEFAULTS);
          }
          int[] order = Seeds.permutation(90, seed);
          var batches = twoBatches(90);
          int[] codes = new int[90];
          for (int i = 0; i < 90; i++) {
            codes[i] = batches.codes()[order[i]];
          }
          var a = HighlyVariableGenes.run(x, names(50), batches, params(flavor, 8));
          var b =
              HighlyVariableGenes.run(
                  x.takeRows(order),
                  names(50),
                  new Categories("batch", codes, batches.levels()),
                  params(flavor, 8));
          Kang.assertClose(a.means(), b.means(), Tolerance.EXACT, "means");
          if (flavor.expectsCounts()) {
            Kang.assertClose(a.variancesNorm(), b.variancesNorm(), Tolerance.F64, "norm");
          } else {
            Kang.assertClose(a.dispersions(), b.dispersions(), Tolerance.F64, "dispersions");
          }
          // the member of a bin that defines its deviation always gets 0.67: ties by construction
          if (flavor != Flavor.CELL_RANGER) {
            assertThat(b.highlyVariable()).isEqualTo(a.highlyVariable());
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Flavor.class)
  void threadsDoNotMatter(Flavor flavor) {
    var x = counts(2000, 40, 3);
    if (!flavor.expectsCounts()) {
      Log1p.run(x, Log1p.Params.DEFAULTS);
    }
    var p = params(flavor, 8);
    var one =
        Seeds.withThreads(1, () -> HighlyVariableGenes.run(x, names(40), twoBatches(2000), p));
    for (int threads : new int[] {2, 7}) {
      Same.assertBits(
          Seeds.withThreads(
              threads, () -> HighlyVariableGenes.run(x, names(40), twoBatches(2000), p)),
          one);
    }
  }

  @EachReference
  void agreesWithScanpy(H5Reference kang) {
    try (kang) {
      var x = kang.csr("X");
      String[] genes = kang.strings("var/_index");
      agree(kang, x, genes, Params.builder().flavor(Flavor.SEURAT).build());
      agree(kang, x, genes, top(kang).flavor(Flavor.CELL_RANGER).build());
      if (kang.isKang()) {
        agreesWithSeuratAndCellRangerOnPbmc();
      }
    }
  }

  private static Params.Builder top(H5Reference kang) {
    return Params.builder().nTopGenes(kang.count("var/highly_variable"));
  }

  private static void agree(H5Reference kang, CsrMatrix x, String[] genes, Params p) {
    String name = p.flavor().name().toLowerCase(java.util.Locale.ROOT);
    compare(HighlyVariableGenes.run(x, genes, null, p), kang, name + ":");
    compare(HighlyVariableGenes.run(x, genes, kangBatches(kang), p), kang, name + "_batch:");
  }

  private static Categories kangBatches(H5Reference kang) {
    return new Categories("batch", kang.codes("obs/batch"), kang.categories("obs/batch"));
  }

  @EachReference
  void agreesWithScanpyOnTheTopGenesOfSeuratWithBatches(H5Reference kang) {
    try (kang) {
      var p = top(kang).build();
      compare(
          HighlyVariableGenes.run(kang.csr("X"), kang.strings("var/_index"), kangBatches(kang), p),
          kang,
          "");
    }
  }

  /**
   * Genes with the same few counts have exactly equal variances, 43 of them at the cut; numpy ranks
   * such genes as its sorting network leaves them, so ranks are compared for all other genes.
   */
  @EachReference
  void agreesWithScanpyOnCounts(H5Reference kang) {
    try (kang) {
      var x = kang.csr("layers/counts");
      agreeOnCounts(kang, x, top(kang).flavor(Flavor.SEURAT_V3).build());
      agreeOnCounts(kang, x, top(kang).flavor(Flavor.SEURAT_V3_PAPER).build());
    }
  }

  private static void agreeOnCounts(H5Reference kang, CsrMatrix x, Params p) {
    String[] genes = kang.strings("var/_index");
    String name = p.flavor().name().toLowerCase(java.util.Locale.ROOT);
    var whole = HighlyVariableGenes.run(x, genes, null, p);
    boolean[] tied = tied(whole.variancesNorm());
    compareCounts(whole, tied, kang, name + ":");
    assertSameSelection(whole.highlyVariable(), tied, kang, name + ":");

    var batches = kangBatches(kang);
    boolean[] tiedAnywhere = new boolean[genes.length];
    for (int b = 0; b < batches.levels().length; b++) {
      int[] cells = cellsOf(batches.codes(), b);
      boolean[] here =
          tied(HighlyVariableGenes.run(x.takeRows(cells), genes, null, p).variancesNorm());
      for (int j = 0; j < here.length; j++) {
        tiedAnywhere[j] |= here[j];
      }
    }
    var perBatch = HighlyVariableGenes.run(x, genes, batches, p);
    compareCounts(perBatch, tiedAnywhere, kang, name + "_batch:");
    assertSameSelection(perBatch.highlyVariable(), tiedAnywhere, kang, name + "_batch:");
  }

  private static int[] cellsOf(int[] codes, int b) {
    boolean[] in = new boolean[codes.length];
    for (int i = 0; i < codes.length; i++) {
      in[i] = codes[i] == b;
    }
    return Mask.indicesOf(in);
  }

  private static boolean[] tied(double[] values) {
    var seen = new java.util.HashMap<Double, Integer>();
    for (double v : values) {
      seen.merge(v, 1, Integer::sum);
    }
    boolean[] out = new boolean[values.length];
    for (int j = 0; j < values.length; j++) {
      out[j] = seen.get(values[j]) > 1;
    }
    return out;
  }

  private static void compareCounts(Result r, boolean[] tied, H5Reference kang, String prefix) {
    column(r.means(), kang, prefix + "means");
    column(r.variances(), kang, prefix + "variances");
    column(r.variancesNorm(), kang, prefix + "variances_norm");
    boolean[] single = new boolean[tied.length];
    for (int j = 0; j < tied.length; j++) {
      single[j] = !tied[j];
    }
    assertThat(Mask.indicesOf(single).length).isGreaterThan(single.length / 10);
    Kang.assertClose(
        Kang.take(r.rank(), single),
        Kang.take(kang.doubles("var/" + prefix + "highly_variable_rank"), single),
        0,
        "rank");
    if (r.nBatches() != null) {
      Kang.assertClose(
          Kang.take(Kang.toDoubles(r.nBatches()), single),
          Kang.take(kang.doubles("var/" + prefix + "highly_variable_nbatches"), single),
          0,
          "nbatches");
    }
  }

  private static void assertSameSelection(
      boolean[] ours, boolean[] tied, H5Reference kang, String prefix) {
    boolean[] reference = Kang.mask(kang, "var/" + prefix + "highly_variable");
    int selected = 0;
    int differing = 0;
    for (int j = 0; j < ours.length; j++) {
      selected += ours[j] ? 1 : 0;
      differing += ours[j] != reference[j] && !tied[j] ? 1 : 0;
    }
    assertThat(selected).isEqualTo(kang.count("var/highly_variable"));
    // at the cut of few cells a gene may tie with another in its median rank alone
    assertThat(differing).isLessThanOrEqualTo(kang.isKang() ? 0 : 1);
  }

  private static void compare(Result r, H5Reference kang, String prefix) {
    column(r.means(), kang, prefix + "means");
    column(r.dispersions(), kang, prefix + "dispersions");
    column(r.dispersionsNorm(), kang, prefix + "dispersions_norm");
    if (r.nBatches() != null) {
      column(Kang.toDoubles(r.nBatches()), kang, prefix + "highly_variable_nbatches");
    }
    if (r.intersection() != null) {
      assertThat(r.intersection())
          .isEqualTo(Kang.mask(kang, "var/" + prefix + "highly_variable_intersection"));
    }
    assertThat(r.highlyVariable()).isEqualTo(Kang.mask(kang, "var/" + prefix + "highly_variable"));
  }

  private static void column(double[] ours, H5Reference kang, String name) {
    if (ours != null) {
      // normalised dispersions are differences of numbers near 1 that rest on float32 logarithms
      double floor = name.endsWith("dispersions_norm") ? (kang.isKang() ? 0.05 : 0.1) : 1e-3;
      Kang.assertClose(ours, kang.doubles("var/" + name), Tolerance.PEER, floor, name);
    }
  }

  private static void agreesWithSeuratAndCellRangerOnPbmc() {
    try (var file =
        H5Reference.of(SharedData.require("data/anndata/v0.5.0_pbmc68k_reduced.h5ad"))) {
      double[] values = file.doubles("raw.X/data");
      float[] narrow = new float[values.length];
      for (int p = 0; p < values.length; p++) {
        narrow[p] = (float) values[p];
      }
      var x = CsrMatrix.of(700, 765, file.ints("raw.X/indptr"), file.ints("raw.X/indices"), narrow);
      NormalizeTotal.run(x, NormalizeTotal.Params.builder().targetSum(1e4).build());
      Log1p.run(x, Log1p.Params.DEFAULTS);
      compareTable(HighlyVariableGenes.run(x, names(765), null, Params.DEFAULTS), "seurat_hvg.csv");
      compareTable(
          HighlyVariableGenes.run(
              x,
              names(765),
              null,
              Params.builder().flavor(Flavor.CELL_RANGER).nTopGenes(100).build()),
          "cell_ranger_hvg.csv");
    }
  }

  private static void compareTable(Result r, String name) {
    double[][] columns = new double[3][765];
    boolean[] selected = new boolean[765];
    try {
      List<String> lines = Files.readAllLines(SharedData.require("data/scanpy/" + name));
      for (int j = 0; j < 765; j++) {
        String[] cells = lines.get(j + 1).split(",", -1);
        for (int c = 0; c < 3; c++) {
          columns[c][j] =
              cells[c + 1].startsWith("N") ? Double.NaN : Double.parseDouble(cells[c + 1]);
        }
        selected[j] = cells[4].equalsIgnoreCase("true");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Kang.assertClose(r.means(), columns[0], Tolerance.PEER, "means");
    Kang.assertClose(r.dispersions(), columns[1], Tolerance.PEER, "dispersions");
    Kang.assertClose(r.dispersionsNorm(), columns[2], Tolerance.PEER, 0.1, "dispersions_norm");
    assertThat(r.highlyVariable()).isEqualTo(selected);
  }

  @Test
  void baseOfTheLogarithmIsUndone() {
    var natural = counts(80, 30, 4);
    var binary = natural.copy();
    Log1p.run(natural, Log1p.Params.DEFAULTS);
    Log1p.run(binary, new Log1p.Params(2.0));
    var a = HighlyVariableGenes.run(natural, names(30), null, Params.DEFAULTS);
    var b = HighlyVariableGenes.run(binary, names(30), null, Params.builder().logBase(2.0).build());
    Kang.assertClose(b.dispersionsNorm(), a.dispersionsNorm(), 1e-4, "dispersions_norm");
  }

  @Test
  void fractionsAreReportedToTheV3Flavors() {
    var x = counts(60, 40, 1).toDense();
    assertThat(
            HighlyVariableGenes.run(x, names(40), null, params(Flavor.SEURAT_V3, 5)).nonInteger())
        .isNull();
    x.set(2, 3, 1.5);
    assertThat(
            HighlyVariableGenes.run(x, names(40), null, params(Flavor.SEURAT_V3, 5)).nonInteger())
        .isEqualTo(new ValueFacts.Found(2, 3, 1.5));
  }

  /** It counts for the means alone: batch b has one cell, whose log1p of the mean is its value. */
  @Test
  void aBatchOfOneCellHasNoDispersion() {
    var x = counts(30, 20, 1).toDense();
    int[] codes = new int[30];
    codes[29] = 1;
    var batches = new Categories("batch", codes, new String[] {"a", "b"});
    int[] rest = java.util.stream.IntStream.range(0, 29).toArray();
    for (Flavor flavor : new Flavor[] {Flavor.SEURAT, Flavor.SEURAT_V3}) {
      var alone = HighlyVariableGenes.run(x.takeRows(rest), names(20), null, params(flavor, 5));
      var both = HighlyVariableGenes.run(x, names(20), batches, params(flavor, 5));
      assertThat(both.highlyVariable()).isEqualTo(alone.highlyVariable());
    }
  }

  /** Three genes lie in three bins, so that none has another to be compared with. */
  @Test
  void genesAloneInTheirBinsAreChosenByDispersion() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 0, 9}, {2, 6, 9.5}, {1, 0, 9}, {2, 6, 9.5}});
    var chosen = HighlyVariableGenes.run(x, names(3), null, params(Flavor.CELL_RANGER, 2));
    assertThat(chosen.highlyVariable()).containsExactly(true, true, false);
    assertThat(chosen.dispersionsNorm()).containsOnly(Double.NaN);
  }
}
