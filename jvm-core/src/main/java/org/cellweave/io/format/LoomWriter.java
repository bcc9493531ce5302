package org.cellweave.io.format;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.file.Sync;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.Compression;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quoted;

/**
 * Writes {@code .loom} files, genes in rows and cells in columns, as anndata's {@code write_loom}
 * does: X is {@code matrix}, layers lie in {@code layers}, columns of var and obs with the names in
 * {@code row_attrs} and {@code col_attrs}. The names are called after their index, by default
 * {@code var_names} and {@code obs_names}.
 *
 * <p>Loom has no categories, booleans and missing values: categories become their labels, booleans
 * 0 and 1, missing text {@code nan}, and numbers of which some are missing float64 with NaN. uns,
 * raw, obsp and varp have no place in it. The bytes do not depend on the number of threads.
 */
public final class LoomWriter {
  private static final String SPECIFICATION = "3.0.0";
  private static final ArrayOptions ARRAYS = new ArrayOptions(Compression.GZIP, 2, true);

  private final StoreGroupWriter root;

  private LoomWriter(StoreGroupWriter root) {
    this.root = root;
  }

  /**
   * @param obsmVarm whether obsm and varm become attributes too
   * @param sync when to wait for the disk
   * @param warnings told which of obsm and varm are left out
   * @throws IllegalArgumentException without X, and for what Loom cannot hold: names with a slash,
   *     one name for two attributes of an axis, tables in obsm and varm
   * @throws UncheckedIOException when the disk refuses; an older file at {@code path} is unchanged
   */
  public static void write(
      AnnData adata, Path path, boolean obsmVarm, Sync sync, Consumer<String> warnings) {
    Matrix x = adata.getX();
    if (x == null) {
      throw new IllegalArgumentException(
          "X is empty, but a .loom file needs a matrix; set adata.X first");
    }
    if (!obsmVarm) {
      Set<String> lost = new TreeSet<>(adata.getObsm().getKeys());
      lost.addAll(adata.getVarm().getKeys());
      if (!lost.isEmpty()) {
        warnings.accept(
            FileMessages.shown(path)
                + " will lack "
                + lost
                + " of obsm and varm; writeObsmVarm = true keeps them");
      }
    }
    Hdf5.write(path, sync, ARRAYS, store -> new LoomWriter(store.root()).write(adata, x, obsmVarm));
  }

  private void write(AnnData adata, Matrix x, boolean obsmVarm) {
    StoreGroupWriter attrs = root.group("attrs");
    texts(attrs, "LOOM_SPEC_VERSION", new String[] {SPECIFICATION}, new long[0]);
    attrs.close();
    matrix(root, "matrix", x);
    StoreGroupWriter layers = root.group("layers");
    for (String name : adata.getLayers().getKeys()) {
      requireName(name, "layers");
      matrix(layers, name, adata.getLayers().get(name));
    }
    layers.close();
    axis("row_attrs", "var", adata.getVar(), obsmVarm ? adata.getVarm() : null);
    axis("col_attrs", "obs", adata.getObs(), obsmVarm ? adata.getObsm() : null);
    root.group("row_graphs").close();
    root.group("col_graphs").close();
  }

