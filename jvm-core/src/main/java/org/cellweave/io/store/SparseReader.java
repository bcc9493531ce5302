package org.cellweave.io.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cellweave.io.binary.BlockSpans;
import org.cellweave.io.binary.Numbers;
import org.cellweave.io.binary.SparseRows;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;

/** Reads csr_matrix and csc_matrix groups straight into the blocks of a {@link CsrMatrix}. */
public final class SparseReader {
  private static final int PROBE = 1 << 16;
  private static final int PIECE = 1 << 20;

  private final StoreReader source;
  private final String key;
  private final boolean byColumn;
  private final int nMajor;
  private final int nMinor;
  private final long[] pointers;
  private final StoreArray indices;
  private final StoreArray data;

  /**
   * Opens the group and checks everything that can be checked without reading the values.
   *
   * @param shape rows and columns as the group's attribute says
   */
  public SparseReader(
      StoreReader source, StoreGroup group, String key, boolean byColumn, long[] shape) {
    this.source = source;
    this.key = key;
    this.byColumn = byColumn;
    if (shape == null || shape.length != 2) {
      throw source.bad(
          key, "lacks the attribute 'shape' of two numbers; write it again with anndata");
    }
    this.nMajor = axis(shape[byColumn ? 1 : 0]);
    this.nMinor = axis(shape[byColumn ? 0 : 1]);
    StoreArray indptr = part(group, "indptr");
    this.indices = part(group, "indices");
    this.data = part(group, "data");
    if (indptr.size() != nMajor + 1L) {
      throw source.bad(
          key + "/indptr",
          "has "
              + indptr.size()
              + " entries, expected "
              + (nMajor + 1L)
              + " for shape "
              + Arrays.toString(shape));
    }
    this.pointers = indptr.longs();
    checkPointers();
  }

  private int axis(long n) {
    if (n < 0 || n > Integer.MAX_VALUE - 16) {
      throw source.bad(key, "has an axis of " + n + "; 0 to 2^31 - 17 can be read");
    }
    return (int) n;
  }

  private StoreArray part(StoreGroup group, String name) {
    String partKey = key + "/" + name;
    StoreArray array = source.array(source.child(group, name, key), partKey);
    if (array.rank() != 1 || !array.type().isNumeric()) {
      throw source.bad(
          partKey,
          "is "
              + array.type().describe()
              + " of shape "
              + Arrays.toString(array.dims())
              + ", expected a row of numbers");
    }
    return array;
  }

  private void checkPointers() {
    for (int i = 0; i < nMajor; i++) {
      if (pointers[i + 1] < pointers[i] || pointers[0] != 0) {
        throw source.bad(
            key + "/indptr",
            "must start at 0 and not decrease, but entry "
                + (i + 1)
                + " is "
                + pointers[i + 1]
                + " after "
                + pointers[i]
                + "; the file is damaged");
      }
      if (pointers[i + 1] - pointers[i] > Integer.MAX_VALUE - 16) {
        throw source.bad(
            key + "/indptr", "has a row of more than 2^31 values, which cannot be read");
      }
    }
    if (indices.size() != pointers[nMajor] || data.size() != pointers[nMajor]) {
      throw source.bad(
          key,
          "has "
              + data.size()
              + " values and "
              + indices.size()
              + " indices, but its indptr ends at "
              + pointers[nMajor]
              + "; the file is damaged");
    }
  }

  public int nMajor() {
    return nMajor;
  }

  public int nMinor() {
    return nMinor;
  }

  /** Stored values. */
  public long size() {
    return pointers[nMajor];
  }

  public DType dtype() {
    return data.type().dtype();
  }

  /** The whole matrix. */
  public Matrix read() {
    CsrMatrix major = read(Runs.all(size()), pointers);
    return byColumn ? new CscMatrix(major) : major;
  }

  /** Some rows (columns of a csc_matrix), in any order; safe from several threads. */
  public CsrMatrix readMajor(int[] wanted) {
    return read(Runs.ofRows(pointers, wanted), pointersOf(wanted));
  }

  /**
   * As {@link #readMajor(int[])}, for rows that are combined with others.
   *
   * @param float32 storage of the values, which must be exact in it
   */
  public CsrMatrix readMajor(int[] wanted, boolean float32) {
    CsrMatrix some = fill(Runs.ofRows(pointers, wanted), pointersOf(wanted), float32);
    if (some == null) {
      throw source.bad(key, "changed while it was read");
    }
    CsrMatrix out = SparseRows.canonical(some, this::badIndex);
    if (out.nnz() != some.nnz()) {
      throw source.bad(
          key,
          "holds a column twice in one row, which only reading it whole adds up; leave out backed");
    }
    return out;
  }

