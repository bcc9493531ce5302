package org.cellweave.matrix;

import java.util.Arrays;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Sparse matrix compressed by rows, kept as blocks of whole rows with 64-bit row pointers, so that
 * more than 2^31 stored values work and every kernel is a parallel loop over blocks.
 *
 * <p>Within a row, column indices are strictly increasing; zeros may be stored. Structure (row
 * pointers, indices) never changes after construction and is shared between copies; values may be
 * changed in place. Values are float32, or float64 where float32 would not be exact.
 */
public final class CsrMatrix implements Matrix {
  /** Stored values a block aims at; a single longer row still is one block. */
  public static final int BLOCK_NNZ = 1 << 20;

  private static final int MAX_GROUPS = 64;

  /** Blocks of a group, so that a thread that reads a group needs little memory. */
  private static final int MAX_GROUP_BLOCKS = 8;

  private final int nRows;
  private final int nCols;
  private final DType dtype;
  private final long[] rowPtr;
  private final CsrBlocks blocks;

  CsrMatrix(int nRows, int nCols, DType dtype, long[] rowPtr, Block[] blocks) {
    this(nRows, nCols, dtype, rowPtr, new CsrBlocks.Held(blocks));
  }

  private CsrMatrix(int nRows, int nCols, DType dtype, long[] rowPtr, CsrBlocks blocks) {
    this.nRows = nRows;
    this.nCols = nCols;
    this.dtype = dtype;
    this.rowPtr = rowPtr;
    this.blocks = blocks;
  }

  /**
   * The matrix whose rows lie in {@code store}. Its blocks have the bounds that they would have in
   * memory and are read when they are asked for, so that whatever reads it gives the same bits; its
   * values cannot be changed in place ({@link #changed}).
   */
  public static CsrMatrix of(RowStore store) {
    var blocks = new ReadBlocks(store);
    return new CsrMatrix(store.nRows(), store.nCols(), store.dtype(), store.rowPtr(), blocks);
  }

  /** False when the rows lie elsewhere and are read when asked for. */
  public boolean isInMemory() {
    return store() == null;
  }

  /** Where the rows lie; null when they are in memory. */
  public RowStore store() {
    return blocks instanceof ReadBlocks read ? read.store() : null;
  }

  /** This matrix when it is in memory, else all its rows read. */
  @Override
  public CsrMatrix inMemory() {
    return isInMemory() ? this : store().read(RowStore.all(nRows));
  }

  /**
   * The matrix with its values changed: this very one, changed in place, when it is in memory; else
   * one whose rows are changed after every reading, while this one stays as it is.
   */
  public CsrMatrix changed(RowChange change) {
    if (!isInMemory()) {
      return of(new ChangedRows(store(), change, dtype));
    }
    forBlocks(
        block -> {
          RowChange.Kernel kernel = change.kernel();
          for (int i = block.firstRow; i < block.endRow; i++) {
            kernel.change(i, block, block.start(i), block.end(i));
          }
        });
    return this;
  }

  /**
   * @param step that changes values in place, for the message
   * @throws IllegalStateException when the rows lie elsewhere
   */
  public void requireInMemory(String step) {
    if (!isInMemory()) {
      throw new IllegalStateException(
          step
              + " changes values in place, but X stays in "
              + store().place()
              + "; read it first with toMemory()");
    }
  }

  /** Lets go of rows that could be read again. */
  public void forget() {
    if (blocks instanceof ReadBlocks read) {
      read.forget();
    }
  }

  /**
   * Rows {@code from <= i < to} in memory; where they have to be read or unpacked, entries in other
   * columns than {@code columns} (length {@code nCols}) says may be missing.
   */
  public CsrMatrix rowsWithin(int from, int to, boolean[] columns) {
    int[] rows = RowStore.range(from, to);
    return blocks instanceof ReadBlocks read && !read.mayStay()
        ? read.store().read(rows, columns)
        : CsrSlices.rows(this, rows);
  }

  /** Reads the blocks that hold rows {@code from <= i < to}, in parallel, if they are not here. */
  void prepare(int from, int to) {
    if (blocks instanceof ReadBlocks read && from < to) {
      read.prepare(blockAt(from), blockAt(to - 1) + 1);
    }
  }

  /** Rows {@code firstRow <= i < endRow} with their indices and values. */
  public static final class Block {
    private final long[] rowPtr;
    private final int firstRow;
    private final int endRow;
    private final int[] indices;
    private final float[] values;
    private final double[] wide;

