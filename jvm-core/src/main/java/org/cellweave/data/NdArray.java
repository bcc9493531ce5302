package org.cellweave.data;

import java.lang.reflect.Array;
import java.util.Arrays;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.ShapeMismatchException;

/**
 * An n-dimensional array of exactly the type a file holds, row-major.
 *
 * <p>Integers are Java arrays of their own width (unsigned ones by their bits), float16 is held as
 * {@code float[]}, text as {@code String[]}.
 */
public final class NdArray implements AxisArray {
  private final DType dtype;
  private final int[] shape;
  private final Object data;

  /**
   * @param dtype null for text
   * @param shape empty for a scalar
   * @param data a primitive array or {@code String[]}, not copied
   */
  public NdArray(DType dtype, int[] shape, Object data) {
    long size = 1;
    for (int s : shape) {
      size *= s;
    }
    if (Array.getLength(data) != size) {
      throw new ShapeMismatchException(
          "an array of "
              + Array.getLength(data)
              + " values cannot have shape "
              + Arrays.toString(shape));
    }
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  public static NdArray of(double... values) {
    return new NdArray(DType.FLOAT64, new int[] {values.length}, values);
  }

  public static NdArray of(float... values) {
    return new NdArray(DType.FLOAT32, new int[] {values.length}, values);
  }

  public static NdArray of(long... values) {
    return new NdArray(DType.INT64, new int[] {values.length}, values);
  }

  public static NdArray of(int... values) {
    return new NdArray(DType.INT32, new int[] {values.length}, values);
  }

  public static NdArray of(String... values) {
    return new NdArray(null, new int[] {values.length}, values);
  }

  public static NdArray of(boolean... values) {
    return new NdArray(DType.BOOL, new int[] {values.length}, values);
  }

  /** Null for text. */
  public DType dtype() {
    return dtype;
  }

  public boolean isText() {
    return dtype == null;
  }

  public int[] shape() {
    return shape.clone();
  }

  public int nDims() {
    return shape.length;
  }

  /** Number of elements. */
  public int size() {
    return Array.getLength(data);
  }

  /** The storage, not copied. */
  public Object data() {
    return data;
  }

  /** Element {@code i} of the flattened array as a number; booleans as 0 and 1. */
  public double number(int i) {
    if (data instanceof boolean[] b) {
      return b[i] ? 1 : 0;
    }
    if (dtype == null) {
      throw new IllegalArgumentException("a text array has no numbers");
    }
    double v = Array.getDouble(data, i);
    return v < 0 && dtype.isInteger() && !dtype.isSigned()
        ? v + Math.scalb(1.0, 8 * dtype.bytes())
        : v;
  }

  /** All elements, flattened. */
  public double[] toDoubles() {
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = number(i);
    }
    return out;
  }

  /**
   * The numbers as a matrix of the same type; an array in one dimension is one column.
   *
   * @throws IllegalArgumentException for text, and for none or more than two dimensions
   */
  public DenseMatrix toMatrix() {
    if (isText() || nDims() < 1 || nDims() > 2) {
      throw new IllegalArgumentException(
          "a matrix needs numbers in one or two dimensions, got a " + describe());
    }
    int nCols = nDims() == 1 ? 1 : shape[1];
    return dtype == DType.FLOAT32 && data instanceof float[] f
        ? DenseMatrix.wrap(f.clone(), shape[0], nCols)
        : DenseMatrix.wrap(toDoubles(), shape[0], nCols).withDType(dtype);
  }

  /** Text elements, flattened, not copied. */
  public String[] texts() {
    if (!(data instanceof String[] s)) {
      throw new IllegalArgumentException("a " + describe() + " has no text");
    }
    return s;
  }

  @Override
  public int nRows() {
    return shape.length == 0 ? 1 : shape[0];
  }

  @Override
  public NdArray takeRows(int[] rows) {
    if (shape.length == 0) {
      throw new ShapeMismatchException("a scalar has no rows to take");
    }
    int rowSize = shape[0] == 0 ? 0 : size() / shape[0];
    Object out = Array.newInstance(data.getClass().getComponentType(), rows.length * rowSize);
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(data, rows[r] * rowSize, out, r * rowSize, rowSize);
    }
    int[] newShape = shape.clone();
    newShape[0] = rows.length;
    return new NdArray(dtype, newShape, out);
  }

  @Override
  public NdArray copy() {
    Object out = Array.newInstance(data.getClass().getComponentType(), size());
    System.arraycopy(data, 0, out, 0, size());
    return new NdArray(dtype, shape, out);
  }

  @Override
  public String described() {
    return describe();
  }

  /** Shape and type. */
  public String describe() {
    return (dtype == null ? "text" : dtype.numpyName()) + " array of " + Arrays.toString(shape);
  }

  @Override
  public String toString() {
    return describe();
  }
}
