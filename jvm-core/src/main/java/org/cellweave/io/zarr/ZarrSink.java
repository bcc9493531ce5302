package org.cellweave.io.zarr;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.Compression;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreWriter;

/**
 * A zarr store that is being written. Chunks are written at once; metadata are kept until the end,
 * when each node gets its own and the top those of all.
 */
final class ZarrSink implements StoreWriter {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().setPrettyPrinting().create();
  private static final ArrayOptions PLAIN = new ArrayOptions(Compression.NONE, 0, false);

  private final ZarrOutput output;
  private final ZarrOptions options;
  private final Map<String, Node> nodes = new LinkedHashMap<>();

  /**
   * @param document of an array; null for a group
   */
  record Node(JsonObject document, JsonObject attributes) {}

  ZarrSink(ZarrOutput output, ZarrOptions options) {
    this.output = output;
    this.options = options;
    node("", null);
  }

  ZarrOutput output() {
    return output;
  }

  ZarrOptions zarr() {
    return options;
  }

  boolean isV3() {
    return options.version() == 3;
  }

  @Override
  public StoreGroupWriter root() {
    return new ZarrGroupWriter(this, "", nodes.get("").attributes());
  }

  /** Chunks have a compression of their own; what this asks for is HDF5's. */
  @Override
  public ArrayOptions options() {
    return PLAIN;
  }

  /**
   * A new node, with the groups that its path leads through; a group that is there is taken.
   *
   * @param document of an array; null for a group
   */
  Node node(String path, JsonObject document) {
    for (int at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
      nodes.computeIfAbsent(path.substring(0, at), p -> new Node(null, new JsonObject()));
    }
    Node known = nodes.get(path);
    if (document == null && known != null && known.document() == null) {
      return known;
    }
    if (known != null) {
      throw new IllegalArgumentException("'" + path + "' would be written twice; rename one");
    }
    var node = new Node(document, new JsonObject());
    nodes.put(path, node);
    return node;
  }

  /** Writes the metadata. */
  void finish() {
    try {
      if (isV3()) {
        finishV3();
      } else {
        finishV2();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(JsonObject o) {
    return JSON.toJson(o).getBytes(StandardCharsets.UTF_8);
  }

  private static String key(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  private void finishV3() throws IOException {
    var all = new JsonObject();
    for (Map.Entry<String, Node> e : nodes.entrySet()) {
      if (!e.getKey().isEmpty()) {
        JsonObject document = document(e.getValue());
        output.put(key(e.getKey(), ZarrTree.V3), bytes(document));
        all.add(e.getKey(), document);
      }
    }
    JsonObject root = document(nodes.get(""));
    root.add("consolidated_metadata", inline(all));
    output.put(ZarrTree.V3, bytes(root));
  }

  private static JsonObject inline(JsonObject metadata) {
    var out = new JsonObject();
    out.addProperty("kind", "inline");
    out.addProperty("must_understand", false);
    out.add("metadata", metadata);
    return out;
  }

  private static JsonObject document(Node node) {
    var out = new JsonObject();
    out.addProperty("zarr_format", 3);
    out.addProperty("node_type", node.document() == null ? "group" : "array");
    if (node.document() != null) {
      node.document().entrySet().forEach(e -> out.add(e.getKey(), e.getValue()));
    }
    out.add("attributes", node.attributes());
    return out;
  }

  private void finishV2() throws IOException {
    var all = new JsonObject();
    for (Map.Entry<String, Node> e : nodes.entrySet()) {
      boolean array = e.getValue().document() != null;
      var group = new JsonObject();
      group.addProperty("zarr_format", 2);
      JsonObject own = array ? e.getValue().document() : group;
      String name = key(e.getKey(), array ? ZarrTree.V2_ARRAY : ZarrTree.V2_GROUP);
      String attributes = key(e.getKey(), ZarrTree.V2_ATTRIBUTES);
      output.put(name, bytes(own));
      output.put(attributes, bytes(e.getValue().attributes()));
      all.add(name, own);
      all.add(attributes, e.getValue().attributes());
    }
    var consolidated = new JsonObject();
    consolidated.addProperty("zarr_consolidated_format", 1);
    consolidated.add("metadata", all);
    output.put(ZarrTree.V2_ALL, bytes(consolidated));
  }
}
