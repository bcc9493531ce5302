package org.cellweave.spark;

import java.io.NotSerializableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cellweave.data.AnnData;
import org.cellweave.data.Raw;
import org.cellweave.data.concat.Concat;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStore;

/**
 * Objects whose matrices stay in files that every machine sees. Tables, embeddings and graphs are
 * on the driver.
 */
public final class SparkFiles {
  private SparkFiles() {}

  /**
   * @param adata without what could not be joined
   * @param warnings what was left out and why
   */
  public record Result(AnnData adata, List<String> warnings) {}

  /**
   * One file, or several that are joined along the cells with the genes that all have.
   *
   * @param opened gives the object of a file, left in it
   * @param params how several are joined; only the inner join along the cells
   * @throws IllegalArgumentException when a file holds its X dense, by column or not at all
   */
  public static Result read(
      SparkRunner runner, List<Path> files, Function<Path, AnnData> opened, Concat.Params params) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one file, got none");
    }
    List<AnnData> parts = new ArrayList<>();
    for (Path file : files) {
      parts.add(distributed(opened.apply(file), file, runner));
    }
    return parts.size() == 1 ? new Result(parts.get(0), List.of()) : joined(parts, params);
  }

  private static AnnData distributed(AnnData adata, Path file, SparkRunner runner) {
    if (adata.getBacked() == null || adata.getBacked().rows() == null) {
      String what =
          adata.getBacked() == null
              ? "has no X"
              : adata.getBacked().isSparse() ? "holds X by column (csc)" : "holds X dense";
      throw new IllegalArgumentException(
          file
              + " "
              + what
              + ", but executors read rows of a sparse matrix; write it again with X as"
              + " csr_matrix");
    }
    RowStore rows = sent(adata.getBacked().rows(), runner);
    for (String key : List.copyOf(adata.getLayers().getKeys())) {
      Matrix layer = adata.getLayers().get(key);
      if (staysInFile(layer)) {
        adata.getLayers().set(key, CsrMatrix.of(sent(((CsrMatrix) layer).store(), runner)));
      }
    }
    Raw raw = adata.getRaw();
    if (raw != null && staysInFile(raw.getX())) {
      var now = Raw.of(CsrMatrix.of(sent(((CsrMatrix) raw.getX()).store(), runner)), raw.getVar());
      raw.getVarm().getKeys().forEach(k -> now.getVarm().set(k, raw.getVarm().get(k)));
      adata.setRaw(now);
    }
    adata.setBacked(new SparkX(rows, file));
    return adata;
  }

  private static boolean staysInFile(Matrix x) {
    return x instanceof CsrMatrix csr && !csr.isInMemory();
  }

  /** As every other process gets them, so that they do not depend on a file that is open here. */
  private static RowStore sent(RowStore rows, SparkRunner runner) {
    try {
      return RowStore.runBy((RowStore) Parcel.unpack(Parcel.pack(rows)), runner);
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException(
          rows.place() + " cannot be read by other processes; unpack it, or write it as .h5ad", e);
    }
  }

  private static Result joined(List<AnnData> parts, Concat.Params params) {
    if (params.axis() != Concat.Axis.OBS || params.join() != Concat.Join.INNER) {
      throw new IllegalArgumentException(
          "files are joined along the cells, with the genes that all of them have");
    }
    List<String> warnings = new ArrayList<>();
    Map<String, List<Matrix>> layers = new LinkedHashMap<>();
    boolean hasRaw = false;
    for (AnnData part : parts) {
      for (String key : List.copyOf(part.getLayers().getKeys())) {
        if (staysInFile(part.getLayers().get(key))) {
          layers.computeIfAbsent(key, k -> new ArrayList<>()).add(part.getLayers().get(key));
          part.getLayers().remove(key);
        }
      }
      hasRaw |= part.getRaw() != null;
      part.setRaw(null);
    }
    if (hasRaw) {
      warnings.add("raw is left out: of several files only X and layers are read on Spark.");
    }
    var joined = Concat.runBacked(parts, params);
    warnings.addAll(joined.warnings());
    AnnData out = joined.adata();
    List<int[]> genes = genes(parts, out.getVarNames());
    List<RowStore> stores = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      stores.add(chosen(parts.get(p).getBacked().rows(), genes.get(p)));
    }
    out.setBacked(new SparkX(RowStore.below(stores), parts.get(0).getBacked().file()));
    layers.forEach(
        (key, matrices) -> {
          if (matrices.size() == parts.size()) {
            List<RowStore> of = new ArrayList<>();
            for (int p = 0; p < parts.size(); p++) {
              of.add(chosen(((CsrMatrix) matrices.get(p)).store(), genes.get(p)));
            }
            out.getLayers().set(key, CsrMatrix.of(RowStore.below(of)));
          }
        });
    return new Result(out, List.copyOf(warnings));
  }

  /** Where each file has the genes; null where it has these and no others, in this order. */
  private static List<int[]> genes(List<AnnData> parts, List<String> names) {
    List<int[]> out = new ArrayList<>();
    for (AnnData part : parts) {
      if (part.getVarNames().equals(names)) {
        out.add(null);
        continue;
      }
      Map<String, Integer> places = new HashMap<>();
      for (int j = 0; j < part.getNVars(); j++) {
        places.put(part.getVarNames().get(j), j);
      }
      out.add(names.stream().mapToInt(places::get).toArray());
    }
    return out;
  }

  private static RowStore chosen(RowStore rows, int[] cols) {
    return cols == null ? rows : CsrMatrix.of(rows).takeCols(cols).store();
  }
}
