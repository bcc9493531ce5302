package org.cellweave.io;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.cellweave.data.AnnData;
import org.cellweave.data.RowSource;
import org.cellweave.io.anndata.AnnDataWriter;
import org.cellweave.io.file.ReplacedFile;
import org.cellweave.io.file.Sync;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.Compression;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Writes {@code .h5ad} files that anndata 0.8 and later read.
 *
 * <p>An older file is replaced as {@link ReplacedFile} says, when the new one is complete. Text
 * columns of obs, var and raw.var whose values repeat are written as categoricals, as anndata does;
 * the object itself is not changed. The bytes do not depend on the number of threads.
 */
public final class H5adWriter {
  private H5adWriter() {}

  /**
   * @param level 1 (fast) to 9 (small), for gzip; 0 leaves the arrays uncompressed
   * @param shuffle sort bytes by significance before gzip; smaller and faster for counts
   * @param sync when to wait for the disk
   * @param maxLoadedElems most values of a {@link RowSource} in memory at once, zeros counted
   * @param progress told after each slot
   */
  public record Options(
      Compression compression,
      int level,
      boolean shuffle,
      Sync sync,
      long maxLoadedElems,
      Progress progress) {
    public static final Options DEFAULTS =
        new Options(Compression.NONE, 4, true, Sync.WHEN_REPLACING, 100_000_000, Progress.NONE);

    public Options {
      Check.inRange(level, 0, 9, "level");
      if (maxLoadedElems < 1) {
        throw new IllegalArgumentException(
            "maxLoadedElems must be positive, got " + maxLoadedElems);
      }
    }

    ArrayOptions arrays() {
      return new ArrayOptions(compression, level, shuffle);
    }

    public Options withMaxLoadedElems(long value) {
      return new Options(compression, level, shuffle, sync, value, progress);
    }

    public Options withCompression(Compression value) {
      return new Options(value, level, shuffle, sync, maxLoadedElems, progress);
    }

    public Options withLevel(int value) {
      return new Options(compression, value, shuffle, sync, maxLoadedElems, progress);
    }

    public Options withShuffle(boolean value) {
      return new Options(compression, level, value, sync, maxLoadedElems, progress);
    }

    public Options withSync(Sync value) {
      return new Options(compression, level, shuffle, value, maxLoadedElems, progress);
    }

    public Options withProgress(Progress value) {
      return new Options(compression, level, shuffle, sync, maxLoadedElems, value);
    }
  }

  public static void write(AnnData adata, Path path) {
    write(adata, path, Options.DEFAULTS);
  }

  /**
   * @throws UncheckedIOException when the disk refuses; an older file at {@code path} is unchanged
   * @throws IllegalArgumentException for a value or name that the format cannot hold
   */
  public static void write(AnnData adata, Path path, Options options) {
    write(adata, null, path, options);
  }

  /**
   * Writes an object whose X is made while it is written, some rows at a time.
   *
   * @param adata without X
   * @param rows its X; null for none
   * @throws UncheckedIOException as {@link #write(AnnData, Path, Options)}
   */
  public static void write(AnnData adata, RowSource rows, Path path, Options options) {
    Hdf5.write(
        path,
        options.sync(),
        options.arrays(),
        store ->
            AnnDataWriter.write(adata, rows, store, options.maxLoadedElems(), options.progress()));
  }
}
