package org.cellweave.matrix;

import java.util.Arrays;

/**
 * The largest or smallest value of every column or row with its first place; zeros that are not
 * stored count.
 */
final class Extremes {
  private final boolean largest;
  private final boolean skipNaN;
  private final double[] values;
  private final int[] places;
  private final int[] seen;

  /** Of rows, the first place that no value was seen at: where a zero stands. */
  private final int[] gaps;

  private Extremes(int size, boolean largest, boolean skipNaN) {
    this.largest = largest;
    this.skipNaN = skipNaN;
    this.values = new double[size];
    this.places = new int[size];
    this.seen = new int[size];
    this.gaps = new int[size];
    Arrays.fill(values, Double.NaN);
    Arrays.fill(places, -1);
  }

  double[] values() {
    return values;
  }

  int[] places() {
    return places;
  }

  static Extremes of(Matrix x, int axis, boolean largest, boolean skipNaN) {
    AxisReductions.requireSome(x, axis, largest ? "max" : "min");
    if (x instanceof CscMatrix csc) {
      return of(csc.columns(), 1 - axis, largest, skipNaN);
    }
    Extremes out = axis == 1 ? ofRows(x, largest, skipNaN) : ofColumns(x, largest, skipNaN);
    out.addZeros(axis == 1 ? x.nCols() : x.nRows());
    return out;
  }

  private static Extremes ofRows(Matrix x, boolean largest, boolean skipNaN) {
    var out = new Extremes(x.nRows(), largest, skipNaN);
    Rows.of(x)
        .forEach(
            (i, at, start, v, n) -> {
              for (int k = 0; k < n; k++) {
                out.add(i, v[k], at[start + k]);
              }
            });
    return out;
  }

  private static Extremes ofColumns(Matrix x, boolean largest, boolean skipNaN) {
    return Rows.of(x)
        .collect(
            () -> new Extremes(x.nCols(), largest, skipNaN),
            part ->
                (i, at, start, v, n) -> {
                  for (int k = 0; k < n; k++) {
                    part.add(at[start + k], v[k], i);
                  }
                },
            Extremes::addAll);
  }

  /** Places come in order. */
  private void add(int k, double v, int place) {
    seen[k]++;
    if (gaps[k] == place) {
      gaps[k]++;
    }
    take(k, v, place);
  }

  private void take(int k, double v, int place) {
    if (places[k] < 0 ? !(skipNaN && Double.isNaN(v)) : beats(v, values[k])) {
      values[k] = v;
      places[k] = place;
    }
  }

  private boolean beats(double v, double held) {
    if (Double.isNaN(held)) {
      return false;
    }
    if (Double.isNaN(v)) {
      return !skipNaN;
    }
    return largest ? v > held : v < held;
  }

  private void addAll(Extremes next) {
    for (int k = 0; k < values.length; k++) {
      seen[k] += next.seen[k];
      if (next.places[k] >= 0) {
        take(k, next.values[k], next.places[k]);
      }
    }
  }

  private void addZeros(int n) {
    for (int k = 0; k < values.length; k++) {
      if (seen[k] == n) {
        continue;
      }
      int gap = gaps[k];
      if (places[k] < 0 || beats(0, values[k]) || (values[k] == 0 && gap < places[k])) {
        values[k] = 0;
        places[k] = gap;
      }
    }
  }
}
