package org.cellweave.io.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.cellweave.io.store.Runs;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreRecords;
import org.cellweave.util.Parallel;

/** An array of a zarr store. */
final class ZarrArray implements StoreArray {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int MOST_SCRATCH = 1 << 23;
  private static final int MOST_PIECE = 1 << 28;
  private static final ThreadLocal<byte[]> SCRATCH = new ThreadLocal<>();
  private static final ThreadLocal<byte[]> PIECE = new ThreadLocal<>();

  private final ZarrSource source;
  private final String key;
  private final ArrayLayout layout;
  private final ChunkReader chunks;
  private final long size;
  private final long rowSize;
  private volatile Last last;

  /** The chunk that was read last: rows that are asked for one by one often lie in it. */
  private record Last(long[] at, ByteBuffer elements) {}

  ZarrArray(ZarrSource source, String key, String path, ArrayLayout layout) {
    this.source = source;
    this.key = key;
    this.layout = layout;
    this.chunks = new ChunkReader(source, key, path, layout);
    long n = 1;
    for (long d : layout.shape()) {
      n = Math.multiplyExact(n, d);
    }
    Math.multiplyExact(n, (long) Math.max(8, layout.type().size()));
    this.size = n;
    this.rowSize = rank() == 0 || layout.shape()[0] == 0 ? 1 : n / layout.shape()[0];
  }

