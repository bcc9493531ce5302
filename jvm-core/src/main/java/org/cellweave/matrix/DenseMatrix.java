package org.cellweave.matrix;

import java.io.Serializable;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Dense row-major matrix in blocks of whole rows, stored as float32 or float64.
 *
 * <p>A matrix of fewer than 2^31 elements is one block, so that {@link #floatData()} and {@link
 * #doubleData()} reach it without a copy; a larger one has several. Types narrower than float32 are
 * stored as float32, wider ones as float64; {@link #dtype()} keeps the type of the file.
 */
public final class DenseMatrix implements Matrix, Serializable {
  private static final long serialVersionUID = 1;

  private static final int MAX_BLOCK = Integer.MAX_VALUE - 16;
  private static final int LOOP_ELEMENTS = 1 << 16;
  private static final int TILE = 64;

  private final int nRows;
  private final int nCols;
  private final DType dtype;
  private final int rowsPerBlock;
  private final boolean float32;
  private final DenseBlock[] blocks;

  private DenseMatrix(
      int nRows, int nCols, DType dtype, int rowsPerBlock, boolean float32, DenseBlock[] blocks) {
    this.nRows = nRows;
    this.nCols = nCols;
    this.dtype = dtype;
    this.rowsPerBlock = rowsPerBlock;
    this.float32 = float32;
    this.blocks = blocks;
  }

  /** All zeros, stored as {@code dtype} needs. */
  public static DenseMatrix zeros(int nRows, int nCols, DType dtype) {
    return zeros(nRows, nCols, dtype, MAX_BLOCK);
  }

  /** As {@link #zeros(int, int, DType)} with at most {@code maxBlock} elements in a block. */
  static DenseMatrix zeros(int nRows, int nCols, DType dtype, int maxBlock) {
    Check.nonNegative(nRows, "nRows");
    Check.nonNegative(nCols, "nCols");
    int rowsPerBlock = Math.max(1, Math.min(Math.max(nRows, 1), maxBlock / Math.max(1, nCols)));
    int nBlocks = nRows == 0 ? 0 : Parallel.nBlocks(nRows, rowsPerBlock);
    boolean float32 = dtype.isStoredAsFloat32();
    DenseBlock[] blocks = new DenseBlock[nBlocks];
    for (int b = 0; b < nBlocks; b++) {
      int size = Math.min(rowsPerBlock, nRows - b * rowsPerBlock) * nCols;
      blocks[b] = DenseBlock.zeros(size, float32);
    }
    return new DenseMatrix(nRows, nCols, dtype, rowsPerBlock, float32, blocks);
  }

  /** Wraps a row-major array without copying. */
  public static DenseMatrix wrap(float[] data, int nRows, int nCols) {
    return wrap(data.length, nRows, nCols, DType.FLOAT32, DenseBlock.of(data));
  }

  /** Wraps a row-major array without copying. */
  public static DenseMatrix wrap(double[] data, int nRows, int nCols) {
    return wrap(data.length, nRows, nCols, DType.FLOAT64, DenseBlock.of(data));
  }

  private static DenseMatrix wrap(int length, int nRows, int nCols, DType dtype, DenseBlock block) {
    if (length != (long) nRows * nCols) {
      throw new ShapeMismatchException(
          "an array of " + length + " values cannot be " + nRows + " x " + nCols);
    }
    boolean float32 = dtype == DType.FLOAT32;
    DenseBlock[] blocks = {block};
    return new DenseMatrix(nRows, nCols, dtype, Math.max(1, nRows), float32, blocks);
  }

  /** A float64 copy of equally long rows. */
  public static DenseMatrix ofRows(double[][] rows) {
    int nCols = rows.length == 0 ? 0 : rows[0].length;
    var out = zeros(rows.length, nCols, DType.FLOAT64);
    for (int i = 0; i < rows.length; i++) {
      Check.sameLength(rows[i].length, nCols, "row " + i, "row 0");
      out.setRow(i, rows[i]);
    }
    return out;
  }

  @Override
  public int nRows() {
    return nRows;
  }

  @Override
  public int nCols() {
    return nCols;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public boolean isSparse() {
    return false;
  }

  @Override
  public long nnz() {
    return (long) nRows * nCols;
  }

  /** True when values are held as float32. */
  public boolean isFloat32Stored() {
    return float32;
  }

  public int blockCount() {
    return nRows == 0 ? 0 : Parallel.nBlocks(nRows, rowsPerBlock);
  }

  public int rowsPerBlock() {
    return rowsPerBlock;
  }

  /** Row-major values of block {@code b}, not copied; float32 storage only. */
  public float[] floatBlock(int b) {
    return blocks[b].narrow();
  }

  /** Row-major values of block {@code b}, not copied; float64 storage only. */
  public double[] doubleBlock(int b) {
    return blocks[b].wide();
  }

  /** All values, row-major: the storage itself when it is one float32 block, else a copy. */
  public float[] floatData() {
    if (float32 && blocks.length == 1) {
      return blocks[0].narrow();
    }
    float[] out = new float[flatSize()];
    forRanges(
        (from, to) -> {
          for (int i = from; i < to; i++) {
            blockOf(i).read(at(i), nCols, out, i * nCols);
          }
        });
    return out;
  }

  /** All values, row-major: the storage itself when it is one float64 block, else a copy. */
  public double[] doubleData() {
    if (!float32 && blocks.length == 1) {
      return blocks[0].wide();
    }
    double[] out = new double[flatSize()];
    forRanges(
        (from, to) -> {
          for (int i = from; i < to; i++) {
            blockOf(i).read(at(i), nCols, out, i * nCols);
          }
        });
    return out;
  }

  private int flatSize() {
    long size = (long) nRows * nCols;
    if (size > MAX_BLOCK) {
      throw new IllegalArgumentException(
          "a matrix of " + shape() + " does not fit one array; use its blocks");
    }
    return (int) size;
  }

  private DenseBlock blockOf(int i) {
    return blocks[i / rowsPerBlock];
  }

  /** Where row {@code i} begins in its block. */
  private int at(int i) {
    return (i - i / rowsPerBlock * rowsPerBlock) * nCols;
  }

  /** Ranges of rows in parallel, cut by the number of columns alone. */
  private void forRanges(Parallel.RangeBody body) {
    Parallel.forRange(nRows, Math.max(1, LOOP_ELEMENTS / Math.max(1, nCols)), body);
  }

  /** Receives a copy of row {@code i}, whose array the next row takes over. */
  @FunctionalInterface
  interface RowBody {
    void row(int i, double[] row);
  }

  /** Rows {@code from <= i < to} in order. */
  void forRows(int from, int to, RowBody body) {
    double[] row = new double[nCols];
    for (int i = from; i < to; i++) {
      readRow(i, row);
      body.row(i, row);
    }
  }

  /** All rows, range by range in parallel. */
  void forEachRow(RowBody body) {
    forRanges((from, to) -> forRows(from, to, body));
  }

  @Override
  public double get(int i, int j) {
    Check.index(i, nRows, "row");
    Check.index(j, nCols, "column");
    return blockOf(i).get(at(i) + j);
  }

  public void set(int i, int j, double value) {
    Check.index(i, nRows, "row");
    Check.index(j, nCols, "column");
    blockOf(i).set(at(i) + j, value);
  }

  /** Copies row {@code i} into {@code out}. */
  public void readRow(int i, double[] out) {
    blockOf(i).read(at(i), nCols, out, 0);
  }

  /** Copies the {@code n} values from column {@code from} on of row {@code i} into {@code out}. */
  public void readRow(int i, int from, int n, double[] out) {
    blockOf(i).read(at(i) + from, n, out, 0);
  }

  /** Copies row {@code i} into {@code out}, rounding to float32. */
  public void readRow(int i, float[] out) {
    blockOf(i).read(at(i), nCols, out, 0);
  }

  /** Writes stored values {@code start <= p < end} of a sparse block into row {@code i}. */
  void scatterRow(int i, CsrMatrix.Block from, int start, int end) {
    blockOf(i).scatter(at(i), from, start, end);
  }

  /** Overwrites row {@code i}. */
  public void setRow(int i, double[] values) {
    blockOf(i).write(at(i), nCols, values);
  }

  /** Overwrites the {@code n} values from column {@code from} on of row {@code i}. */
  public void setRow(int i, int from, int n, double[] values) {
    blockOf(i).write(at(i) + from, n, values);
  }

  /** Column {@code j} as a new float64 array. */
  public double[] column(int j) {
    Check.index(j, nCols, "column");
    double[] out = new double[nRows];
    for (int i = 0; i < nRows; i++) {
      out[i] = blockOf(i).get(at(i) + j);
    }
    return out;
  }

  @Override
  public DenseMatrix takeRows(int[] rows) {
    var out = zeros(rows.length, nCols, dtype);
    out.forRanges(
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int i = Check.index(rows[r], nRows, "row");
            blockOf(i).copy(at(i), nCols, out.blockOf(r), out.at(r));
          }
        });
    return out;
  }

  @Override
  public DenseMatrix takeCols(int[] cols) {
    for (int j : cols) {
      Check.index(j, nCols, "column");
    }
    var out = zeros(nRows, cols.length, dtype);
    forRanges(
        (from, to) -> {
          double[] picked = new double[cols.length];
          forRows(
              from,
              to,
              (i, row) -> {
                for (int c = 0; c < cols.length; c++) {
                  picked[c] = row[cols[c]];
                }
                out.setRow(i, picked);
              });
        });
    return out;
  }

  @Override
  public DenseMatrix transpose() {
    var out = zeros(nCols, nRows, dtype);
    Parallel.forRange(
        nCols,
        TILE,
        (from, to) -> {
          double[] tile = new double[TILE * TILE];
          double[] column = new double[TILE];
          for (int i = 0; i < nRows; i += TILE) {
            int rows = Math.min(TILE, nRows - i);
            for (int r = 0; r < rows; r++) {
              blockOf(i + r).read(at(i + r) + from, to - from, tile, r * TILE);
            }
            for (int j = from; j < to; j++) {
              for (int r = 0; r < rows; r++) {
                column[r] = tile[r * TILE + j - from];
              }
              out.setRow(j, i, rows, column);
            }
          }
        });
    return out;
  }

  @Override
  public DenseMatrix copy() {
    DenseBlock[] copies = new DenseBlock[blocks.length];
    for (int b = 0; b < copies.length; b++) {
      copies[b] = blocks[b].copy();
    }
    return new DenseMatrix(nRows, nCols, dtype, rowsPerBlock, float32, copies);
  }

  @Override
  public CsrMatrix toCsr() {
    var builder = new CsrBuilder(nCols, dtype);
    var reader = Rows.of(this).reader();
    for (int i = 0; i < nRows; i++) {
      int n = reader.load(i);
      builder.addRow(reader.columns(), reader.values(), n);
    }
    return builder.build();
  }

  @Override
  public DenseMatrix toDense() {
    return this;
  }

  /** This matrix when it is stored as float32, else a rounded copy. */
  public DenseMatrix toFloat32() {
    return float32 ? this : converted(DType.FLOAT32);
  }

  /** This matrix when it is stored as float64, else a widened copy. */
  public DenseMatrix toFloat64() {
    return float32 ? converted(DType.FLOAT64) : this;
  }

  @Override
  public DenseMatrix withDType(DType type) {
    if (type.isStoredAsFloat32() == float32) {
      return new DenseMatrix(nRows, nCols, type, rowsPerBlock, float32, blocks);
    }
    return converted(type);
  }

  private DenseMatrix converted(DType type) {
    var out = zeros(nRows, nCols, type);
    forEachRow(out::setRow);
    return out;
  }

  @Override
  public String toString() {
    return describe();
  }
}
