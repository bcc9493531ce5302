package org.cellweave.io;

import java.nio.file.Path;
import org.cellweave.data.AnnData;
import org.cellweave.data.BackedMatrix;
import org.cellweave.io.anndata.AnnDataReader;
import org.cellweave.io.zarr.Zarr;
import org.cellweave.util.FormatException;

/**
 * Reads AnnData objects from zarr stores of versions 2 and 3: folders and zip archives, sharded or
 * not. What is read is as {@link H5adReader} says.
 */
public final class ZarrReader {
  private ZarrReader() {}

  /** Reads a whole store into memory. */
  public static AnnData read(Path path) {
    return read(path, H5adReader.Options.DEFAULTS);
  }

  /**
   * @param path a folder, or a zip archive of one
   * @throws FormatException when the store is missing, damaged or holds no AnnData object; the
   *     message names the store, the element and the codec
   */
  public static AnnData read(Path path, H5adReader.Options options) {
    return AnnDataReader.read(
        Zarr.open(path), options.backed(), options.progress(), options.warnings());
  }

  /**
   * The X of a store, left in it.
   *
   * @throws FormatException as {@link #read}, and when there is none
   */
  public static BackedMatrix backedX(Path path) {
    return AnnDataReader.backedX(Zarr.open(path));
  }
}
