package org.cellweave.io.anndata;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.cellweave.io.store.SparseReader;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.util.FormatException;

/**
 * Matrices in stores that rows from other processes are read from: each is opened once for all who
 * read it, and anew when its file was changed. A store is closed when nobody holds it any more.
 */
final class OpenStores {
  private static final Map<Place, SoftReference<SparseReader>> OPEN = new HashMap<>();

  private OpenStores() {}

  private record Place(Path file, String key, FileTime changed) {}

  /**
   * @throws FormatException when the file cannot be read here
   */
  static SparseReader rows(Path file, String key, StoreReader.Opener opener) {
    try {
      var place = new Place(file, key, Files.getLastModifiedTime(file));
      synchronized (OPEN) {
        SoftReference<SparseReader> known = OPEN.get(place);
        SparseReader open = known == null ? null : known.get();
        if (open == null) {
          OPEN.values().removeIf(reference -> reference.get() == null);
          open = open(file, key, opener);
          OPEN.put(place, new SoftReference<>(open));
        }
        return open;
      }
    } catch (IOException | FormatException e) {
      String why = e instanceof IOException ? file + " cannot be opened" : e.getMessage();
      throw new FormatException(
          why
              + ". Rows are read where they are worked on: every machine must see the file under"
              + " this name",
          e);
    }
  }

  private static SparseReader open(Path file, String key, StoreReader.Opener opener) {
    StoreReader source = opener.open(file);
    SparseReader out = null;
    try {
      StoreNode node = (StoreNode) source.root();
      for (String name : key.split("/")) {
        StoreGroup group = source.group(node, key);
        node = source.child(group, name, key);
      }
      if (node == null) {
        throw source.bad(key, "is missing");
      }
      out = BackedX.open(source, node, key).sparse();
      return out;
    } finally {
      if (out == null) {
        source.close();
      }
    }
  }
}
