package org.cellweave.matrix;

/**
 * Element type of a matrix as users and files see it.
 *
 * <p>Storage may be wider or narrower as long as every value is exact: an int64 count matrix whose
 * values fit float32 is stored as float32 and written back as int64.
 */
public enum DType {
  BOOL(1, false, false),
  INT8(1, true, false),
  INT16(2, true, false),
  INT32(4, true, false),
  INT64(8, true, false),
  UINT8(1, false, false),
  UINT16(2, false, false),
  UINT32(4, false, false),
  UINT64(8, false, false),
  FLOAT16(2, true, true),
  FLOAT32(4, true, true),
  FLOAT64(8, true, true);

  private final int bytes;
  private final boolean signed;
  private final boolean floating;

  DType(int bytes, boolean signed, boolean floating) {
    this.bytes = bytes;
    this.signed = signed;
    this.floating = floating;
  }

  public int bytes() {
    return bytes;
  }

  public boolean isSigned() {
    return signed;
  }

  public boolean isFloating() {
    return floating;
  }

  public boolean isInteger() {
    return !floating && this != BOOL;
  }

  /** The smallest value of a type that is not floating. */
  public double lowest() {
    return signed ? -Math.scalb(1.0, 8 * bytes - 1) : 0;
  }

  /**
   * The largest value of a type that is not floating; for 64 bits the float64 next to it, which is
   * above it by 1.
   */
  public double highest() {
    double beyond = Math.scalb(1.0, 8 * bytes - (signed ? 1 : 0));
    return this == BOOL ? 1 : beyond - 1;
  }

  /** NumPy's common type of two. */
  public static DType promote(DType a, DType b) {
    if (a == b || b == BOOL) {
      return a;
    }
    if (a == BOOL) {
      return b;
    }
    if (a.isFloating() || b.isFloating()) {
      return valueOf("FLOAT" + 8 * Math.max(a.floatBytes(), b.floatBytes()));
    }
    if (a.isSigned() == b.isSigned()) {
      return a.bytes() > b.bytes() ? a : b;
    }
    int unsigned = a.isSigned() ? b.bytes() : a.bytes();
    int signed = a.isSigned() ? a.bytes() : b.bytes();
    int both = Math.max(signed, 2 * unsigned);
    return both > 8 ? FLOAT64 : valueOf("INT" + 8 * both);
  }

  private int floatBytes() {
    return floating ? bytes : Math.min(8, 2 * bytes);
  }

  /** Whether a dense matrix of this type is stored as float32, and a sparse one by default. */
  boolean isStoredAsFloat32() {
    return switch (this) {
      case INT32, INT64, UINT32, UINT64, FLOAT64 -> false;
      default -> true;
    };
  }

  /** NumPy's name: {@code float32}, {@code uint8}, {@code bool}. */
  public String numpyName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** As {@link #numpyName()}. */
  @Override
  public String toString() {
    return numpyName();
  }
}
