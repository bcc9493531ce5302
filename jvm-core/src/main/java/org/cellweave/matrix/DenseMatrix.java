package org.cellweave.matrix;

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
public final class DenseMatrix implements Matrix {
  private static final int MAX_BLOCK = Integer.MAX_VALUE - 16;
  private static final int LOOP_ELEMENTS = 1 << 16;
  private static final int MAX_GROUPS = 64;
  private static final int TILE = 64;

  private final int nRows;
  private final int nCols;
  private final DType dtype;
  private final int rowsPerBlock;
  private final float[][] floats;
  private final double[][] doubles;

  private DenseMatrix(
      int nRows, int nCols, DType dtype, int rowsPerBlock, float[][] floats, double[][] doubles) {
    this.nRows = nRows;
    this.nCols = nCols;
    this.dtype = dtype;
    this.rowsPerBlock = rowsPerBlock;
    this.floats = floats;
    this.doubles = doubles;
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
    boolean single = storedAsFloat(dtype);
    float[][] floats = single ? new float[nBlocks][] : null;
    double[][] doubles = single ? null : new double[nBlocks][];
    for (int b = 0; b < nBlocks; b++) {
      int size = Math.min(rowsPerBlock, nRows - b * rowsPerBlock) * nCols;
      if (single) {
        floats[b] = new float[size];
      } else {
        doubles[b] = new double[size];
      }
    }
    return new DenseMatrix(nRows, nCols, dtype, rowsPerBlock, floats, doubles);
  }

  /** Wraps a row-major array without copying. */
  public static DenseMatrix wrap(float[] data, int nRows, int nCols) {
    checkSize(data.length, nRows, nCols);
    return new DenseMatrix(
        nRows, nCols, DType.FLOAT32, Math.max(1, nRows), new float[][] {data}, null);
  }

  /** Wraps a row-major array without copying. */
  public static DenseMatrix wrap(double[] data, int nRows, int nCols) {
    checkSize(data.length, nRows, nCols);
    return new DenseMatrix(
        nRows, nCols, DType.FLOAT64, Math.max(1, nRows), null, new double[][] {data});
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

  private static void checkSize(int length, int nRows, int nCols) {
    if (length != (long) nRows * nCols) {
      throw new ShapeMismatchException(
          "an array of " + length + " values cannot be " + nRows + " x " + nCols);
    }
  }

  private static boolean storedAsFloat(DType dtype) {
    return switch (dtype) {
      case INT32, INT64, UINT32, UINT64, FLOAT64 -> false;
      default -> true;
    };
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
    return floats != null;
  }

  public int blockCount() {
    return nRows == 0 ? 0 : Parallel.nBlocks(nRows, rowsPerBlock);
  }

  public int rowsPerBlock() {
    return rowsPerBlock;
  }

  /** Row-major values of block {@code b}, not copied; float32 storage only. */
  public float[] floatBlock(int b) {
    return floats[b];
  }

  /** Row-major values of block {@code b}, not copied; float64 storage only. */
  public double[] doubleBlock(int b) {
    return doubles[b];
  }

  /** All values, row-major: the storage itself when it is one float32 block, else a copy. */
  public float[] floatData() {
    if (floats != null && floats.length == 1) {
      return floats[0];
    }
    float[] out = new float[flatSize()];
    Parallel.forRange(
        nRows,
        loopRows(),
        (from, to) -> {
          float[] row = new float[nCols];
          for (int i = from; i < to; i++) {
            readRow(i, row);
            System.arraycopy(row, 0, out, i * nCols, nCols);
          }
        });
    return out;
  }

  /** All values, row-major: the storage itself when it is one float64 block, else a copy. */
  public double[] doubleData() {
    if (doubles != null && doubles.length == 1) {
      return doubles[0];
    }
    double[] out = new double[flatSize()];
    Parallel.forRange(
        nRows,
        loopRows(),
        (from, to) -> {
          double[] row = new double[nCols];
          for (int i = from; i < to; i++) {
            readRow(i, row);
            System.arraycopy(row, 0, out, i * nCols, nCols);
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

  private int loopRows() {
    return Math.max(1, LOOP_ELEMENTS / Math.max(1, nCols));
  }

  @Override
  public double get(int i, int j) {
    Check.index(i, nRows, "row");
    Check.index(j, nCols, "column");
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols + j;
    return floats != null ? floats[block][at] : doubles[block][at];
  }

  public void set(int i, int j, double value) {
    Check.index(i, nRows, "row");
    Check.index(j, nCols, "column");
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols + j;
    if (floats != null) {
      floats[block][at] = (float) value;
    } else {
      doubles[block][at] = value;
    }
  }

  /** Copies row {@code i} into {@code out}. */
  public void readRow(int i, double[] out) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols;
    if (doubles != null) {
      System.arraycopy(doubles[block], at, out, 0, nCols);
    } else {
      float[] from = floats[block];
      for (int j = 0; j < nCols; j++) {
        out[j] = from[at + j];
      }
    }
  }

  /** Copies the {@code n} values from column {@code from} on of row {@code i} into {@code out}. */
  public void readRow(int i, int from, int n, double[] out) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols + from;
    if (doubles != null) {
      System.arraycopy(doubles[block], at, out, 0, n);
    } else {
      float[] values = floats[block];
      for (int j = 0; j < n; j++) {
        out[j] = values[at + j];
      }
    }
  }

  /** Copies row {@code i} into {@code out}, rounding to float32. */
  public void readRow(int i, float[] out) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols;
    if (floats != null) {
      System.arraycopy(floats[block], at, out, 0, nCols);
    } else {
      double[] from = doubles[block];
      for (int j = 0; j < nCols; j++) {
        out[j] = (float) from[at + j];
      }
    }
  }

  /** Writes stored values {@code start <= p < end} of a sparse block into row {@code i}. */
  void scatterRow(int i, CsrMatrix.Block from, int start, int end) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols;
    int[] indices = from.indices();
    if (floats != null && from.values() != null) {
      float[] to = floats[block];
      float[] values = from.values();
      for (int p = start; p < end; p++) {
        to[at + indices[p]] = values[p];
      }
    } else {
      double[] to = doubles[block];
      for (int p = start; p < end; p++) {
        to[at + indices[p]] = from.value(p);
      }
    }
  }

  /** Overwrites row {@code i}. */
  public void setRow(int i, double[] values) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols;
    if (doubles != null) {
      System.arraycopy(values, 0, doubles[block], at, nCols);
    } else {
      for (int j = 0; j < nCols; j++) {
        floats[block][at + j] = (float) values[j];
      }
    }
  }

