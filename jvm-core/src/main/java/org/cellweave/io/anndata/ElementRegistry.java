package org.cellweave.io.anndata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cellweave.io.store.StoreArray;

/**
 * What is known of the AnnData format: readers by encoding type and version, readers of elements
 * from before 0.8 that state none, and writers by the class of the value.
 */
final class ElementRegistry {
  /** All kinds of elements. Forms without an encoding are asked in this order. */
  static final ElementRegistry STANDARD =
      of(
          new NullKind(),
          new RecordKind(),
          new ScalarKind(),
          new ArrayKind(),
          new SparseKind(),
          new TableKind(),
          new CategoricalKind(),
          new ColumnKind(),
          new DictKind(),
          new AnnDataKind(),
          new OpaqueKind());

  /** Reads an element of one encoding; null for None. */
  @FunctionalInterface
  interface Reading {
    Object read(ElementReader reader, Element element);
  }

  /** Writes a value of one class. */
  @FunctionalInterface
  interface Writing<T> {
    void write(ElementWriter writer, ElementWriter.Target at, T value);
  }

  /** Whether a group that states no encoding is of some kind. */
  @FunctionalInterface
  interface OldGroupTest {
    boolean test(ElementReader reader, Element element);
  }

  /** Whether an array that states no encoding is of some kind. */
  @FunctionalInterface
  interface OldArrayTest {
    boolean test(StoreArray array, Element element);
  }

  /** Reads an array that states no encoding. */
  @FunctionalInterface
  interface OldArrayReading {
    Object read(ElementReader reader, StoreArray array, Element element);
  }

  private record OldGroup(OldGroupTest test, Reading reading) {}

  private record OldArray(OldArrayTest test, OldArrayReading reading) {}

  private final TreeMap<Encoding, Reading> readers = new TreeMap<>();
  private final Map<Class<?>, Writing<Object>> writers = new LinkedHashMap<>();
  private final List<OldGroup> oldGroups = new ArrayList<>();
  private final List<OldArray> oldArrays = new ArrayList<>();

  static ElementRegistry of(ElementKind... kinds) {
    var out = new ElementRegistry();
    for (ElementKind kind : kinds) {
      kind.register(out);
    }
    return out;
  }

  // ------------------------------------------------------------------------- registration

  /**
   * @throws IllegalStateException when another kind reads this encoding already
   */
  void reads(String type, String version, Reading reading) {
    var encoding = new Encoding(type, version);
    if (readers.putIfAbsent(encoding, reading) != null) {
      throw new IllegalStateException("encoding " + encoding + " is read by another kind already");
    }
  }

  /**
   * @throws IllegalStateException when another kind writes this class already
   */
  <T> void writes(Class<T> type, Writing<T> writing) {
    Writing<Object> cast = (writer, at, value) -> writing.write(writer, at, type.cast(value));
    if (writers.putIfAbsent(type, cast) != null) {
      throw new IllegalStateException(type.getName() + " is written by another kind already");
    }
  }

  void readsOldGroups(OldGroupTest test, Reading reading) {
    oldGroups.add(new OldGroup(test, reading));
  }

  void readsOldArrays(OldArrayTest test, OldArrayReading reading) {
    oldArrays.add(new OldArray(test, reading));
  }

  // ------------------------------------------------------------------------------ look-up

  /** How elements of an encoding are read, or null. */
  Reading reader(Encoding encoding) {
    return readers.get(encoding);
  }

  /** The encoding of this type that is known, whatever its version, or null. */
  Encoding known(String type) {
    Encoding first = readers.ceilingKey(new Encoding(type, ""));
    return first != null && first.type().equals(type) ? first : null;
  }

  /** An element that states no encoding. */
  Object readOld(ElementReader reader, Element element) {
    if (element.node().isGroup()) {
      for (OldGroup old : oldGroups) {
        if (old.test().test(reader, element)) {
          return old.reading().read(reader, element);
        }
      }
      throw reader.source().bad(element.key(), "is a group of no known kind");
    }
    StoreArray array = reader.source().array(element.node(), element.key());
    for (OldArray old : oldArrays) {
      if (old.test().test(array, element)) {
        return old.reading().read(reader, array, element);
      }
    }
    throw reader.source().bad(element.key(), "is an array of no known kind");
  }

  /** How values of this class, or of one it extends, are written; null for none. */
  Writing<Object> writer(Object value) {
    Writing<Object> exact = writers.get(value.getClass());
    return exact != null
        ? exact
        : writers.entrySet().stream()
            .filter(e -> e.getKey().isInstance(value))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
  }
}
