package org.cellweave.io.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.cellweave.data.OpaqueElement;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.binary.Numbers;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreObjectWriter;
import org.cellweave.io.store.StoredElement;
import org.cellweave.io.store.StoredType;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;

/** Writes what was read without being understood, whichever store it was read from. */
final class KeptWriter {
  private final StoreGroupWriter group;

  KeptWriter(StoreGroupWriter group) {
    this.group = group;
  }

  /**
   * @throws FormatException when the element could not be kept, or zarr cannot hold it
   */
  void write(String name, OpaqueElement element, String key) {
    if (!(element.content() instanceof StoredElement.Kept kept)) {
      String why =
          element.content() instanceof StoredElement.Refused refused
              ? refused.why()
              : element.file() + ": '" + element.key() + "' was not read";
      throw refused(key, why);
    }
    write(group, name, kept.root(), key);
  }

  private static FormatException refused(String key, String why) {
    return new FormatException(
        "'"
            + key
            + "' cannot be written to zarr, since its values cannot be kept ("
            + why
            + "); remove it from the object first");
  }

  private static void write(
      StoreGroupWriter parent, String name, StoredElement element, String key) {
    if (element instanceof StoredElement.Branch branch) {
      StoreGroupWriter own = parent.group(name);
      attributes(own, branch.attributes(), key);
      branch.members().forEach((n, member) -> write(own, n, member, key + "/" + n));
      own.close();
      return;
    }
    var leaf = (StoredElement.Leaf) element;
    StoreObjectWriter array = values(parent, name, leaf.values(), key);
    attributes(array, leaf.attributes(), key);
    array.close();
  }

  private static StoreObjectWriter values(
      StoreGroupWriter parent, String name, StoredElement.Values values, String key) {
    if (values.shape() == null) {
      return parent.nothing(name);
    }
    DType type = number(values.type());
    if (type != null) {
      return parent.numbers(name, type, values.shape(), false, bytes(type, values.bytes()));
    }
    return parent.texts(name, texts(values, key), values.shape(), key);
  }

  private static DType number(StoredType type) {
    return type instanceof StoredType.Primitive p
        ? p.dtype()
        : type instanceof StoredType.Labels l ? l.base() : null;
  }

  private static Filler bytes(DType type, byte[] values) {
    return (from, count, to) ->
        to.put(values, Math.toIntExact(from * type.bytes()), count * type.bytes());
  }

  private static String[] texts(StoredElement.Values values, String key) {
    int n = values.bytes().length / values.type().size();
    String[] out = new String[n];
    ByteBuffer bytes = ByteBuffer.wrap(values.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      if (values.type() instanceof StoredType.Text) {
        byte[] part = values.parts().get((int) bytes.getLong(8 * i));
        out[i] = new String(part, StandardCharsets.UTF_8);
      } else if (values.type() instanceof StoredType.FixedText t) {
        String text = new String(values.bytes(), i * t.size(), t.size(), StandardCharsets.UTF_8);
        out[i] = t.padding() == 2 ? text.stripTrailing() : text.replaceFirst("\0.*$", "");
      } else {
        throw refused(key, "they are of a type that zarr has not");
      }
    }
    return out;
  }

  private static void attributes(
      StoreObjectWriter to, Map<String, StoredElement.Values> all, String key) {
    all.forEach((name, values) -> attribute(to, name, values, key));
  }

  private static void attribute(
      StoreObjectWriter to, String name, StoredElement.Values values, String key) {
    boolean one = values.shape() != null && values.shape().length == 0;
    DType type = number(values.type());
    if (values.shape() == null || (type != null && values.bytes().length == 0)) {
      to.emptyAttribute(name);
    } else if (type == null) {
      String[] texts = texts(values, key + " (attribute " + name + ")");
      if (one) {
        to.attribute(name, texts[0]);
      } else {
        to.attribute(name, texts);
      }
    } else if (type.isFloating()) {
      throw refused(key, "its attribute '" + name + "' is no text or whole number");
    } else {
      long[] numbers = new long[values.bytes().length / type.bytes()];
      ByteBuffer bytes = ByteBuffer.wrap(values.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      Numbers.toLongs(type, bytes, numbers.length, numbers, 0);
      if (one && type == DType.BOOL) {
        to.attribute(name, numbers[0] != 0);
      } else if (one) {
        to.attribute(name, numbers[0]);
      } else {
        to.attribute(name, numbers);
      }
    }
  }
}
