package org.cellweave.io.store;

import java.util.List;
import java.util.Map;
import org.cellweave.matrix.DType;

/**
 * The type of values that are kept as they are. Sizes are those in memory: numbers little-endian in
 * one of the usual widths, records without gaps, text and sequences as a reference.
 */
public sealed interface StoredType {
  /** Bytes of one value. */
  int size();

  /** True when values refer to {@link StoredElement.Values#parts}. */
  boolean refers();

  /** A number or a boolean. */
  record Primitive(DType dtype) implements StoredType {
    @Override
    public int size() {
      return dtype.bytes();
    }

    @Override
    public boolean refers() {
      return false;
    }
  }

  /** Numbers with names. */
  record Labels(DType base, Map<Integer, String> names) implements StoredType {
    @Override
    public int size() {
      return base.bytes();
    }

    @Override
    public boolean refers() {
      return false;
    }
  }

  /**
   * Text of a fixed number of bytes.
   *
   * @param padding 0 ends with NUL, 1 padded with NUL, 2 padded with spaces
   */
  record FixedText(int size, int padding, boolean utf8) implements StoredType {
    @Override
    public boolean refers() {
      return false;
    }
  }

  /** Text of any length: the number of its part. */
  record Text(boolean utf8) implements StoredType {
    @Override
    public int size() {
      return 8;
    }

    @Override
    public boolean refers() {
      return true;
    }
  }

  /** Any number of values: how many, then the number of their part. */
  record Sequence(StoredType base) implements StoredType {
    @Override
    public int size() {
      return 16;
    }

    @Override
    public boolean refers() {
      return true;
    }
  }

  /** Named fields. */
  record Fields(List<Field> list, int size) implements StoredType {
    public record Field(String name, int offset, StoredType type) {}

    @Override
    public boolean refers() {
      return list.stream().anyMatch(f -> f.type().refers());
    }
  }

  /** A fixed number of values. */
  record Block(StoredType base, List<Long> shape) implements StoredType {
    public int count() {
      long n = 1;
      for (long d : shape) {
        n = Math.multiplyExact(n, d);
      }
      return Math.toIntExact(n);
    }

    @Override
    public int size() {
      return Math.multiplyExact(count(), base.size());
    }

    @Override
    public boolean refers() {
      return base.refers();
    }
  }

  /** Bytes without meaning here. */
  record Bytes(int size, String tag) implements StoredType {
    @Override
    public boolean refers() {
      return false;
    }
  }
}
