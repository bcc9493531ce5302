package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cellweave.data.AnnData;
import org.cellweave.design.Categories;
import org.cellweave.diffexp.GeneScores;
import org.cellweave.diffexp.RankGenesGroups;
import org.cellweave.io.H5adReader;
import org.cellweave.io.H5adWriter;
import org.cellweave.io.ZarrReader;
import org.cellweave.io.ZarrWriter;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStore;
import org.cellweave.matrix.Rows;
import org.cellweave.testing.ByBytes;
import org.cellweave.testing.Seeds;
import org.cellweave.util.FormatException;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of files, and what is done with them, give the same bits in another process. */
class TravellingRowsTest {
  private static final int N = 5000;
  private static final int P = 600;

  /** About 1.5 million values: two blocks. */
  private static final CsrMatrix COUNTS = Seeds.counts(N, P, 0.5, 1);

  @TempDir static Path folder;

  private static Path whole;

  @BeforeAll
  static void write() {
    whole = folder.resolve("whole.h5ad");
    H5adWriter.write(new AnnData(COUNTS.own()), whole);
  }

  private static RowStore rows(Path file) {
    return (file.toString().endsWith(".zarr") ? ZarrReader.backedX(file) : H5adReader.backedX(file))
        .rows();
  }

  private static void same(CsrMatrix x, RowStore store, Function<Matrix, Object> pass) {
    var runner = sameBits(x, store, pass);
    assertThat(runner.passes()).isPositive();
  }

  private static ByBytes sameBits(CsrMatrix x, RowStore store, Function<Matrix, Object> pass) {
    Object expected = pass.apply(x);
    var runner = new ByBytes();
    Object found = pass.apply(CsrMatrix.of(RowStore.runBy(ByBytes.sent(store), runner)));
    Same.assertBits(found, expected);
    return runner;
  }

  private static Map<String, Object> content(Matrix x) {
    CsrMatrix csr = x.toCsr().inMemory();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("rowPtr", csr.rowPtr());
    for (int b = 0; b < csr.blockCount(); b++) {
      out.put("indices" + b, csr.block(b).indices());
      out.put("values" + b, csr.block(b).values());
    }
    return out;
  }

  private static int[] codes() {
    int[] out = new int[N];
    Arrays.setAll(out, i -> (i * 7 + i / 11) % 4);
    return out;
  }

  /** More rows than a group of products has; multiplied entry by entry, and by BLAS. */
  @Test
  void componentsGiveTheSameBits() {
    var params = Pca.Params.builder().nComps(6).build();
    for (double density : new double[] {0.1, 0.5}) {
      CsrMatrix counts = Seeds.counts(10_000, 120, density, 2);
      Path file = folder.resolve("components" + density + ".h5ad");
      H5adWriter.write(new AnnData(counts), file);
      same(
          counts,
          rows(file),
          x -> {
            Pca.Result found = Pca.run(x, null, params);
            return List.of(found.scores().floatData(), found.variance());
          });
    }
  }

  @Test
  void passesGiveTheSameBits() {
    RowStore store = rows(whole);
    boolean[] set = new boolean[P];
    Arrays.fill(set, 10, 60, true);
    same(COUNTS, store, x -> x.rowSums());
    same(COUNTS, store, x -> x.colMoments(1));
    same(COUNTS, store, Counts::ofCells);
    same(COUNTS, store, Counts::ofGenes);
    same(COUNTS, store, x -> QcMetrics.run(x, Map.of("mt", set), QcMetrics.Params.DEFAULTS));
    String[] names = new String[P];
    Arrays.setAll(names, j -> "g" + j);
    var batches = new Categories("batch", codes(), new String[] {"a", "b", "c", "d"});
    for (var flavor : HighlyVariableGenes.Flavor.values()) {
      var params = HighlyVariableGenes.Params.builder().flavor(flavor).nTopGenes(100).build();
      same(COUNTS, store, x -> HighlyVariableGenes.run(logs(x, flavor), names, batches, params));
    }
    var groups = List.of("a", "b", "c", "d");
    for (var method : List.of(RankGenesGroups.Method.T_TEST, RankGenesGroups.Method.WILCOXON)) {
      var params = RankGenesGroups.Params.builder().method(method).pts(true).build();
      same(
          COUNTS,
          store,
          x ->
              RankGenesGroups.run(
                  logs(x, null),
                  codes(),
                  groups,
                  new int[] {0, 1, 2, 3},
                  RankGenesGroups.REST,
                  params));
    }
    same(
        COUNTS,
        store,
        x ->
            GeneScores.run(logs(x, null), new int[] {1, 5, 9}, null, GeneScores.Params.DEFAULTS)
                .scores());
    var mean = Aggregate.Params.builder().funcs(Aggregate.Func.MEAN, Aggregate.Func.VAR).build();
    same(
        COUNTS,
        store,
        x -> content(Aggregate.run(x, codes(), 4, null, mean).values().get(Aggregate.Func.VAR)));
  }

