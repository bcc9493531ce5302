package org.cellweave.io.binary;

import java.nio.ByteBuffer;
import org.cellweave.matrix.DType;

/** Raw bytes to Java numbers and back, without a boxed value anywhere. */
public final class Numbers {
  private Numbers() {}

  /** The array that holds {@code n} elements exactly; float16 is held as float. */
  public static Object allocate(DType type, int n) {
    return switch (type) {
      case BOOL -> new boolean[n];
      case INT8, UINT8 -> new byte[n];
      case INT16, UINT16 -> new short[n];
      case INT32, UINT32 -> new int[n];
      case INT64, UINT64 -> new long[n];
      case FLOAT16, FLOAT32 -> new float[n];
      case FLOAT64 -> new double[n];
    };
  }

  /** Copies {@code n} elements from the buffer's position into an array of {@link #allocate}. */
  public static void copy(DType type, ByteBuffer from, int n, Object to, int at) {
    ByteBuffer b = from.duplicate().order(from.order());
    switch (type) {
      case BOOL -> {
        boolean[] out = (boolean[]) to;
        for (int i = 0; i < n; i++) {
          out[at + i] = b.get() != 0;
        }
      }
      case INT8, UINT8 -> b.get((byte[]) to, at, n);
      case INT16, UINT16 -> b.asShortBuffer().get((short[]) to, at, n);
      case INT32, UINT32 -> b.asIntBuffer().get((int[]) to, at, n);
      case INT64, UINT64 -> b.asLongBuffer().get((long[]) to, at, n);
      case FLOAT16 -> {
        float[] out = (float[]) to;
        for (int i = 0; i < n; i++) {
          out[at + i] = halfToFloat(b.getShort());
        }
      }
      case FLOAT32 -> b.asFloatBuffer().get((float[]) to, at, n);
      case FLOAT64 -> b.asDoubleBuffer().get((double[]) to, at, n);
    }
  }

  public static void toLongs(DType type, ByteBuffer from, int n, long[] to, int at) {
    ByteBuffer b = from.duplicate().order(from.order());
    for (int i = 0; i < n; i++) {
      to[at + i] =
          switch (type) {
            case BOOL, UINT8 -> b.get() & 0xffL;
            case INT8 -> b.get();
            case INT16 -> b.getShort();
            case UINT16 -> b.getShort() & 0xffffL;
            case INT32 -> b.getInt();
            case UINT32 -> b.getInt() & 0xffffffffL;
            case INT64, UINT64 -> b.getLong();
            default -> throw new IllegalArgumentException(type + " is not an integer type");
          };
    }
  }

  public static void toDoubles(DType type, ByteBuffer from, int n, double[] to, int at) {
    ByteBuffer b = from.duplicate().order(from.order());
    if (type == DType.FLOAT64) {
      b.asDoubleBuffer().get(to, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[at + i] = next(type, b);
    }
  }

  /** Integers as int; what does not fit becomes -1. */
  public static void toInts(DType type, ByteBuffer from, int n, int[] to, int at) {
    ByteBuffer b = from.duplicate().order(from.order());
    switch (type) {
      case INT32 -> b.asIntBuffer().get(to, at, n);
      case INT64, UINT64 -> {
        var longs = b.asLongBuffer();
        for (int i = 0; i < n; i++) {
          long v = longs.get(i);
          to[at + i] = v == (int) v ? (int) v : -1;
        }
      }
      default -> {
        long[] wide = new long[n];
        toLongs(type, b, n, wide, 0);
        for (int i = 0; i < n; i++) {
          to[at + i] = wide[i] == (int) wide[i] ? (int) wide[i] : -1;
        }
      }
    }
  }

  private static double next(DType type, ByteBuffer b) {
    return switch (type) {
      case BOOL, UINT8 -> b.get() & 0xff;
      case INT8 -> b.get();
      case INT16 -> b.getShort();
      case UINT16 -> b.getShort() & 0xffff;
      case INT32 -> b.getInt();
      case UINT32 -> b.getInt() & 0xffffffffL;
      case INT64 -> b.getLong();
      case UINT64 -> unsigned(b.getLong());
      case FLOAT16 -> halfToFloat(b.getShort());
      case FLOAT32 -> b.getFloat();
      case FLOAT64 -> b.getDouble();
    };
  }

  static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /**
   * Values as float32.
   *
   * @return false when one is not exact in it, or is an integer that is not exact in float64; what
   *     follows is then not read
   */
  public static boolean toFloats(DType type, ByteBuffer from, int n, float[] to, int at) {
    ByteBuffer b = from.duplicate().order(from.order());
    switch (type) {
      case FLOAT32, FLOAT16 -> copy(type, b, n, to, at);
      case FLOAT64 -> {
        var doubles = b.asDoubleBuffer();
        for (int i = 0; i < n; i++) {
          double v = doubles.get(i);
          to[at + i] = (float) v;
          if (to[at + i] != v && !Double.isNaN(v)) {
            return false;
          }
        }
      }
      case INT32 -> {
        var ints = b.asIntBuffer();
        for (int i = 0; i < n; i++) {
          int v = ints.get(i);
          to[at + i] = v;
          if (to[at + i] != (double) v) {
            return false;
          }
        }
      }
      case INT64, UINT64 -> {
        var longs = b.asLongBuffer();
        boolean exact = exactInDouble(type, b, n);
        for (int i = 0; i < n && exact; i++) {
          to[at + i] = longs.get(i);
          exact = to[at + i] == (double) longs.get(i);
        }
        return exact;
      }
      default -> {
        for (int i = 0; i < n; i++) {
          double v = next(type, b);
          to[at + i] = (float) v;
          if (to[at + i] != v) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** False when a 64-bit integer is not exact as a float64. */
  public static boolean exactInDouble(DType type, ByteBuffer from, int n) {
    if (type != DType.INT64 && type != DType.UINT64) {
      return true;
    }
    var longs = from.duplicate().order(from.order()).asLongBuffer();
    for (int i = 0; i < n; i++) {
      long v = longs.get(i);
      if (v > 1L << 53 || v < (type == DType.UINT64 ? 0 : -(1L << 53))) {
        return false;
      }
    }
    return true;
  }

  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0) {
      float tiny = mantissa * 0x1p-24f;
      return sign == 0 ? tiny : -tiny;
    }
    if (exponent == 31) {
      return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
  }

  /** Rounds to nearest, ties to even. */
  public static short floatToHalf(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float size = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (size >= 65520f) {
      return (short) (sign | 0x7c00);
    }
    if (size < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(size * 0x1p24));
    }
    int magnitude = bits & 0x7fffffff;
    int rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }
}
