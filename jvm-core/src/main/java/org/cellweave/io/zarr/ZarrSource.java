package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.store.OneLine;
import org.cellweave.io.store.ReadGuard;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.store.StoredElement;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;

/** A zarr store open for reading. */
final class ZarrSource implements StoreReader {
  private final ZarrFiles files;
  private final ZarrTree tree;
  private final List<String> references = new ArrayList<>();

  private ZarrSource(ZarrFiles files) {
    this.files = files;
    this.tree = new ZarrTree(this, files);
  }

  /**
   * @throws FormatException when there is no zarr store
   */
  static ZarrSource open(Path path) {
    ZarrFiles files = null;
    ZarrSource out = null;
    try {
      files = ZarrFiles.open(path);
      out = new ZarrSource(files);
      return out;
    } catch (IOException | IllegalArgumentException e) {
      ReadGuard.requireNotInterrupted(e, path);
      throw new FormatException(
          OneLine.of(path.toString()) + " cannot be opened as a zarr store: " + reason(e), e);
    } finally {
      if (out == null && files != null) {
        files.close();
      }
    }
  }

  ZarrFiles files() {
    return files;
  }

  @Override
  public Path path() {
    return files.path();
  }

  @Override
  public Opener opener() {
    return Zarr::open;
  }

  @Override
  public StoreGroup root() {
    return (StoreGroup) tree.root();
  }

  // -------------------------------------------------------------------------------- nodes

  private static ZarrNode of(StoreNode node) {
    return (ZarrNode) node;
  }

  @Override
  public Map<String, StoreNode> children(StoreGroup group, String key) {
    return guard(key, () -> new LinkedHashMap<>(tree.children(of(group))));
  }

  @Override
  public StoreNode child(StoreGroup group, String name, String key) {
    return guard(key, () -> tree.node(of(group).below(name)));
  }

  @Override
  public StoreGroup group(StoreNode node, String key) {
    if (node instanceof StoreGroup group) {
      return group;
    }
    throw bad(key, node == null ? "is missing" : "is an array, expected a group");
  }

  @Override
  public ZarrArray array(StoreNode node, String key) {
    if (node == null || !node.isArray()) {
      throw bad(key, node == null ? "is missing" : "is a group, expected an array");
    }
    ArrayLayout layout;
    try {
      layout = LayoutReader.read(of(node).metadata, tree.isV3());
    } catch (RuntimeException e) {
      String why = e instanceof IllegalStateException ? e.getMessage() : "has damaged metadata";
      throw bad(key, why == null ? "has damaged metadata" : why, e);
    }
    return guard(key, () -> new ZarrArray(this, key, of(node).path, layout));
  }

  @Override
  public StoreNode referred(long reference, String key) {
    return guard(key, () -> tree.node(references.get((int) reference)));
  }

  @Override
  public StoredElement whole(StoreNode node, String key) {
    return guard(key, () -> new KeptReader(this).read(node, key));
  }

  // --------------------------------------------------------------------------- attributes

  @Override
  public boolean hasAttribute(StoreNode node, String name, String key) {
    return of(node).attributes.has(name);
  }

  private static boolean isText(JsonElement e) {
    return e instanceof JsonPrimitive p && p.isString();
  }

  private static boolean isNumber(JsonElement e) {
    return e instanceof JsonPrimitive p && p.isNumber();
  }

  @Override
  public String text(StoreNode node, String name, String key) {
    JsonElement e = node == null ? null : of(node).attributes.get(name);
    return isText(e) ? e.getAsString() : "";
  }

  @Override
  public String[] texts(StoreNode node, String name, String key) {
    JsonElement e = of(node).attributes.get(name);
    if (isText(e)) {
      return new String[] {e.getAsString()};
    }
    if (!(e instanceof JsonArray list)) {
      return new String[0];
    }
    String[] out = new String[list.size()];
    for (int i = 0; i < out.length; i++) {
      if (!list.get(i).isJsonPrimitive()) {
        throw bad(key, "has an attribute '" + name + "' with values that are no text");
      }
      out[i] = list.get(i).getAsString();
    }
    return out;
  }

  /** A text that names another array becomes a number that {@link #referred} understands. */
  @Override
  public long[] longs(StoreNode node, String name, String key) {
    JsonElement e = of(node).attributes.get(name);
    if (isText(e)) {
      String path = of(node).path;
      String parent = path.substring(0, path.lastIndexOf('/') + 1);
      references.add(parent + e.getAsString());
      return new long[] {references.size() - 1L};
    }
    if (isNumber(e)) {
      return new long[] {number(e, name, key)};
    }
    if (!(e instanceof JsonArray list)) {
      return null;
    }
    long[] out = new long[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = number(list.get(i), name, key);
    }
    return out;
  }

  private long number(JsonElement e, String name, String key) {
    try {
      if (isNumber(e)) {
        return new java.math.BigDecimal(e.getAsString()).longValueExact();
      }
    } catch (ArithmeticException | NumberFormatException ex) {
      throw bad(key, "has an attribute '" + name + "' that is no whole number", ex);
    }
    throw bad(key, "has an attribute '" + name + "' that is no number");
  }

  @Override
  public boolean flag(StoreNode node, String name, String key) {
    JsonElement e = of(node).attributes.get(name);
    if (e == null || e.isJsonNull()) {
      return false;
    }
    if (e instanceof JsonPrimitive p && p.isBoolean()) {
      return p.getAsBoolean();
    }
    return number(e, name, key) != 0;
  }

  // ------------------------------------------------------------------------------- faults

  @Override
  public <T> T guard(String key, Supplier<T> body) {
    return ReadGuard.run(this, key, body, ZarrSource::reason);
  }

  private static String reason(Throwable e) {
    String plain = ReadGuard.reason(e);
    if (plain != null) {
      return plain;
    }
    if (e instanceof UncheckedIOException io) {
      return FileMessages.reason(io.getCause());
    }
    if (e instanceof IOException io) {
      return FileMessages.reason(io);
    }
    return OneLine.of(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  @Override
  public String kind() {
    return "an AnnData object in zarr";
  }

  @Override
  public void step() {
    Parallel.checkInterrupted();
  }

  @Override
  public void close() {
    files.close();
  }
}
