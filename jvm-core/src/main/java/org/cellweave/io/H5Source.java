package org.cellweave.io;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.links.ExternalLink;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.cellweave.util.FormatException;

/**
 * An HDF5 file open for reading. Whatever goes wrong inside becomes a {@link FormatException} that
 * names the file and the key, since a damaged file may fail anywhere.
 */
final class H5Source implements AutoCloseable {
  private final Path path;
  private final HdfFile hdf;
  private final FileChannel channel;
  private final long size;
  private Texts texts;

  private H5Source(Path path, HdfFile hdf, FileChannel channel, long size) {
    this.path = path;
    this.hdf = hdf;
    this.channel = channel;
    this.size = size;
  }

  /**
   * @param expected what the file should be, for messages ("an .h5ad file")
   */
  static H5Source open(Path path, String expected) {
    InputFile.require(path, expected);
    GuardedChannel channel = null;
    try {
      channel = GuardedChannel.open(path);
      if (!hasSignature(channel)) {
        throw new FormatException(
            path
                + " is not an HDF5 file: it looks "
                + describe(InputFile.looksLike(path))
                + ", expected "
                + expected);
      }
      return new H5Source(path, new HdfFile(channel), channel, channel.size());
    } catch (FormatException e) {
      closeQuietly(channel);
      throw e;
    } catch (IOException e) {
      closeQuietly(channel);
      throw new FormatException(path + " cannot be opened: " + e.getMessage(), e);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
      closeQuietly(channel);
      throw new FormatException(
          path + " is a damaged or truncated HDF5 file (" + reason(e) + "); copy or write it again",
          e);
    }
  }

