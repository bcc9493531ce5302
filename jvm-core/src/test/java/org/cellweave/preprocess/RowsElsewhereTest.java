package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cellweave.design.Categories;
import org.cellweave.diffexp.GeneScores;
import org.cellweave.diffexp.RankGenesGroups;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.HeldRows;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.StoredElsewhere;
import org.cellweave.testing.Seeds;
import org.cellweave.util.MemoryBudget;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Rows that lie elsewhere give every pass the bits that they give in memory. */
class RowsElsewhereTest {
  private static final int N = 5000;
  private static final int P = 1200;

  /** About 1.8 million values, so that there are two blocks. */
  private static final CsrMatrix COUNTS = Seeds.counts(N, P, 0.3, 1);

  private static final long LIMIT = MemoryBudget.limit();

  private static int[] codes(int nGroups) {
    int[] out = new int[N];
    Arrays.setAll(out, i -> (i * 7 + i / 11) % nGroups);
    return out;
  }

  @AfterAll
  static void restore() {
    MemoryBudget.limit(LIMIT);
  }

  /** Compares with several limits of memory, with and without rows that are held packed. */
  private static void same(CsrMatrix x, Function<Matrix, Object> pass) {
    Object expected = pass.apply(x);
    // As it is; enough for packed rows, but not for arrays; nothing.
    for (long limit : new long[] {LIMIT, 4 * x.nnz(), 0}) {
      MemoryBudget.limit(limit);
      for (int threads : new int[] {1, 2, 7}) {
        boolean isHeld = threads != 2 || limit != 0;
        Object found = Seeds.withThreads(threads, () -> pass.apply(elsewhere(x, isHeld)));
        Same.assertBits(found, expected);
      }
    }
    MemoryBudget.limit(LIMIT);
  }

  private static CsrMatrix elsewhere(CsrMatrix x, boolean isHeld) {
    var store = StoredElsewhere.of(x);
    return isHeld ? CsrMatrix.of(new HeldRows(store)) : store.matrix();
  }

  private static CsrMatrix logarithms() {
    CsrMatrix x = COUNTS.own();
    NormalizeTotal.run(x, NormalizeTotal.Params.DEFAULTS);
    Log1p.run(x, Log1p.Params.DEFAULTS);
    return x;
  }

  private record Content(long[] rowPtr, int[] columns, double[] values) {}

  private static Content content(Matrix x) {
    CsrMatrix csr = x.toCsr();
    int[] columns = new int[(int) csr.nnz()];
    double[] values = new double[(int) csr.nnz()];
    int at = 0;
    for (int b = 0; b < csr.blockCount(); b++) {
      var block = csr.block(b);
      for (int p = 0; p < block.nnz(); p++) {
        columns[at] = block.indices()[p];
        values[at++] = block.value(p);
      }
    }
    return new Content(csr.rowPtr(), columns, values);
  }

  @Test
  void sumsAndMomentsAreTheSame() {
    same(COUNTS, x -> x.rowSums());
    same(COUNTS, x -> x.colSums());
    same(COUNTS, x -> x.colMoments(1));
    same(COUNTS, x -> x.rowMoments(0));
    same(COUNTS, ValueFacts::of);
    same(COUNTS, Counts::ofCells);
    same(COUNTS, Counts::ofGenes);
  }

  @Test
  void selectionsAreTheSameInAnyOrder() {
    int[] rows = Seeds.permutation(N, 3);
    int[] cols = Arrays.copyOf(Seeds.permutation(P, 4), 700);
    int[] twice = {3, 3, 9, 1100};
    same(COUNTS, x -> content(x.takeRows(rows)));
    same(COUNTS, x -> content(x.takeCols(cols)));
    same(COUNTS, x -> content(x.takeCols(twice)));
    same(COUNTS, x -> content(x.takeRows(rows).takeCols(cols).takeRows(new int[] {5, 5, 17})));
    same(COUNTS, x -> content(x.withDType(DType.FLOAT64)));
    same(COUNTS, x -> content(x.transpose()));
  }

