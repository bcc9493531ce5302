package org.cellweave.io.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.DatasetBase;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.cellweave.io.store.Runs;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreRecords;
import org.cellweave.util.Parallel;

/** A dataset of an HDF5 file, read as raw bytes in pieces and turned into Java arrays here. */
final class H5Array implements StoreArray {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int MAX_SLAB_BYTES = 1 << 28;
  private static final int MAX_SCRATCH = 1 << 23;

  /** Reading so many bytes takes about as long as asking for the next ones apart. */
  private static final int GAP_BYTES = 1 << 14;

  private static final ThreadLocal<ByteBuffer> SCRATCH = new ThreadLocal<>();

  private final H5Source source;
  private final String key;
  private final DatasetBase dataset;
  private final H5Type type;
  private final long[] dims;
  private final boolean isNull;
  private final long size;
  private final long rowSize;
  private final long address;
  private final byte[] fill;
  private Chunks chunks;
  private ByteBuffer compact;

  H5Array(H5Source source, Dataset dataset, String key) {
    this.source = source;
    this.key = key;
    this.dataset = (DatasetBase) dataset;
    Texts.requireReferences(source, key, dataset.getDataType());
    this.type = H5Type.of(dataset.getDataType());
    long[] d = dataset.getDimensionsAsLong();
    this.isNull = isNullSpace(dataset);
    this.dims = d == null ? new long[0] : d;
    long n = isNull ? 0 : 1;
    long[] most = dataset.getMaxSize();
    for (int k = 0; k < dims.length; k++) {
      long dim = dims[k];
      // Without a limit of its own, the largest size is negative.
      if (dim < 0 || (k < most.length && most[k] >= 0 && dim > most[k])) {
        throw source.bad(
            key,
            "has shape "
                + Arrays.toString(dims)
                + (dim < 0 ? "" : ", but may only grow to " + Arrays.toString(most))
                + "; the file is damaged");
      }
      n = Math.multiplyExact(n, dim);
    }
    Math.multiplyExact(n, (long) Math.max(8, type.storedSize()));
    this.size = n;
    this.rowSize = dims.length == 0 || dims[0] == 0 ? 1 : n / dims[0];
    this.address = dataset instanceof ContiguousDataset c ? c.getDataAddress() : -1;
    this.fill = size > 0 ? FillValue.of(source, this.dataset, key) : null;
    if (size > 0) {
      prepare();
    }
  }

  private static boolean isNullSpace(Dataset dataset) {
    // The library gives a null dataspace a total length of 0 and no dimensions.
    return dataset.getSize() == 0 && dataset.getDimensionsAsLong().length == 0;
  }

  private void prepare() {
    long bytes = size * type.storedSize();
    if (dataset instanceof ChunkedDataset) {
      chunks = new Chunks(source, dataset, key, dims, type.storedSize(), fill);
    } else if (dataset instanceof ContiguousDataset) {
      if (address == -1) {
        requireSmall(bytes);
      } else if (address < 0 || bytes > source.available() - address) {
        throw source.bad(
            key,
            "claims shape "
                + Arrays.toString(dims)
                + " of "
                + type.describe()
                + " ("
                + bytes
                + " bytes), but the file ends "
                + Math.max(0, source.available() - address)
                + " bytes after its start; it is truncated or damaged");
      }
    } else {
      compact = dataset.getDataBuffer();
      if (compact.remaining() < bytes) {
        throw source.bad(key, "claims " + bytes + " bytes, but holds " + compact.remaining());
      }
    }
    source.limits().countClaimed(bytes, key);
  }

  private void requireSmall(long bytes) {
    if (bytes > 64L << 20) {
      throw source.bad(key, "claims shape " + Arrays.toString(dims) + ", but no data were written");
    }
    source.limits().countUnwritten(bytes, key);
  }

