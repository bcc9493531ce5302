package org.cellweave.clonal;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** The clones of the neighbours of some cells, which all have a clone themselves. */
final class ContextLists {
  private static final int BLOCK = 64;
  private static final int MOST = Integer.MAX_VALUE - 16;

  private final Categories clones;
  private final int[] start;
  private final int[] contexts;

  /**
   * @param clones of the cells, none missing
   * @param length neighbours of every cell
   */
  ContextLists(Categories clones, int[] length) {
    this.clones = clones;
    start = new int[length.length + 1];
    for (int p = 0; p < length.length; p++) {
      if ((long) start[p] + length[p] > MOST) {
        throw new IllegalArgumentException(
            "k = " + length[p] + " for " + length.length + " cells exceeds 2^31. Lower k.");
      }
      start[p + 1] = start[p] + length[p];
    }
    contexts = new int[start[length.length]];
  }

  /** Where the list of a cell begins. */
  int start(int cell) {
    return start[cell];
  }

  int cloneOf(int cell) {
    return clones.code(cell);
  }

  /**
   * @param context clone of a neighbour, negative for none
   */
  void put(int at, int context) {
    contexts[at] = context;
  }

  /** Clones by contexts, and clones by masks. */
  record Counts(CsrMatrix adjacency, DenseMatrix masked) {}

  /**
   * @param nContexts number of clones that neighbours may have
   * @param masks flags of the cells, mask by mask
   */
  Counts count(int nContexts, boolean[][] masks) {
    int[][] members = clones.members();
    int[][] columns = new int[members.length][];
    double[][] values = new double[members.length][];
    var masked = DenseMatrix.zeros(members.length, masks.length, DType.INT32);
    Parallel.forRange(
        members.length,
        BLOCK,
        (from, to) -> {
          var row = new Row(nContexts);
          for (int c = from; c < to; c++) {
            double[] apart = new double[masks.length];
            for (int cell : members[c]) {
              if (!addFlagged(cell, masks, apart)) {
                row.add(contexts, start[cell], start[cell + 1]);
              }
            }
            if (masks.length > 0) {
              masked.setRow(c, apart);
            }
            columns[c] = row.columns();
            values[c] = row.take(columns[c]);
          }
        });
    var adjacency = new CsrBuilder(nContexts, DType.INT32);
    for (int c = 0; c < members.length; c++) {
      adjacency.addRow(columns[c], values[c], columns[c].length);
    }
    return new Counts(adjacency.build(), masked);
  }

  /** Counts the neighbours of a cell for each of its flags; false when it has none. */
  private boolean addFlagged(int cell, boolean[][] masks, double[] apart) {
    boolean flagged = false;
    for (int m = 0; m < masks.length; m++) {
      if (masks[m][cell]) {
        flagged = true;
        for (int q = start[cell]; q < start[cell + 1]; q++) {
          apart[m] += contexts[q] >= 0 ? 1 : 0;
        }
      }
    }
    return flagged;
  }

  /** Counts of one clone, used again for the next. */
  private static final class Row {
    private final int[] counts;
    private int[] touched = new int[256];
    private int n;

    Row(int nContexts) {
      counts = new int[nContexts];
    }

    void add(int[] contexts, int from, int to) {
      for (int q = from; q < to; q++) {
        int b = contexts[q];
        if (b >= 0 && counts[b]++ == 0) {
          if (n == touched.length) {
            touched = Arrays.copyOf(touched, 2 * n);
          }
          touched[n++] = b;
        }
      }
    }

    int[] columns() {
      int[] out = Arrays.copyOf(touched, n);
      Arrays.sort(out);
      return out;
    }

    /** The counts in these columns, which are zero afterwards. */
    double[] take(int[] columns) {
      double[] out = new double[columns.length];
      for (int p = 0; p < out.length; p++) {
        out[p] = counts[columns[p]];
        counts[columns[p]] = 0;
      }
      n = 0;
      return out;
    }
  }
}
