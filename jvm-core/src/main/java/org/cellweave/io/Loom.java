package org.cellweave.io;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Reads {@code .loom} files: genes in rows, cells in columns, both turned around here.
 *
 * <p>Follows {@code anndata.io.read_loom}: X is the layer {@code xName} where the file has one, and
 * the main matrix then goes to layer {@code matrix}; otherwise X is the main matrix. Attributes of
 * two dimensions, which anndata refuses, go to obsm and varm. An axis without the named attribute
 * gets the numbers of its rows as names.
 *
 * <p>A sparse result is made slab by slab, so that the dense form is never held.
 */
public final class Loom {
  private static final int SLAB_BYTES = 1 << 24;

  private final H5Source source;
  private final ElementReader elements;
  private final Options options;

  private Loom(H5Source source, Options options) {
    this.source = source;
    this.elements = new ElementReader(source, warning -> {});
    this.options = options;
  }

  /**
   * @param sparse keep matrices as CSR
   * @param xName layer that becomes X
   * @param obsNames attribute with the names of cells
   * @param varNames attribute with the names of genes
   * @param obsm arrays to build from attributes of cells, by name
   * @param varm arrays to build from attributes of genes, by name
   * @param dtype element type of X
   */
  public record Options(
      boolean sparse,
      String xName,
      String obsNames,
      String varNames,
      Map<String, List<String>> obsm,
      Map<String, List<String>> varm,
      DType dtype) {
    public static final Options DEFAULTS =
        new Options(true, "spliced", "CellID", "Gene", Map.of(), Map.of(), DType.FLOAT32);
  }

  public static AnnData read(Path path) {
    return read(path, Options.DEFAULTS);
  }

  /**
   * @throws FormatException when the file is not Loom; the message names the file and the part
   */
  public static AnnData read(Path path, Options options) {
    try (H5Source source = H5Source.open(path, "a .loom file")) {
      return new Loom(source, options).read();
    } catch (ShapeMismatchException e) {
      throw H5Source.misfit(path, e);
    }
  }

  private AnnData read() {
    Group root = source.root();
    Node main = source.child(root, "matrix", "matrix");
    if (main == null) {
      throw source.bad(
          "",
          "holds "
              + source.children(root, "").keySet()
              + ", but no 'matrix', so that it is not a .loom file");
    }
    Map<String, Node> stored = members(root, "layers");
    boolean named = stored.containsKey(options.xName());
    H5Array x =
        named
            ? array(stored.get(options.xName()), "layers/" + options.xName())
            : array(main, "matrix");
    requireShapes(x, main, stored);
    int nObs = x.shape()[1];
    int nVars = x.shape()[0];
    var obsm = new LinkedHashMap<String, AxisArray>();
    var varm = new LinkedHashMap<String, AxisArray>();
    DataFrame obs = table(root, "col_attrs", nObs, options.obsNames(), options.obsm(), obsm);
    DataFrame var = table(root, "row_attrs", nVars, options.varNames(), options.varm(), varm);
    var out = new AnnData(matrix(x).withDType(options.dtype()), obs, var);
    if (named) {
      out.getLayers().set("matrix", matrix(array(main, "matrix")));
    }
    stored.forEach(
        (name, node) -> out.getLayers().set(name, matrix(array(node, "layers/" + name))));
    fill(out.getObsm(), obsm);
    fill(out.getVarm(), varm);
    return out;
  }

  private void requireShapes(H5Array x, Node main, Map<String, Node> stored) {
    requireShape(x, array(main, "matrix"));
    stored.forEach((name, node) -> requireShape(x, array(node, "layers/" + name)));
  }

  private void requireShape(H5Array x, H5Array other) {
    if (!Arrays.equals(x.dims(), other.dims())) {
      throw source.bad(
          other.key(),
          "has shape "
              + Arrays.toString(other.dims())
              + ", expected that of '"
              + x.key()
              + "', "
              + Arrays.toString(x.dims()));
    }
  }

