package org.cellweave.io.anndata;

import org.cellweave.data.DataFrame;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreObjectWriter;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.util.Progress;

/** Writes single elements, for tests of what broken or foreign writers make. */
public final class Elements {
  private final ElementWriter elements;

  public Elements(StoreWriter store) {
    elements = new ElementWriter(store, new AnnDataWriter.Limits(1000, Progress.NONE));
  }

  public void write(StoreGroupWriter parent, String name, String parentKey, Object value) {
    elements.write(parent, name, parentKey, value);
  }

  public static void encoding(StoreObjectWriter object, String type, String version) {
    ElementWriter.encoding(object, type, version);
  }

  /** A table as it is written. */
  public static DataFrame withCategories(DataFrame table) {
    return TableKind.withCategories(table);
  }
}
