package org.cellweave.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.util.ShapeMismatchException;

/** A choice along one axis: everything, a mask, positions, names or a range. */
public sealed interface AxisIndex {
  AxisIndex ALL = new All();

  /**
   * Positions on an axis, or null for all of it.
   *
   * @param axis "obs" or "var", for messages
   * @param names the axis's names
   */
  int[] resolve(String axis, List<String> names);

  /** True marks what is kept; as long as the axis. */
  static AxisIndex mask(boolean... keep) {
    return new Mask(keep);
  }

  /** Positions from 0; negative ones count from the end. */
  static AxisIndex positions(int... at) {
    return new Positions(at);
  }

  /** Refused when a name is missing or when several entries have it. */
  static AxisIndex names(List<String> names) {
    return new Names(List.copyOf(names));
  }

  /** {@code start <= i < end}; ends beyond the axis are cut off, negative ones count from it. */
  static AxisIndex range(int start, int end, int step) {
    return new Range(start, end, step);
  }

  /** Everything. */
  record All() implements AxisIndex {
    @Override
    public int[] resolve(String axis, List<String> names) {
      return null;
    }
  }

  /** See {@link #mask}. */
  record Mask(boolean[] keep) implements AxisIndex {
    @Override
    public int[] resolve(String axis, List<String> names) {
      if (keep.length != names.size()) {
        throw new ShapeMismatchException(
            "a mask for " + axis + " must have " + names.size() + " entries, got " + keep.length);
      }
      int[] out = new int[keep.length];
      int n = 0;
      for (int i = 0; i < keep.length; i++) {
        if (keep[i]) {
          out[n++] = i;
        }
      }
      return Arrays.copyOf(out, n);
    }
  }

  /** See {@link #positions}. */
  record Positions(int[] at) implements AxisIndex {
    @Override
    public int[] resolve(String axis, List<String> names) {
      int n = names.size();
      int[] out = new int[at.length];
      for (int i = 0; i < at.length; i++) {
        int p = at[i] < 0 ? at[i] + n : at[i];
        if (p < 0 || p >= n) {
          throw new IndexOutOfBoundsException(
              "position " + at[i] + " is outside " + axis + ", which has " + n + " entries");
        }
        out[i] = p;
      }
      return out;
    }
  }

  /** See {@link #names}. */
  record Names(List<String> wanted) implements AxisIndex {
    @Override
    public int[] resolve(String axis, List<String> names) {
      return NameIndex.of(axis, names).at(wanted, "");
    }
  }

  /** See {@link #range}. */
  record Range(int start, int end, int step) implements AxisIndex {
    public Range {
      if (step == 0) {
        throw new IllegalArgumentException("step must not be 0");
      }
    }

    @Override
    public int[] resolve(String axis, List<String> names) {
      int n = names.size();
      int from = clip(start < 0 ? start + n : start, step > 0 ? 0 : -1, n);
      int to = clip(end < 0 && step > 0 ? end + n : end, -1, n);
      List<Integer> out = new ArrayList<>();
      for (int i = from; step > 0 ? i < to : i > to; i += step) {
        if (i < n) {
          out.add(i);
        }
      }
      return out.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int clip(int value, int low, int high) {
      return Math.max(low, Math.min(high, value));
    }
  }
}
