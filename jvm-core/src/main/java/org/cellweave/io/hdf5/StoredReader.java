package org.cellweave.io.hdf5;

import io.jhdf.api.Attribute;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.OpaqueDataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cellweave.io.store.StoredElement;
import org.cellweave.io.store.StoredType;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;

/**
 * Reads an element of unknown encoding down to its last value, so that what is written later has
 * been seen to be sound: the file's own bytes never reach the native library.
 */
final class StoredReader {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_TYPE_DEPTH = 16;
  private static final int MAX_ELEMENT = 1 << 20;
  private static final int MAX_PARTS = 1 << 26;

  private final H5Source source;

  StoredReader(H5Source source) {
    this.source = source;
  }

  /**
   * @throws FormatException names the part that is damaged or of a kind that cannot be kept
   */
  StoredElement read(Node node, String key) {
    return source.guard(key, () -> read(node, key, 0));
  }

  private StoredElement read(Node node, String key, int depth) {
    Parallel.checkInterrupted();
    if (depth > MAX_DEPTH) {
      throw source.bad(key, "is nested deeper than " + MAX_DEPTH + " levels");
    }
    Map<String, StoredElement.Values> attributes = attributes(node, key);
    if (node instanceof Group group) {
      Map<String, StoredElement> members = new LinkedHashMap<>();
      source
          .nodes(group, key)
          .forEach(
              (name, child) ->
                  members.put(name(name, key), read(child, key + "/" + name, depth + 1)));
      return new StoredElement.Branch(attributes, members);
    }
    H5Array array = source.array(H5Node.of(node), key);
    StoredElement.Values values = source.guard(key, () -> values(array));
    Chunks chunks = array.chunks();
    return chunks == null
        ? new StoredElement.Leaf(attributes, values, null, 0)
        : new StoredElement.Leaf(
            attributes, values, chunks.chunkShape(), chunks.filters().gzipLevel());
  }

  private String name(String name, String key) {
    if (name.isEmpty() || name.equals(".") || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw source.bad(key, "has a member or attribute named '" + name + "'; the file is damaged");
    }
    return name;
  }

  // -------------------------------------------------------------------------------- values

  private StoredElement.Values values(H5Array array) {
    DataType hdf = array.type().hdf();
    StoredType type = type(hdf, array.key(), 0);
    if (array.isNull()) {
      return new StoredElement.Values(type, null, new byte[0], List.of());
    }
    ByteBuffer bytes = array.size() == 0 ? ByteBuffer.allocate(0) : array.all();
    return new Transfer(array.key(), hdf, type).values(array.dims(), array.flatSize(), bytes);
  }

  private Map<String, StoredElement.Values> attributes(Node node, String key) {
    Map<String, StoredElement.Values> out = new TreeMap<>();
    source
        .guard(key, node::getAttributes)
        .forEach(
            (name, attribute) ->
                out.put(attributeName(name, key), source.guard(key, () -> values(attribute, key))));
    return out;
  }

