package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.util.Check;
import org.cellweave.util.MemoryBudget;
import org.cellweave.util.Parallel;

/** Some columns of another store, in any order. */
record ChosenColumns(RowStore of, int[] cols, long[] rowPtr) implements RowStep {
  /** Values that are read at once. */
  private static final long PIECE = 8L * CsrMatrix.BLOCK_NNZ;

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
    boolean[] columns = mask(cols, x.nCols());
    List<CsrMatrix> parts = new ArrayList<>();
    Rows.of(x)
        .<CsrMatrix>inOrder(
            (rows, from, to) -> rows.sparse().rowsWithin(from, to, columns).takeCols(cols),
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
    return read(rows, cols, mask(cols, of.nCols()));
  }

  @Override
  public CsrMatrix read(int[] rows, boolean[] columns) {
    boolean[] below = new boolean[of.nCols()];
    for (int j = 0; j < cols.length; j++) {
      below[cols[j]] |= columns[j];
    }
    return read(rows, cols, below);
  }

  /** Piece by piece, because what is not chosen may be far more. */
  private CsrMatrix read(int[] rows, int[] cols, boolean[] columns) {
    int[] bounds = pieces(rows);
    if (bounds.length == 2) {
      return of.read(rows, columns).takeCols(cols);
    }
    CsrMatrix[] parts = new CsrMatrix[bounds.length - 1];
    Parallel.forBlocks(
        parts.length,
        p -> {
          int[] piece = Arrays.copyOfRange(rows, bounds[p], bounds[p + 1]);
          parts[p] = of.read(piece, columns).takeCols(cols);
        });
    return RowStack.below(List.of(parts), cols.length, of.dtype());
  }

  /** Where pieces of some blocks' size begin, and the end; at least one. */
  private int[] pieces(int[] rows) {
    long[] ptr = of.rowPtr();
    int[] bounds = new int[rows.length + 2];
    int n = 0;
    long values = 0;
    for (int r = 0; r < rows.length; r++) {
      values += ptr[rows[r] + 1] - ptr[rows[r]];
      if (values > PIECE) {
        bounds[++n] = r + 1;
        values = 0;
      }
    }
    if (n == 0 || bounds[n] < rows.length) {
      bounds[++n] = rows.length;
    }
    return Arrays.copyOf(bounds, n + 1);
  }

  private static boolean[] mask(int[] cols, int nCols) {
    boolean[] out = new boolean[nCols];
    for (int j : cols) {
      out[j] = true;
    }
    return out;
  }
}
