package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private static final int TILE_COLUMNS = 512;

  private final int nRows;
  private final int nCols;
  private final DType dtype;
  private final long[] rowPtr;
  private final Block[] blocks;

  private CsrMatrix(int nRows, int nCols, DType dtype, long[] rowPtr, Block[] blocks) {
    this.nRows = nRows;
    this.nCols = nCols;
    this.dtype = dtype;
    this.rowPtr = rowPtr;
    this.blocks = blocks;
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

    private double sum(int from, int to) {
      double sum = 0;
      if (values != null) {
        for (int p = from; p < to; p++) {
          sum += values[p];
        }
      } else {
        for (int p = from; p < to; p++) {
          sum += wide[p];
        }
      }
      return sum;
    }

    private double sumOfSquares(int from, int to) {
      double sum = 0;
      if (values != null) {
        for (int p = from; p < to; p++) {
          double v = values[p];
          sum += v * v;
        }
      } else {
        for (int p = from; p < to; p++) {
          sum += wide[p] * wide[p];
        }
      }
      return sum;
    }

    private void addToColumns(double[] sum) {
      if (values != null) {
        for (int p = 0; p < indices.length; p++) {
          sum[indices[p]] += values[p];
        }
      } else {
        for (int p = 0; p < indices.length; p++) {
          sum[indices[p]] += wide[p];
        }
      }
    }

    private void addToColumns(double[] sum, double[] square) {
      if (values != null) {
        for (int p = 0; p < indices.length; p++) {
          double v = values[p];
          sum[indices[p]] += v;
          square[indices[p]] += v * v;
        }
      } else {
        for (int p = 0; p < indices.length; p++) {
          double v = wide[p];
          sum[indices[p]] += v;
          square[indices[p]] += v * v;
        }
      }
    }
  }

  // ---------------------------------------------------------------------------- construction

  /**
   * Copies flat arrays as scipy holds them; indices may be unsorted, duplicates are added up.
   *
   * @param indptr length {@code nRows + 1}
   * @throws ShapeMismatchException when lengths, order of {@code indptr} or an index do not fit
   */
  public static CsrMatrix of(int nRows, int nCols, int[] indptr, int[] indices, float[] values) {
    Check.sameLength(indptr.length, nRows + 1, "indptr", "nRows + 1");
    Check.sameLength(values.length, indices.length, "values", "the number of indices");
    var builder = new Builder(nCols, DType.FLOAT32);
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
    List<Integer> bounds = new ArrayList<>();
    bounds.add(0);
    int first = 0;
    while (first < nRows) {
      int end = blockEnd(rowPtr, first);
      long size = rowPtr[end] - rowPtr[first];
      if (size < 0 || size > Integer.MAX_VALUE - 16) {
        throw new ShapeMismatchException(
            "row pointers must not decrease; rows " + first + " to " + end + " hold " + size);
      }
      bounds.add(end);
      first = end;
    }
    Block[] blocks = new Block[bounds.size() - 1];
    // Fresh memory is zeroed by whoever asks for it, which takes longer than reading into it.
    Parallel.forBlocks(
        blocks.length,
        b -> {
          int from = bounds.get(b);
          int to = bounds.get(b + 1);
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

  /** The end of the block that starts at {@code first}: about {@link #BLOCK_NNZ} values. */
  private static int blockEnd(long[] rowPtr, int first) {
    int nRows = rowPtr.length - 1;
    long limit = rowPtr[first] + BLOCK_NNZ;
    int maxRows = (int) Math.min(nRows, first + (long) BLOCK_NNZ);
    int end = first + 1;
    while (end < maxRows && rowPtr[end + 1] <= limit) {
      end++;
    }
    return end;
  }

  /** Collects rows one after another. */
  public static final class Builder {
    private final int nCols;
    private final DType dtype;
    private final boolean float32;
    private long[] rowPtr = new long[1025];
    private int nRows;
    private final List<int[]> doneIndices = new ArrayList<>();
    private final List<Object> doneValues = new ArrayList<>();
    private final List<Integer> doneFirstRows = new ArrayList<>();
    private int firstRow;
    private int[] indices = new int[1 << 12];
    private float[] values;
    private double[] wide;
    private int used;

    /** Values are kept as float32 unless {@code dtype} is 32-bit integer or wider. */
    public Builder(int nCols, DType dtype) {
      this(
          nCols,
          dtype,
          switch (dtype) {
            case INT32, INT64, UINT32, UINT64, FLOAT64 -> false;
            default -> true;
          });
    }

    public Builder(int nCols, DType dtype, boolean float32) {
      this.nCols = nCols;
      this.dtype = dtype;
      this.float32 = float32;
      if (float32) {
        values = new float[1 << 12];
      } else {
        wide = new double[1 << 12];
      }
    }

    /** Appends a row given by its first {@code n} indices and values, which it may reorder. */
    public void addRow(int[] at, double[] v, int n) {
      n = canonical(at, v, n, nCols, nRows);
      if (used > 0 && (long) used + n > BLOCK_NNZ) {
        closeBlock();
      }
      ensure(used + n);
      System.arraycopy(at, 0, indices, used, n);
      for (int p = 0; p < n; p++) {
        if (float32) {
          values[used + p] = (float) v[p];
        } else {
          wide[used + p] = v[p];
        }
      }
      used += n;
      if (nRows + 2 > rowPtr.length) {
        rowPtr = Arrays.copyOf(rowPtr, rowPtr.length * 2);
      }
      rowPtr[nRows + 1] = rowPtr[nRows] + n;
      nRows++;
    }

    private void ensure(int size) {
      if (size > indices.length) {
        int grown = Math.max(size, indices.length * 2);
        indices = Arrays.copyOf(indices, grown);
        if (float32) {
          values = Arrays.copyOf(values, grown);
        } else {
          wide = Arrays.copyOf(wide, grown);
        }
      }
    }

    private void closeBlock() {
      if (nRows == firstRow) {
        return;
      }
      doneIndices.add(Arrays.copyOf(indices, used));
      doneValues.add(float32 ? Arrays.copyOf(values, used) : Arrays.copyOf(wide, used));
      doneFirstRows.add(firstRow);
      firstRow = nRows;
      used = 0;
    }

    public CsrMatrix build() {
      closeBlock();
      long[] ptr = Arrays.copyOf(rowPtr, nRows + 1);
      Block[] blocks = new Block[doneIndices.size()];
      for (int b = 0; b < blocks.length; b++) {
        int end = b + 1 < blocks.length ? doneFirstRows.get(b + 1) : nRows;
        Object v = doneValues.get(b);
        blocks[b] =
            new Block(
                ptr,
                doneFirstRows.get(b),
                end,
                doneIndices.get(b),
                float32 ? (float[]) v : null,
                float32 ? null : (double[]) v);
      }
      return new CsrMatrix(nRows, nCols, dtype, ptr, blocks);
    }
  }

  /** Sorts a row by column and adds up duplicates; returns the new length. */
  static int canonical(int[] at, double[] v, int n, int nCols, int row) {
    boolean sorted = true;
    for (int p = 0; p < n; p++) {
      if (at[p] < 0 || at[p] >= nCols) {
        throw new ShapeMismatchException(
            "row "
                + row
                + " holds column index "
                + at[p]
                + ", but there are "
                + nCols
                + " columns");
      }
      sorted &= p == 0 || at[p - 1] < at[p];
    }
    if (sorted) {
      return n;
    }
    long[] keys = new long[n];
    for (int p = 0; p < n; p++) {
      keys[p] = ((long) at[p] << 32) | p;
    }
    Arrays.sort(keys);
    double[] old = Arrays.copyOf(v, n);
    int kept = 0;
    for (int p = 0; p < n; p++) {
      int column = (int) (keys[p] >>> 32);
      double value = old[(int) keys[p]];
      if (kept > 0 && at[kept - 1] == column) {
        v[kept - 1] += value;
      } else {
        at[kept] = column;
        v[kept++] = value;
      }
    }
    return kept;
  }

  // -------------------------------------------------------------------------------- access

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
    return blocks.length;
  }

  public Block block(int b) {
    return blocks[b];
  }

  /** The block that holds row {@code i}. */
  public Block blockOf(int i) {
    int low = 0;
    int high = blocks.length - 1;
    while (low < high) {
      int mid = (low + high + 1) >>> 1;
      if (blocks[mid].firstRow <= i) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    return blocks[low];
  }

  /** Number of stored values in row {@code i}. */
  public int rowNnz(int i) {
    return (int) (rowPtr[i + 1] - rowPtr[i]);
  }

  /** True when values are held as float32. */
  public boolean isFloat32Stored() {
    return blocks.length == 0 || blocks[0].values != null;
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
    int parts = Math.min(most, blocks.length);
    int[] bounds = new int[parts + 1];
    for (int p = 0; p < parts; p++) {
      bounds[p] = blocks[(int) ((long) blocks.length * p / parts)].firstRow;
    }
    bounds[parts] = nRows;
    return bounds;
  }

  /** Runs {@code body} for every block in parallel. */
  public void forBlocks(java.util.function.Consumer<Block> body) {
    Parallel.forBlocks(blocks.length, b -> body.accept(blocks[b]));
  }

  /**
   * Cuts the blocks into at most 64 contiguous groups, by size alone; a kernel that needs an
   * accumulator as wide as the matrix keeps one per group and adds them in order.
   *
   * @return {@code groups + 1} block numbers
   */
  public int[] groupBounds() {
    int groups = Math.min(MAX_GROUPS, blocks.length);
    int[] bounds = new int[groups + 1];
    for (int g = 0; g <= groups; g++) {
      bounds[g] = (int) ((long) blocks.length * g / Math.max(1, groups));
    }
    return bounds;
  }

  // ------------------------------------------------------------------------------- slicing

  @Override
  public CsrMatrix takeRows(int[] rows) {
    long[] ptr = new long[rows.length + 1];
    for (int r = 0; r < rows.length; r++) {
      Check.index(rows[r], nRows, "row");
      ptr[r + 1] = ptr[r] + rowNnz(rows[r]);
    }
    var out = allocate(nCols, ptr, dtype, isFloat32Stored());
    out.forBlocks(
        to -> {
          for (int r = to.firstRow; r < to.endRow; r++) {
            Block from = blockOf(rows[r]);
            int start = from.start(rows[r]);
            int n = from.end(rows[r]) - start;
            int at = to.start(r);
            System.arraycopy(from.indices, start, to.indices, at, n);
            if (to.values != null) {
              System.arraycopy(from.values, start, to.values, at, n);
            } else {
              System.arraycopy(from.wide, start, to.wide, at, n);
            }
          }
        });
    return out;
  }

  @Override
  public CsrMatrix takeCols(int[] cols) {
    int[] position = new int[nCols];
    Arrays.fill(position, -1);
    boolean increasing = true;
    boolean distinct = true;
    for (int c = 0; c < cols.length; c++) {
      Check.index(cols[c], nCols, "column");
      increasing &= c == 0 || cols[c - 1] < cols[c];
      distinct &= position[cols[c]] < 0;
      position[cols[c]] = c;
    }
    if (increasing) {
      return keepCols(position, cols.length);
    }
    return distinct
        ? new RowStack(List.of(this), new int[][] {position}, cols.length, 0)
            .build(dtype, isFloat32Stored())
        : repeatCols(cols);
  }

  /** {@code position[j]} is the new place of column j, or -1; places increase with j. */
  private CsrMatrix keepCols(int[] position, int newCols) {
    long[] ptr = new long[nRows + 1];
    forBlocks(
        from -> {
          int[] indices = from.indices;
          for (int i = from.firstRow; i < from.endRow; i++) {
            int kept = 0;
            int end = from.end(i);
            for (int p = from.start(i); p < end; p++) {
              kept += 1 + (position[indices[p]] >> 31);
            }
            ptr[i + 1] = kept;
          }
        });
    for (int i = 0; i < nRows; i++) {
      ptr[i + 1] += ptr[i];
    }
    var out = allocate(newCols, ptr, dtype, isFloat32Stored());
    out.forBlocks(
        to -> {
          int at = 0;
          for (int i = to.firstRow; i < to.endRow; i++) {
            Block from = blockOf(i);
            at =
                from.values != null
                    ? keepFloats(from, i, position, to, at)
                    : keepDoubles(from, i, position, to, at);
          }
        });
    return out;
  }

  private static int keepFloats(Block from, int row, int[] position, Block to, int at) {
    int[] indices = from.indices;
    float[] values = from.values;
    int[] outIndices = to.indices;
    float[] outValues = to.values;
    int end = from.end(row);
    for (int p = from.start(row); p < end; p++) {
      int place = position[indices[p]];
      if (place >= 0) {
        outIndices[at] = place;
        outValues[at++] = values[p];
      }
    }
    return at;
  }

  private static int keepDoubles(Block from, int row, int[] position, Block to, int at) {
    int end = from.end(row);
    for (int p = from.start(row); p < end; p++) {
      int place = position[from.indices[p]];
      if (place >= 0) {
        to.indices[at] = place;
        to.wide[at++] = from.wide[p];
      }
    }
    return at;
  }

  private CsrMatrix repeatCols(int[] cols) {
    int[] first = new int[nCols + 1];
    for (int j : cols) {
      first[j + 1]++;
    }
    for (int j = 0; j < nCols; j++) {
      first[j + 1] += first[j];
    }
    int[] places = new int[cols.length];
    int[] fill = first.clone();
    for (int c = 0; c < cols.length; c++) {
      places[fill[cols[c]]++] = c;
    }
    var builder = new Builder(cols.length, dtype, isFloat32Stored());
    int[] at = new int[cols.length];
    double[] v = new double[cols.length];
    for (Block from : blocks) {
      for (int i = from.firstRow; i < from.endRow; i++) {
        int n = 0;
        for (int p = from.start(i); p < from.end(i); p++) {
          int j = from.indices[p];
          for (int q = first[j]; q < first[j + 1]; q++) {
            at[n] = places[q];
            v[n++] = from.value(p);
          }
        }
        builder.addRow(at, v, n);
      }
    }
    return builder.build();
  }

  // ------------------------------------------------------------------------------ stacking

  /**
   * Puts matrices one below the other.
   *
   * @param columnPlaces for every matrix, where each of its columns goes, or -1 to leave it out
   * @param nCols columns of the result
   * @param dtype type of the result; stored as float32 where all parts are and the type allows it
   * @param fill value of columns a matrix does not have; anything but 0 is stored explicitly
   */
  public static CsrMatrix vstack(
      List<CsrMatrix> parts, int[][] columnPlaces, int nCols, DType dtype, double fill) {
    boolean float32 = dtype != DType.FLOAT64 && parts.stream().allMatch(CsrMatrix::isFloat32Stored);
    return new RowStack(parts, columnPlaces, nCols, fill).build(dtype, float32);
  }

  /**
   * Rows of all parts below each other, in parallel and without densifying.
   *
   * @param maps per part the new place of every column, -1 to drop it; a null entry keeps them
   */
  public static CsrMatrix vstack(List<CsrMatrix> parts, List<int[]> maps, int nCols, DType dtype) {
    int[][] places = new int[parts.size()][];
    for (int m = 0; m < places.length; m++) {
      int[] map = maps.get(m);
      if (map == null) {
        map = new int[parts.get(m).nCols];
        Arrays.setAll(map, j -> j);
      }
      places[m] = map;
    }
    return vstack(parts, places, nCols, dtype, 0);
  }

  /** The parts along the diagonal, zeros elsewhere. The element type is that of the first. */
  public static CsrMatrix blockDiagonal(List<CsrMatrix> parts) {
    int nCols = 0;
    List<int[]> maps = new ArrayList<>();
    for (CsrMatrix part : parts) {
      int[] map = new int[part.nCols];
      for (int j = 0; j < map.length; j++) {
        map[j] = Math.addExact(nCols, j);
      }
      maps.add(map);
      nCols = Math.addExact(nCols, part.nCols);
    }
    boolean wide = parts.stream().anyMatch(p -> p.dtype == DType.FLOAT64);
    return vstack(parts, maps, nCols, wide ? DType.FLOAT64 : parts.get(0).dtype);
  }

  // ---------------------------------------------------------------------------- conversion

  @Override
  public CscMatrix transpose() {
    return new CscMatrix(this);
  }

  /** The transpose in row-compressed form. */
  public CsrMatrix transposeToCsr() {
    int[] bounds = groupBounds();
    int groups = bounds.length - 1;
    int[][] offsets = new int[groups][];
    Parallel.forBlocks(
        groups,
        g -> {
          int[] counts = new int[nCols];
          for (int b = bounds[g]; b < bounds[g + 1]; b++) {
            for (int j : blocks[b].indices) {
              counts[j]++;
            }
          }
          offsets[g] = counts;
        });
    long[] ptr = new long[nCols + 1];
    for (int j = 0; j < nCols; j++) {
      int before = 0;
      for (int g = 0; g < groups; g++) {
        int count = offsets[g][j];
        offsets[g][j] = before;
        before += count;
      }
      ptr[j + 1] = ptr[j] + before;
    }
    var out = allocate(nRows, ptr, dtype, isFloat32Stored());
    int[] start = new int[nCols];
    Block[] target = new Block[nCols];
    for (Block to : out.blocks) {
      Arrays.fill(target, to.firstRow, to.endRow, to);
      for (int j = to.firstRow; j < to.endRow; j++) {
        start[j] = to.start(j);
      }
    }
    Parallel.forBlocks(
        groups,
        g -> {
          int[] next = offsets[g];
          for (int j = 0; j < nCols; j++) {
            next[j] += start[j];
          }
          for (int b = bounds[g]; b < bounds[g + 1]; b++) {
            scatter(blocks[b], target, next);
          }
        });
    return out;
  }

  /**
   * Writes a block into the columns' arrays, one tile of columns after another: writing to all
   * columns at once would touch more memory pages than the processor keeps track of.
   */
  private void scatter(Block from, Block[] target, int[] next) {
    int nRowsHere = from.endRow - from.firstRow;
    int[] cursor = new int[nRowsHere];
    for (int i = 0; i < nRowsHere; i++) {
      cursor[i] = from.start(from.firstRow + i);
    }
    for (int tile = 0; tile < nCols; tile += TILE_COLUMNS) {
      int tileEnd = Math.min(nCols, tile + TILE_COLUMNS);
      for (int i = 0; i < nRowsHere; i++) {
        int row = from.firstRow + i;
        cursor[i] =
            from.values != null
                ? scatterFloats(from, row, cursor[i], tileEnd, target, next)
                : scatterDoubles(from, row, cursor[i], tileEnd, target, next);
      }
    }
  }

  private static int scatterFloats(
      Block from, int row, int p, int tileEnd, Block[] target, int[] next) {
    int[] indices = from.indices;
    float[] values = from.values;
    int end = from.end(row);
    for (; p < end; p++) {
      int j = indices[p];
      if (j >= tileEnd) {
        break;
      }
      Block to = target[j];
      int at = next[j]++;
      to.indices[at] = row;
      to.values[at] = values[p];
    }
    return p;
  }

  private static int scatterDoubles(
      Block from, int row, int p, int tileEnd, Block[] target, int[] next) {
    int end = from.end(row);
    for (; p < end && from.indices[p] < tileEnd; p++) {
      int j = from.indices[p];
      int at = next[j]++;
      target[j].indices[at] = row;
      target[j].wide[at] = from.wide[p];
    }
    return p;
  }

  /** Shares structure, copies values. */
  @Override
  public CsrMatrix copy() {
    Block[] out = new Block[blocks.length];
    Parallel.forBlocks(
        blocks.length,
        b -> {
          Block from = blocks[b];
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
  public CsrMatrix toCsr() {
    return this;
  }

  /** This matrix when it is stored as float32, else a rounded copy of type float32. */
  public CsrMatrix toFloat32() {
    return isFloat32Stored() ? this : restored(DType.FLOAT32, true);
  }

  /** Shares values where the storage may stay; an integer type does not round the values. */
  @Override
  public CsrMatrix withDType(DType type) {
    if (type == DType.FLOAT64 && isFloat32Stored()) {
      return restored(type, false);
    }
    if (type == DType.FLOAT32 && !isFloat32Stored()) {
      return restored(type, true);
    }
    return new CsrMatrix(nRows, nCols, type, rowPtr, blocks);
  }

  private CsrMatrix restored(DType type, boolean float32) {
    Block[] out = new Block[blocks.length];
    Parallel.forBlocks(
        blocks.length,
        b -> {
          Block from = blocks[b];
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

  // ---------------------------------------------------------------------------- statistics

  @Override
  public double[] rowSums() {
    double[] sums = new double[nRows];
    forBlocks(
        from -> {
          for (int i = from.firstRow; i < from.endRow; i++) {
            sums[i] = from.sum(from.start(i), from.end(i));
          }
        });
    return sums;
  }

  @Override
  public double[] colSums() {
    return columnTotals(false)[0];
  }

  /**
   * One pass: variance from sums of squares in float64, as scanpy does; relative error about 1e-13
   * times mean squared over variance.
   */
  @Override
  public Moments colMoments(int ddof) {
    double[][] totals = columnTotals(true);
    return moments(totals[0], totals[1], nRows, ddof);
  }

  @Override
  public Moments rowMoments(int ddof) {
    double[] sums = new double[nRows];
    double[] squares = new double[nRows];
    forBlocks(
        from -> {
          for (int i = from.firstRow; i < from.endRow; i++) {
            sums[i] = from.sum(from.start(i), from.end(i));
            squares[i] = from.sumOfSquares(from.start(i), from.end(i));
          }
        });
    return moments(sums, squares, nCols, ddof);
  }

  private static Moments moments(double[] sums, double[] squares, int n, int ddof) {
    double[] mean = new double[sums.length];
    double[] variance = new double[sums.length];
    for (int j = 0; j < sums.length; j++) {
      mean[j] = sums[j] / n;
      variance[j] = Math.max(0, squares[j] - mean[j] * sums[j]) / (n - ddof);
    }
    return new Moments(mean, variance);
  }

  private double[][] columnTotals(boolean withSquares) {
    int[] bounds = groupBounds();
    var parts =
        Parallel.map(
            bounds.length - 1,
            g -> {
              double[] sum = new double[nCols];
              double[] square = new double[withSquares ? nCols : 0];
              for (int b = bounds[g]; b < bounds[g + 1]; b++) {
                if (withSquares) {
                  blocks[b].addToColumns(sum, square);
                } else {
                  blocks[b].addToColumns(sum);
                }
              }
              return new double[][] {sum, square};
            });
    double[][] total = {new double[nCols], new double[withSquares ? nCols : 0]};
    for (double[][] part : parts) {
      for (int s = 0; s < 2; s++) {
        for (int j = 0; j < part[s].length; j++) {
          total[s][j] += part[s][j];
        }
      }
    }
    return total;
  }

  @Override
  public String toString() {
    return describe() + " with " + nnz() + " stored values";
  }
}