  @Test
  void ranksGiveTheSameBits() {
    RowStore store = rows(whole);
    var groups = List.of("a", "b", "c", "d");
    int[] codes = codes();
    for (int i = 0; i < N; i += 9) {
      codes[i] = -1;
    }
    for (int reference : new int[] {RankGenesGroups.REST, 2}) {
      for (boolean ties : new boolean[] {false, true}) {
        var params =
            RankGenesGroups.Params.builder()
                .method(RankGenesGroups.Method.WILCOXON)
                .tieCorrect(ties)
                .build();
        int[] wanted = {3, 0, 1};
        same(COUNTS, store, x -> RankGenesGroups.run(x, codes, groups, wanted, reference, params));
      }
    }
    assertThatThrownBy(() -> Rows.of(COUNTS).exchange(null, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the rows of 5000 x 600 are worked on here");
  }

  private static Matrix logs(Matrix x, HighlyVariableGenes.Flavor flavor) {
    if (flavor != null && flavor.expectsCounts()) {
      return x;
    }
    Matrix own = ((CsrMatrix) x).isInMemory() ? x.own() : x;
    Matrix normal = NormalizeTotal.run(own, NormalizeTotal.Params.DEFAULTS).x();
    return Log1p.run(normal, Log1p.Params.DEFAULTS);
  }

  @Test
  void selectionsAndChangesTravelToo() {
    int[] rows = Seeds.permutation(N, 5);
    int[] cols = Arrays.copyOf(Seeds.permutation(P, 6), 500);
    same(
        COUNTS,
        rows(whole),
        x -> content(logs(x.takeCols(cols).takeRows(rows).withDType(DType.FLOAT32), null)));
  }

  @Test
  void severalFilesAreOneMatrix() {
    int cut = 2111;
    Path first = folder.resolve("first.h5ad");
    Path second = folder.resolve("second.zarr");
    H5adWriter.write(new AnnData(COUNTS.takeRows(RowStore.range(0, cut))), first);
    ZarrWriter.write(new AnnData(COUNTS.takeRows(RowStore.range(cut, N))), second);
    RowStore both = RowStore.below(List.of(rows(first), rows(second)));
    assertThat(both.nRows()).isEqualTo(N);
    Same.assertBits(content(CsrMatrix.of(ByBytes.sent(both))), content(COUNTS));
    RowStore run = RowStore.runBy(both, null);
    same(COUNTS, run, x -> x.colMoments(1));
    int[] order = Seeds.permutation(N, 7);
    sameBits(COUNTS, both, x -> content(x.takeRows(order).takeCols(new int[] {7, 3, 599})));
    assertThatThrownBy(() -> RowStore.below(List.of()))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessage("there must be at least one matrix, got none");
    Path narrow = folder.resolve("narrow.h5ad");
    H5adWriter.write(new AnnData(COUNTS.takeCols(new int[] {1, 2})), narrow);
    assertThatThrownBy(() -> RowStore.below(List.of(rows(first), rows(narrow))))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("narrow.h5ad holds 2 columns of float32")
        .hasMessageContaining("first.h5ad holds 600 of float32");
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException {
    Path gone = folder.resolve("gone.h5ad");
    H5adWriter.write(new AnnData(COUNTS.takeRows(RowStore.range(0, 10))), gone);
    RowStore there = ByBytes.sent(rows(gone));
    Files.delete(gone);
    assertThatThrownBy(() -> there.read(new int[] {1}))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("gone.h5ad cannot be opened")
        .hasMessageContaining("every machine must see the file under this name");
    RowStore other = ByBytes.sent(rows(whole));
    H5adWriter.write(new AnnData(COUNTS.takeRows(RowStore.range(0, 11))), gone);
    assertThat(other.read(new int[] {3}).nnz()).isEqualTo(COUNTS.rowNnz(3));
    assertThatThrownBy(() -> there.read(new int[] {1}))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("holds 11 x 600")
        .hasMessageContaining("10 x 600");
  }
}
