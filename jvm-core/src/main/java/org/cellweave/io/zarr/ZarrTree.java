package org.cellweave.io.zarr;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cellweave.io.store.OneLine;

/**
 * The groups and arrays of a store. Their metadata come from the one file that consolidates them,
 * as zarr-python takes them, and without that file from each one's own.
 */
final class ZarrTree {
  static final String V3 = "zarr.json";
  static final String V2_GROUP = ".zgroup";
  static final String V2_ARRAY = ".zarray";
  static final String V2_ATTRIBUTES = ".zattrs";
  static final String V2_ALL = ".zmetadata";

  /** What lies at the top of a store. */
  static final List<String> ROOTS = List.of(V3, V2_GROUP, V2_ALL);

  private static final int MOST_VISITED = 1_000_000;
  private static final int DEEPEST = 200;

  private final ZarrSource source;
  private final ZarrFiles files;
  private final boolean v3;
  private final Map<String, ZarrNode> nodes = new HashMap<>();
  private Map<String, JsonObject> consolidated;
  private Map<String, Set<String>> members;
  private int visited;

  ZarrTree(ZarrSource source, ZarrFiles files) {
    this.source = source;
    this.files = files;
    this.v3 = files.size(V3) >= 0;
    if (v3) {
      readV3();
    } else {
      readV2();
    }
    if (consolidated != null) {
      link();
    }
  }

  boolean isV3() {
    return v3;
  }

  private void readV3() {
    JsonObject root = json(V3);
    if (root.get("consolidated_metadata") instanceof JsonObject all
        && all.get("metadata") instanceof JsonObject metadata) {
      consolidated = new HashMap<>();
      metadata.entrySet().forEach(e -> consolidated.put(e.getKey(), object(e.getKey(), e)));
      consolidated.put("", root);
    }
  }

  /** Keys of version 2 are those of the files; here each node has the two that belong to it. */
  private void readV2() {
    if (files.size(V2_ALL) < 0) {
      return;
    }
    if (!(json(V2_ALL).get("metadata") instanceof JsonObject metadata)) {
      throw source.bad(V2_ALL, "has no 'metadata'; the store is damaged");
    }
    consolidated = new HashMap<>();
    for (Map.Entry<String, JsonElement> e : metadata.entrySet()) {
      int at = e.getKey().lastIndexOf('/');
      String path = at < 0 ? "" : e.getKey().substring(0, at);
      String file = e.getKey().substring(at + 1);
      consolidated.computeIfAbsent(path, p -> new JsonObject()).add(file, object(path, e));
    }
    consolidated.values().removeIf(n -> !n.has(V2_GROUP) && !n.has(V2_ARRAY));
  }

  private JsonObject object(String path, Map.Entry<String, JsonElement> e) {
    if (e.getValue() instanceof JsonObject o) {
      return o;
    }
    throw source.bad(path, "has metadata that are no object; the store is damaged");
  }

  private void link() {
    members = new HashMap<>();
    for (String path : consolidated.keySet()) {
      if (!path.isEmpty()) {
        requireName(path, path);
        int at = path.lastIndexOf('/');
        String parent = at < 0 ? "" : path.substring(0, at);
        members.computeIfAbsent(parent, p -> new TreeSet<>()).add(path.substring(at + 1));
      }
    }
  }

  /** A path must not lead out of the store. */
  private void requireName(String path, String key) {
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw source.bad(key, "has a member named '" + path + "'; the store is damaged");
      }
    }
  }

  JsonObject json(String key) {
    byte[] bytes = source.guard(key, () -> files.read(key));
    if (bytes == null) {
      throw source.bad(key, "is missing; the store is damaged");
    }
    return parsed(key, bytes);
  }

  private JsonObject parsed(String key, byte[] bytes) {
    try {
      if (JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8))
          instanceof JsonObject o) {
        return o;
      }
    } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
      throw source.bad(key, "is no JSON: " + OneLine.of(String.valueOf(e.getMessage())), e);
    }
    throw source.bad(key, "is no JSON object; the store is damaged");
  }

  ZarrNode root() {
    ZarrNode root = node("");
    if (root == null || root.isArray()) {
      throw source.bad("", root == null ? "is no zarr store" : "is one array, expected a group");
    }
    return root;
  }

  /** The node at a path, or null. */
  ZarrNode node(String path) {
    if (!nodes.containsKey(path)) {
      if (!path.isEmpty()) {
        requireName(path, path);
      }
      if (++visited > MOST_VISITED || path.chars().filter(c -> c == '/').count() > DEEPEST) {
        throw source.bad(path, "leads to too many members; the store is damaged");
      }
      nodes.put(path, consolidated == null ? found(path) : known(path, consolidated.get(path)));
    }
    return nodes.get(path);
  }

  private static String file(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  private JsonObject optional(String key) {
    byte[] bytes = source.guard(key, () -> files.read(key));
    return bytes == null ? null : parsed(key, bytes);
  }

  private ZarrNode found(String path) {
    if (v3) {
      return known(path, optional(file(path, V3)));
    }
    var own = new JsonObject();
    for (String name : List.of(V2_GROUP, V2_ARRAY, V2_ATTRIBUTES)) {
      JsonObject part = optional(file(path, name));
      if (part != null) {
        own.add(name, part);
      }
    }
    return own.has(V2_GROUP) || own.has(V2_ARRAY) ? known(path, own) : null;
  }

  private ZarrNode known(String path, JsonObject own) {
    if (own == null) {
      return null;
    }
    JsonElement attributes = own.get(v3 ? "attributes" : V2_ATTRIBUTES);
    JsonObject given = attributes instanceof JsonObject o ? o : new JsonObject();
    if (!v3) {
      return own.has(V2_ARRAY)
          ? ZarrNode.array(path, own.getAsJsonObject(V2_ARRAY), given)
          : ZarrNode.group(path, own.getAsJsonObject(V2_GROUP), given);
    }
    String kind = own.get("node_type") == null ? "" : text(own.get("node_type"));
    return switch (kind) {
      case "array" -> ZarrNode.array(path, own, given);
      case "group" -> ZarrNode.group(path, own, given);
      default ->
          throw source.bad(path, "is a '" + kind + "', expected a group or an array of zarr");
    };
  }

  private static String text(JsonElement e) {
    return e.isJsonPrimitive() ? e.getAsString() : e.toString();
  }

  /** The members of a group, sorted. */
  Map<String, ZarrNode> children(ZarrNode group) {
    Set<String> names =
        members != null ? members.getOrDefault(group.path, Set.of()) : files.names(group.path);
    Map<String, ZarrNode> out = new TreeMap<>();
    for (String name : names) {
      ZarrNode child = name.startsWith(".z") || name.equals(V3) ? null : node(group.below(name));
      if (child != null) {
        out.put(name, child);
      }
    }
    return out;
  }
}
