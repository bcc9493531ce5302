package org.cellweave.data;

import java.util.Arrays;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;
import org.cellweave.util.PythonNumber;

/**
 * Numbers of one {@link DType}: integers are held exactly as 64-bit integers (uint64 by its bits),
 * floating types as float64.
 */
public final class NumericColumn implements Column {
  private final DType dtype;
  private final long[] integers;
  private final double[] reals;
  private final boolean[] missing;

  private NumericColumn(DType dtype, long[] integers, double[] reals, boolean[] missing) {
    this.dtype = dtype;
    this.integers = integers;
    this.reals = reals;
    this.missing = missing;
  }

  /** float64; NaN is missing. The array is not copied. */
  public static NumericColumn of(double... values) {
    return new NumericColumn(DType.FLOAT64, null, values, null);
  }

  /** int64. The array is not copied. */
  public static NumericColumn of(long... values) {
    return new NumericColumn(DType.INT64, values, null, null);
  }

  public static NumericColumn of(int... values) {
    return integers(DType.INT32, Arrays.stream(values).asLongStream().toArray(), null);
  }

  /** float32. */
  public static NumericColumn of(float... values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return reals(DType.FLOAT32, wide);
  }

  /** A floating type; the array is not copied and must hold values exact in {@code dtype}. */
  public static NumericColumn reals(DType dtype, double[] values) {
    if (!dtype.isFloating()) {
      throw new IllegalArgumentException("dtype must be a floating type, got " + dtype);
    }
    return new NumericColumn(dtype, null, values, null);
  }

  /**
   * An integer type; arrays are not copied.
   *
   * @param missing true where missing (pandas' nullable integers), or null for a plain column
   * @throws IllegalArgumentException when a value lies outside of the type's range
   */
  public static NumericColumn integers(DType dtype, long[] values, boolean[] missing) {
    if (!dtype.isInteger()) {
      throw new IllegalArgumentException("dtype must be an integer type, got " + dtype);
    }
    if (missing != null) {
      Check.sameLength(missing.length, values.length, "missing", "the number of values");
    }
    checkRange(dtype, values, missing);
    return new NumericColumn(dtype, values, null, missing);
  }

  /** A narrow type would wrap what it cannot hold when it is written. */
  private static void checkRange(DType dtype, long[] values, boolean[] missing) {
    if (dtype.bytes() == Long.BYTES) {
      return;
    }
    long low = (long) dtype.lowest();
    long high = (long) dtype.highest();
    for (int i = 0; i < values.length; i++) {
      if ((values[i] < low || values[i] > high) && (missing == null || !missing[i])) {
        throw new IllegalArgumentException(
            "values of type "
                + dtype.numpyName()
                + " must lie in ["
                + low
                + ", "
                + high
                + "], got "
                + values[i]
                + "; use int64");
      }
    }
  }

  public DType dtype() {
    return dtype;
  }

  public boolean isInteger() {
    return integers != null;
  }

  /** True for pandas' nullable integers, whether or not a value is missing. */
  public boolean isNullable() {
    return missing != null;
  }

  /** Integer values, not copied; null for a floating type. */
  public long[] longs() {
    return integers;
  }

  /** Floating values, not copied; null for an integer type. */
  public double[] reals() {
    return reals;
  }

  /** Missing flags of a nullable column, not copied, or null. */
  public boolean[] mask() {
    return missing;
  }

  @Override
  public int size() {
    return integers != null ? integers.length : reals.length;
  }

  public double get(int i) {
    if (isMissing(i)) {
      return Double.NaN;
    }
    if (integers == null) {
      return reals[i];
    }
    return dtype == DType.UINT64 && integers[i] < 0 ? integers[i] + 0x1p64 : integers[i];
  }

  @Override
  public double[] toDoubles() {
    if (reals != null) {
      return reals.clone();
    }
    double[] out = new double[size()];
    if (missing == null && dtype != DType.UINT64) {
      for (int i = 0; i < out.length; i++) {
        out[i] = integers[i];
      }
      return out;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = get(i);
    }
    return out;
  }

  @Override
  public boolean[] missing() {
    if (missing != null) {
      return missing.clone();
    }
    boolean[] out = new boolean[size()];
    for (int i = 0; reals != null && i < out.length; i++) {
      out[i] = Double.isNaN(reals[i]);
    }
    return out;
  }

  @Override
  public boolean isMissing(int i) {
    return missing != null ? missing[i] : reals != null && Double.isNaN(reals[i]);
  }

  @Override
  public String text(int i) {
    if (isMissing(i)) {
      return missing != null ? "NA" : "NaN";
    }
    if (integers != null) {
      return dtype == DType.UINT64
          ? Long.toUnsignedString(integers[i])
          : Long.toString(integers[i]);
    }
    return dtype == DType.FLOAT64 ? PythonNumber.of(reals[i]) : PythonNumber.of((float) reals[i]);
  }

  @Override
  public String dtypeName() {
    String name = dtype.numpyName();
    if (missing == null) {
      return name;
    }
    return dtype.isSigned() ? "I" + name.substring(1) : "UI" + name.substring(2);
  }

  /** A -1 turns a plain integer column into float64 with NaN, as pandas does. */
  @Override
  public NumericColumn take(int[] positions) {
    if (integers != null && missing == null && anyNegative(positions)) {
      return new NumericColumn(DType.FLOAT64, null, toDoubles(), null).take(positions);
    }
    int n = positions.length;
    long[] l = integers == null ? null : new long[n];
    double[] d = reals == null ? null : new double[n];
    boolean[] m = missing == null ? null : new boolean[n];
    for (int i = 0; i < n; i++) {
      int p = positions[i];
      if (l != null) {
        l[i] = p < 0 ? 0 : integers[p];
      } else {
        d[i] = p < 0 ? Double.NaN : reals[p];
      }
      if (m != null) {
        m[i] = p < 0 || missing[p];
      }
    }
    return new NumericColumn(dtype, l, d, m);
  }

  private static boolean anyNegative(int[] positions) {
    for (int p : positions) {
      if (p < 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public NumericColumn copy() {
    return new NumericColumn(
        dtype,
        integers == null ? null : integers.clone(),
        reals == null ? null : reals.clone(),
        missing == null ? null : missing.clone());
  }

  @Override
  public String toString() {
    return ColumnText.of(this);
  }
}