    Block(long[] rowPtr, int firstRow, int endRow, int[] indices, float[] values, double[] wide) {
      this.rowPtr = rowPtr;
      this.firstRow = firstRow;
      this.endRow = endRow;
      this.indices = indices;
      this.values = values;
      this.wide = wide;
    }

    public int firstRow() {
      return firstRow;
    }

    public int endRow() {
      return endRow;
    }

    /** Number of stored values in this block. */
    public int nnz() {
      return indices.length;
    }

    /** First position of {@code row} in {@link #indices()} and {@link #values()}. */
    public int start(int row) {
      return (int) (rowPtr[row] - rowPtr[firstRow]);
    }

    /** One past the last position of {@code row}. */
    public int end(int row) {
      return (int) (rowPtr[row + 1] - rowPtr[firstRow]);
    }

    /** Column indices; not to be changed. */
    public int[] indices() {
      return indices;
    }

    /** Values, not copied; null when the matrix is stored as float64. */
    public float[] values() {
      return values;
    }

    /** Values, not copied; null when the matrix is stored as float32. */
    public double[] wideValues() {
      return wide;
    }

    /** The value at position {@code at}, whatever the storage. */
    public double value(int at) {
      return values != null ? values[at] : wide[at];
    }
  }

  /**
   * Copies flat arrays as scipy holds them; indices may be unsorted, duplicates are added up.
   *
   * @param indptr length {@code nRows + 1}
   * @throws ShapeMismatchException when lengths, order of {@code indptr} or an index do not fit
   */
  public static CsrMatrix of(int nRows, int nCols, int[] indptr, int[] indices, float[] values) {
    Check.sameLength(indptr.length, nRows + 1, "indptr", "nRows + 1");
    Check.sameLength(values.length, indices.length, "values", "the number of indices");
    var builder = new CsrBuilder(nCols, DType.FLOAT32);
    for (int i = 0; i < nRows; i++) {
      int n = indptr[i + 1] - indptr[i];
      int[] at = Arrays.copyOfRange(indices, indptr[i], indptr[i + 1]);
      double[] v = new double[n];
      for (int p = 0; p < n; p++) {
        v[p] = values[indptr[i] + p];
      }
      builder.addRow(at, v, n);
    }
    return builder.build();
  }

  /** A matrix without stored values. */
  public static CsrMatrix empty(int nRows, int nCols, DType dtype) {
    return allocate(nCols, new long[nRows + 1], dtype, true);
  }

  /**
   * Allocates blocks for the given row lengths; the caller fills indices and values.
   *
   * @param rowPtr kept, not copied
   * @param float32 storage of the values
   */
  public static CsrMatrix allocate(int nCols, long[] rowPtr, DType dtype, boolean float32) {
    int nRows = rowPtr.length - 1;
    int[] bounds = CsrBlocks.bounds(rowPtr);
    Block[] blocks = new Block[bounds.length - 1];
    // Fresh memory is zeroed by whoever asks for it, which takes longer than reading into it.
    Parallel.forBlocks(
        blocks.length,
        b -> {
          int from = bounds[b];
          int to = bounds[b + 1];
          int size = (int) (rowPtr[to] - rowPtr[from]);
          blocks[b] =
              new Block(
                  rowPtr,
                  from,
                  to,
                  new int[size],
                  float32 ? new float[size] : null,
                  float32 ? null : new double[size]);
        });
    return new CsrMatrix(nRows, nCols, dtype, rowPtr, blocks);
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
    return true;
  }

  @Override
  public long nnz() {
    return rowPtr[nRows];
  }

  /** Row pointers, length {@code nRows + 1}; not to be changed. */
  public long[] rowPtr() {
    return rowPtr;
  }

  public int blockCount() {
    return blocks.count();
  }

  public Block block(int b) {
    return blocks.get(b);
  }

  /** First row of block {@code b}, of the last block and one the number of rows; reads nothing. */
  public int blockStart(int b) {
    return b == blocks.count() ? nRows : blocks.firstRow(b);
  }

  /** The block that holds row {@code i}. */
  public Block blockOf(int i) {
    return blocks.get(blockAt(i));
  }

  /** Number of the block that holds row {@code i}; reads nothing. */
  int blockAt(int i) {
    return blocks.holding(i);
  }

  /** Number of stored values in row {@code i}. */
  public int rowNnz(int i) {
    return (int) (rowPtr[i + 1] - rowPtr[i]);
  }

  /** True when values are held as float32. */
  public boolean isFloat32Stored() {
    return blocks.isFloat32();
  }

  @Override
  public double get(int i, int j) {
    Check.index(i, nRows, "row");
    Check.index(j, nCols, "column");
    Block block = blockOf(i);
    int at = Arrays.binarySearch(block.indices, block.start(i), block.end(i), j);
    return at < 0 ? 0 : block.value(at);
  }

