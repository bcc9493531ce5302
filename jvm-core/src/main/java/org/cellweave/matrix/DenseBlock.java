package org.cellweave.matrix;

import java.io.Serializable;

/**
 * Row-major values of whole rows, as float32 or as float64: the one place of a dense matrix that
 * tells the two apart. Positions are checked by the arrays alone.
 */
final class DenseBlock implements Serializable {
  private static final long serialVersionUID = 1;

  private final float[] narrow;
  private final double[] wide;

  private DenseBlock(float[] narrow, double[] wide) {
    this.narrow = narrow;
    this.wide = wide;
  }

  static DenseBlock zeros(int size, boolean float32) {
    return float32 ? of(new float[size]) : of(new double[size]);
  }

  /** Keeps the array. */
  static DenseBlock of(float[] values) {
    return new DenseBlock(values, null);
  }

  /** Keeps the array. */
  static DenseBlock of(double[] values) {
    return new DenseBlock(null, values);
  }

  DenseBlock copy() {
    return narrow != null ? of(narrow.clone()) : of(wide.clone());
  }

  /** Null when values are float64. */
  float[] narrow() {
    return narrow;
  }

  /** Null when values are float32. */
  double[] wide() {
    return wide;
  }

  double get(int at) {
    return narrow != null ? narrow[at] : wide[at];
  }

  void set(int at, double value) {
    if (narrow != null) {
      narrow[at] = (float) value;
    } else {
      wide[at] = value;
    }
  }

  /** Copies {@code n} values from {@code at} on to {@code out[to]} and after. */
  void read(int at, int n, double[] out, int to) {
    if (wide != null) {
      System.arraycopy(wide, at, out, to, n);
      return;
    }
    float[] from = narrow;
    for (int j = 0; j < n; j++) {
      out[to + j] = from[at + j];
    }
  }

  /** As {@link #read(int, int, double[], int)}, rounded to float32. */
  void read(int at, int n, float[] out, int to) {
    if (narrow != null) {
      System.arraycopy(narrow, at, out, to, n);
      return;
    }
    double[] from = wide;
    for (int j = 0; j < n; j++) {
      out[to + j] = (float) from[at + j];
    }
  }

  /** Overwrites {@code n} values from {@code at} on. */
  void write(int at, int n, double[] values) {
    if (wide != null) {
      System.arraycopy(values, 0, wide, at, n);
      return;
    }
    float[] to = narrow;
    for (int j = 0; j < n; j++) {
      to[at + j] = (float) values[j];
    }
  }

  /** Copies {@code n} values to a block of the same element type. */
  void copy(int at, int n, DenseBlock to, int toAt) {
    if (narrow != null) {
      System.arraycopy(narrow, at, to.narrow, toAt, n);
    } else {
      System.arraycopy(wide, at, to.wide, toAt, n);
    }
  }

  /** Writes stored values {@code start <= p < end} of a sparse block into the row at {@code at}. */
  void scatter(int at, CsrMatrix.Block from, int start, int end) {
    int[] columns = from.indices();
    if (narrow != null && from.values() != null) {
      float[] to = narrow;
      float[] values = from.values();
      for (int p = start; p < end; p++) {
        to[at + columns[p]] = values[p];
      }
    } else {
      double[] to = wide;
      for (int p = start; p < end; p++) {
        to[at + columns[p]] = from.value(p);
      }
    }
  }
}
