package org.cellweave.io;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.cellweave.data.MuData;
import org.cellweave.io.anndata.MuDataWriter;
import org.cellweave.io.hdf5.Hdf5;

/**
 * Writes {@code .h5mu} files that mudata 0.2 and later read; an older file is replaced as {@link
 * H5adWriter} does it. See {@link MuDataWriter}.
 */
public final class H5muWriter {
  /** mudata knows its files by these first bytes, which lie before what HDF5 holds. */
  private static final byte[] HEAD =
      "MuData (format-version=0.1.0;creator=cellweave;creator-version=1)"
          .getBytes(StandardCharsets.US_ASCII);

  private H5muWriter() {}

  public static void write(MuData mdata, Path path) {
    write(mdata, path, H5adWriter.Options.DEFAULTS);
  }

  /**
   * @throws UncheckedIOException when the disk refuses; an older file at {@code path} is unchanged
   * @throws IllegalArgumentException for a value or name that the format cannot hold, and for
   *     modalities that were changed without an update
   */
  public static void write(MuData mdata, Path path, H5adWriter.Options options) {
    Hdf5.write(
        path,
        options.sync(),
        options.arrays(),
        HEAD,
        store -> MuDataWriter.write(mdata, store, options.maxLoadedElems(), options.progress()));
  }
}
