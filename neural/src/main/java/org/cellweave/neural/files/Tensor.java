package org.cellweave.neural.files;

import java.util.Arrays;

/**
 * An array of numbers with its shape, row-major; of one of the types that the files here hold.
 *
 * @param values {@code float[]}, {@code double[]} or {@code int[]}; not copied
 * @param shape whose product is the number of values
 */
public record Tensor(Object values, int... shape) {
  public Tensor {
    if (Type.of(values) == null) {
      throw new IllegalArgumentException("a tensor holds float[], double[] or int[]");
    }
    long size = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    if (size != java.lang.reflect.Array.getLength(values)) {
      throw new IllegalArgumentException(
          "a tensor of shape "
              + Arrays.toString(shape)
              + " has "
              + size
              + " values, got "
              + java.lang.reflect.Array.getLength(values));
    }
  }

  /** Types of numbers, as the header spells them. */
  enum Type {
    F32(Float.BYTES),
    F64(Double.BYTES),
    I32(Integer.BYTES);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Null for what is no such array. */
    static Type of(Object values) {
      return values instanceof float[]
          ? F32
          : values instanceof double[] ? F64 : values instanceof int[] ? I32 : null;
    }
  }

  public static Tensor row(float[] values) {
    return new Tensor(values, values.length);
  }

  public static Tensor row(double[] values) {
    return new Tensor(values, values.length);
  }

  public static Tensor row(int[] values) {
    return new Tensor(values, values.length);
  }

  /** Whether this is a matrix of float32 of this size. */
  public boolean isFloatMatrix(int rows, int cols) {
    return values instanceof float[] && Arrays.equals(shape, new int[] {rows, cols});
  }

  /** False with a NaN or an infinite number. */
  boolean isFinite() {
    if (values instanceof float[] narrow) {
      for (float v : narrow) {
        if (!Float.isFinite(v)) {
          return false;
        }
      }
    } else if (values instanceof double[] wide) {
      return Arrays.stream(wide).allMatch(Double::isFinite);
    }
    return true;
  }

  Type type() {
    return Type.of(values);
  }

  int size() {
    return java.lang.reflect.Array.getLength(values);
  }
}
