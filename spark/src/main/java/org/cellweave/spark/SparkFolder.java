package org.cellweave.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cellweave.data.AnnData;
import org.cellweave.data.Raw;
import org.cellweave.io.H5adReader;
import org.cellweave.io.H5adWriter;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStore;

/**
 * An object in a folder: matrices that stay in files as blocks in Parquet, written by those who
 * work on them; everything else in {@code annotations.h5ad}.
 */
public final class SparkFolder {
  private static final String REST = "annotations.h5ad";
  private static final String X = "X";
  private static final String LAYERS = "layers";
  private static final String RAW = "raw";

  private SparkFolder() {}

  /**
   * Writes X and what else stays in files as it stands now: selected, normalised, with logarithms.
   *
   * @param folder that is not there yet, or empty
   * @throws IllegalArgumentException when there is something in the folder, or the object has no X
   */
  public static void write(AnnData adata, Path folder) {
    requireEmpty(folder);
    if (adata.getX() == null) {
      throw new IllegalArgumentException("the object has no X; write it by writeH5ad");
    }
    ParquetRows.write(adata.getX(), folder.resolve(X));
    var rest = new AnnData(null, adata.getObs(), adata.getVar());
    for (String key : adata.getLayers().getKeys()) {
      Matrix layer = adata.getLayers().get(key);
      if (staysElsewhere(layer)) {
        ParquetRows.write(layer, folder.resolve(LAYERS).resolve(encoded(key)));
      } else {
        rest.getLayers().set(key, layer);
      }
    }
    copySlots(adata, rest);
    if (adata.getRaw() != null) {
      rest.setRaw(raw(adata.getRaw(), folder));
    }
    H5adWriter.write(rest, folder.resolve(REST));
  }

  private static void copySlots(AnnData from, AnnData to) {
    from.getObsm().getKeys().forEach(k -> to.getObsm().set(k, from.getObsm().get(k)));
    from.getVarm().getKeys().forEach(k -> to.getVarm().set(k, from.getVarm().get(k)));
    from.getObsp().getKeys().forEach(k -> to.getObsp().set(k, from.getObsp().get(k)));
    from.getVarp().getKeys().forEach(k -> to.getVarp().set(k, from.getVarp().get(k)));
    to.setUns(from.getUns());
  }

  private static Raw raw(Raw raw, Path folder) {
    Matrix x = raw.getX();
    if (!staysElsewhere(x)) {
      return raw;
    }
    ParquetRows.write(x, folder.resolve(RAW));
    return with(raw, CsrMatrix.empty(x.nRows(), x.nCols(), DType.FLOAT32));
  }

  private static Raw with(Raw raw, Matrix x) {
    Raw out = Raw.of(x, raw.getVar());
    raw.getVarm().getKeys().forEach(k -> out.getVarm().set(k, raw.getVarm().get(k)));
    return out;
  }

  private static boolean staysElsewhere(Matrix x) {
    return x instanceof CsrMatrix csr && !csr.isInMemory();
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8);
  }

  private static void requireEmpty(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        throw new IllegalArgumentException(
            folder + " is there already; name a new folder, or delete it first");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object of a folder, whose rows executors read. */
  public static AnnData read(SparkRunner runner, Path folder) {
    if (!Files.exists(folder.resolve(REST))) {
      throw new IllegalArgumentException(
          folder + " holds no object that sc.spark.writeParquet wrote, or not all of it");
    }
    AnnData out = H5adReader.read(folder.resolve(REST));
    out.setBacked(new SparkX(rows(folder.resolve(X), runner), folder));
    for (String name : names(folder.resolve(LAYERS))) {
      RowStore rows = rows(folder.resolve(LAYERS).resolve(name), runner);
      String key = URLDecoder.decode(name, StandardCharsets.UTF_8);
      out.getLayers().set(key, CsrMatrix.of(rows));
    }
    if (out.getRaw() != null && Files.exists(folder.resolve(RAW))) {
      out.setRaw(with(out.getRaw(), CsrMatrix.of(rows(folder.resolve(RAW), runner))));
    }
    return out;
  }

  private static RowStore rows(Path folder, SparkRunner runner) {
    return RowStore.runBy(ParquetRows.open(folder), runner);
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.map(p -> p.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a folder and goes on with what lies there in the place of X, layers and raw.
   *
   * @return the object given
   */
  public static AnnData cache(SparkRunner runner, AnnData adata, Path folder) {
    write(adata, folder);
    AnnData written = read(runner, folder);
    adata.setX(written.getX());
    for (String name : names(folder.resolve(LAYERS))) {
      String key = URLDecoder.decode(name, StandardCharsets.UTF_8);
      adata.getLayers().set(key, written.getLayers().get(key));
    }
    if (Files.exists(folder.resolve(RAW))) {
      adata.setRaw(written.getRaw());
    }
    return adata;
  }
}
