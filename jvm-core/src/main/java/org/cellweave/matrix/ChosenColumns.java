package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.util.Check;
import org.cellweave.util.MemoryBudget;

/** Some columns of another store, in any order. */
record ChosenColumns(RowStore of, int[] cols, long[] rowPtr) implements RowStep {

  /**
   * Looks at every row once, since nobody knows before how much of it is chosen; where the chosen
   * values fit {@link MemoryBudget#forSelection}, they stay in memory.
   */
  static CsrMatrix of(CsrMatrix x, int[] cols) {
    for (int j : cols) {
      Check.index(j, x.nCols(), "column");
    }
    if (x.store().runner() != null) {
      return CsrMatrix.of(new ChosenColumns(x.store(), cols.clone(), counted(x, cols)));
    }
    long[] ptr = new long[x.nRows() + 1];
    long most = MemoryBudget.forSelection();
    List<CsrMatrix> parts = new ArrayList<>();
    Rows.of(x)
        .<CsrMatrix>inOrder(
            (rows, from, to) -> rows.part(from, to).takeCols(cols),
            (from, part) -> {
              for (int i = 0; i < part.nRows(); i++) {
                ptr[from + i + 1] = ptr[from + i] + part.rowNnz(i);
              }
              parts.add(part);
              if (8 * ptr[from + part.nRows()] > most) {
                parts.clear();
              }
            });
    return 8 * ptr[x.nRows()] <= most && !parts.isEmpty()
        ? RowStack.below(parts, cols.length, x.dtype())
        : CsrMatrix.of(new ChosenColumns(x.store(), cols.clone(), ptr));
  }

  /** Rows that are worked on where they are stay there: only their lengths come here. */
  private static long[] counted(CsrMatrix x, int[] cols) {
    int[] times = new int[x.nCols()];
    for (int j : cols) {
      times[j]++;
    }
    double[] lengths =
        Rows.of(x)
            .numbers(
                1,
                (at, start, v, n, out) -> {
                  int length = 0;
                  for (int k = 0; k < n; k++) {
                    length += times[at[start + k]];
                  }
                  out[0] = length;
                })[0];
    long[] ptr = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      ptr[i + 1] = ptr[i] + (long) lengths[i];
    }
    return ptr;
  }

  @Override
  public int nCols() {
    return cols.length;
  }

  @Override
  public CsrMatrix read(int[] rows) {
    return of.read(rows).takeCols(cols);
  }
}