  private static void requireName(String name, String slot) {
    if (name.isEmpty() || name.equals(".") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          slot
              + "["
              + Quoted.of(name)
              + "] has a name that .loom cannot hold; it must not be empty, '.', or have a '/' in"
              + " it; rename it");
    }
  }

  // ---------------------------------------------------------------------------- matrices

  private void matrix(StoreGroupWriter parent, String name, Matrix cellsByGenes) {
    Parallel.checkInterrupted();
    Matrix turned = cellsByGenes.transpose();
    Filler filler =
        turned instanceof DenseMatrix dense
            ? Fillers.dense(dense, name)
            : rows(turned.toCsr(), name);
    numbers(parent, name, turned.dtype(), new long[] {turned.nRows(), turned.nCols()}, filler);
  }

  /** Whole rows of a sparse matrix, a few of them dense at a time. */
  private static Filler rows(CsrMatrix m, String name) {
    return (from, count, to) -> {
      int first = (int) (from / m.nCols());
      int[] some = IntStream.range(first, first + count / m.nCols()).toArray();
      Fillers.dense(m.takeRows(some).toDense(), name).fill(0, count, to);
    };
  }

  // -------------------------------------------------------------------------- attributes

  private void axis(String group, String slot, DataFrame table, AxisSlots<AxisArray> arrays) {
    StoreGroupWriter parent = root.group(group);
    Set<String> taken = new HashSet<>();
    String index = table.getIndexName() == null ? slot + "_names" : table.getIndexName();
    claim(taken, index, slot + "_names");
    texts(parent, index, table.getNames().toArray(String[]::new), new long[] {table.nRows()});
    for (String name : table.getKeys()) {
      claim(taken, name, slot);
      column(parent, name, table.get(name));
    }
    if (arrays != null) {
      for (String name : arrays.getKeys()) {
        claim(taken, name, slot + "m");
        array(parent, name, slot + "m", arrays.get(name));
      }
    }
    parent.close();
  }

  private static void claim(Set<String> taken, String name, String slot) {
    requireName(name, slot);
    if (!taken.add(name)) {
      throw new IllegalArgumentException(
          slot
              + "["
              + Quoted.of(name)
              + "] has the name of another attribute of this axis, which .loom would keep in the"
              + " same place; rename one of them");
    }
  }

  private void column(StoreGroupWriter parent, String name, Column column) {
    int n = column.size();
    boolean missing = IntStream.range(0, n).anyMatch(column::isMissing);
    long[] shape = {n};
    if (column instanceof CategoricalColumn c) {
      column(parent, name, c.categories().take(c.codes()));
    } else if (column instanceof NumericColumn c && c.isInteger() && !missing) {
      numbers(parent, name, c.dtype(), shape, Fillers.longs(c.dtype(), c.longs()));
    } else if (column instanceof BooleanColumn c && !missing) {
      numbers(parent, name, DType.UINT8, shape, Fillers.booleans(c.values()));
    } else if (column instanceof NumericColumn || column instanceof BooleanColumn) {
      boolean real = column instanceof NumericColumn c && !c.isInteger();
      DType type = real ? ((NumericColumn) column).dtype() : DType.FLOAT64;
      numbers(parent, name, type, shape, Fillers.doubles(type, column.toDoubles(), name));
    } else {
      String[] values = new String[n];
      for (int i = 0; i < n; i++) {
        values[i] = column.isMissing(i) ? "nan" : column.text(i);
      }
      texts(parent, name, values, shape);
    }
  }

  private void array(StoreGroupWriter parent, String name, String slot, AxisArray value) {
    if (value instanceof Matrix m) {
      DenseMatrix dense = m.toDense();
      long[] shape = {dense.nRows(), dense.nCols()};
      numbers(parent, name, dense.dtype(), shape, Fillers.dense(dense, name));
    } else if (value instanceof NdArray a && !a.isText()) {
      long[] shape = IntStream.of(a.shape()).asLongStream().toArray();
      numbers(parent, name, a.dtype(), shape, Fillers.primitives(a.dtype(), a.data(), name));
    } else {
      throw new IllegalArgumentException(
          slot
              + "["
              + Quoted.of(name)
              + "] is a "
              + value.described()
              + ", which .loom cannot hold; remove it, or make a matrix of it");
    }
  }

  private void numbers(
      StoreGroupWriter parent, String name, DType type, long[] shape, Filler filler) {
    DType stored = type == DType.BOOL ? DType.UINT8 : type;
    parent.numbers(name, stored, shape, false, filler).close();
  }

  private void texts(StoreGroupWriter parent, String name, String[] values, long[] shape) {
    parent.texts(name, values, shape, name).close();
  }
}
