package org.cellweave.data;

import java.util.Arrays;
import org.cellweave.util.Check;

/** True or false, with missing values when nullable. */
public final class BooleanColumn implements Column {
  private final boolean[] values;
  private final boolean[] missing;

  /**
   * Arrays are not copied.
   *
   * @param missing true where missing, or null for a plain column
   */
  public BooleanColumn(boolean[] values, boolean[] missing) {
    if (missing != null) {
      Check.sameLength(missing.length, values.length, "missing", "the number of values");
    }
    this.values = values;
    this.missing = missing;
  }

  public static BooleanColumn of(boolean... values) {
    return new BooleanColumn(values, null);
  }

  /** The values, not copied; false where missing. */
  public boolean[] values() {
    return values;
  }

  /** Missing flags of a nullable column, not copied, or null. */
  public boolean[] mask() {
    return missing;
  }

  public boolean isNullable() {
    return missing != null;
  }

  public boolean get(int i) {
    return values[i];
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public boolean isMissing(int i) {
    return missing != null && missing[i];
  }

  @Override
  public String text(int i) {
    return isMissing(i) ? "NA" : values[i] ? "True" : "False";
  }

  @Override
  public String dtypeName() {
    return missing == null ? "bool" : "boolean";
  }

  @Override
  public double[] toDoubles() {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = isMissing(i) ? Double.NaN : values[i] ? 1 : 0;
    }
    return out;
  }

  /** A -1 makes the result nullable. */
  @Override
  public BooleanColumn take(int[] positions) {
    boolean holes = Arrays.stream(positions).anyMatch(p -> p < 0);
    boolean[] v = new boolean[positions.length];
    boolean[] m = missing == null && !holes ? null : new boolean[positions.length];
    for (int i = 0; i < v.length; i++) {
      int p = positions[i];
      v[i] = p >= 0 && values[p];
      if (m != null) {
        m[i] = p < 0 || isMissing(p);
      }
    }
    return new BooleanColumn(v, m);
  }

  @Override
  public BooleanColumn copy() {
    return new BooleanColumn(values.clone(), missing == null ? null : missing.clone());
  }

  @Override
  public String toString() {
    return ColumnText.of(this);
  }
}
