package org.cellweave.io;

import java.nio.file.Path;
import org.cellweave.data.AnnData;
import org.cellweave.data.MuData;
import org.cellweave.io.anndata.MuDataReader;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.util.FormatException;
import org.cellweave.util.MissingKeyException;

/** Reads {@code .h5mu} files, those of mudata 0.1 and later. See {@link MuDataReader}. */
public final class H5muReader {
  static final String EXPECTED = "an .h5mu file";

  private H5muReader() {}

  /** Reads a whole file into memory. */
  public static MuData read(Path path) {
    return read(path, H5adReader.Options.DEFAULTS);
  }

  /**
   * @throws FormatException when the file is missing, damaged or not a MuData file; the message
   *     names the file and the element
   */
  public static MuData read(Path path, H5adReader.Options options) {
    return MuDataReader.read(
        () -> Hdf5.open(path, EXPECTED), options.backed(), options.progress(), options.warnings());
  }

  /**
   * One modality of a file.
   *
   * @throws MissingKeyException names the modalities that are there
   */
  public static AnnData readModality(Path path, String name, H5adReader.Options options) {
    return MuDataReader.readModality(
        Hdf5.open(path, EXPECTED), name, options.backed(), options.progress(), options.warnings());
  }
}
