package org.cellweave.io.format;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.data.AnnData;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.io.store.ArrayValues;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;

/** Reads plain datasets of an HDF5 file that is not an AnnData file. */
public final class H5Datasets {
  private H5Datasets() {}

  /**
   * @param keys names of datasets in the root group
   * @return one array per key, in the order of the keys
   * @throws FormatException when the file is not HDF5 or lacks a key
   */
  public static Map<String, NdArray> read(Path path, List<String> keys) {
    try (StoreReader source = Hdf5.open(path, "an HDF5 file")) {
      StoreGroup root = source.root();
      Map<String, NdArray> out = new LinkedHashMap<>();
      for (String key : keys) {
        StoreNode node = source.child(root, key, key);
        if (node == null) {
          throw source.bad(key, "is missing; there are " + source.children(root, "/").keySet());
        }
        out.put(key, ArrayValues.values(source.array(node, key)));
      }
      return out;
    }
  }

  /**
   * @param names attributes of the root group
   * @return the first text of each that is there and holds text
   * @throws FormatException when the file is not HDF5
   */
  public static Map<String, String> rootTexts(Path path, List<String> names) {
    try (StoreReader source = Hdf5.open(path, "an HDF5 file")) {
      StoreGroup root = source.root();
      Map<String, String> out = new LinkedHashMap<>();
      for (String name : names) {
        String text = source.hasAttribute(root, name, "/") ? source.text(root, name, "/") : null;
        if (text != null && !text.isEmpty()) {
          out.put(name, text);
        }
      }
      return out;
    }
  }

  /**
   * Reads one matrix of any HDF5 file, rows as cells; the datasets {@code row_names} and {@code
   * col_names} of the root group name its axes where they are there.
   *
   * @param key of a two-dimensional dataset of numbers, groups separated by slashes
   * @throws IllegalArgumentException for an empty key; lists what there is
   * @throws FormatException when the file is not HDF5, lacks the key, or its names do not fit
   */
  public static AnnData matrix(Path path, String key) {
    try (StoreReader source = Hdf5.open(path, "an HDF5 file")) {
      if (key.isEmpty()) {
        throw new IllegalArgumentException(
            path + " holds " + source.children(source.root(), "/").keySet() + "; give one as key");
      }
      DenseMatrix x = ArrayValues.dense(source.array(at(source, key), key));
      return new AnnData(
          x, names(source, "row_names", x.nRows()), names(source, "col_names", x.nCols()));
    }
  }

  private static StoreNode at(StoreReader source, String key) {
    StoreNode node = source.root();
    for (String part : key.split("/")) {
      if (part.isEmpty()) {
        continue;
      }
      StoreGroup group = source.group(node, key);
      node = source.child(group, part, key);
      if (node == null) {
        throw source.bad(key, "is missing; there are " + source.children(group, key).keySet());
      }
    }
    return node;
  }

  private static DataFrame names(StoreReader source, String key, int n) {
    StoreNode node = source.child(source.root(), key, key);
    if (node == null) {
      return DataFrame.ofNames(
          IntStream.range(0, n).mapToObj(String::valueOf).toArray(String[]::new));
    }
    String[] names = ArrayValues.column(source.array(node, key)).texts();
    if (names.length != n) {
      throw source.bad(key, "has " + names.length + " entries, expected one for each of " + n);
    }
    return DataFrame.ofNames(names);
  }
}
