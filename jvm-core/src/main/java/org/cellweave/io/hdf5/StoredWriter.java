package org.cellweave.io.hdf5;

import static org.bytedeco.hdf5.global.hdf5.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.cellweave.data.OpaqueElement;
import org.cellweave.io.store.StoredElement;
import org.cellweave.io.store.StoredType;
import org.cellweave.util.FormatException;

/** Writes what {@link StoredReader} has kept: every type and value is made anew. */
final class StoredWriter {
  private static final long VARIABLE = -1;
  private static final int LARGE_ATTRIBUTE = 60_000;

  private final H5Sink sink;

  StoredWriter(H5Sink sink) {
    this.sink = sink;
  }

  /**
   * @throws FormatException when the element could not be kept
   */
  void write(long parent, String name, OpaqueElement element, String key) {
    if (!(element.content() instanceof StoredElement.Kept kept)) {
      String why =
          element.content() instanceof StoredElement.Refused refused
              ? refused.why()
              : element.file() + ": '" + element.key() + "' was not read";
      throw new FormatException(
          "'"
              + key
              + "' cannot be written, since its values could not be kept ("
              + why
              + "); remove it from the object first");
    }
    write(parent, name, kept.root(), key);
  }

  private void write(long parent, String name, StoredElement element, String key) {
    boolean large =
        element.attributes().values().stream().anyMatch(v -> v.bytes().length > LARGE_ATTRIBUTE);
    if (element instanceof StoredElement.Branch branch) {
      long group = sink.group(parent, name, large);
      attributes(group, branch.attributes(), key);
      branch.members().forEach((n, member) -> write(group, n, member, key + "/" + n));
      sink.closeGroup(group);
      return;
    }
    var leaf = (StoredElement.Leaf) element;
    try (Types types = new Types(key);
        Memory memory = new Memory(leaf.values())) {
      long dataset = create(parent, name, leaf, types.of(leaf.values().type()), large);
      if (leaf.values().bytes().length > 0) {
        sink.write(dataset, types.of(leaf.values().type()), memory.pointer, key);
      }
      attributes(dataset, leaf.attributes(), key);
      sink.closeDataset(dataset);
    }
  }

  private long create(
      long parent, String name, StoredElement.Leaf leaf, long type, boolean manyAttributes) {
    long[] shape = leaf.values().shape();
    boolean chunked = leaf.chunk() != null && shape != null && shape.length == leaf.chunk().length;
    long[] chunk = null;
    if (chunked && leaf.values().bytes().length > 0) {
      chunk = leaf.chunk().clone();
      for (int d = 0; d < chunk.length; d++) {
        chunk[d] = Math.min(chunk[d], shape[d]);
      }
    }
    int level = chunk == null ? 0 : leaf.gzipLevel();
    return sink.dataset(
        parent, name, type, shape, new H5Sink.Layout(null, chunk, level, false, 0, manyAttributes));
  }

  private void attributes(long object, Map<String, StoredElement.Values> attributes, String key) {
    attributes.forEach(
        (name, values) -> {
          try (Types types = new Types(key);
              Memory memory = new Memory(values)) {
            sink.attribute(
                object, name, types.of(values.type()), values.shape(), memory.pointer, key);
          }
        });
  }

  // ---------------------------------------------------------------------------------- types

  /** Types of the library, closed together. */
  private final class Types implements AutoCloseable {
    private final List<Long> open = new ArrayList<>();
    private final String doing;

    Types(String key) {
      this.doing = "writing '" + key + "'";
    }

    private long keep(long type) {
      sink.check(type, doing);
      open.add(type);
      return type;
    }

    private void check(long result) {
      sink.check(result, doing);
    }