  private String attributeName(String name, String key) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw source.bad(key, "has an attribute named '" + name + "'; the file is damaged");
    }
    return name;
  }

  private StoredElement.Values values(Attribute attribute, String key) {
    String at = key + " (attribute " + attribute.getName() + ")";
    DataType hdf = attribute.getDataType();
    StoredType type = type(hdf, at, 0);
    long[] shape = attribute.getDimensionsAsLong();
    long n = attribute.getSize();
    if (n == 0 && shape.length == 0) {
      return new StoredElement.Values(type, null, new byte[0], List.of());
    }
    ByteBuffer buffer = attribute.getBuffer();
    ByteBuffer bytes = buffer == null ? ByteBuffer.allocate(0) : buffer.duplicate().rewind();
    if (n < 0 || n * hdf.getSize() > bytes.remaining()) {
      throw source.bad(at, "is cut off; the file is damaged");
    }
    return new Transfer(at, hdf, type).values(shape, Math.toIntExact(n), bytes);
  }

  // --------------------------------------------------------------------------------- types

  private StoredType type(DataType hdf, String key, int depth) {
    if (depth > MAX_TYPE_DEPTH || hdf.getSize() < 1 || hdf.getSize() > MAX_ELEMENT) {
      throw source.bad(key, "has values of " + hdf.getSize() + " bytes, which cannot be kept");
    }
    if (hdf instanceof CompoundDataType c) {
      return fields(c, key, depth);
    }
    if (hdf instanceof ArrayDataType a) {
      List<Long> shape = new ArrayList<>();
      long n = 1;
      for (int d : a.getArrayTypeDimensions()) {
        shape.add((long) d);
        n = d < 1 ? Long.MAX_VALUE : Math.multiplyExact(n, (long) d);
      }
      StoredType base = type(a.getBaseType(), key, depth + 1);
      if (n * a.getBaseType().getSize() != hdf.getSize() || n * base.size() > MAX_ELEMENT) {
        throw source.bad(key, "has arrays of shape " + shape + "; the file is damaged");
      }
      return new StoredType.Block(base, shape);
    }
    if (hdf instanceof VariableLength v) {
      return v.isVariableLengthString()
          ? new StoredType.Text(StandardCharsets.UTF_8.equals(v.getEncoding()))
          : new StoredType.Sequence(type(v.getParent(), key, depth + 1));
    }
    if (hdf instanceof StringData s) {
      boolean utf8 = StandardCharsets.UTF_8.equals(s.getCharset());
      return new StoredType.FixedText(s.getSize(), padding(s), utf8);
    }
    if (hdf instanceof OpaqueDataType o) {
      String tag = o.getAsciiTag() == null ? "" : o.getAsciiTag().replaceAll("\\P{Print}", "");
      return new StoredType.Bytes(o.getSize(), tag.length() > 200 ? tag.substring(0, 200) : tag);
    }
    return number(hdf, key);
  }

  /** The number that HDF5 has for the way text is padded. */
  private static int padding(StringData text) {
    return switch (text.getPaddingType()) {
      case NULL_TERMINATED -> 0;
      case NULL_PADDED -> 1;
      case SPACE_PADDED -> 2;
    };
  }

  private StoredType number(DataType hdf, String key) {
    H5Type element = H5Type.of(hdf);
    if (!element.isNumeric()) {
      throw source.bad(key, "holds " + element.describe() + ", which cannot be written anew");
    }
    boolean labels = hdf instanceof EnumDataType && element.kind() == H5Type.Kind.NUMBER;
    if (labels && !element.dtype().isFloating()) {
      Map<Integer, String> names = ((EnumDataType) hdf).getEnumMapping();
      if (names.values().stream().distinct().count() != names.size()
          || names.values().stream().anyMatch(String::isEmpty)) {
        throw source.bad(key, "has labels " + names + "; the file is damaged");
      }
      return new StoredType.Labels(element.dtype(), new TreeMap<>(names));
    }
    return new StoredType.Primitive(element.dtype());
  }

  private StoredType fields(CompoundDataType compound, String key, int depth) {
    List<StoredType.Fields.Field> fields = new ArrayList<>();
    int at = 0;
    for (var member : compound.getMembers()) {
      DataType hdf = member.getDataType();
      StoredType type = type(hdf, key + "/" + member.getName(), depth + 1);
      boolean repeated = fields.stream().anyMatch(f -> f.name().equals(member.getName()));
      boolean outside =
          member.getOffset() < 0 || (long) member.getOffset() + hdf.getSize() > compound.getSize();
      if (outside || repeated || member.getName().isEmpty() || at + type.size() > MAX_ELEMENT) {
        throw source.bad(key, "has a damaged field '" + member.getName() + "'");
      }
      fields.add(new StoredType.Fields.Field(member.getName(), at, type));
      at += type.size();
    }
    if (fields.isEmpty()) {
      throw source.bad(key, "has records without fields; the file is damaged");
    }
    return new StoredType.Fields(fields, at);
  }

  // ------------------------------------------------------------------------------- transfer

  /** Brings values from their form in the file into that of {@link StoredType}. */
  private final class Transfer {
    private final String key;
    private final DataType hdf;
    private final StoredType type;
    private final List<byte[]> parts = new ArrayList<>();

    Transfer(String key, DataType hdf, StoredType type) {
      this.key = key;
      this.hdf = hdf;
      this.type = type;
    }

    StoredElement.Values values(long[] shape, int n, ByteBuffer from) {
      byte[] out = new byte[Math.multiplyExact(n, type.size())];
      run(hdf, type, from, n, ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN));
      return new StoredElement.Values(type, shape, out, parts);
    }

    private void run(DataType file, StoredType to, ByteBuffer from, int n, ByteBuffer out) {
      if (to instanceof StoredType.Primitive || to instanceof StoredType.Labels) {
        numbers(file, from, n, out);
        return;
      }
      int size = file.getSize();
      if (to instanceof StoredType.FixedText || to instanceof StoredType.Bytes) {
        out.put(from.slice(from.position(), n * size));
        return;
      }
      for (int i = 0; i < n; i++) {
        one(file, to, from.slice(from.position() + i * size, size), out);
      }
    }

    private void one(DataType file, StoredType to, ByteBuffer from, ByteBuffer out) {
      if (to instanceof StoredType.Fields fields) {
        var members = ((CompoundDataType) file).getMembers();
        for (int f = 0; f < members.size(); f++) {
          DataType member = members.get(f).getDataType();
          ByteBuffer part = from.slice(members.get(f).getOffset(), member.getSize());
          run(member, fields.list().get(f).type(), part, 1, out);
        }
      } else if (to instanceof StoredType.Block block) {
        run(((ArrayDataType) file).getBaseType(), block.base(), from, block.count(), out);
      } else if (to instanceof StoredType.Text) {
        byte[] text = source.textDecoder().object(key, from, 1);
        out.putLong(part(text == null ? new byte[0] : text));
      } else {
        sequence(((VariableLength) file).getParent(), (StoredType.Sequence) to, from, out);
      }
    }

    private void sequence(DataType file, StoredType.Sequence to, ByteBuffer from, ByteBuffer out) {
      byte[] bytes = source.textDecoder().object(key, from, file.getSize());
      int n = bytes == null ? 0 : bytes.length / file.getSize();
      byte[] values = new byte[Math.multiplyExact(n, to.base().size())];
      if (n > 0) {
        ByteBuffer target = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
        run(file, to.base(), ByteBuffer.wrap(bytes), n, target);
      }
      out.putLong(n);
      out.putLong(part(values));
    }

    private long part(byte[] bytes) {
      if (parts.size() == MAX_PARTS) {
        throw source.bad(key, "refers to more than " + MAX_PARTS + " texts or sequences");
      }
      parts.add(bytes);
      return parts.size() - 1L;
    }

    private void numbers(DataType file, ByteBuffer from, int n, ByteBuffer out) {
      H5Type element = H5Type.of(file);
      if (element.bits() != null) {
        out.put(element.bits().rearranged(from, n));
        return;
      }
      int size = element.size();
      boolean swap = element.order() == ByteOrder.BIG_ENDIAN && size > 1;
      int start = from.position();
      if (!swap) {
        copy(element.dtype(), from.slice(start, n * size), out);
        return;
      }
      for (int i = 0; i < n; i++) {
        for (int b = size - 1; b >= 0; b--) {
          out.put(from.get(start + i * size + b));
        }
      }
    }

    /** Booleans other than 0 and 1 have no name in the type they are written with. */
    private void copy(DType dtype, ByteBuffer from, ByteBuffer out) {
      if (dtype != DType.BOOL) {
        out.put(from);
        return;
      }
      while (from.hasRemaining()) {
        out.put((byte) (from.get() == 0 ? 0 : 1));
      }
    }
  }
}