  private long[] pointersOf(int[] wanted) {
    long[] ptr = new long[wanted.length + 1];
    for (int r = 0; r < wanted.length; r++) {
      ptr[r + 1] = ptr[r] + pointers[wanted[r] + 1] - pointers[wanted[r]];
    }
    return ptr;
  }

  /** Stored values before every row (column of a csc_matrix); not to be changed. */
  public long[] pointers() {
    return pointers;
  }

  /**
   * Whether every value is exact in float32; looks at all values where the type has more digits.
   */
  public boolean fitsFloat32() {
    if (!mayBeWide()) {
      return true;
    }
    int pieces = Math.toIntExact((size() + PIECE - 1) / PIECE);
    var exact = new AtomicBoolean(true);
    Parallel.forBlocks(
        pieces,
        b -> {
          long from = (long) b * PIECE;
          int n = (int) Math.min(PIECE, size() - from);
          if (exact.get() && !isNarrow(from, n)) {
            exact.set(false);
          }
        });
    return exact.get();
  }

  private boolean isNarrow(long from, int n) {
    return source.guard(
        key, () -> Numbers.toFloats(dtype(), data.bytes(from, n), n, new float[n], 0));
  }

  private CsrMatrix read(Runs runs, long[] rowPtr) {
    CsrMatrix out = looksNarrow(runs) ? fill(runs, rowPtr, true) : null;
    if (out == null) {
      out = fill(runs, rowPtr, false);
    }
    return SparseRows.canonical(out, this::badIndex);
  }

  private boolean looksNarrow(Runs runs) {
    int n = (int) Math.min(PROBE, runs.firstLength());
    return n == 0 || !mayBeWide() || isNarrow(runs.first(), n);
  }

  private boolean mayBeWide() {
    return switch (dtype()) {
      case INT32, INT64, UINT32, UINT64, FLOAT64 -> true;
      default -> false;
    };
  }

  /** Null when the values turn out not to be exact in float32. */
  private CsrMatrix fill(Runs runs, long[] rowPtr, boolean float32) {
    CsrMatrix out = source.guard(key, () -> CsrMatrix.allocate(nMinor, rowPtr, dtype(), float32));
    long[] starts = new long[out.blockCount() + 1];
    for (int b = 0; b < out.blockCount(); b++) {
      starts[b] = rowPtr[out.blockStart(b)];
    }
    starts[out.blockCount()] = out.nnz();
    var spans = new BlockSpans(starts);
    var exact = new AtomicBoolean(true);
    data.forRuns(
        runs,
        (at, count, bytes) -> {
          if (exact.get()) {
            spans.forEach(
                at,
                count,
                (b, inBlock, inRun, n) -> {
                  ByteBuffer part = at(bytes, inRun * dtype().bytes());
                  if (!values(part, out.block(b), inBlock, n)) {
                    exact.set(false);
                  }
                });
          }
        });
    if (!exact.get()) {
      return null;
    }
    indices.forRuns(
        runs,
        (at, count, bytes) ->
            spans.forEach(
                at,
                count,
                (b, inBlock, inRun, n) ->
                    toIndices(
                        at(bytes, inRun * indices.type().dtype().bytes()),
                        out.block(b).indices(),
                        inBlock,
                        n)));
    return out;
  }

  private static ByteBuffer at(ByteBuffer bytes, int offset) {
    ByteBuffer part = bytes.duplicate().order(bytes.order());
    part.position(bytes.position() + offset);
    return part;
  }

  /** False when a value is not exact in the block's storage. */
  private boolean values(ByteBuffer bytes, CsrMatrix.Block block, int at, int n) {
    if (block.values() != null) {
      return Numbers.toFloats(dtype(), bytes, n, block.values(), at);
    }
    requireExact(bytes, n);
    Numbers.toDoubles(dtype(), bytes, n, block.wideValues(), at);
    return true;
  }

  private void requireExact(ByteBuffer bytes, int n) {
    if (!Numbers.exactInDouble(dtype(), bytes, n)) {
      throw source.bad(
          key,
          "holds 64-bit integers beyond 2^53, which would lose digits; "
              + "convert the matrix to float64 in Python if that is acceptable");
    }
  }

  private FormatException badIndex(String problem) {
    return source.bad(key + "/indices", problem);
  }

  /** What does not fit an int becomes -1, which the range check reports. */
  private void toIndices(ByteBuffer bytes, int[] to, int at, int n) {
    DType type = indices.type().dtype();
    if (type.isFloating()) {
      throw source.bad(key + "/indices", "holds " + type.numpyName() + ", expected integers");
    }
    Numbers.toInts(type, bytes, n, to, at);
  }
}
