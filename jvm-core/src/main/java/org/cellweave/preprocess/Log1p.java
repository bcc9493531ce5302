package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.List;
import org.cellweave.internal.Transcendental;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.StoredValues;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Replaces every value x by {@code ln(1 + x)}, or by the logarithm to another base, in place.
 *
 * <p>Cost: one pass to check, one to change. float32 results are within one unit in the last place;
 * float64 results go through {@link Math#log1p}. NaN, infinite values and values {@code <= -1} are
 * refused before anything is changed.
 */
public final class Log1p {
  private static final int MEMO_SIZE = 64;
  private static final int MEMO_SHIFT = 32 - 6;
  private static final int GOLDEN_RATIO = 0x9E3779B1;

  private Log1p() {}

  /**
   * @param base of the logarithm; null for the natural one
   */
  public record Params(Double base) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (base != null && (!(base > 0) || base == 1 || base.isInfinite())) {
        throw new IllegalArgumentException(
            "base must be positive and not 1, got " + base + ". Leave it null for the natural log");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Double base = null;

      public Builder base(Double value) {
        this.base = value;
        return this;
      }

      public Params build() {
        return new Params(base);
      }
    }
  }

  /**
   * @param x changed in place, stored values only (a zero stays zero)
   */
  public static void run(Matrix x, Params params) {
    List<StoredValues.Segment> segments = StoredValues.of(x);
    Parallel.forBlocks(segments.size(), s -> check(segments.get(s)));
    double scale = params.base() == null ? 1 : 1 / Elementary.log(params.base());
    Parallel.forBlocks(segments.size(), s -> change(segments.get(s), scale));
  }

  private static void check(StoredValues.Segment segment) {
    boolean bad = false;
    if (segment.narrow() != null) {
      float[] values = segment.narrow();
      for (int p = segment.from(); p < segment.to(); p++) {
        bad |= !(values[p] > -1f && values[p] < Float.POSITIVE_INFINITY);
      }
    } else {
      double[] values = segment.wide();
      for (int p = segment.from(); p < segment.to(); p++) {
        bad |= !(values[p] > -1 && values[p] < Double.POSITIVE_INFINITY);
      }
    }
    if (bad) {
      throw refusal(segment);
    }
  }

  private static IllegalArgumentException refusal(StoredValues.Segment segment) {
    int p = segment.find(v -> !(v > -1 && v < Double.POSITIVE_INFINITY));
    double v = segment.value(p);
    if (!Double.isFinite(v)) {
      return Finite.refusal("X", segment.place(p).row(), segment.place(p).col(), v, "log1p");
    }
    return new IllegalArgumentException(
        "log1p needs values above -1, but X["
            + segment.place(p).row()
            + ", "
            + segment.place(p).col()
            + "] is "
            + v
            + ". X seems to be scaled or centred: take the logarithm of normalised counts");
  }

  private static void change(StoredValues.Segment segment, double scale) {
    if (segment.narrow() != null) {
      changeNarrow(segment, scale);
      return;
    }
    double[] values = segment.wide();
    for (int p = segment.from(); p < segment.to(); p++) {
      values[p] = Elementary.log1p(values[p]) * scale;
    }
  }

  /**
   * A normalised cell holds few different values (1, 2, 3 ... over its size), so the last result is
   * kept for each of 64 hash places; this beats computing every logarithm by about a half.
   */
  private static void changeNarrow(StoredValues.Segment segment, double scale) {
    float[] known = new float[MEMO_SIZE];
    float[] results = new float[MEMO_SIZE];
    Arrays.fill(known, Float.NaN);
    float[] values = segment.narrow();
    for (int p = segment.from(); p < segment.to(); p++) {
      float x = values[p];
      int place = (Float.floatToRawIntBits(x) * GOLDEN_RATIO) >>> MEMO_SHIFT;
      if (known[place] != x) {
        known[place] = x;
        results[place] = (float) (Transcendental.log1p(x) * scale);
      }
      values[p] = results[place];
    }
  }
}