  /** Overwrites the {@code n} values from column {@code from} on of row {@code i}. */
  public void setRow(int i, int from, int n, double[] values) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols + from;
    if (doubles != null) {
      System.arraycopy(values, 0, doubles[block], at, n);
    } else {
      float[] to = floats[block];
      for (int j = 0; j < n; j++) {
        to[at + j] = (float) values[j];
      }
    }
  }

  /** Column {@code j} as a new float64 array. */
  public double[] column(int j) {
    Check.index(j, nCols, "column");
    double[] out = new double[nRows];
    for (int i = 0; i < nRows; i++) {
      int block = i / rowsPerBlock;
      int at = (i - block * rowsPerBlock) * nCols + j;
      out[i] = floats != null ? floats[block][at] : doubles[block][at];
    }
    return out;
  }

  @Override
  public DenseMatrix takeRows(int[] rows) {
    var out = zeros(rows.length, nCols, dtype);
    Parallel.forRange(
        rows.length,
        loopRows(),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            Check.index(rows[r], nRows, "row");
            copyRow(rows[r], out, r);
          }
        });
    return out;
  }

  private void copyRow(int i, DenseMatrix to, int r) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols;
    int toBlock = r / to.rowsPerBlock;
    int toAt = (r - toBlock * to.rowsPerBlock) * nCols;
    if (floats != null) {
      System.arraycopy(floats[block], at, to.floats[toBlock], toAt, nCols);
    } else {
      System.arraycopy(doubles[block], at, to.doubles[toBlock], toAt, nCols);
    }
  }

  @Override
  public DenseMatrix takeCols(int[] cols) {
    for (int j : cols) {
      Check.index(j, nCols, "column");
    }
    var out = zeros(nRows, cols.length, dtype);
    Parallel.forRange(
        nRows,
        loopRows(),
        (from, to) -> {
          double[] row = new double[nCols];
          double[] picked = new double[cols.length];
          for (int i = from; i < to; i++) {
            readRow(i, row);
            for (int c = 0; c < cols.length; c++) {
              picked[c] = row[cols[c]];
            }
            out.setRow(i, picked);
          }
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
          for (int i = 0; i < nRows; i += TILE) {
            transposeTile(out, i, Math.min(nRows, i + TILE), from, to);
          }
        });
    return out;
  }

  private void transposeTile(DenseMatrix out, int fromRow, int toRow, int fromCol, int toCol) {
    for (int j = fromCol; j < toCol; j++) {
      int outBlock = j / out.rowsPerBlock;
      int outAt = (j - outBlock * out.rowsPerBlock) * nRows;
      for (int i = fromRow; i < toRow; i++) {
        int block = i / rowsPerBlock;
        int at = (i - block * rowsPerBlock) * nCols + j;
        if (floats != null) {
          out.floats[outBlock][outAt + i] = floats[block][at];
        } else {
          out.doubles[outBlock][outAt + i] = doubles[block][at];
        }
      }
    }
  }

  @Override
  public DenseMatrix copy() {
    float[][] f = floats == null ? null : deepCopy(floats);
    double[][] d = doubles == null ? null : deepCopy(doubles);
    return new DenseMatrix(nRows, nCols, dtype, rowsPerBlock, f, d);
  }

  private static float[][] deepCopy(float[][] from) {
    float[][] out = new float[from.length][];
    for (int b = 0; b < from.length; b++) {
      out[b] = from[b].clone();
    }
    return out;
  }

  private static double[][] deepCopy(double[][] from) {
    double[][] out = new double[from.length][];
    for (int b = 0; b < from.length; b++) {
      out[b] = from[b].clone();
    }
    return out;
  }

  @Override
  public CsrMatrix toCsr() {
    var builder = new CsrMatrix.Builder(nCols, dtype);
    double[] row = new double[nCols];
    int[] at = new int[nCols];
    double[] values = new double[nCols];
    for (int i = 0; i < nRows; i++) {
      readRow(i, row);
      int n = 0;
      for (int j = 0; j < nCols; j++) {
        if (row[j] != 0) {
          at[n] = j;
          values[n++] = row[j];
        }
      }
      builder.addRow(at, values, n);
    }
    return builder.build();
  }

  @Override
  public DenseMatrix toDense() {
    return this;
  }

  /** This matrix when it is stored as float32, else a rounded copy. */
  public DenseMatrix toFloat32() {
    return floats != null ? this : converted(DType.FLOAT32);
  }

  /** This matrix when it is stored as float64, else a widened copy. */
  public DenseMatrix toFloat64() {
    return doubles != null ? this : converted(DType.FLOAT64);
  }

  @Override
  public DenseMatrix withDType(DType type) {
    if (storedAsFloat(type) == storedAsFloat(dtype)) {
      return new DenseMatrix(nRows, nCols, type, rowsPerBlock, floats, doubles);
    }
    return converted(type);
  }

  private DenseMatrix converted(DType type) {
    var out = zeros(nRows, nCols, type);
    Parallel.forRange(
        nRows,
        loopRows(),
        (from, to) -> {
          double[] row = new double[nCols];
          for (int i = from; i < to; i++) {
            readRow(i, row);
            out.setRow(i, row);
          }
        });
    return out;
  }

  @Override
  public double[] rowSums() {
    double[] sums = new double[nRows];
    Parallel.forRange(
        nRows,
        loopRows(),
        (from, to) -> {
          double[] row = new double[nCols];
          for (int i = from; i < to; i++) {
            readRow(i, row);
            sums[i] = sum(row);
          }
        });
    return sums;
  }

  private static double sum(double[] row) {
    double sum = 0;
    for (double v : row) {
      sum += v;
    }
    return sum;
  }

  @Override
  public double[] colSums() {
    return columnTotals(null);
  }

  @Override
  public Moments colMoments(int ddof) {
    double[] mean = colSums();
    for (int j = 0; j < nCols; j++) {
      mean[j] /= nRows;
    }
    double[] variance = columnTotals(mean);
    for (int j = 0; j < nCols; j++) {
      variance[j] /= nRows - ddof;
    }
    return new Moments(mean, variance);
  }

  @Override
  public Moments rowMoments(int ddof) {
    double[] mean = new double[nRows];
    double[] variance = new double[nRows];
    Parallel.forRange(
        nRows,
        loopRows(),
        (from, to) -> {
          double[] row = new double[nCols];
          for (int i = from; i < to; i++) {
            readRow(i, row);
            double m = sum(row) / nCols;
            double squares = 0;
            for (double v : row) {
              squares += (v - m) * (v - m);
            }
            mean[i] = m;
            variance[i] = squares / (nCols - ddof);
          }
        });
    return new Moments(mean, variance);
  }

  /**
   * Column sums, or sums of squares around {@code mean} when it is given; the same operations in
   * the same order for float32 and float64 storage.
   */
  private double[] columnTotals(double[] mean) {
    int groupRows = Math.max(256, Parallel.nBlocks(Math.max(1, nRows), MAX_GROUPS));
    var parts =
        Parallel.map(
            Parallel.nBlocks(nRows, groupRows),
            g -> {
              double[] acc = new double[nCols];
              int to = (int) Math.min(nRows, (g + 1L) * groupRows);
              for (int i = g * groupRows; i < to; i++) {
                if (mean == null) {
                  addRow(i, acc);
                } else {
                  addSquares(i, mean, acc);
                }
              }
              return acc;
            });
    double[] total = new double[nCols];
    for (double[] part : parts) {
      for (int j = 0; j < nCols; j++) {
        total[j] += part[j];
      }
    }
    return total;
  }

  private void addRow(int i, double[] acc) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols;
    if (floats != null) {
      float[] row = floats[block];
      for (int j = 0; j < acc.length; j++) {
        acc[j] += row[at + j];
      }
    } else {
      double[] row = doubles[block];
      for (int j = 0; j < acc.length; j++) {
        acc[j] += row[at + j];
      }
    }
  }

  private void addSquares(int i, double[] mean, double[] acc) {
    int block = i / rowsPerBlock;
    int at = (i - block * rowsPerBlock) * nCols;
    if (floats != null) {
      float[] row = floats[block];
      for (int j = 0; j < acc.length; j++) {
        double centred = row[at + j] - mean[j];
        acc[j] += centred * centred;
      }
    } else {
      double[] row = doubles[block];
      for (int j = 0; j < acc.length; j++) {
        double centred = row[at + j] - mean[j];
        acc[j] += centred * centred;
      }
    }
  }

  @Override
  public String toString() {
    return describe();
  }
}
