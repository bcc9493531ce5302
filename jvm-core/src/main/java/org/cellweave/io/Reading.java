package org.cellweave.io;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.cellweave.data.AnnData;
import org.cellweave.io.file.InputFile;
import org.cellweave.io.format.Delimited;
import org.cellweave.io.format.Loom;
import org.cellweave.io.format.MatrixMarket;
import org.cellweave.io.format.TenX;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.text.TextBytes;
import org.cellweave.io.zarr.Zarr;
import org.cellweave.util.FormatException;
import org.cellweave.util.Quoted;

/** Reads any supported file, told apart by its name and, where that does not say, its content. */
public final class Reading {
  private static final String SUPPORTED =
      ".h5ad, .zarr, a modality of .h5mu as in cells.h5mu/rna, .h5 (10x), a 10x folder, .loom, .mtx, .csv,"
          + " .tsv, .txt, .tab, .data, the text ones also .gz, .bz2 or .zip";
  private static final List<String> COMPRESSED = List.of(".gz", ".bz2", ".zip");

  private Reading() {}

  public static AnnData read(Path path) {
    return read(path, H5adReader.Options.DEFAULTS);
  }

  /**
   * What the caller knows of a file.
   *
   * @param extension such as {@code "csv"}, to be believed instead of the file's name; null for
   *     none
   * @param delimiter of text; null for a comma in csv, tabs in tsv, blanks in txt
   * @param firstColumnNames of text, as in {@link Delimited.Options}
   */
  public record Hints(String extension, String delimiter, Boolean firstColumnNames) {
    public static final Hints NONE = new Hints(null, null, null);
  }

  public static AnnData read(Path path, H5adReader.Options options) {
    return read(path, options, Hints.NONE);
  }

  /**
   * @param options for h5ad files
   * @throws FormatException lists what is supported when the file is of no known kind
   */
  public static AnnData read(Path path, H5adReader.Options options, Hints hints) {
    if (isZarr(path)) {
      return ZarrReader.read(path, options);
    }
    if (Files.isDirectory(path)) {
      return TenX.readMtx(path);
    }
    if (ModalityPath.of(path) != null) {
      return H5adReader.read(path, options);
    }
    InputFile.require(path, "one of " + SUPPORTED);
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    String plain =
        COMPRESSED.stream()
            .filter(name::endsWith)
            .findFirst()
            .map(end -> name.substring(0, name.length() - end.length()))
            .orElse(name);
    String extension =
        hints.extension() == null
            ? plain.substring(plain.lastIndexOf('.') + 1)
            : hints.extension().toLowerCase(Locale.ROOT).replaceAll("^\\.|\\.(gz|bz2|zip)$", "");
    return switch (extension) {
      case "h5ad", "h5mu" -> H5adReader.read(path, options);
      case "h5", "hdf5" -> hdf5(path, options);
      case "loom" -> Loom.read(path);
      case "mtx" -> new AnnData(MatrixMarket.read(path));
      case "csv", "tsv", "tab", "txt", "data" -> text(path, extension, hints);
      case "xlsx", "xls" ->
          throw new FormatException(
              path + " has sheets; name the one to read with sheet = \"...\" or a number from 0");
      default -> byContent(path, options, extension);
    };
  }

  private static AnnData text(Path path, String extension, Hints hints) {
    String delimiter = hints.delimiter();
    if (delimiter == null && (extension.equals("tsv") || extension.equals("tab"))) {
      return Delimited.readTabs(path, hints.firstColumnNames());
    }
    if (delimiter == null && extension.equals("csv")) {
      delimiter = ",";
    }
    return Delimited.read(path, new Delimited.Options(delimiter, hints.firstColumnNames()));
  }

  /** Whether this is a zarr store, by its name or by what lies in it. */
  public static boolean isZarr(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".zarr") || name.endsWith(".zarr.zip")) {
      return true;
    }
    return (Files.isDirectory(path) || (name.endsWith(".zip") && Files.isRegularFile(path)))
        && Zarr.isZarr(path);
  }

  /** 10x files and AnnData files both may end in .h5. */
  private static AnnData hdf5(Path path, H5adReader.Options options) {
    boolean tenX;
    try (StoreReader source = Hdf5.open(path, "an HDF5 file")) {
      tenX = source.child(source.root(), "obs", "obs") == null;
    }
    return tenX
        ? TenX.readH5(path, null, true, options.warnings())
        : H5adReader.read(path, options);
  }

  private static AnnData byContent(Path path, H5adReader.Options options, String extension) {
    if (Hdf5.isHdf5(path)) {
      return hdf5(path, options);
    }
    try (TextBytes in = TextBytes.open(path, "one of " + SUPPORTED)) {
      if (in.peek() == '%' && in.next() == '%' && in.peek() == '%') {
        return new AnnData(MatrixMarket.read(path));
      }
    } catch (FormatException e) {
      // not text, so that its looks say more
    }
    throw new FormatException(
        path
            + " has extension '."
            + Quoted.shortened(extension)
            + "' and looks like "
            + InputFile.looksLike(path)
            + ", expected one of "
            + SUPPORTED);
  }
}
