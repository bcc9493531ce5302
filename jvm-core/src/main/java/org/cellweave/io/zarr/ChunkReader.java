package org.cellweave.io.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The chunks of an array, found and decoded. Safe from several threads. */
final class ChunkReader {
  /** From here on, files are listed once instead of being asked for one by one. */
  private static final int MANY_FILES = 4096;

  private static final long MOST_CHUNKS = 1L << 27;
  private static final int MOST_IN_SHARD = 1 << 24;
  private static final long FREE_CLAIM = 256L << 20;
  private static final long MOST_RATIO = 50_000;
  private static final int ENTRY = 16;

  /** What a text needs at least. */
  private static final int TEXT_BYTES = 8;

  private final ZarrSource source;
  private final ZarrFiles files;
  private final String key;
  private final String path;
  private final ArrayLayout layout;
  private final int chunkBytes;
  private final Set<String> present;
  private final Map<String, Table> tables = new ConcurrentHashMap<>();

  /** Where the chunks of a shard lie: for each its offset and its length. */
  private record Table(long[] places, long length) {}

  ChunkReader(ZarrSource source, String key, String path, ArrayLayout layout) {
    this.source = source;
    this.files = source.files();
    this.key = key;
    this.path = path;
    this.layout = layout;
    this.chunkBytes =
        layout.type().kind() == ZarrType.Kind.TEXT
            ? -1
            : Math.toIntExact(layout.chunkElements() * layout.type().size());
    this.present = checked();
  }

  /** Refuses what claims far more than is there, before anything is allocated. */
  private Set<String> checked() {
    double stored = 1;
    double bytes = chunkBytes < 0 ? TEXT_BYTES : Math.max(1, layout.type().size());
    for (int d = 0; d < layout.rank(); d++) {
      stored *= Math.ceil(layout.shape()[d] / (double) layout.stored()[d]);
      bytes *= layout.shape()[d];
    }
    double chunks = 1;
    for (int d = 0; d < layout.rank(); d++) {
      chunks *= layout.chunks(d);
    }
    if (chunks > MOST_CHUNKS) {
      throw source.bad(
          key,
          "has shape "
              + Arrays.toString(layout.shape())
              + " in chunks of "
              + Arrays.toString(layout.chunk())
              + ", too many to be read");
    }
    if (bytes > FREE_CLAIM) {
      double there = files.stored(path);
      if (bytes > FREE_CLAIM + there * MOST_RATIO) {
        throw source.bad(
            key,
            String.format(
                java.util.Locale.ROOT,
                "claims shape %s, about %.0f MiB, but the store holds %.2f MiB of it; it is"
                    + " damaged or was not written to its end",
                Arrays.toString(layout.shape()),
                bytes / (1 << 20),
                there / (1 << 20)));
      }
    }
    return stored > MANY_FILES ? files.below(path) : null;
  }

  int chunkBytes() {
    return chunkBytes;
  }

