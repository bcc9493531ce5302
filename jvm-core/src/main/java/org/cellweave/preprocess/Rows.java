package org.cellweave.preprocess;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;

/**
 * Reads any matrix row by row as non-zero entries in float64, in fixed groups of rows.
 *
 * <p>A column-compressed matrix is turned into a row-compressed copy first.
 */
final class Rows {
  private static final int MAX_GROUPS = 64;
  private static final int MIN_GROUP_ROWS = 256;

  private final int nRows;
  private final int nCols;
  private final CsrMatrix sparse;
  private final DenseMatrix dense;

  private Rows(Matrix x, CsrMatrix sparse, DenseMatrix dense) {
    this.nRows = x.nRows();
    this.nCols = x.nCols();
    this.sparse = sparse;
    this.dense = dense;
  }

  static Rows of(Matrix x) {
    return x instanceof DenseMatrix d ? new Rows(x, null, d) : new Rows(x, x.toCsr(), null);
  }

  /** Receives the non-zero entries of one row. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param at columns at {@code start <= p < start + n}
     * @param values entry k is at column {@code at[start + k]}; free to be overwritten
     */
    void row(int i, int[] at, int start, double[] values, int n);
  }

  int nRows() {
    return nRows;
  }

  int nCols() {
    return nCols;
  }

  /** First rows of groups that depend on the number of rows alone. */
  int[] groupBounds() {
    int size = Math.max(MIN_GROUP_ROWS, Parallel.nBlocks(nRows, MAX_GROUPS));
    int groups = Parallel.nBlocks(nRows, size);
    int[] bounds = new int[groups + 1];
    for (int g = 1; g <= groups; g++) {
      bounds[g] = (int) Math.min(nRows, (long) g * size);
    }
    return bounds;
  }

  /** Visits every row, group by group in parallel. */
  void forEach(Visitor visitor) {
    int[] bounds = groupBounds();
    Parallel.forBlocks(bounds.length - 1, g -> visit(bounds[g], bounds[g + 1], visitor));
  }

  /** Visits {@code from <= i < to} in order. */
  void visit(int from, int to, Visitor visitor) {
    var scratch = new Scratch();
    for (int i = from; i < to; i++) {
      scratch.visit(i, visitor);
    }
  }

  /** Visits the rows {@code order[from] .. order[to - 1]}. */
  void visit(int[] order, int from, int to, Visitor visitor) {
    var scratch = new Scratch();
    for (int p = from; p < to; p++) {
      scratch.visit(order[p], visitor);
    }
  }

  /** Buffers of one walk. */
  private final class Scratch {
    private CsrMatrix.Block block;
    private int[] at = new int[dense == null ? 0 : nCols];
    private double[] values = new double[dense == null ? 256 : nCols];

    void visit(int i, Visitor visitor) {
      if (dense == null) {
        visitSparse(i, visitor);
      } else {
        visitDense(i, visitor);
      }
    }

    private void visitSparse(int i, Visitor visitor) {
      if (block == null || i < block.firstRow() || i >= block.endRow()) {
        block = sparse.blockOf(i);
      }
      int start = block.start(i);
      int n = block.end(i) - start;
      if (n > values.length) {
        values = new double[Math.max(n, 2 * values.length)];
      }
      float[] narrow = block.values();
      if (narrow == null) {
        System.arraycopy(block.wideValues(), start, values, 0, n);
      } else {
        double[] to = values;
        for (int k = 0; k < n; k++) {
          to[k] = narrow[start + k];
        }
      }
      visitor.row(i, block.indices(), start, values, n);
    }

    private void visitDense(int i, Visitor visitor) {
      dense.readRow(i, values);
      int n = 0;
      for (int j = 0; j < nCols; j++) {
        double v = values[j];
        if (v != 0) {
          at[n] = j;
          values[n++] = v;
        }
      }
      visitor.row(i, at, 0, values, n);
    }
  }

  /** Adds the parts up in order. */
  static double[] total(java.util.List<double[]> parts, int length) {
    double[] sum = new double[length];
    for (double[] part : parts) {
      for (int j = 0; j < length; j++) {
        sum[j] += part[j];
      }
    }
    return sum;
  }
}
