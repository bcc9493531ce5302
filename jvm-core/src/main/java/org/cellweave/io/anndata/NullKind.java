package org.cellweave.io.anndata;

import org.cellweave.io.store.StoreObjectWriter;

/** None of Python: an array without a value. */
final class NullKind implements ElementKind {
  private static final String TYPE = "null";
  private static final String VERSION = "0.1.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(TYPE, VERSION, (reader, element) -> null);
    registry.readsOldArrays((array, element) -> array.isNull(), (reader, array, element) -> null);
  }

  /** A value that is not there has no class to be registered by. */
  static void write(ElementWriter.Target t) {
    StoreObjectWriter array = t.parent().nothing(t.name());
    ElementWriter.encoding(array, TYPE, VERSION);
    array.close();
  }
}
