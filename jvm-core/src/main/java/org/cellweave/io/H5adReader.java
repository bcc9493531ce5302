package org.cellweave.io;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.cellweave.data.AnnData;
import org.cellweave.data.BackedMatrix;
import org.cellweave.data.OpaqueElement;
import org.cellweave.io.anndata.AnnDataReader;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.util.FormatException;
import org.cellweave.util.Progress;

/**
 * Reads {@code .h5ad} files, those of anndata 0.5 and later.
 *
 * <p>Sparse values that float32 holds exactly are stored as float32 under the file's element type;
 * indices are sorted and duplicates added up. Elements of unknown encoding in uns are kept as
 * {@link OpaqueElement}, those of obsm, varm, obsp, varp and layers in {@link AnnData#getUnread};
 * in X, obs, var and raw they are an error.
 *
 * @see <a href="https://anndata.readthedocs.io/en/stable/fileformat-prose.html">the format</a>
 */
public final class H5adReader {
  private static final String EXPECTED = "an .h5ad file";

  private H5adReader() {}

  /**
   * @param backed leave X in the file and read rows when they are asked for
   * @param progress told after each slot
   * @param warnings receives a sentence for each element that had to be left out
   */
  public record Options(boolean backed, Progress progress, Consumer<String> warnings) {
    public static final Options DEFAULTS = new Options(false, Progress.NONE, w -> {});

    public Options withBacked(boolean value) {
      return new Options(value, progress, warnings);
    }

    public Options withProgress(Progress value) {
      return new Options(backed, value, warnings);
    }

    public Options withWarnings(Consumer<String> value) {
      return new Options(backed, progress, value);
    }
  }

  /** Reads a whole file into memory. */
  public static AnnData read(Path path) {
    return read(path, Options.DEFAULTS);
  }

  /**
   * @param path a file, or a modality of an {@code .h5mu} file, as {@link ModalityPath} says
   * @throws FormatException when the file is missing, damaged or not an AnnData file; the message
   *     names the file and the element
   */
  public static AnnData read(Path path, Options options) {
    ModalityPath inside = ModalityPath.of(path);
    if (inside != null) {
      return H5muReader.readModality(inside.file(), inside.modality(), options);
    }
    return AnnDataReader.read(
        Hdf5.open(path, EXPECTED), options.backed(), options.progress(), options.warnings());
  }

  /**
   * The X of a file, left in it.
   *
   * @throws FormatException as {@link #read}, and when there is none
   */
  public static BackedMatrix backedX(Path path) {
    return AnnDataReader.backedX(Hdf5.open(path, EXPECTED));
  }
}