  private static String describe(String looks) {
    return looks.startsWith("a ") ? "like " + looks : looks;
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // the error under way says more
    }
  }

  static boolean isHdf5(Path path) {
    try (FileChannel channel = GuardedChannel.open(path)) {
      return hasSignature(channel);
    } catch (IOException e) {
      throw new FormatException(path + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private static boolean hasSignature(FileChannel channel) throws IOException {
    long signature = 0x894844460d0a1a0aL;
    ByteBuffer head = ByteBuffer.allocate(8);
    for (long at = 0; at + 8 <= channel.size(); at = at == 0 ? 512 : at * 2) {
      head.clear();
      channel.read(head, at);
      if (!head.hasRemaining() && head.getLong(0) == signature) {
        return true;
      }
    }
    return false;
  }

  Path path() {
    return path;
  }

  Group root() {
    return hdf;
  }

  HdfBackingStorage storage() {
    return hdf.getHdfBackingStorage();
  }

  /** Runs {@code body}; every failure names {@code key}. */
  <T> T guard(String key, Supplier<T> body) {
    try {
      return body.get();
    } catch (FormatException | CancellationException e) {
      throw e;
    } catch (RuntimeException
        | StackOverflowError
        | OutOfMemoryError
        | AssertionError
        | InternalError e) {
      throw new FormatException(at(key) + " cannot be read: " + reason(e), e);
    }
  }

  private static String reason(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return "it claims more data than fits in memory";
    }
    if (e instanceof StackOverflowError) {
      return "its structure refers to itself";
    }
    Throwable deepest = e;
    for (int depth = 0; depth < 20 && deepest.getCause() != null; depth++) {
      deepest = deepest.getCause();
    }
    String text =
        deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    String newer =
        text.contains("layout message version")
            ? "; it uses a newer form of HDF5 than can be read here, write it again in Python with"
                + " adata.write_h5ad(path)"
            : "";
    return text.replaceAll("\\s+", " ") + newer;
  }

  private String at(String key) {
    return path + ": " + (key.isEmpty() ? "the file" : "'" + key.replaceAll("\\s", " ") + "'");
  }

  /** An exception that says what is wrong with {@code key}. */
  FormatException bad(String key, String problem) {
    return new FormatException(at(key) + " " + problem);
  }

  /** The children of a group in the order of the file, links followed. */
  Map<String, Node> children(Group group, String key) {
    return guard(
        key,
        () -> {
          Map<String, Node> out = new LinkedHashMap<>();
          group.getChildren().forEach((name, node) -> out.put(name, follow(node, key)));
          return out;
        });
  }

  /** A child, links followed, or null. */
  Node child(Group group, String name, String key) {
    return guard(
        key,
        () -> {
          Node node = group.getChild(name);
          return node == null ? null : follow(node, key);
        });
  }

  private Node follow(Node node, String key) {
    if (node instanceof ExternalLink) {
      throw bad(
          key, "is a link into another file, which is not followed; copy the data into this file");
    }
    return node instanceof Link link ? link.getTarget() : node;
  }

  /** The object an object reference points to. */
  Node byAddress(long address, String key) {
    return guard(key, () -> hdf.getNodeByAddress(address));
  }

  H5Array array(Node node, String key) {
    if (!(node instanceof Dataset dataset)) {
      throw bad(key, node == null ? "is missing" : "is a group, expected a dataset");
    }
    return guard(key, () -> new H5Array(this, dataset, key));
  }

  Group group(Node node, String key) {
    if (!(node instanceof Group group)) {
      throw bad(key, node == null ? "is missing" : "is a dataset, expected a group");
    }
    return group;
  }

  // -------------------------------------------------------------------------- attributes

  boolean hasAttribute(Node node, String name, String key) {
    return guard(key, () -> node.getAttribute(name) != null);
  }

  /** Reads every attribute, for the error it may give. */
  void attributes(Node node, String key) {
    guard(key, () -> node.getAttributes().keySet()).forEach(name -> attribute(node, name, key));
  }

  /** A text attribute, or "" when it is missing. */
  String text(Node node, String name, String key) {
    Object data = attribute(node, name, key);
    while (data != null && data.getClass().isArray()) {
      data = Array.getLength(data) == 0 ? null : Array.get(data, 0);
    }
    return data == null ? "" : trimmed(String.valueOf(data));
  }

  /** A text array attribute; empty when it is missing or holds no text. */
  String[] texts(Node node, String name, String key) {
    Object data = attribute(node, name, key);
    if (data instanceof String s) {
      return new String[] {s};
    }
    if (!(data instanceof Object[] values)) {
      return new String[0];
    }
    String[] out = new String[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = trimmed(String.valueOf(values[i]));
    }
    return out;
  }

  private static String trimmed(String s) {
    int end = s.indexOf('\0');
    return end < 0 ? s : s.substring(0, end);
  }

  /** An integer array attribute, or null when it is missing. */
  long[] longs(Node node, String name, String key) {
    Object data = attribute(node, name, key);
    if (data == null) {
      return null;
    }
    if (!data.getClass().isArray()) {
      data = new Object[] {data};
    }
    long[] out = new long[Array.getLength(data)];
    for (int i = 0; i < out.length; i++) {
      if (!(Array.get(data, i) instanceof Number n)) {
        throw bad(key, "has an attribute '" + name + "' that is not numeric");
      }
      out[i] = n.longValue();
    }
    return out;
  }

  /** A boolean attribute; false when it is missing. */
  boolean flag(Node node, String name, String key) {
    String text = text(node, name, key);
    return text.equalsIgnoreCase("true") || text.equals("1");
  }

  /** Shared, since attributes of many objects lie in the same heaps. Not for several threads. */
  Texts textDecoder() {
    if (texts == null) {
      texts = new Texts(this);
    }
    return texts;
  }

  private Object attribute(Node node, String name, String key) {
    return guard(
        key,
        () -> {
          Attribute found = node.getAttribute(name);
          if (found == null || found.getSize() == 0) {
            return null;
          }
          ElementType type = ElementType.of(found.getDataType());
          return type.isText() && found.getBuffer() != null
              ? texts(found, type, key)
              : found.getData();
        });
  }

  private String[] texts(Attribute attribute, ElementType type, String key) {
    ByteBuffer bytes = attribute.getBuffer().duplicate();
    bytes.rewind();
    int n = Math.toIntExact(attribute.getSize());
    if (n < 0 || (long) n * type.size() > bytes.remaining()) {
      throw bad(
          key,
          "has an attribute '" + attribute.getName() + "' that is cut off; the file is damaged");
    }
    String[] out = new String[n];
    textDecoder().decode(key, type.hdf(), bytes, 0, type.size(), n, out, 0);
    return out;
  }

  // ------------------------------------------------------------------------------- bytes

  /** Bytes in the file behind the start of the HDF5 data. */
  long available() {
    return size - storage().getUserBlockSize();
  }

  /** Fills {@code to} from {@code address}; safe from several threads. */
  void read(long address, ByteBuffer to, String key) {
    long at = address + storage().getUserBlockSize();
    if (address < 0 || at + to.remaining() > size) {
      throw bad(
          key,
          "lies at bytes "
              + at
              + " to "
              + (at + to.remaining())
              + ", but the file has "
              + size
              + "; it is truncated or damaged");
    }
    try {
      while (to.hasRemaining()) {
        int n = channel.read(to, at);
        if (n <= 0) {
          throw bad(key, "ends early; the file is truncated");
        }
        at += n;
      }
    } catch (IOException e) {
      throw new FormatException(at(key) + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
