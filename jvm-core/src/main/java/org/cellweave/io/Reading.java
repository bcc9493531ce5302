package org.cellweave.io;

import io.jhdf.api.Group;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.cellweave.data.AnnData;
import org.cellweave.util.FormatException;

/** Reads any supported file, told apart by its name and, where that does not say, its content. */
public final class Reading {
  private static final String SUPPORTED =
      ".h5ad, .h5 (10x), a 10x folder, .loom, .mtx, .csv, .tsv, .txt, .tab, .data, the text ones also .gz";

  private Reading() {}

  public static AnnData read(Path path) {
    return read(path, H5adReader.Options.DEFAULTS);
  }

  /**
   * @param options for h5ad files
   * @throws FormatException lists what is supported when the file is of no known kind
   */
  public static AnnData read(Path path, H5adReader.Options options) {
    if (String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(".zarr.zip")) {
      throw zarr(path);
    }
    if (Files.isDirectory(path)) {
      if (Files.exists(path.resolve("zarr.json")) || Files.exists(path.resolve(".zgroup"))) {
        throw zarr(path);
      }
      return TenX.readMtx(path);
    }
    InputFile.require(path, "one of " + SUPPORTED);
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    String extension = plain.substring(plain.lastIndexOf('.') + 1);
    return switch (extension) {
      case "h5ad" -> H5adReader.read(path, options);
      case "h5", "hdf5" -> hdf5(path, options);
      case "loom" -> Loom.read(path);
      case "mtx" -> new AnnData(MatrixMarket.read(path));
      case "csv" -> Delimited.read(path, Delimited.Options.CSV);
      case "tsv", "tab" -> Delimited.read(path, Delimited.Options.TSV);
      case "txt", "data" -> Delimited.read(path, Delimited.Options.BLANKS);
      default -> byContent(path, options, extension);
    };
  }

  /** What to say of a zarr store: it is not readable here, and how Python converts it. */
  public static FormatException zarr(Path path) {
    return new FormatException(
        path
            + " is a zarr store, which cannot be read here. Convert it in Python, then read the .h5ad:\n"
            + "import anndata\n"
            + "anndata.io.read_zarr(\""
            + path
            + "\").write_h5ad(\"converted.h5ad\")");
  }

  /** 10x files and AnnData files both may end in .h5. */
  private static AnnData hdf5(Path path, H5adReader.Options options) {
    boolean tenX;
    try (H5Source source = H5Source.open(path, "an HDF5 file")) {
      Group root = source.root();
      tenX = source.child(root, "obs", "obs") == null;
    }
    return tenX ? TenX.readH5(path) : H5adReader.read(path, options);
  }

  private static AnnData byContent(Path path, H5adReader.Options options, String extension) {
    if (H5Source.isHdf5(path)) {
      return hdf5(path, options);
    }
    try (TextBytes in = TextBytes.open(path, "one of " + SUPPORTED)) {
      if (in.peek() == '%' && in.next() == '%' && in.peek() == '%') {
        return new AnnData(MatrixMarket.read(path));
      }
    }
    throw new FormatException(
        path
            + " has extension '."
            + extension
            + "' and looks like "
            + InputFile.looksLike(path)
            + ", expected one of "
            + SUPPORTED);
  }
}