    long of(StoredType type) {
      if (type instanceof StoredType.Primitive n) {
        return sink.type(n.dtype());
      }
      if (type instanceof StoredType.Labels labels) {
        return labels(labels);
      }
      if (type instanceof StoredType.FixedText t) {
        return text(t.size(), t.padding(), t.utf8());
      }
      if (type instanceof StoredType.Text t) {
        return text(VARIABLE, 0, t.utf8());
      }
      if (type instanceof StoredType.Sequence s) {
        return keep(H5Tvlen_create(of(s.base())));
      }
      if (type instanceof StoredType.Block b) {
        long[] shape = b.shape().stream().mapToLong(Long::longValue).toArray();
        return keep(H5Tarray_create2(of(b.base()), shape.length, shape));
      }
      if (type instanceof StoredType.Bytes b) {
        long made = keep(H5Tcreate(H5T_OPAQUE, b.size()));
        check(H5Tset_tag(made, b.tag()));
        return made;
      }
      return fields((StoredType.Fields) type);
    }

    private long fields(StoredType.Fields fields) {
      long made = keep(H5Tcreate(H5T_COMPOUND, fields.size()));
      for (StoredType.Fields.Field field : fields.list()) {
        try (BytePointer name = H5Sink.utf8(field.name())) {
          check(H5Tinsert(made, name, field.offset(), of(field.type())));
        }
      }
      return made;
    }

    private long text(long size, int padding, boolean utf8) {
      long made = keep(H5Tcopy(H5T_C_S1_g()));
      check(H5Tset_size(made, size));
      check(H5Tset_strpad(made, padding));
      check(H5Tset_cset(made, utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII));
      return made;
    }

    private long labels(StoredType.Labels labels) {
      long made = keep(H5Tenum_create(sink.type(labels.base())));
      try (LongPointer value = new LongPointer(1)) {
        labels
            .names()
            .forEach(
                (number, label) -> {
                  value.put(0, number);
                  try (BytePointer name = H5Sink.utf8(label)) {
                    check(H5Tenum_insert(made, name, value));
                  }
                });
      }
      return made;
    }

    @Override
    public void close() {
      open.forEach(t -> H5Tclose(t));
    }
  }

  // --------------------------------------------------------------------------------- memory

  /** Values as the library reads them: references become addresses. */
  private static final class Memory implements AutoCloseable {
    private final List<Pointer> owned = new ArrayList<>();
    private final List<byte[]> parts;
    final BytePointer pointer;

    Memory(StoredElement.Values values) {
      this.parts = values.parts();
      this.pointer = place(values.type(), values.bytes());
    }

    /** Copies {@code bytes} to native memory, with one more NUL, and follows what they refer to. */
    private BytePointer place(StoredType type, byte[] bytes) {
      BytePointer out = new BytePointer(bytes.length + 8L);
      owned.add(out);
      out.put(bytes, 0, bytes.length);
      out.put(bytes.length, (byte) 0);
      if (type != null && type.refers()) {
        int n = bytes.length / type.size();
        for (int i = 0; i < n; i++) {
          follow(type, out, i * type.size());
        }
      }
      return out;
    }

    private void follow(StoredType type, BytePointer at, int offset) {
      if (!type.refers()) {
        return;
      }
      if (type instanceof StoredType.Text) {
        putAddress(at, offset, place(null, parts.get((int) at.getLong(offset))));
      } else if (type instanceof StoredType.Sequence s) {
        putAddress(at, offset + 8, place(s.base(), parts.get((int) at.getLong(offset + 8L))));
      } else if (type instanceof StoredType.Block b) {
        for (int i = 0; i < b.count(); i++) {
          follow(b.base(), at, offset + i * b.base().size());
        }
      } else if (type instanceof StoredType.Fields fields) {
        fields.list().forEach(f -> follow(f.type(), at, offset + f.offset()));
      }
    }

    private static void putAddress(BytePointer at, int offset, Pointer to) {
      at.putLong(offset, to.address());
    }

    @Override
    public void close() {
      owned.forEach(Pointer::close);
    }
  }
}
