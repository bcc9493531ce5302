package org.cellweave.io.anndata;

import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreObjectWriter;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.matrix.DType;

/**
 * Writes any value an AnnData may hold, each with its encoding type and version, as {@link
 * ElementRegistry} knows it.
 */
final class ElementWriter {
  private final StoreWriter store;
  private final ElementRegistry registry = ElementRegistry.STANDARD;

  private final AnnDataWriter.Limits limits;

  ElementWriter(StoreWriter store, AnnDataWriter.Limits limits) {
    this.store = store;
    this.limits = limits;
  }

  AnnDataWriter.Limits limits() {
    return limits;
  }

  StoreWriter store() {
    return store;
  }

  /** Where a value goes: the open parent group, its name there, and its path for messages. */
  record Target(StoreGroupWriter parent, String name, String key) {
    StoreGroupWriter group() {
      return parent.group(name);
    }
  }

  /** Writes {@code value} as member {@code name} of an open group. */
  void write(StoreGroupWriter parent, String name, String parentKey, Object value) {
    boolean joined = parentKey.isEmpty() || parentKey.endsWith("/");
    String key = joined ? parentKey + name : parentKey + "/" + name;
    ElementNames.check(name, key);
    var target = new Target(parent, name, key);
    if (value == null) {
      NullKind.write(target);
      return;
    }
    ElementRegistry.Writing<Object> writing = registry.writer(value);
    if (writing == null) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' is a "
              + value.getClass().getName()
              + ", which .h5ad cannot hold; use numbers, text, arrays, tables, matrices or maps of"
              + " them");
    }
    writing.write(this, target, value);
  }

  static void encoding(StoreObjectWriter object, String type, String version) {
    object.attribute("encoding-type", type);
    object.attribute("encoding-version", version);
  }

  /** Numbers with their encoding, which has version 0.2.0. */
  static void numbers(Target t, DType type, long[] shape, Filler values, String encoding) {
    StoreObjectWriter array = t.parent().numbers(t.name(), type, shape, false, values);
    encoding(array, encoding, "0.2.0");
    array.close();
  }

  /** Text with its encoding, which has version 0.2.0. */
  static void texts(Target t, String[] values, long[] shape, String encoding) {
    StoreObjectWriter array = t.parent().texts(t.name(), values, shape, t.key());
    encoding(array, encoding, "0.2.0");
    array.close();
  }
}