  @Override
  public H5Type type() {
    return type;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public H5Source source() {
    return source;
  }

  @Override
  public long[] dims() {
    return dims;
  }

  @Override
  public int rank() {
    return dims.length;
  }

  @Override
  public boolean isScalar() {
    return dims.length == 0 && !isNull;
  }

  @Override
  public boolean isNull() {
    return isNull;
  }

  @Override
  public long size() {
    return size;
  }

  // ------------------------------------------------------------------------------ pieces

  @Override
  public void forRuns(Runs runs, PieceBody body) {
    if (size > 0) {
      // what is decoded as a whole is handed on as a whole
      boolean whole = chunks != null && (dims.length > 1 || !chunks.filters().isEmpty());
      long gap = whole ? size : GAP_BYTES / Math.max(type.size(), type.storedSize());
      runs.forEach(
          this, pieceElements(), gap, (from, count) -> bytes(from, count, scratch(count)), body);
    }
  }

  /** Elements of one piece; whole rows or whole chunks where that matters. */
  private long pieceElements() {
    long wanted = Math.max(1, PIECE_BYTES / Math.max(type.size(), type.storedSize()));
    if (chunks == null) {
      return wanted;
    }
    long unit = chunks.firstDim() * rowSize;
    if (unit * type.storedSize() > MAX_SLAB_BYTES) {
      unit = rowSize;
    }
    return unit * Math.max(1, wanted / unit);
  }

  /** A buffer of this thread's, so that large reads leave no garbage behind. */
  private ByteBuffer scratch(int count) {
    int length = Math.multiplyExact(count, type.size());
    if (length > MAX_SCRATCH) {
      return ByteBuffer.allocate(length);
    }
    ByteBuffer buffer = SCRATCH.get();
    if (buffer == null || buffer.capacity() < length) {
      buffer = ByteBuffer.allocateDirect(Math.max(length, PIECE_BYTES));
      SCRATCH.set(buffer);
    }
    buffer.clear();
    return buffer.slice(0, length);
  }

  @Override
  public ByteBuffer bytes(long from, int count) {
    return bytes(from, count, ByteBuffer.allocate(Math.multiplyExact(count, type.size())));
  }

  private ByteBuffer bytes(long from, int count, ByteBuffer to) {
    if (type.bits() == null) {
      ByteBuffer out = stored(from, count, to);
      return out.order(type.order() == null ? ByteOrder.LITTLE_ENDIAN : type.order());
    }
    int length = Math.multiplyExact(count, type.storedSize());
    return type.bits().rearranged(stored(from, count, ByteBuffer.allocate(length)), count);
  }

  private ByteBuffer stored(long from, int count, ByteBuffer to) {
    ByteBuffer out = to;
    if (compact != null) {
      int at = compact.position() + (int) from * type.storedSize();
      out = compact.slice(at, count * type.storedSize());
    } else if (chunks == null) {
      if (address != -1) {
        source.read(address + from * type.storedSize(), out, key);
      } else {
        FillValue.put(fill, 0, out);
      }
      out.flip();
    } else if (dims.length == 1) {
      fromChunks(from, count, out);
      out.rewind();
    } else {
      out = slab(from, count);
    }
    return out;
  }

  private void fromChunks(long from, int count, ByteBuffer out) {
    int width = chunks.firstDim();
    int bytes = type.storedSize();
    for (int c = (int) (from / width); c <= (from + count - 1) / width; c++) {
      long start = Math.max(from, (long) c * width);
      long end = Math.min(from + count, (long) (c + 1) * width);
      ByteBuffer part = out.slice((int) (start - from) * bytes, (int) (end - start) * bytes);
      chunks.read(c, (int) (start - (long) c * width) * bytes, part);
    }
  }

  /** Rows of a chunked dataset of several dimensions; the range must consist of whole rows. */
  private ByteBuffer slab(long from, int count) {
    if (from % rowSize != 0 || count % rowSize != 0) {
      throw source.bad(key, "cannot be read in parts of a row");
    }
    return ByteBuffer.wrap(chunks.rows(from / rowSize, (int) (count / rowSize)));
  }

  // ------------------------------------------------------------------------ whole arrays

  @Override
  public String[] texts() {
    if (!type.isText()) {
      throw source.bad(key, "holds " + type.describe() + ", expected text");
    }
    String[] out = new String[flatSize()];
    if (size == 0) {
      return out;
    }
    return source.guard(
        key,
        () -> {
          int step = rank() > 1 ? out.length : 1 << 16;
          for (int from = 0; from < out.length; from += step) {
            int count = Math.min(step, out.length - from);
            Parallel.checkInterrupted();
            source
                .textDecoder()
                .decode(key, type.hdf(), bytes(from, count), 0, type.size(), count, out, from);
          }
          return out;
        });
  }

  /** All bytes as they lie in the file. */
  ByteBuffer all() {
    return source.guard(
        key,
        () -> {
          int length = Math.multiplyExact(flatSize(), type.storedSize());
          return stored(0, flatSize(), ByteBuffer.allocate(length)).order(ByteOrder.LITTLE_ENDIAN);
        });
  }

  @Override
  public StoreRecords records() {
    return new H5Records(source, this);
  }

  /** How the file cuts and compresses the values; null for one piece. */
  Chunks chunks() {
    return chunks;
  }
}
