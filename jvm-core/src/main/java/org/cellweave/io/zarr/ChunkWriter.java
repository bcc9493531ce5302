package org.cellweave.io.zarr;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.cellweave.util.Parallel;

/**
 * Writes the chunks of one array, those of a shard one after another: some are encoded at once, and
 * written in their order, so that the bytes do not depend on the number of threads.
 */
final class ChunkWriter {
  private static final int BATCH = 32;
  private static final long BATCH_BYTES = 1 << 27;

  private final ZarrOutput output;
  private final String path;
  private final ChunkGrid grid;
  private final ByteCodec codec;
  private final boolean v3;
  private final int batch;
  private final List<long[]> waiting = new ArrayList<>();
  private final List<Plain> sources = new ArrayList<>();

  private String file = "";
  private OutputStream shard;
  private long[] table;
  private long written;

  /** The bytes of a chunk before compression. */
  @FunctionalInterface
  interface Plain {
    byte[] bytes(long[] at);
  }

  /**
   * @param codec null for none
   * @param chunkBytes about as many as a chunk has
   */
  ChunkWriter(
      ZarrOutput output,
      String path,
      ChunkGrid grid,
      ByteCodec codec,
      boolean v3,
      long chunkBytes) {
    this.output = output;
    this.path = path;
    this.grid = grid;
    this.codec = codec;
    this.v3 = v3;
    this.batch = (int) Math.max(1, Math.min(BATCH, BATCH_BYTES / Math.max(1, chunkBytes)));
  }

  /** Chunks of one shard follow each other. */
  void add(long[] at, Plain plain) {
    waiting.add(at);
    sources.add(plain);
    if (waiting.size() == batch) {
      flush();
    }
  }

  void finish() {
    flush();
    run(this::endShard);
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Chunks that wait are encoded together. */
  void flush() {
    byte[][] encoded = new byte[waiting.size()][];
    Parallel.forBlocks(
        encoded.length,
        b -> {
          byte[] plain = sources.get(b).bytes(waiting.get(b));
          encoded[b] = codec == null ? plain : codec.encode(plain);
        });
    for (int b = 0; b < encoded.length; b++) {
      long[] at = waiting.get(b);
      byte[] bytes = encoded[b];
      run(() -> put(at, bytes));
    }
    waiting.clear();
    sources.clear();
  }

  private void put(long[] at, byte[] bytes) throws IOException {
    String name = name(grid.file(at));
    if (!grid.isSharded()) {
      output.put(name, bytes);
      return;
    }
    if (!name.equals(file)) {
      endShard();
      file = name;
      shard = output.open(name);
      table = new long[2 * grid.chunksInFile()];
      Arrays.fill(table, -1);
      written = 0;
    }
    int place = grid.place(at);
    table[2 * place] = written;
    table[2 * place + 1] = bytes.length;
    shard.write(bytes);
    written += bytes.length;
  }

  private void endShard() throws IOException {
    if (shard == null) {
      return;
    }
    ByteBuffer end = ByteBuffer.allocate(8 * table.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    for (long t : table) {
      end.putLong(t);
    }
    var crc = new CRC32C();
    crc.update(end.array(), 0, 8 * table.length);
    end.putInt((int) crc.getValue());
    shard.write(end.array());
    shard.close();
    shard = null;
    file = "";
  }

  private String name(long[] at) {
    var out = new StringBuilder(path).append(v3 ? "/c" : "/");
    for (int d = 0; d < at.length; d++) {
      out.append(v3 ? "/" : d == 0 ? "" : ".").append(at[d]);
    }
    return !v3 && at.length == 0 ? out.append('0').toString() : out.toString();
  }
}