  /** First rows of at most {@code most} parts, each of whole blocks and about as many of them. */
  public int[] partBounds(int most) {
    int parts = Math.min(most, blocks.count());
    return Arrays.stream(CsrBlocks.evenly(blocks.count(), parts)).map(this::blockStart).toArray();
  }

  /** Runs {@code body} for every block in parallel. */
  public void forBlocks(java.util.function.Consumer<Block> body) {
    Parallel.forBlocks(blocks.count(), b -> body.accept(blocks.get(b)));
  }

  /**
   * Cuts the blocks into contiguous groups, 64 of them unless these held more than 8 blocks each,
   * by size alone; a kernel that needs an accumulator as wide as the matrix keeps one per group and
   * adds them in order.
   *
   * @return {@code groups + 1} block numbers
   */
  public int[] groupBounds() {
    int count = blocks.count();
    int few = Math.min(MAX_GROUPS, count);
    return CsrBlocks.evenly(count, Math.max(few, Parallel.nBlocks(count, MAX_GROUP_BLOCKS)));
  }

  @Override
  public CsrMatrix takeRows(int[] rows) {
    return isInMemory() ? CsrSlices.rows(this, rows) : ChosenRows.of(this, rows);
  }

  @Override
  public CsrMatrix takeCols(int[] cols) {
    return isInMemory() ? CsrSlices.cols(this, cols) : ChosenColumns.of(this, cols);
  }

  @Override
  public CscMatrix transpose() {
    return new CscMatrix(this);
  }

  /** The transpose in row-compressed form. */
  public CsrMatrix transposeToCsr() {
    return CsrTranspose.of(this);
  }

  /** Shares structure, copies values; of rows that lie elsewhere, which nobody changes, itself. */
  @Override
  public CsrMatrix copy() {
    if (!isInMemory()) {
      return this;
    }
    Block[] out = new Block[blocks.count()];
    Parallel.forBlocks(
        out.length,
        b -> {
          Block from = blocks.get(b);
          out[b] =
              new Block(
                  rowPtr,
                  from.firstRow,
                  from.endRow,
                  from.indices,
                  from.values == null ? null : from.values.clone(),
                  from.wide == null ? null : from.wide.clone());
        });
    return new CsrMatrix(nRows, nCols, dtype, rowPtr, out);
  }

  @Override
  public CsrMatrix own() {
    return isInMemory() ? copy() : inMemory();
  }

  @Override
  public CsrMatrix toCsr() {
    return this;
  }

  /** This matrix when it is stored as float32, else a rounded copy of type float32. */
  public CsrMatrix toFloat32() {
    return isFloat32Stored() ? this : withDType(DType.FLOAT32);
  }

  /** Shares values where the storage may stay; an integer type does not round the values. */
  @Override
  public CsrMatrix withDType(DType type) {
    if (!isInMemory()) {
      return type == dtype ? this : of(new ChangedRows(store(), RowChange.NONE, type));
    }
    if (type == DType.FLOAT64 && isFloat32Stored()) {
      return restored(type, false);
    }
    if (type == DType.FLOAT32 && !isFloat32Stored()) {
      return restored(type, true);
    }
    return new CsrMatrix(nRows, nCols, type, rowPtr, blocks);
  }

  private CsrMatrix restored(DType type, boolean float32) {
    Block[] out = new Block[blocks.count()];
    Parallel.forBlocks(
        out.length,
        b -> {
          Block from = blocks.get(b);
          float[] narrow = float32 ? new float[from.nnz()] : null;
          double[] wide = float32 ? null : new double[from.nnz()];
          for (int p = 0; p < from.nnz(); p++) {
            if (float32) {
              narrow[p] = (float) from.value(p);
            } else {
              wide[p] = from.value(p);
            }
          }
          out[b] = new Block(rowPtr, from.firstRow, from.endRow, from.indices, narrow, wide);
        });
    return new CsrMatrix(nRows, nCols, type, rowPtr, out);
  }

  @Override
  public DenseMatrix toDense() {
    var out = DenseMatrix.zeros(nRows, nCols, isFloat32Stored() ? dtype : DType.FLOAT64);
    forBlocks(
        from -> {
          for (int i = from.firstRow; i < from.endRow; i++) {
            out.scatterRow(i, from, from.start(i), from.end(i));
          }
        });
    return out.withDType(dtype);
  }

  @Override
  public String toString() {
    return describe() + " with " + nnz() + " stored values";
  }
}
