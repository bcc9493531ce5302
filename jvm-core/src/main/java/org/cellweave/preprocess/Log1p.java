package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.List;
import org.cellweave.internal.Transcendental;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowChange;
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
   * @param x changed in place, stored values only (a zero stays zero), unless its rows lie
   *     elsewhere
   * @return {@code x}, or the matrix whose rows are changed whenever they are read; that one
   *     refuses bad values then
   */
  public static Matrix run(Matrix x, Params params) {
    double scale = params.base() == null ? 1 : 1 / Elementary.log(params.base());
    if (x instanceof CsrMatrix csr && !csr.isInMemory()) {
      return csr.changed(() -> new Logarithms(scale, true));
    }
    List<StoredValues.Segment> segments = StoredValues.of(x);
    Parallel.forBlocks(segments.size(), s -> check(segments.get(s)));
    Parallel.forBlocks(segments.size(), s -> new Logarithms(scale, false).change(segments.get(s)));
    return x;
  }

  private static void check(StoredValues.Segment segment) {
    int p = firstBad(segment.narrow(), segment.wide(), segment.from(), segment.to());
    if (p >= 0) {
      StoredValues.Place place = segment.place(p);
      throw refusal(place.row(), place.col(), segment.value(p));
    }
  }

  /** First position of a value without a logarithm, or -1. */
  private static int firstBad(float[] narrow, double[] wide, int from, int to) {
    boolean bad = false;
    if (narrow != null) {
      for (int p = from; p < to; p++) {
        bad |= !(narrow[p] > -1f && narrow[p] < Float.POSITIVE_INFINITY);
      }
    } else {
      for (int p = from; p < to; p++) {
        bad |= !(wide[p] > -1 && wide[p] < Double.POSITIVE_INFINITY);
      }
    }
    for (int p = from; p < to && bad; p++) {
      double v = narrow != null ? narrow[p] : wide[p];
      if (!(v > -1 && v < Double.POSITIVE_INFINITY)) {
        return p;
      }
    }
    return -1;
  }

  private static IllegalArgumentException refusal(int row, int col, double v) {
    if (!Double.isFinite(v)) {
      return Finite.refusal("X", row, col, v, "log1p");
    }
    return new IllegalArgumentException(
        "log1p needs values above -1, but X["
            + row
            + ", "
            + col
            + "] is "
            + v
            + ". X seems to be scaled or centred: take the logarithm of normalised counts");
  }

  /**
   * A normalised cell holds few different values (1, 2, 3 ... over its size), so the last result is
   * kept for each of 64 hash places; this beats computing every logarithm by about a half.
   */
  private static final class Logarithms implements RowChange.Kernel {
    private final double scale;
    private final boolean checks;
    private final float[] known = new float[MEMO_SIZE];
    private final float[] results = new float[MEMO_SIZE];

    /**
     * @param checks whether to refuse bad values
     */
    Logarithms(double scale, boolean checks) {
      this.scale = scale;
      this.checks = checks;
      Arrays.fill(known, Float.NaN);
    }

    @Override
    public void change(int row, CsrMatrix.Block block, int from, int to) {
      int bad = checks ? firstBad(block.values(), block.wideValues(), from, to) : -1;
      if (bad >= 0) {
        throw refusal(row, block.indices()[bad], block.value(bad));
      }
      change(block.values(), block.wideValues(), from, to);
    }

    void change(StoredValues.Segment segment) {
      change(segment.narrow(), segment.wide(), segment.from(), segment.to());
    }

    private void change(float[] narrow, double[] wide, int from, int to) {
      if (narrow != null) {
        changeNarrow(narrow, from, to);
        return;
      }
      for (int p = from; p < to; p++) {
        wide[p] = Elementary.log1p(wide[p]) * scale;
      }
    }

    private void changeNarrow(float[] values, int from, int to) {
      for (int p = from; p < to; p++) {
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
}