  private String file(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** The encoded bytes of a chunk, or null for one that was never written. */
  private ByteBuffer encoded(long[] at, String name) {
    if (present != null && !present.contains(name)) {
      return null;
    }
    if (layout.shard() == null) {
      byte[] all = files.read(file(name));
      return all == null ? null : ByteBuffer.wrap(all);
    }
    Table table = tables.computeIfAbsent(name, this::table);
    if (table.places() == null) {
      return null;
    }
    int inShard = 0;
    for (int d = 0; d < at.length; d++) {
      int n = layout.stored()[d] / layout.chunk()[d];
      inShard = inShard * n + (int) (at[d] % n);
    }
    long from = table.places()[2 * inShard];
    long length = table.places()[2 * inShard + 1];
    if (from == -1 && length == -1) {
      return null;
    }
    if (from < 0 || length < 0 || length > Integer.MAX_VALUE || from > table.length() - length) {
      throw new IllegalStateException(
          "codec 'sharding_indexed': a chunk lies at "
              + from
              + ", "
              + length
              + " bytes long, in a"
              + " file of "
              + table.length());
    }
    return files.read(file(name), from, (int) length);
  }

  private Table table(String name) {
    long length = files.size(file(name));
    if (length < 0) {
      return new Table(null, 0);
    }
    long n = 1;
    for (int d = 0; d < layout.rank(); d++) {
      n = Math.multiplyExact(n, (long) (layout.stored()[d] / layout.chunk()[d]));
    }
    ArrayLayout.Shard shard = layout.shard();
    long bytes = n * ENTRY + (shard.checked() ? 4 : 0);
    if (n > MOST_IN_SHARD || bytes > length) {
      throw new IllegalStateException(
          "codec 'sharding_indexed': the file of " + length + " bytes has no room for its table");
    }
    ByteBuffer table =
        files
            .read(file(name), shard.atEnd() ? length - bytes : 0, (int) bytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    if (shard.checked()) {
      try {
        table = new Codecs.Crc32c("crc32c").decode(table, (int) n * ENTRY, null);
      } catch (IllegalStateException e) {
        throw new IllegalStateException(
            "codec 'sharding_indexed': the table of chunks is damaged, " + e.getMessage(), e);
      }
    }
    long[] places = new long[(int) n * 2];
    table.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(places);
    return new Table(places, length);
  }

  /** The name of the file that a chunk lies in. */
  private String name(long[] at) {
    if (layout.shard() == null) {
      return layout.file(at);
    }
    long[] shard = new long[at.length];
    for (int d = 0; d < at.length; d++) {
      shard[d] = at[d] / (layout.stored()[d] / layout.chunk()[d]);
    }
    return layout.file(shard);
  }

  /** A chunk after its codecs, or null for one that was never written. */
  private ByteBuffer decoded(long[] at, byte[] scratch) {
    String name = name(at);
    String doing = "";
    try {
      ByteBuffer bytes = encoded(at, name);
      if (bytes == null) {
        return null;
      }
      for (int c = layout.codecs().size() - 1; c >= 0; c--) {
        ByteCodec codec = layout.codecs().get(c);
        doing = "codec '" + codec.name() + "': ";
        bytes = codec.decode(bytes, c == 0 ? chunkBytes : -1, c == 0 ? scratch : null);
      }
      doing = "codec '" + (chunkBytes < 0 ? "vlen-utf8" : "bytes") + "': ";
      if (chunkBytes >= 0 && bytes.remaining() != chunkBytes) {
        throw new IllegalStateException(
            "it holds " + bytes.remaining() + " bytes, expected " + chunkBytes);
      }
      return bytes;
    } catch (IllegalStateException | com.github.luben.zstd.ZstdException e) {
      throw source.bad(key, "has a damaged chunk " + name + ": " + doing + e.getMessage(), e);
    }
  }

  /**
   * The elements of a chunk in the usual order of axes; null for one that was never written.
   *
   * @param scratch as for {@link ByteCodec#decode}
   */
  ByteBuffer elements(long[] at, byte[] scratch) {
    ByteBuffer bytes = decoded(at, scratch);
    if (bytes == null || layout.order() == null) {
      return bytes;
    }
    byte[] out = new byte[chunkBytes];
    int size = layout.type().size();
    forTransposed(
        (from, to) -> {
          for (int b = 0; b < size; b++) {
            out[to * size + b] = bytes.get(bytes.position() + from * size + b);
          }
        });
    return ByteBuffer.wrap(out);
  }

  /** The texts of a chunk; null for one that was never written. */
  String[] texts(long[] at) {
    ByteBuffer bytes = decoded(at, null);
    if (bytes == null) {
      return null;
    }
    String[] stored;
    try {
      stored = split(bytes.order(ByteOrder.LITTLE_ENDIAN));
    } catch (IllegalStateException e) {
      throw source.bad(
          key, "has a damaged chunk " + name(at) + ": codec 'vlen-utf8': " + e.getMessage(), e);
    }
    if (layout.order() == null) {
      return stored;
    }
    String[] out = new String[stored.length];
    forTransposed((from, to) -> out[to] = stored[from]);
    return out;
  }

  /** How many texts, then each one's length and bytes. */
  private String[] split(ByteBuffer bytes) {
    long expected = layout.chunkElements();
    if (bytes.remaining() < 4) {
      throw new IllegalStateException("it ends before its number of texts");
    }
    int n = bytes.getInt();
    if (n != expected || n > bytes.remaining() / 4) {
      throw new IllegalStateException("it holds " + n + " texts, expected " + expected);
    }
    String[] out = new String[n];
    byte[] array = bytes.array();
    for (int i = 0; i < n; i++) {
      int length = bytes.remaining() < 4 ? -1 : bytes.getInt();
      if (length < 0 || length > bytes.remaining()) {
        throw new IllegalStateException("text " + i + " ends behind the chunk");
      }
      out[i] =
          new String(array, bytes.arrayOffset() + bytes.position(), length, StandardCharsets.UTF_8);
      bytes.position(bytes.position() + length);
    }
    return out;
  }

  private interface Move {
    void element(int from, int to);
  }

  /** Goes through a chunk as it is stored. */
  private void forTransposed(Move move) {
    int rank = layout.rank();
    int[] step = new int[rank];
    for (int d = rank - 1, n = 1; d >= 0; n *= layout.chunk()[d--]) {
      step[d] = n;
    }
    int[] at = new int[rank];
    int n = (int) layout.chunkElements();
    for (int from = 0; from < n; from++) {
      int to = 0;
      for (int k = 0; k < rank; k++) {
        to += at[k] * step[layout.order()[k]];
      }
      move.element(from, to);
      int k = rank - 1;
      while (k >= 0 && ++at[k] == layout.chunk()[layout.order()[k]]) {
        at[k--] = 0;
      }
    }
  }
}
