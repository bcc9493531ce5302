package org.cellweave.io.hdf5;

import org.cellweave.io.anndata.Elements;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.Compression;

/** Writes elements below objects that are known by the library's number for them. */
final class RawElements {
  static final ArrayOptions PLAIN = new ArrayOptions(Compression.NONE, 4, true);

  private final H5Sink sink;
  private final H5Writer store;
  private final Elements elements;

  RawElements(H5Sink sink) {
    this.sink = sink;
    this.store = new H5Writer(sink, PLAIN);
    this.elements = new Elements(store);
  }

  void encoding(long object, String type, String version) {
    Elements.encoding(new H5Object(sink, object), type, version);
  }

  void write(long parent, String name, String parentKey, Object value) {
    elements.write(store.group(parent), name, parentKey, value);
  }
}
