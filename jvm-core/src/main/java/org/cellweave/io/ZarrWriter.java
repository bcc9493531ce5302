package org.cellweave.io;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.cellweave.data.AnnData;
import org.cellweave.data.RowSource;
import org.cellweave.io.anndata.AnnDataWriter;
import org.cellweave.io.file.Sync;
import org.cellweave.io.zarr.Zarr;
import org.cellweave.io.zarr.ZarrOptions;
import org.cellweave.util.Progress;

/**
 * Writes AnnData objects as zarr stores that anndata reads: version 3 as anndata 0.13 writes it, or
 * version 2 for older readers.
 *
 * <p>A name that ends in {@code .zip} makes an archive, any other a folder. An older store is
 * replaced when the new one is complete; anything else in the way is left alone. The bytes do not
 * depend on the number of threads.
 */
public final class ZarrWriter {
  private ZarrWriter() {}

  /**
   * @param layout chunks, shards and compression
   * @param sync when to wait for the disk
   * @param maxLoadedElems most values of a {@link RowSource} in memory at once, zeros counted
   * @param progress told after each slot
   */
  public record Options(ZarrOptions layout, Sync sync, long maxLoadedElems, Progress progress) {
    public static final Options DEFAULTS =
        new Options(ZarrOptions.DEFAULTS, Sync.WHEN_REPLACING, 100_000_000, Progress.NONE);

    public Options {
      if (maxLoadedElems < 1) {
        throw new IllegalArgumentException(
            "maxLoadedElems must be positive, got " + maxLoadedElems);
      }
    }

    public Options withLayout(ZarrOptions value) {
      return new Options(value, sync, maxLoadedElems, progress);
    }

    public Options withSync(Sync value) {
      return new Options(layout, value, maxLoadedElems, progress);
    }

    public Options withMaxLoadedElems(long value) {
      return new Options(layout, sync, value, progress);
    }
  }

  public static void write(AnnData adata, Path path) {
    write(adata, path, Options.DEFAULTS);
  }

  /**
   * @throws UncheckedIOException when the disk refuses; an older store at {@code path} is unchanged
   * @throws IllegalArgumentException for a value or name that the format cannot hold
   */
  public static void write(AnnData adata, Path path, Options options) {
    Zarr.write(
        path,
        options.sync(),
        options.layout(),
        store ->
            AnnDataWriter.write(adata, null, store, options.maxLoadedElems(), options.progress()));
  }
}
