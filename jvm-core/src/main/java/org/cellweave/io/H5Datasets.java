package org.cellweave.io;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.data.NdArray;
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
    try (H5Source source = H5Source.open(path, "an HDF5 file")) {
      var elements = new ElementReader(source, warning -> {});
      Group root = source.root();
      Map<String, NdArray> out = new LinkedHashMap<>();
      for (String key : keys) {
        Node node = source.child(root, key, key);
        if (node == null) {
          throw source.bad(key, "is missing; there are " + source.children(root, "/").keySet());
        }
        out.put(key, elements.values(source.array(node, key)));
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
    try (H5Source source = H5Source.open(path, "an HDF5 file")) {
      Group root = source.root();
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
}
