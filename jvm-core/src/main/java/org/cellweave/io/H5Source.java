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
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * An HDF5 file open for reading. Whatever goes wrong inside becomes a {@link FormatException} that
 * names the file and the key, since a damaged file may fail anywhere.
 */
final class H5Source implements AutoCloseable {
  private static final long FREE_MEMBERS = 20_000;
  private static final long FREE_UNWRITTEN = 256L << 20;
  private static final long FREE_CLAIMED = 4L << 30;
  private static final long MAX_RATIO = 2200;
  private static final Pattern MEMBER = Pattern.compile("Failed to read dataset '([^']*)' at");

  private final Path path;
  private final HdfFile hdf;
  private final FileChannel channel;
  private final long size;
  private Texts texts;
  private final IdentityHashMap<Group, Map<String, Node>> denseMembers = new IdentityHashMap<>();
  private long visited;
  private long unwritten;
  private long claimed;

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
            shown(path)
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
      requireNotInterrupted(e, path);
      throw new FormatException(shown(path) + " cannot be opened: " + reason(e), e);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
      closeQuietly(channel);
      requireNotInterrupted(e, path);
      throw new FormatException(
          shown(path)
              + " is a damaged or truncated HDF5 file ("
              + reason(e)
              + "); copy or write it again",
          e);
    }
  }

  /** An interrupt closes the channel it hits; that is no fault of the file. */
  private static void requireNotInterrupted(Throwable e, Path path) {
    Throwable at = e;
    for (int depth = 0; depth < 20 && at != null; depth++) {
      if (at instanceof ClosedByInterruptException) {
        Thread.interrupted();
        throw new CancellationException("reading " + shown(path) + " was interrupted");
      }
      at = at.getCause();
    }
  }

  /** Gives a table a column of the file. */
  void column(DataFrame table, String key, String name, Column values) {
    if (name.equals(DataFrame.UNNAMED_INDEX)) {
      throw bad(key, "has a name that tables keep for their index; rename it in Python");
    }
    table.set(name, values);
  }

  private static String shown(Path path) {
    return oneLine(path.toString());
  }

  /** The error for parts of a file whose sizes contradict each other. */
  static FormatException misfit(Path path, ShapeMismatchException e) {
    return new FormatException(
        oneLine(path + " is damaged: its parts do not fit, " + e.getMessage()), e);
  }

  /** Names and messages of damaged files may hold anything; what is shown stays in one line. */
  static String oneLine(String text) {
    String shown = text.replaceAll("[\\s\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ");
    return shown.length() > 2000 ? shown.substring(0, 2000) + "..." : shown;
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
      requireNotInterrupted(e, path);
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
      requireNotInterrupted(e, path);
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
    String member = member(e);
    for (int depth = 0; depth < 20 && deepest.getCause() != null; depth++) {
      deepest = deepest.getCause();
      member = member.isEmpty() ? member(deepest) : member;
    }
    String text =
        deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    return oneLine(member + plain(text));
  }

  private static String member(Throwable e) {
    Matcher found = MEMBER.matcher(String.valueOf(e.getMessage()));
    return found.find() ? "its member '" + found.group(1) + "': " : "";
  }

  private static String plain(String text) {
    if (text.contains("layout message version")) {
      return text
          + "; it uses a newer form of HDF5 than can be read here, write it again in Python with"
          + " adata.write_h5ad(path)";
    }
    if (text.contains("External Data Files")) {
      return "its values lie in another file, which is not followed; copy them into this file";
    }
    if (text.contains("Virtual storage")) {
      return "it is a view of other datasets, which is not followed; copy the values into this file";
    }
    return text;
  }

  /** The file and an element of it, as messages begin. */
  String at(String key) {
    return shown(path) + ": " + (key.isEmpty() ? "the file" : "'" + oneLine(key) + "'");
  }

  /** An exception that says what is wrong with {@code key}. */
  FormatException bad(String key, String problem) {
    return new FormatException(at(key) + " " + oneLine(problem));
  }

  FormatException bad(String key, String problem, Throwable cause) {
    return new FormatException(at(key) + " " + oneLine(problem), cause);
  }

  // ------------------------------------------------------------------------------- limits

  /** To be called for every element, so that an interrupt is seen and links in circles end. */
  void step() {
    Parallel.checkInterrupted();
  }

  private void countMembers(int n, String key) {
    visited += n;
    if (visited > FREE_MEMBERS + size / 16) {
      throw bad(key, "leads to the same members over and over; the file is damaged");
    }
  }

  /** Values that the file claims without storing them. */
  void countUnwritten(long bytes, String key) {
    unwritten += bytes;
    if (unwritten > FREE_UNWRITTEN) {
      throw bad(
          key,
          "and others claim "
              + (unwritten >> 20)
              + " MiB of values that were never written; the file is damaged or unfinished");
    }
  }

  /** Values that are about to be read; a file has only so many, however often it links to them. */
  void countClaimed(long bytes, String key) {
    claimed += bytes;
    if (claimed > FREE_CLAIMED + MAX_RATIO * size) {
      throw bad(
          key,
          "and others claim "
              + (claimed >> 20)
              + " MiB, far more than a file of "
              + size
              + " bytes can store; the file is damaged");
    }
  }

  /** The children of a group in the order of the file, links followed. */
  Map<String, Node> children(Group group, String key) {
    return guard(
        key,
        () -> {
          Map<String, Node> out = new LinkedHashMap<>();
          Map<String, Node> children = members(group, key);
          countMembers(children.size(), key);
          children.forEach((name, node) -> out.put(name, follow(node, key)));
          return out;
        });
  }

  /** A child, links followed, or null. */
  Node child(Group group, String name, String key) {
    return guard(
        key,
        () -> {
          Map<String, Node> dense = dense(group, key);
          Node node = dense == null ? group.getChild(name) : dense.get(name);
          return node == null ? null : follow(node, key);
        });
  }

  private Map<String, Node> members(Group group, String key) {
    Map<String, Node> dense = dense(group, key);
    return dense == null ? group.getChildren() : dense;
  }

  /** Members of a large group, found once; null for other groups. */
  private Map<String, Node> dense(Group group, String key) {
    Map<String, Node> found = denseMembers.get(group);
    if (found == null) {
      found = DenseLinks.of(this, group, key);
      if (found != null) {
        denseMembers.put(group, found);
      }
    }
    return found;
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

  /**
   * A boolean attribute, as any number but 0 too; false when it is missing.
   *
   * @throws FormatException when it is there and is neither
   */
  boolean flag(Node node, String name, String key) {
    if (!hasAttribute(node, name, key)) {
      return false;
    }
    String text = text(node, name, key);
    boolean isTrue =
        text.equalsIgnoreCase("true") || text.matches("-?[0-9.E+-]*[1-9][0-9.E+-]*|NaN");
    if (isTrue || text.equalsIgnoreCase("false") || text.matches("-?0(\\.0)?")) {
      return isTrue;
    }
    throw bad(
        key, "has an attribute '" + name + "' that is '" + text + "', expected true or false");
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
          ByteBuffer stored = found.getBuffer();
          long bytes = Math.multiplyExact(found.getSize(), (long) found.getDataType().getSize());
          if (stored != null && (bytes < 0 || bytes > stored.capacity())) {
            throw bad(key, "has an attribute '" + name + "' that is cut off; the file is damaged");
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
      requireNotInterrupted(e, path);
      throw new FormatException(at(key) + " cannot be read: " + reason(e), e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
