package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.cellweave.testing.Seeds;
import org.cellweave.util.MemoryBudget;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldRowsTest {
  private static final long LIMIT = MemoryBudget.limit();

  @AfterEach
  void restore() {
    MemoryBudget.limit(LIMIT);
  }

  private static void assertSame(CsrMatrix found, CsrMatrix expected) {
    assertThat(found.rowPtr()).isEqualTo(expected.rowPtr());
    assertThat(found.dtype()).isEqualTo(expected.dtype());
    for (int i = 0; i < expected.nRows(); i++) {
      CsrMatrix.Block f = found.blockOf(i);
      CsrMatrix.Block e = expected.blockOf(i);
      for (int k = 0; k < expected.rowNnz(i); k++) {
        assertThat(f.indices()[f.start(i) + k]).isEqualTo(e.indices()[e.start(i) + k]);
        assertThat(Double.doubleToRawLongBits(f.value(f.start(i) + k)))
            .isEqualTo(Double.doubleToRawLongBits(e.value(e.start(i) + k)));
      }
    }
  }

  /** Long ways between columns, values beside those that a byte holds, rows without values. */
  private static CsrMatrix odd(DType type, double... values) {
    int[] columns = {0, 1, 255, 256, 257, 511, 512, 1023, 70_000, 20_000_000};
    var builder = new CsrBuilder(20_000_001, type);
    for (int i = 0; i < 40; i++) {
      int n = i % (columns.length + 1);
      int[] at = Arrays.copyOfRange(columns, columns.length - n, columns.length);
      double[] v = new double[n];
      for (int k = 0; k < n; k++) {
        v[k] = values[(i + k) % values.length];
      }
      builder.addRow(at, v, n);
    }
    return builder.build();
  }

  @Test
  void everyValueComesBackToTheBit() {
    double[] counts = {1, 2, 254, 3, 0, 1, 9};
    double[] rare = {1, 2, 3, 4, 255, 1, 1, 1, 1, 1, 1, 1, 1, 1, -0.0, 1, 1, 1, 1, 70_000};
    double[] real = {0.5, -1, 1e-30f, Float.POSITIVE_INFINITY, 3, 1e9};
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT32}) {
      for (double[] values : new double[][] {counts, rare, real}) {
        if (type == DType.INT32 && values == real) {
          continue;
        }
        CsrMatrix x = odd(type, values);
        var store = StoredElsewhere.of(x);
        var held = new HeldRows(store);
        assertSame(held.read(RowStore.all(40)), x);
        assertSame(held.read(RowStore.all(40)), x);
        int[] some = {39, 3, 3, 0, 17};
        assertSame(held.read(some), x.takeRows(some));
        assertThat(store.read().get()).isEqualTo(x.nnz());
      }
    }
    CsrMatrix fractions = odd(DType.FLOAT64, 0.1, Double.NaN, Math.PI);
    var held = new HeldRows(StoredElsewhere.of(fractions));
    held.read(RowStore.all(40));
    assertSame(held.read(RowStore.all(40)), fractions);
  }

  @Test
  void whateverStepsFollowRowsAreReadOnce() {
    CsrMatrix x = Seeds.counts(9_000, 500, 0.3, 1);
    assertThat(x.blockCount()).isGreaterThan(1);
    for (int threads : new int[] {1, 2, 7}) {
      var store = StoredElsewhere.of(x);
      CsrMatrix held = CsrMatrix.of(new HeldRows(store));
      Seeds.withThreads(
          threads,
          () -> {
            held.colSums();
            CsrMatrix odd = held.takeRows(RowStore.range(1, 9_000)).withDType(DType.FLOAT64);
            assertSame(
                odd.inMemory(), x.takeRows(RowStore.range(1, 9_000)).withDType(DType.FLOAT64));
            assertSame(held.takeCols(RowStore.range(7, 400)), x.takeCols(RowStore.range(7, 400)));
            return null;
          });
      assertThat(store.read().get()).isEqualTo(x.nnz());
    }
  }

  @Test
  void whatDoesNotFitIsReadAgain() {
    CsrMatrix x = Seeds.counts(20_000, 500, 0.3, 2);
    var store = StoredElsewhere.of(x);
    var held = new HeldRows(store);
    MemoryBudget.limit(6_000_000);
    int[] rows = RowStore.all(20_000);
    for (int pass = 0; pass < 2; pass++) {
      for (int from = 0; from < 20_000; from += 3_000) {
        int[] part = RowStore.range(from, Math.min(20_000, from + 3_000));
        assertSame(held.read(part), x.takeRows(part));
      }
    }
    assertThat(store.read().get()).isBetween(x.nnz() + 1, 4 * x.nnz());
    assertSame(held.read(rows), x);
    long before = store.read().get();
    MemoryBudget.limit(LIMIT);
    for (int b = 0; b < x.blockCount(); b++) {
      held.read(RowStore.range(x.blockStart(b), x.blockStart(b + 1)));
    }
    long after = store.read().get();
    assertThat(after).isGreaterThan(before);
    assertSame(held.read(rows), x);
    assertThat(store.read().get()).isEqualTo(after);
    held.forget();
    held.read(rows);
    assertThat(store.read().get()).isEqualTo(after + x.nnz());
  }

  @Test
  void entriesThatNobodyWantsAreNotUnpacked() {
    double[] rare = {1, 2, 300, 4, 5, 6, 7, 1, 1, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      for (double[] values : new double[][] {rare, {0.5, 1.5, -3}}) {
        CsrMatrix x = odd(type, values);
        var held = new HeldRows(StoredElsewhere.of(x));
        boolean[] wanted = new boolean[x.nCols()];
        int[] cols = {1, 256, 512, 20_000_000};
        for (int j : cols) {
          wanted[j] = true;
        }
        int[] rows = {39, 1, 1, 20, 10};
        assertSame(held.read(rows, wanted).takeCols(cols), x.takeRows(rows).takeCols(cols));
        held.read(RowStore.all(40));
        CsrMatrix some = held.read(rows, wanted);
        assertSame(some.takeCols(cols), x.takeRows(rows).takeCols(cols));
        assertThat(some.nnz()).isEqualTo(some.takeCols(cols).nnz()).isLessThan(x.nnz());
      }
    }
  }

  @Test
  void fewRowsOfABlockDoNotPayForTheOthers() {
    CsrMatrix x = Seeds.counts(9_000, 500, 0.3, 3);
    var store = StoredElsewhere.of(x);
    var held = new HeldRows(store);
    int[] few = {4, 900, 8_999};
    assertSame(held.read(few), x.takeRows(few));
    assertThat(store.read().get()).isEqualTo(x.takeRows(few).nnz());
  }

  @Test
  void rowsBeyondTheLastAreRefused() {
    CsrMatrix x = Seeds.counts(10, 5, 0.3, 4);
    var held = new HeldRows(StoredElsewhere.of(x));
    assertThatThrownBy(() -> held.read(new int[] {10}))
        .hasMessageContaining("row")
        .hasMessageContaining("10");
  }
}