  @Override
  public ZarrSource source() {
    return source;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public ZarrType type() {
    return layout.type();
  }

  @Override
  public long[] dims() {
    return layout.shape();
  }

  @Override
  public boolean isScalar() {
    return rank() == 0;
  }

  @Override
  public boolean isNull() {
    return false;
  }

  @Override
  public long size() {
    return size;
  }

  // ------------------------------------------------------------------------------- pieces

  @Override
  public void forRuns(Runs runs, PieceBody body) {
    if (size > 0) {
      runs.forEach(this, pieceElements(), size, this::piece, body);
    }
  }

  /** Elements of one piece: whole chunks, or whole rows where these would be too large. */
  private long pieceElements() {
    if (rank() == 0) {
      return 1;
    }
    int bytes = Math.max(1, type().size());
    long unit = bandRows() * rowSize;
    if (unit * bytes > MOST_PIECE && rank() > 1) {
      unit = rowSize;
    }
    if (unit * bytes > Integer.MAX_VALUE - 64) {
      throw source.bad(key, "has rows or chunks of more than 2 GiB, which cannot be read");
    }
    return unit * Math.max(1, PIECE_BYTES / bytes / unit);
  }

  /** Rows of one chunk; chunks may be larger than the array. */
  private long bandRows() {
    return Math.min(layout.chunk()[0], layout.shape()[0]);
  }

  /** A piece in a buffer of this thread's, so that large reads leave no garbage behind. */
  private ByteBuffer piece(long from, int count) {
    int length = Math.multiplyExact(count, type().size());
    int chunkBytes = chunks.chunkBytes();
    byte[] scratch = chunkBytes > MOST_SCRATCH ? null : scratch(SCRATCH, chunkBytes);
    if (isOneChunk(from, count)) {
      ByteBuffer whole = chunks.elements(place(from), scratch);
      if (whole != null) {
        return whole.slice(0, length).order(type().order());
      }
    }
    byte[] to = scratch(PIECE, length);
    return filled(from, count, ByteBuffer.wrap(to, 0, length), scratch, false);
  }

  private static byte[] scratch(ThreadLocal<byte[]> kept, int length) {
    if (length > MOST_SCRATCH) {
      return new byte[length];
    }
    byte[] buffer = kept.get();
    if (buffer == null || buffer.length < length) {
      buffer = new byte[Math.max(length, PIECE_BYTES)];
      kept.set(buffer);
    }
    return buffer;
  }

  /** Whether a run of elements is the beginning of one chunk. */
  private boolean isOneChunk(long from, int count) {
    if (rank() == 0) {
      return true;
    }
    for (int d = 1; d < rank(); d++) {
      if (layout.chunk()[d] != layout.shape()[d]) {
        return false;
      }
    }
    long unit = bandRows() * rowSize;
    return from % unit == 0 && count <= unit;
  }

  private long[] place(long from) {
    long[] at = new long[rank()];
    if (at.length > 0) {
      at[0] = from / rowSize / layout.chunk()[0];
    }
    return at;
  }

  @Override
  public ByteBuffer bytes(long from, int count) {
    int length = Math.multiplyExact(count, type().size());
    return filled(from, count, ByteBuffer.allocate(length), null, true);
  }

  /**
   * Elements {@code from <= i < from + count}, whole rows of an array of several dimensions.
   *
   * @param keep whether the last chunk is kept for the next call
   */
  private ByteBuffer filled(long from, int count, ByteBuffer out, byte[] scratch, boolean keep) {
    if (from % rowSize != 0 || count % rowSize != 0) {
      throw source.bad(key, "cannot be read in parts of a row");
    }
    if (count == 0) {
      return out.order(type().order());
    }
    long firstRow = from / rowSize;
    long rows = count / rowSize;
    long[] at = place(from);
    while (true) {
      ByteBuffer chunk = keep ? kept(at) : chunks.elements(at, scratch);
      copy(chunk, at, firstRow, rows, out);
      int d = rank() - 1;
      while (d > 0 && ++at[d] == layout.chunks(d)) {
        at[d--] = 0;
      }
      if (d < 0 || (d == 0 && ++at[0] * layout.chunk()[0] >= firstRow + rows)) {
        return out.order(type().order());
      }
    }
  }

  private ByteBuffer kept(long[] at) {
    Last known = last;
    if (known != null && Arrays.equals(known.at(), at)) {
      return known.elements();
    }
    ByteBuffer chunk = chunks.elements(at, null);
    if (chunks.chunkBytes() <= MOST_SCRATCH) {
      last = new Last(at.clone(), chunk);
    }
    return chunk;
  }

  /** Copies the part of a chunk that lies in the rows, one run of the last axis after another. */
  private void copy(ByteBuffer chunk, long[] place, long firstRow, long rows, ByteBuffer out) {
    int bytes = type().size();
    Part part = part(place, firstRow, rows);
    part.forRuns(
        (from, to, n) -> {
          if (chunk == null) {
            fill(out, to * bytes, n);
          } else {
            System.arraycopy(
                chunk.array(),
                chunk.arrayOffset() + chunk.position() + from * bytes,
                out.array(),
                out.arrayOffset() + to * bytes,
                n * bytes);
          }
        });
  }

  /** Writes elements that are in no file. */
  private void fill(ByteBuffer out, int at, int n) {
    byte[] fill = layout.fill();
    int from = out.arrayOffset() + at;
    if (fill == null) {
      Arrays.fill(out.array(), from, from + n * type().size(), (byte) 0);
      return;
    }
    for (int i = 0; i < n; i++) {
      System.arraycopy(fill, 0, out.array(), from + i * fill.length, fill.length);
    }
  }

  private Part part(long[] place, long firstRow, long rows) {
    int rank = rank();
    int[] from = new int[rank];
    int[] to = new int[rank];
    long[] corner = new long[rank];
    long[] shape = layout.shape().clone();
    for (int d = 0; d < rank; d++) {
      corner[d] = place[d] * layout.chunk()[d] - (d == 0 ? firstRow : 0);
      shape[d] = d == 0 ? rows : shape[d];
      from[d] = (int) Math.max(0, -corner[d]);
      to[d] = (int) Math.min(layout.chunk()[d], shape[d] - corner[d]);
    }
    return new Part(layout.chunk(), from, to, corner, shape);
  }

  /**
   * What of a chunk lies in some rows.
   *
   * @param from and {@code to} are its bounds in the chunk, along each axis
   * @param corner the chunk's place in the rows, negative where it begins before them
   * @param shape of the rows
   */
  private record Part(int[] chunk, int[] from, int[] to, long[] corner, long[] shape) {
    private interface Run {
      void copy(int from, int to, int n);
    }

    void forRuns(Run run) {
      int rank = chunk.length;
      if (rank == 0) {
        run.copy(0, 0, 1);
        return;
      }
      int n = to[rank - 1] - from[rank - 1];
      int[] at = from.clone();
      while (at[0] < to[0]) {
        long source = 0;
        long target = 0;
        for (int d = 0; d < rank; d++) {
          source = source * chunk[d] + at[d];
          target = target * shape[d] + corner[d] + at[d];
        }
        run.copy((int) source, (int) target, n);
        int d = rank - 2;
        if (d < 0) {
          return;
        }
        at[d]++;
        while (d > 0 && at[d] >= to[d]) {
          at[d] = from[d];
          at[--d]++;
        }
      }
    }
  }

  // -------------------------------------------------------------------------------- text

  @Override
  public String[] texts() {
    if (!type().isText()) {
      throw source.bad(key, "holds " + type().describe() + ", expected text");
    }
    return source.guard(
        key, () -> type().kind() == ZarrType.Kind.TEXT ? varying() : FixedText.of(this));
  }

  private String[] varying() {
    String[] out = new String[flatSize()];
    if (size == 0) {
      return out;
    }
    int bands = rank() == 0 ? 1 : Math.toIntExact(layout.chunks(0));
    Parallel.forBlocks(bands, band -> band(band, out));
    return out;
  }

  private void band(int band, String[] out) {
    long[] at = new long[rank()];
    if (rank() > 0) {
      at[0] = band;
    }
    int d;
    do {
      String[] chunk = chunks.texts(at);
      part(at, 0, rank() == 0 ? 1 : layout.shape()[0])
          .forRuns(
              (from, to, n) -> {
                if (chunk == null) {
                  Arrays.fill(out, to, to + n, layout.fillText());
                } else {
                  System.arraycopy(chunk, from, out, to, n);
                }
              });
      d = rank() - 1;
      while (d > 0 && ++at[d] == layout.chunks(d)) {
        at[d--] = 0;
      }
    } while (d > 0);
  }

  /** All elements as they are stored, one after another. */
  ByteBuffer all() {
    return source.guard(key, () -> bytes(0, flatSize()));
  }

  @Override
  public StoreRecords records() {
    return new ZarrRecords(this);
  }

  ByteOrder order() {
    return type().order();
  }
}
