package org.cellweave.io.store;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.cellweave.util.FormatException;

/**
 * A store open for reading: groups with named members, arrays, and attributes of both. Whatever
 * goes wrong inside becomes a {@link FormatException} of one line that names the file and the
 * element, since a damaged store may fail anywhere.
 *
 * <p>Everywhere, {@code key} is what messages call the element at hand. Arrays are read from
 * several threads; everything else happens on one.
 */
public interface StoreReader extends AutoCloseable {
  Path path();

  StoreGroup root();

  /** How another process opens this store; null when it cannot. */
  default Opener opener() {
    return null;
  }

  /** Opens a store by its path, on any machine that sees it. */
  @FunctionalInterface
  interface Opener extends Serializable {
    /**
     * @throws FormatException when the store is missing or damaged
     */
    StoreReader open(Path path);
  }

  // -------------------------------------------------------------------------------- nodes
  /** The members of a group in the order of the store, links followed. */
  Map<String, StoreNode> children(StoreGroup group, String key);

  /** A member, links followed, or null. */
  StoreNode child(StoreGroup group, String name, String key);

  /**
   * @throws FormatException when the node is null or no group
   */
  StoreGroup group(StoreNode node, String key);

  /**
   * Opens an array and checks what can be checked before its values are read.
   *
   * @throws FormatException when the node is null or no array, or the array is damaged
   */
  StoreArray array(StoreNode node, String key);

  /** What an attribute that refers to another node points to. */
  StoreNode referred(long reference, String key);

  /**
   * An element down to its last value, for one that is written back as it was.
   *
   * @throws FormatException names the part that is damaged or of a kind that cannot be kept
   */
  StoredElement whole(StoreNode node, String key);

  // --------------------------------------------------------------------------- attributes
  boolean hasAttribute(StoreNode node, String name, String key);

  /** A text attribute, or "" when it is missing. */
  String text(StoreNode node, String name, String key);

  /** A text array attribute; empty when it is missing or holds no text. */
  String[] texts(StoreNode node, String name, String key);

  /** An integer array attribute, or null when it is missing. */
  long[] longs(StoreNode node, String name, String key);

  /**
   * A boolean attribute, as any number but 0 too; false when it is missing.
   *
   * @throws FormatException when it is there and is neither
   */
  boolean flag(StoreNode node, String name, String key);

  // ------------------------------------------------------------------------------- faults
  /** What a store of this format is called that holds an object. */
  default String kind() {
    return "an .h5ad file";
  }

  /** Runs {@code body}; every failure names {@code key}. */
  <T> T guard(String key, Supplier<T> body);

  /** To be called for every element, so that an interrupt is seen. */
  void step();

  /** The file and an element of it, as messages begin. */
  default String at(String key) {
    return OneLine.of(path().toString())
        + ": "
        + (key.isEmpty() ? "the file" : "'" + OneLine.of(key) + "'");
  }

  /** An exception that says what is wrong with {@code key}. */
  default FormatException bad(String key, String problem) {
    return new FormatException(at(key) + " " + OneLine.of(problem));
  }

  /** As {@link #bad(String, String)}, with what led to it. */
  default FormatException bad(String key, String problem, Throwable cause) {
    return new FormatException(at(key) + " " + OneLine.of(problem), cause);
  }

  /** The error for parts of a store whose sizes contradict each other. */
  static FormatException misfit(Path path, RuntimeException e) {
    return new FormatException(
        OneLine.of(path + " is damaged: its parts do not fit, " + e.getMessage()), e);
  }

  @Override
  void close();
}
