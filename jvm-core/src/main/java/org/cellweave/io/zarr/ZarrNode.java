package org.cellweave.io.zarr;

import com.google.gson.JsonObject;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;

/** A group or an array of a store, as its metadata say. */
class ZarrNode implements StoreNode {
  final String path;
  final JsonObject metadata;
  final JsonObject attributes;
  private final boolean array;

  private ZarrNode(String path, JsonObject metadata, JsonObject attributes, boolean array) {
    this.path = path;
    this.metadata = metadata;
    this.attributes = attributes;
    this.array = array;
  }

  static ZarrNode array(String path, JsonObject metadata, JsonObject attributes) {
    return new ZarrNode(path, metadata, attributes, true);
  }

  static ZarrNode group(String path, JsonObject metadata, JsonObject attributes) {
    return new OfGroup(path, metadata, attributes);
  }

  /** A group, which may be asked for its members. */
  static final class OfGroup extends ZarrNode implements StoreGroup {
    private OfGroup(String path, JsonObject metadata, JsonObject attributes) {
      super(path, metadata, attributes, false);
    }
  }

  /** The path of a member. */
  String below(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  @Override
  public boolean isGroup() {
    return !array;
  }

  @Override
  public boolean isArray() {
    return array;
  }
}
