package org.cellweave.preprocess;

import java.io.Serializable;
import java.util.Map;
import java.util.WeakHashMap;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.StoredValues;

/**
 * What the values of a matrix tell about its state: raw counts, logarithms, damaged or centred.
 *
 * <p>One parallel pass over the stored values. Places are the first in storage order (by rows, for
 * a CSC matrix by columns).
 *
 * @param min smallest value; zeros that are not stored count
 * @param max largest value; zeros that are not stored count
 * @param notFinite first NaN or infinite value, or null
 * @param negative first value below zero, or null
 * @param nonInteger first value that is not a whole number, or null
 */
public record ValueFacts(double min, double max, Found notFinite, Found negative, Found nonInteger)
    implements Serializable {
  /** No logarithm of a sum of counts in one cell reaches this: ln(1 + 8.8 million). */
  private static final double LARGEST_LOG = 16;

  /** Where a value was found. */
  public record Found(int row, int col, double value) implements Serializable {}

  /** Of matrices whose rows lie elsewhere: nobody changes them, and a pass over them is long. */
  private static final Map<Matrix, ValueFacts> KNOWN = new WeakHashMap<>();

  public static ValueFacts of(Matrix x) {
    if (!(x instanceof CsrMatrix csr) || csr.isInMemory()) {
      return scan(x);
    }
    synchronized (KNOWN) {
      ValueFacts known = KNOWN.get(x);
      if (known != null) {
        return known;
      }
    }
    ValueFacts facts = scan(x);
    synchronized (KNOWN) {
      KNOWN.put(x, facts);
    }
    return facts;
  }

  private static ValueFacts scan(Matrix x) {
    var parts = StoredValues.map(x, ValueFacts::scan);
    boolean full = x.nnz() == (long) x.nRows() * x.nCols() && x.nnz() > 0;
    double min = full ? Double.POSITIVE_INFINITY : 0;
    double max = full ? Double.NEGATIVE_INFINITY : 0;
    Found notFinite = null;
    Found negative = null;
    Found nonInteger = null;
    for (ValueFacts part : parts) {
      min = Math.min(min, part.min);
      max = Math.max(max, part.max);
      notFinite = notFinite == null ? part.notFinite : notFinite;
      negative = negative == null ? part.negative : negative;
      nonInteger = nonInteger == null ? part.nonInteger : nonInteger;
    }
    return new ValueFacts(min, max, notFinite, negative, nonInteger);
  }

  /** True when every value is a whole number that is not negative. */
  public boolean looksLikeCounts() {
    return notFinite == null && negative == null && nonInteger == null;
  }

  /** True when values are not negative, not all whole, and small enough to be logarithms. */
  public boolean looksLogged() {
    return notFinite == null && negative == null && nonInteger != null && max <= LARGEST_LOG;
  }

  /**
   * @throws org.cellweave.util.NonFiniteException names row and column of the first such value
   */
  public void requireFinite(String step) {
    if (notFinite != null) {
      throw Finite.refusal("X", notFinite.row(), notFinite.col(), notFinite.value(), step);
    }
  }

  /**
   * @throws IllegalArgumentException names row and column of the first NaN, infinite or negative
   *     value
   */
  public void requireCounts(String step) {
    requireFinite(step);
    if (negative != null) {
      throw new IllegalArgumentException(
          step
              + " needs values that are not negative, but X["
              + negative.row()
              + ", "
              + negative.col()
              + "] is "
              + negative.value()
              + ". X seems to be scaled or centred: start from the counts");
    }
  }

  /**
   * @throws IllegalArgumentException for values that are not finite, or beyond float32
   */
  public void requireFloat32(String step) {
    requireFinite(step);
    double largest = Math.max(max, -min);
    if (largest > Float.MAX_VALUE) {
      throw new IllegalArgumentException(
          step + " works in float32, but X has values up to " + largest + "; rescale them first");
    }
  }

  private static ValueFacts scan(StoredValues.Segment segment) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double finite = 0;
    boolean fraction = false;
    for (int p = segment.from(); p < segment.to(); p++) {
      double v = segment.value(p);
      // 0 for a finite number and NaN otherwise
      finite += 0 * v;
      if (v < min) {
        min = v;
      }
      if (v > max) {
        max = v;
      }
      fraction |= (long) v != v;
    }
    return new ValueFacts(
        min,
        max,
        finite == 0 ? null : find(segment, v -> !Double.isFinite(v)),
        min < 0 ? find(segment, v -> v < 0) : null,
        fraction ? find(segment, v -> Double.isFinite(v) && v != Math.rint(v)) : null);
  }

  private static Found find(StoredValues.Segment segment, StoredValues.Predicate predicate) {
    int p = segment.find(predicate);
    if (p < 0) {
      return null;
    }
    var place = segment.place(p);
    return new Found(place.row(), place.col(), segment.value(p));
  }
}
