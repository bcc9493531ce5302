package org.cellweave.io.zarr;

import java.util.Arrays;
import java.util.List;
import org.cellweave.util.Check;

/**
 * How a zarr store is written.
 *
 * @param version of the format, 2 or 3
 * @param level of the compression, or -1 for its own default
 * @param chunks shape of the chunks of a dense X; empty for about 1 MiB of whole rows
 * @param sharding whether arrays of more than one chunk keep several in one file; version 3 only
 * @param shards shape of the shards of a dense X, in multiples of its chunks; empty for up to 1 GB
 */
public record ZarrOptions(
    int version,
    Compressor compressor,
    int level,
    List<Integer> chunks,
    boolean sharding,
    List<Integer> shards) {

  /** How chunks are compressed. */
  public enum Compressor {
    NONE,
    /** Small and fast; what zarr-python uses for version 3. */
    ZSTD,
    GZIP,
    ZLIB,
    /** LZ4 on bytes sorted by significance: fastest; what zarr-python uses for version 2. */
    BLOSC
  }

  public static final ZarrOptions DEFAULTS =
      new ZarrOptions(3, Compressor.ZSTD, -1, List.of(), true, List.of());

  public ZarrOptions {
    if (version != 2 && version != 3) {
      throw new IllegalArgumentException("zarrFormat must be 2 or 3, got " + version);
    }
    if (level != -1) {
      Check.inRange(level, 0, compressor == Compressor.ZSTD ? 22 : 9, "compressionOpts");
    }
    chunks = positive(chunks, "chunks");
    shards = positive(shards, "shards");
    if (version == 2 && !shards.isEmpty()) {
      throw new IllegalArgumentException(
          "shards are of version 3 only; leave them out, or set zarrFormat to 3");
    }
  }

  private static List<Integer> positive(List<Integer> shape, String name) {
    if (shape.stream().anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException(name + " must be positive, got " + shape);
    }
    return List.copyOf(shape);
  }

  public ZarrOptions withVersion(int value) {
    return new ZarrOptions(value, compressor, level, chunks, sharding, shards);
  }

  public ZarrOptions withCompressor(Compressor value) {
    return new ZarrOptions(version, value, level, chunks, sharding, shards);
  }

  public ZarrOptions withLevel(int value) {
    return new ZarrOptions(version, compressor, value, chunks, sharding, shards);
  }

  public ZarrOptions withChunks(Integer... value) {
    return new ZarrOptions(version, compressor, level, Arrays.asList(value), sharding, shards);
  }

  public ZarrOptions withSharding(boolean value) {
    return new ZarrOptions(version, compressor, level, chunks, value, shards);
  }

  public ZarrOptions withShards(Integer... value) {
    return new ZarrOptions(version, compressor, level, chunks, true, Arrays.asList(value));
  }

  /** Blosc must know how long elements are. */
  ByteCodec codec(int elementSize) {
    return switch (compressor) {
      case NONE -> null;
      case ZSTD -> new Codecs.Zstandard("zstd", Math.max(0, level), false);
      case GZIP -> new Codecs.Deflate("gzip", zlibLevel(), true);
      case ZLIB -> new Codecs.Deflate(version == 2 ? "zlib" : "numcodecs.zlib", zlibLevel(), false);
      case BLOSC ->
          new Codecs.BloscCodec(
              "blosc",
              "lz4",
              level < 0 ? 5 : level,
              1,
              elementSize < 1 || elementSize > 255 ? 1 : elementSize);
    };
  }

  private int zlibLevel() {
    return level < 0 ? 5 : level;
  }
}
