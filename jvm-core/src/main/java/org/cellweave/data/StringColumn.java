package org.cellweave.data;

/** Text; null is missing. */
public final class StringColumn implements Column {
  private final String[] values;
  private final boolean nullable;

  /**
   * The array is not copied.
   *
   * @param nullable pandas' string type, written as nullable-string-array
   */
  public StringColumn(String[] values, boolean nullable) {
    this.values = values;
    this.nullable = nullable;
  }

  public static StringColumn of(String... values) {
    return new StringColumn(values, false);
  }

  /** The values, not copied; null where missing. */
  public String[] values() {
    return values;
  }

  public boolean isNullable() {
    return nullable;
  }

  public String get(int i) {
    return values[i];
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public boolean isMissing(int i) {
    return values[i] == null;
  }

  @Override
  public String text(int i) {
    return values[i] == null ? (nullable ? "<NA>" : "NaN") : values[i];
  }

  @Override
  public String[] texts() {
    String[] out = new String[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = text(i);
    }
    return out;
  }

  @Override
  public String dtypeName() {
    return nullable ? "string" : "object";
  }

  @Override
  public double[] toDoubles() {
    throw new IllegalArgumentException(
        "a text column has no numbers; first value is '" + (size() == 0 ? "" : text(0)) + "'");
  }

  @Override
  public StringColumn take(int[] positions) {
    String[] out = new String[positions.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = positions[i] < 0 ? null : values[positions[i]];
    }
    return new StringColumn(out, nullable);
  }

  @Override
  public StringColumn copy() {
    return new StringColumn(values.clone(), nullable);
  }

  /**
   * Categorical with the distinct values in natural order (as scanpy's strings_to_categoricals).
   */
  public CategoricalColumn toCategorical() {
    return CategoricalColumn.ofTexts(values);
  }

  @Override
  public String toString() {
    return ColumnText.of(this);
  }
}
