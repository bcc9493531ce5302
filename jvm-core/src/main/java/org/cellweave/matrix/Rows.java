package org.cellweave.matrix;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * The rows of any matrix, for readers of several threads and for walks in fixed groups of rows.
 *
 * <p>A column-compressed matrix is turned into a row-compressed copy, once.
 */
public final class Rows {
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

  public static Rows of(Matrix x) {
    return x instanceof DenseMatrix d ? new Rows(x, null, d) : new Rows(x, x.toCsr(), null);
  }

  /** Receives the entries of one row. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param at columns at {@code start <= p < start + n}
     * @param values entry k is at column {@code at[start + k]}; free to be overwritten
     */
    void row(int i, int[] at, int start, double[] values, int n);
  }

  public int nRows() {
    return nRows;
  }

  public int nCols() {
    return nCols;
  }

  /** Null when the matrix is dense. */
  CsrMatrix sparse() {
    return sparse;
  }

  /** Null when the matrix is sparse. */
  DenseMatrix dense() {
    return dense;
  }

  /** Copies row {@code i}, zeros included, into {@code out}; any thread may. */
  public void read(int i, double[] out) {
    if (dense != null) {
      dense.readRow(i, out);
      return;
    }
    CsrMatrix.Block from = sparse.blockOf(i);
    Arrays.fill(out, 0, nCols, 0);
    int[] columns = from.indices();
    int end = from.end(i);
    float[] narrow = from.values();
    if (narrow != null) {
      for (int p = from.start(i); p < end; p++) {
        out[columns[p]] = narrow[p];
      }
    } else {
      double[] wide = from.wideValues();
      for (int p = from.start(i); p < end; p++) {
        out[columns[p]] = wide[p];
      }
    }
  }

  /** As {@link #read(int, double[])}, rounded to float32. */
  public void read(int i, float[] out) {
    if (dense != null) {
      dense.readRow(i, out);
      return;
    }
    CsrMatrix.Block from = sparse.blockOf(i);
    Arrays.fill(out, 0, nCols, 0);
    int[] columns = from.indices();
    int end = from.end(i);
    for (int p = from.start(i); p < end; p++) {
      out[columns[p]] = (float) from.value(p);
    }
  }

  /** A reader for one thread. */
  public RowReader reader() {
    return new RowReader(this);
  }

  /** First rows of groups that depend on the number of rows alone. */
  public int[] groupBounds() {
    int size = Math.max(MIN_GROUP_ROWS, Parallel.nBlocks(nRows, MAX_GROUPS));
    int groups = Parallel.nBlocks(nRows, size);
    int[] bounds = new int[groups + 1];
    for (int g = 1; g <= groups; g++) {
      bounds[g] = (int) Math.min(nRows, (long) g * size);
    }
    return bounds;
  }

  /** Visits every row, group by group in parallel. */
  public void forEach(Visitor visitor) {
    int[] bounds = groupBounds();
    Parallel.forBlocks(bounds.length - 1, g -> visit(bounds[g], bounds[g + 1], visitor));
  }

  /** Visits {@code from <= i < to} in order. */
  public void visit(int from, int to, Visitor visitor) {
    var reader = reader();
    for (int i = from; i < to; i++) {
      int n = reader.load(i);
      visitor.row(i, reader.columns(), reader.start(), reader.values(), n);
    }
  }

  /** Visits the rows {@code order[from] .. order[to - 1]}. */
  public void visit(int[] order, int from, int to, Visitor visitor) {
    var reader = reader();
    for (int p = from; p < to; p++) {
      int n = reader.load(order[p]);
      visitor.row(order[p], reader.columns(), reader.start(), reader.values(), n);
    }
  }

  /** Adds the parts up in order. */
  public static double[] total(java.util.List<double[]> parts, int length) {
    double[] sum = new double[length];
    for (double[] part : parts) {
      for (int j = 0; j < length; j++) {
        sum[j] += part[j];
      }
    }
    return sum;
  }
}