  private static void fill(AxisSlots<AxisArray> slots, Map<String, AxisArray> values) {
    values.forEach(slots::set);
  }

  private Map<String, Node> members(Group root, String name) {
    Node node = source.child(root, name, name);
    return node == null ? Map.of() : source.children(source.group(node, name), name);
  }

  private H5Array array(Node node, String key) {
    H5Array a = source.array(node, key);
    if (a.rank() != 2 || !a.type().isNumeric()) {
      throw source.bad(key, "is " + a.type().describe() + ", expected numbers of genes by cells");
    }
    return a;
  }

  // ---------------------------------------------------------------------------- matrices

  private Matrix matrix(H5Array a) {
    return options.sparse() ? sparse(a) : elements.dense(a).transpose();
  }

  private CsrMatrix sparse(H5Array a) {
    int nGenes = a.shape()[0];
    int nCells = a.shape()[1];
    int slab = Math.max(1, SLAB_BYTES / Math.max(1, nCells * 8));
    var builder = new CsrBuilder(nCells, a.type().dtype());
    double[] values = new double[slab * nCells];
    int[] at = new int[nCells];
    double[] row = new double[nCells];
    for (int first = 0; first < nGenes && nCells > 0; first += slab) {
      Parallel.checkInterrupted();
      int genes = Math.min(slab, nGenes - first);
      long from = (long) first * nCells;
      ByteBuffer bytes = source.guard(a.key(), () -> a.bytes(from, genes * nCells));
      Numbers.toDoubles(a.type().dtype(), bytes, genes * nCells, values, 0);
      for (int g = 0; g < genes; g++) {
        int n = 0;
        for (int c = 0; c < nCells; c++) {
          double v = values[g * nCells + c];
          if (v != 0) {
            at[n] = c;
            row[n++] = v;
          }
        }
        builder.addRow(at, row, n);
      }
    }
    return nCells == 0
        ? CsrMatrix.empty(0, nGenes, a.type().dtype())
        : builder.build().transposeToCsr();
  }

  // -------------------------------------------------------------------------- attributes

  private DataFrame table(
      Group root,
      String key,
      int n,
      String index,
      Map<String, List<String>> joined,
      Map<String, AxisArray> arrays) {
    Map<String, Column> columns = new LinkedHashMap<>();
    members(root, key)
        .forEach(
            (name, node) -> {
              H5Array a = source.array(node, key + "/" + name);
              if (a.rank() == 0 || a.dims()[0] != n) {
                throw source.bad(a.key(), "does not have one entry for each of " + n);
              }
              if (a.rank() == 2) {
                arrays.put(name, elements.dense(a));
              } else {
                columns.put(name, elements.column(a));
              }
            });
    joined.forEach((name, parts) -> arrays.put(name, joined(key, n, columns, name, parts)));
    Column names = columns.remove(index);
    DataFrame out = DataFrame.ofNames(names == null ? numbered(n) : names.texts());
    if (names != null) {
      out.setIndexName(index);
    }
    columns.forEach((name, column) -> source.column(out, key + "/" + name, name, column));
    return out;
  }

  private DenseMatrix joined(
      String key, int n, Map<String, Column> columns, String name, List<String> parts) {
    var data = new double[n * parts.size()];
    for (int p = 0; p < parts.size(); p++) {
      Column column = columns.get(parts.get(p));
      if (!(column instanceof org.cellweave.data.NumericColumn numbers)) {
        throw new IllegalArgumentException(
            "'"
                + name
                + "' needs the numeric attribute '"
                + parts.get(p)
                + "' of "
                + key
                + Check.suggestion(parts.get(p), new ArrayList<>(columns.keySet())));
      }
      for (int i = 0; i < n; i++) {
        data[i * parts.size() + p] = numbers.get(i);
      }
    }
    parts.forEach(columns::remove);
    return DenseMatrix.wrap(data, n, parts.size());
  }

  private static String[] numbered(int n) {
    String[] out = new String[n];
    for (int i = 0; i < n; i++) {
      out[i] = String.valueOf(i);
    }
    return out;
  }
}
