package org.cellweave.matrix;

/**
 * Reads rows of one matrix, dense or sparse, whole or by their non-zero entries. A reader keeps
 * buffers, so that every thread needs its own: see {@link Rows#reader()}.
 *
 * <p>Whole rows are copied into an array of the caller's. The entries of a row are loaded into the
 * reader and then read from its arrays, without a call for every value:
 *
 * <pre>{@code
 * int n = reader.load(i);
 * int[] at = reader.columns();
 * int start = reader.start();
 * double[] v = reader.values();
 * for (int k = 0; k < n; k++) {
 *   sum[at[start + k]] += v[k];
 * }
 * }</pre>
 */
public final class RowReader {
  private final Rows rows;
  private final int nCols;
  private final DenseMatrix dense;
  private final CsrMatrix sparse;
  private CsrMatrix.Block block;
  private int[] at;
  private int start;
  private double[] values;

  RowReader(Rows rows) {
    this.rows = rows;
    this.nCols = rows.nCols();
    this.dense = rows.dense();
    this.sparse = rows.sparse();
    this.values = new double[dense == null ? 256 : nCols];
  }

  /** Copies row {@code i}, zeros included, into the first {@code nCols} places of {@code out}. */
  public void read(int i, double[] out) {
    rows.read(i, out);
  }

  /** As {@link #read(int, double[])}, rounded to float32. */
  public void read(int i, float[] out) {
    rows.read(i, out);
  }

  /**
   * Loads the entries of row {@code i}: those that are not zero of a dense matrix, those that are
   * stored of a sparse one.
   *
   * @return how many there are
   */
  public int load(int i) {
    return dense != null ? loadDense(i) : loadSparse(i);
  }

  /**
   * Entry {@code k} of the loaded row is in column {@code columns()[start() + k]}; not to write.
   */
  public int[] columns() {
    return at;
  }

  /** Where the columns of the loaded row begin in {@link #columns()}. */
  public int start() {
    return start;
  }

  /** The entries of the loaded row from place 0 on, in float64; free to be overwritten. */
  public double[] values() {
    return values;
  }

  /** {@code from} plus the products of row {@code i} with {@code v}, added up by column. */
  public double dot(int i, double[] v, double from) {
    double sum = from;
    if (dense != null) {
      dense.readRow(i, values);
      for (int j = 0; j < nCols; j++) {
        sum += values[j] * v[j];
      }
      return sum;
    }
    CsrMatrix.Block row = blockOf(i);
    int[] columns = row.indices();
    int end = row.end(i);
    for (int p = row.start(i); p < end; p++) {
      sum += row.value(p) * v[columns[p]];
    }
    return sum;
  }

  /** Adds {@code factor} times row {@code i} to {@code sums}. */
  public void addTo(int i, double factor, double[] sums) {
    if (dense != null) {
      dense.readRow(i, values);
      for (int j = 0; j < nCols; j++) {
        sums[j] += values[j] * factor;
      }
      return;
    }
    CsrMatrix.Block row = blockOf(i);
    int[] columns = row.indices();
    int end = row.end(i);
    for (int p = row.start(i); p < end; p++) {
      sums[columns[p]] += row.value(p) * factor;
    }
  }

  private CsrMatrix.Block blockOf(int i) {
    if (block == null || i < block.firstRow() || i >= block.endRow()) {
      block = sparse.blockOf(i);
    }
    return block;
  }

  private int loadSparse(int i) {
    CsrMatrix.Block from = blockOf(i);
    at = from.indices();
    start = from.start(i);
    int n = from.end(i) - start;
    if (n > values.length) {
      values = new double[Math.max(n, 2 * values.length)];
    }
    float[] narrow = from.values();
    if (narrow == null) {
      System.arraycopy(from.wideValues(), start, values, 0, n);
    } else {
      double[] to = values;
      int first = start;
      for (int k = 0; k < n; k++) {
        to[k] = narrow[first + k];
      }
    }
    return n;
  }

  private int loadDense(int i) {
    if (at == null) {
      at = new int[nCols];
    }
    double[] row = values;
    int[] columns = at;
    dense.readRow(i, row);
    int n = 0;
    for (int j = 0; j < nCols; j++) {
      double v = row[j];
      if (v != 0) {
        columns[n] = j;
        row[n++] = v;
      }
    }
    return n;
  }
}