  @Test
  void changesFollowTheRowsThroughSelections() {
    int[] rows = Seeds.permutation(N, 5);
    int[] cols = Arrays.copyOf(Seeds.permutation(P, 6), 900);
    same(
        COUNTS,
        x -> {
          Matrix own = ((CsrMatrix) x).isInMemory() ? x.own() : x;
          Matrix some = NormalizeTotal.run(own, NormalizeTotal.Params.DEFAULTS).x().takeRows(rows);
          Matrix logs = Log1p.run(some, Log1p.Params.DEFAULTS).takeCols(cols);
          Matrix scaled =
              Scale.run(logs, null, Scale.Params.builder().zeroCenter(false).maxValue(3.0).build())
                  .x();
          return content(Sqrt.run(scaled));
        });
  }

  @Test
  void qualityIsTheSame() {
    boolean[] set = new boolean[P];
    Arrays.fill(set, 10, 60, true);
    same(COUNTS, x -> QcMetrics.run(x, Map.of("mt", set), QcMetrics.Params.DEFAULTS));
  }

  @Test
  void variableGenesAreTheSame() {
    CsrMatrix logs = logarithms();
    String[] names = new String[P];
    Arrays.setAll(names, j -> "g" + j);
    var batches = new Categories("batch", codes(3), new String[] {"a", "b", "c"});
    for (var flavor : HighlyVariableGenes.Flavor.values()) {
      var params = HighlyVariableGenes.Params.builder().flavor(flavor).nTopGenes(100).build();
      CsrMatrix of = flavor.expectsCounts() ? COUNTS : logs;
      same(of, x -> HighlyVariableGenes.run(x, names, batches, params));
      same(of, x -> HighlyVariableGenes.run(x, names, null, params));
    }
  }

  @Test
  void componentsAreTheSame() {
    CsrMatrix logs = logarithms();
    boolean[] mask = new boolean[P];
    Arrays.fill(mask, 100, 400, true);
    var params = Pca.Params.builder().nComps(8).build();
    same(logs, x -> content(Pca.run(x, mask, params).scores()));
  }

  @Test
  void groupsAreTheSame() {
    CsrMatrix logs = logarithms();
    int[] codes = codes(4);
    var names = List.of("a", "b", "c", "d");
    for (var method : EnumSet.of(RankGenesGroups.Method.T_TEST, RankGenesGroups.Method.WILCOXON)) {
      var params = RankGenesGroups.Params.builder().method(method).pts(true).build();
      same(
          logs,
          x ->
              RankGenesGroups.run(
                  x, codes, names, new int[] {0, 1, 2, 3}, RankGenesGroups.REST, params));
    }
    same(
        logs,
        x -> GeneScores.run(x, new int[] {1, 5, 9}, null, GeneScores.Params.DEFAULTS).scores());
    var funcs = Aggregate.Params.builder().funcs(Aggregate.Func.VAR, Aggregate.Func.MEDIAN).build();
    for (var func : funcs.funcs()) {
      same(logs, x -> content(Aggregate.run(x, codes, 4, null, funcs).values().get(func)));
    }
  }

  @Test
  void badValuesAreRefusedWhenTheyAreRead() {
    CsrMatrix bad = COUNTS.own();
    bad.block(1).values()[7] = -2;
    int row = bad.block(1).firstRow();
    int col = bad.block(1).indices()[7];
    Matrix logs = Log1p.run(StoredElsewhere.of(bad).matrix(), Log1p.Params.DEFAULTS);
    assertThatThrownBy(logs::colSums)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("X[" + row + ", " + col + "] is -2.0");
    bad.block(1).values()[7] = Float.NaN;
    assertThat(Finite.first(StoredElsewhere.of(bad).matrix()).row()).isEqualTo(row);
  }

  @Test
  void whatChangesInPlaceSaysThatTheRowsAreElsewhere() {
    Matrix x = StoredElsewhere.of(COUNTS).matrix();
    assertThatThrownBy(() -> Binarize.run(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("elsewhere.h5ad")
        .hasMessageContaining("toMemory()");
  }

  @Test
  void whatFitsTheLimitIsReadOnce() {
    var store = StoredElsewhere.of(COUNTS);
    Matrix x = store.matrix();
    x.colSums();
    x.rowSums();
    Matrix copy = x.copy();
    copy.colMoments(1);
    assertThat(store.read().get()).isEqualTo(COUNTS.nnz());
    MemoryBudget.limit(0);
    var again = StoredElsewhere.of(COUNTS);
    Matrix y = again.matrix();
    y.colSums();
    y.rowSums();
    assertThat(again.read().get()).isLessThanOrEqualTo(2 * COUNTS.nnz());
    MemoryBudget.limit(LIMIT);
  }
}
