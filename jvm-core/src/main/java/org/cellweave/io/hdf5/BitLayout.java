package org.cellweave.io.hdf5;

import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.cellweave.io.binary.Numbers;
import org.cellweave.matrix.DType;

/**
 * Numbers whose bits lie elsewhere than in the types of the processor: integers of some bits inside
 * larger ones, bfloat16 and other floating-point formats. They are turned into the smallest usual
 * type that holds all their values exactly.
 */
final class BitLayout {
  private static final int IMPLIED_LEADING_BIT = 2;

  /** What the usual floating-point types hold: bits of the fraction, largest and least exponent. */
  private enum Ieee {
    HALF(DType.FLOAT16, 5, 10, 15),
    SINGLE(DType.FLOAT32, 8, 23, 127),
    DOUBLE(DType.FLOAT64, 11, 52, 1023);

    final DType dtype;
    final int exponentBits;
    final int mantissaBits;
    final int bias;

    Ieee(DType dtype, int exponentBits, int mantissaBits, int bias) {
      this.dtype = dtype;
      this.exponentBits = exponentBits;
      this.mantissaBits = mantissaBits;
      this.bias = bias;
    }
  }

  /** Where the parts of a floating-point number lie, counted from its lowest bit. */
  private record Real(
      int sign, int exponentAt, int exponentBits, int mantissaAt, int mantissaBits, long bias) {
    static Real of(FloatingPoint p) {
      return new Real(
          p.getSignLocation(),
          p.getExponentLocation() & 0xff,
          p.getExponentSize() & 0xff,
          p.getMantissaLocation() & 0xff,
          p.getMantissaSize() & 0xff,
          p.getExponentBias() & 0xffffffffL);
    }

    /** True when the parts lie inside {@code bits} bits and can be taken apart as a long. */
    boolean isReadable(int bits) {
      return bits <= 64
          && exponentBits > 0
          && exponentBits <= 11
          && mantissaBits > 0
          && mantissaBits <= 52
          && sign < bits
          && exponentAt + exponentBits <= bits
          && mantissaAt + mantissaBits <= bits;
    }

    boolean fits(Ieee type) {
      long highest = (1L << exponentBits) - 2 - bias;
      return mantissaBits <= type.mantissaBits
          && highest <= type.bias
          && 1 - bias - mantissaBits >= 1 - type.bias - type.mantissaBits;
    }

    double value(long bits) {
      long fraction = (bits >>> mantissaAt) & ((1L << mantissaBits) - 1);
      long exponent = (bits >>> exponentAt) & ((1L << exponentBits) - 1);
      double size;
      if (exponent == (1L << exponentBits) - 1) {
        size = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      } else if (exponent == 0) {
        size = Math.scalb((double) fraction, (int) (1 - bias) - mantissaBits);
      } else {
        double whole = fraction + Math.scalb(1.0, mantissaBits);
        size = Math.scalb(whole, (int) (exponent - bias) - mantissaBits);
      }
      return (bits >>> sign & 1) == 0 ? size : -size;
    }
  }

  private final DType dtype;
  private final int storedSize;
  private final ByteOrder order;
  private final int offset;
  private final int precision;
  private final Real real;

  private BitLayout(
      DType dtype, int storedSize, ByteOrder order, int offset, int precision, Real real) {
    this.dtype = dtype;
    this.storedSize = storedSize;
    this.order = order;
    this.offset = offset;
    this.precision = precision;
    this.real = real;
  }

  /** The usual integer type of that many bytes, or null. */
  static DType integer(int size, boolean signed) {
    return switch (size) {
      case 1 -> signed ? DType.INT8 : DType.UINT8;
      case 2 -> signed ? DType.INT16 : DType.UINT16;
      case 4 -> signed ? DType.INT32 : DType.UINT32;
      case 8 -> signed ? DType.INT64 : DType.UINT64;
      default -> null;
    };
  }

  /** Null when the bits do not lie inside the number, or there are more than 64. */
  static BitLayout ofInteger(int size, ByteOrder order, boolean signed, int offset, int precision) {
    if (size < 1 || size > 8 || offset < 0 || precision < 1 || offset + precision > 8 * size) {
      return null;
    }
    int wide = size <= 2 ? size : size <= 4 ? 4 : 8;
    return new BitLayout(integer(wide, signed), size, order, offset, precision, null);
  }

  /** The type of the processor that {@code p} is, or null. */
  static DType ieee(FloatingPoint p) {
    Real real = Real.of(p);
    for (Ieee type : Ieee.values()) {
      int bits = 8 * type.dtype.bytes();
      var same =
          new Real(bits - 1, type.mantissaBits, type.exponentBits, 0, type.mantissaBits, type.bias);
      if (p.getSize() == type.dtype.bytes()
          && p.getMantissaNormalization() == IMPLIED_LEADING_BIT
          && p.getBitOffset() == 0
          && p.getBitPrecision() == bits
          && real.equals(same)) {
        return type.dtype;
      }
    }
    return null;
  }

  /** Null when float64 does not hold every value. */
  static BitLayout ofReal(FloatingPoint p) {
    Real real = Real.of(p);
    int size = p.getSize();
    if (size < 1
        || size > 8
        || p.getMantissaNormalization() != IMPLIED_LEADING_BIT
        || !real.isReadable(8 * size)) {
      return null;
    }
    for (Ieee type : Ieee.values()) {
      if (real.fits(type)) {
        return new BitLayout(type.dtype, size, p.getByteOrder(), 0, 8 * size, real);
      }
    }
    return null;
  }

  DType dtype() {
    return dtype;
  }

  /** {@code n} numbers from the buffer's position as little-endian values of {@link #dtype}. */
  ByteBuffer rearranged(ByteBuffer stored, int n) {
    ByteBuffer out =
        ByteBuffer.allocate(Math.multiplyExact(n, dtype.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      long bits = bits(stored, stored.position() + i * storedSize);
      if (real != null) {
        putReal(real.value(bits), out);
      } else {
        putInteger(bits, out);
      }
    }
    return out.flip();
  }

  private long bits(ByteBuffer from, int at) {
    long out = 0;
    for (int b = 0; b < storedSize; b++) {
      int position = order == ByteOrder.BIG_ENDIAN ? at + b : at + storedSize - 1 - b;
      out = out << 8 | (from.get(position) & 0xff);
    }
    return out;
  }

  private void putInteger(long bits, ByteBuffer out) {
    long high = bits << (64 - offset - precision);
    long value = dtype.isSigned() ? high >> (64 - precision) : high >>> (64 - precision);
    switch (dtype.bytes()) {
      case 1 -> out.put((byte) value);
      case 2 -> out.putShort((short) value);
      case 4 -> out.putInt((int) value);
      default -> out.putLong(value);
    }
  }

  private void putReal(double value, ByteBuffer out) {
    switch (dtype) {
      case FLOAT16 -> out.putShort(Numbers.floatToHalf((float) value));
      case FLOAT32 -> out.putFloat((float) value);
      default -> out.putDouble(value);
    }
  }
}
