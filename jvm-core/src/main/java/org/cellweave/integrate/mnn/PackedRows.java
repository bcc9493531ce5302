package org.cellweave.integrate.mnn;

import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** Rows of a matrix where BLAS reads them, and the square of the length of each. */
final class PackedRows implements AutoCloseable {
  private static final int BLOCK = 256;

  final int n;
  final int width;
  final DoublePointer rows;
  final double[] squares;

  private PackedRows(int n, int width) {
    this.n = n;
    this.width = width;
    this.rows = Blas.doubles(Math.max(1, (long) n * width));
    this.squares = new double[n];
  }

  /**
   * @param cells rows to take, in this order
   */
  static PackedRows of(DenseMatrix x, int[] cells) {
    var out = new PackedRows(cells.length, x.nCols());
    Parallel.forRange(
        out.n,
        BLOCK,
        (from, to) -> {
          double[] row = new double[out.width];
          for (int i = from; i < to; i++) {
            x.readRow(cells[i], row);
            out.put(i, row);
          }
        });
    return out;
  }

  static PackedRows of(double[][] rows, int width) {
    var out = new PackedRows(rows.length, width);
    for (int i = 0; i < rows.length; i++) {
      out.put(i, rows[i]);
    }
    return out;
  }

  private void put(int i, double[] row) {
    // a view, which has no memory of its own
    rows.getPointer((long) i * width).put(row, 0, width);
    for (double v : row) {
      squares[i] += v * v;
    }
  }

  /** Products of these rows with others', one row of the result for each of these. */
  double[] products(PackedRows others) {
    double[] out = new double[Math.multiplyExact(n, others.n)];
    try (var c = Blas.doubles(out.length)) {
      Blas.gemmNt(n, others.n, width, rows, others.rows, c);
      c.get(out);
    }
    return out;
  }

  @Override
  public void close() {
    rows.close();
  }
}
