package org.cellweave.io.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.links.ExternalLink;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.cellweave.io.file.InputFile;
import org.cellweave.io.store.OneLine;
import org.cellweave.io.store.ReadGuard;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.store.StoredElement;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;

/**
 * An HDF5 file open for reading. Whatever goes wrong inside becomes a {@link FormatException} that
 * names the file and the key, since a damaged file may fail anywhere.
 */
final class H5Source implements StoreReader {
  private final Path path;
  private final String expected;
  private final HdfFile hdf;
  private final FileChannel channel;
  private final long size;
  private Texts textDecoder;
  private final IdentityHashMap<Group, Map<String, Node>> denseMembers = new IdentityHashMap<>();
  private final ReadLimits limits;
  private final H5Attributes attributes = new H5Attributes(this);

  private H5Source(Path path, String expected, HdfFile hdf, FileChannel channel, long size) {
    this.path = path;
    this.expected = expected;
    this.hdf = hdf;
    this.channel = channel;
    this.size = size;
    this.limits = new ReadLimits(this, size);
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
      return new H5Source(path, expected, new HdfFile(channel), channel, channel.size());
    } catch (FormatException e) {
      closeQuietly(channel);
      throw e;
    } catch (IOException e) {
      closeQuietly(channel);
      ReadGuard.requireNotInterrupted(e, path);
      throw new FormatException(shown(path) + " cannot be opened: " + ReadFailure.reason(e), e);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
      closeQuietly(channel);
      ReadGuard.requireNotInterrupted(e, path);
      throw new FormatException(
          shown(path)
              + " is a damaged or truncated HDF5 file ("
              + ReadFailure.reason(e)
              + "); copy or write it again",
          e);
    }
  }

  private static String shown(Path path) {
    return OneLine.of(path.toString());
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
      ReadGuard.requireNotInterrupted(e, path);
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

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Opener opener() {
    return opener(expected);
  }

  /** Holds nothing of the open file. */
  private static Opener opener(String expected) {
    return other -> open(other, expected);
  }

  @Override
  public StoreGroup root() {
    return (StoreGroup) H5Node.of(hdf);
  }

  HdfBackingStorage storage() {
    return hdf.getHdfBackingStorage();
  }

  @Override
  public <T> T guard(String key, Supplier<T> body) {
    return ReadGuard.run(this, key, body, ReadFailure::reason);
  }

  ReadLimits limits() {
    return limits;
  }

  @Override
  public void step() {
    Parallel.checkInterrupted();
  }

  @Override
  public Map<String, StoreNode> children(StoreGroup group, String key) {
    Map<String, StoreNode> out = new LinkedHashMap<>();
    nodes(H5Node.jhdf(group), key).forEach((name, node) -> out.put(name, H5Node.of(node)));
    return out;
  }

  /** The members of a group by name, as HDF5's own library and Python list them, links followed. */
  Map<String, Node> nodes(Group group, String key) {
    return guard(
        key,
        () -> {
          Map<String, Node> out = new LinkedHashMap<>();
          Map<String, Node> members = members(group, key);
          limits.countMembers(members.size(), key);
          members.keySet().stream()
              .sorted()
              .forEach(name -> out.put(name, follow(members.get(name), key)));
          return out;
        });
  }

  @Override
  public StoreNode child(StoreGroup parent, String name, String key) {
    return guard(
        key,
        () -> {
          Group group = H5Node.jhdf(parent);
          Map<String, Node> dense = dense(group, key);
          Node node = dense == null ? group.getChild(name) : dense.get(name);
          return node == null ? null : H5Node.of(follow(node, key));
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

  @Override
  public StoreNode referred(long reference, String key) {
    return H5Node.of(byAddress(reference, key));
  }

  @Override
  public H5Array array(StoreNode node, String key) {
    if (!(H5Node.jhdf(node) instanceof Dataset dataset)) {
      throw bad(key, node == null ? "is missing" : "is a group, expected a dataset");
    }
    return guard(key, () -> new H5Array(this, dataset, key));
  }

  @Override
  public StoreGroup group(StoreNode node, String key) {
    if (!(node instanceof StoreGroup group)) {
      throw bad(key, node == null ? "is missing" : "is a dataset, expected a group");
    }
    return group;
  }

  @Override
  public StoredElement whole(StoreNode node, String key) {
    return new StoredReader(this).read(H5Node.jhdf(node), key);
  }

  // -------------------------------------------------------------------------- attributes

  @Override
  public boolean hasAttribute(StoreNode node, String name, String key) {
    return attributes.has(H5Node.jhdf(node), name, key);
  }

  @Override
  public String text(StoreNode node, String name, String key) {
    return attributes.text(H5Node.jhdf(node), name, key);
  }

  @Override
  public String[] texts(StoreNode node, String name, String key) {
    return attributes.texts(H5Node.jhdf(node), name, key);
  }

  @Override
  public long[] longs(StoreNode node, String name, String key) {
    return attributes.longs(H5Node.jhdf(node), name, key);
  }

  @Override
  public boolean flag(StoreNode node, String name, String key) {
    return attributes.flag(H5Node.jhdf(node), name, key);
  }

  /** Shared, since attributes of many objects lie in the same heaps. Not for several threads. */
  Texts textDecoder() {
    if (textDecoder == null) {
      textDecoder = new Texts(this);
    }
    return textDecoder;
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
      ReadGuard.requireNotInterrupted(e, path);
      throw new FormatException(at(key) + " cannot be read: " + ReadFailure.reason(e), e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
