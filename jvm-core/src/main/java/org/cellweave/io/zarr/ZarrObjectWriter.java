package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.cellweave.io.store.StoreObjectWriter;

/** A node that takes attributes, which are written with the store's metadata. */
class ZarrObjectWriter implements StoreObjectWriter {
  final JsonObject attributes;

  ZarrObjectWriter(JsonObject attributes) {
    this.attributes = attributes;
  }

  @Override
  public void attribute(String name, String value) {
    attributes.addProperty(name, value);
  }

  @Override
  public void attribute(String name, String[] values) {
    var list = new JsonArray();
    for (String v : values) {
      list.add(v);
    }
    attributes.add(name, list);
  }

  @Override
  public void attribute(String name, long[] values) {
    var list = new JsonArray();
    for (long v : values) {
      list.add(v);
    }
    attributes.add(name, list);
  }

  @Override
  public void attribute(String name, long value) {
    attributes.addProperty(name, value);
  }

  @Override
  public void attribute(String name, boolean value) {
    attributes.addProperty(name, value);
  }

  @Override
  public void emptyAttribute(String name) {
    attributes.add(name, new JsonArray());
  }

  @Override
  public void close() {
    // attributes are written at the end
  }
}
