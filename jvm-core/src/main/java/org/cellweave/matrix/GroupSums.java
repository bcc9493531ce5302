package org.cellweave.matrix;

import java.io.Serializable;
import org.cellweave.util.Check;

/**
 * Sums of the columns within groups of rows, in one walk over the rows.
 *
 * <p>Rows are cut into parts by sizes alone. A part is summed in order, parts run in parallel, and
 * their sums are added up in order, so that no bit depends on the number of threads. Where the cuts
 * lie does reach the last bits, so that a caller who changes them changes its results.
 *
 * <p>Sums that differ in kind are no business of this class: those weighted by soft assignments are
 * matrix products (Harmony), and those of a few columns of all rows run by columns (ComBat,
 * regressing out).
 */
public final class GroupSums {
  private static final int MAX_PARTS = 64;

  /** Memory that the sums of all parts may take together, unless two parts need more. */
  private static final long PART_BYTES = 256L << 20;

  private final Rows rows;
  private final int[] codes;
  private final int[] sizes;
  private final int[] bounds;

  private GroupSums(Rows rows, int[] codes, int[] sizes, int[] bounds) {
    this.rows = rows;
    this.codes = codes;
    this.sizes = sizes;
    this.bounds = bounds;
  }

  /** All rows as one group. */
  public static GroupSums whole(Rows rows) {
    return byGroup(rows, new int[rows.nRows()], 1);
  }

  /**
   * About 64 parts, or as few as keep the memory for their sums low; never fewer than two.
   *
   * @param codes group of every row, negative to leave it out
   */
  public static GroupSums byGroup(Rows rows, int[] codes, int nGroups) {
    int[] groups = rows.groupBounds();
    long bytes = Math.max(1, (long) nGroups * rows.nCols() * 20);
    int most = (int) Math.max(2, Math.min(MAX_PARTS, PART_BYTES / bytes));
    int parts = Math.min(most, groups.length - 1);
    int[] bounds = new int[parts + 1];
    for (int p = 0; p <= parts; p++) {
      bounds[p] = groups[(int) ((long) (groups.length - 1) * p / Math.max(1, parts))];
    }
    return byPart(rows, codes, nGroups, bounds);
  }

  /**
   * As {@link #byGroup}, with the parts given.
   *
   * @param codes group of every row, negative to leave it out
   * @param bounds first rows of the parts, and the number of rows
   */
  public static GroupSums byPart(Rows rows, int[] codes, int nGroups, int[] bounds) {
    return new GroupSums(rows, codes, sizes(rows, codes, nGroups), bounds);
  }

  private static int[] sizes(Rows rows, int[] codes, int nGroups) {
    Check.sameLength(codes.length, rows.nRows(), "group codes", "the number of rows");
    int[] sizes = new int[nGroups];
    for (int code : codes) {
      if (code >= 0) {
        sizes[Check.index(code, nGroups, "code")]++;
      }
    }
    return sizes;
  }

  /** Number of rows of every group. */
  public int[] sizes() {
    return sizes;
  }

  /**
   * Adds the entries of one row to the sums of its group within a part; may travel to where the
   * rows are.
   */
  @FunctionalInterface
  public interface Kernel extends Serializable {
    /**
     * @param at columns at {@code start <= p < start + n}
     * @param v entry k is in column {@code at[start + k]}; free to be overwritten
     */
    void row(int group, int[] at, int start, double[] v, int n, ColumnSums sums);
  }

  /** Plain sums and sums of squares; counts nothing. */
  public static final Kernel PLAIN =
      (group, at, start, v, n, sums) -> {
        for (int k = 0; k < n; k++) {
          sums.add(at[start + k], v[k]);
        }
      };

  /** As {@link #PLAIN}, and counts the values that are not zero. */
  public static final Kernel COUNTING =
      (group, at, start, v, n, sums) -> {
        int[] counted = sums.counted();
        for (int k = 0; k < n; k++) {
          int j = at[start + k];
          sums.add(j, v[k]);
          counted[j] += v[k] != 0 ? 1 : 0;
        }
      };

  /** The sums of every group; a walk over the rows. */
  public ColumnSums[] collect(Kernel kernel) {
    ColumnSums[] out = new ColumnSums[sizes.length];
    rows.inOrder(
        bounds,
        part(codes, sizes.length, kernel),
        (from, part) -> {
          for (int g = 0; g < part.length; g++) {
            if (out[g] == null) {
              out[g] = part[g];
            } else if (part[g] != null) {
              out[g].addAll(part[g]);
            }
          }
        });
    for (int g = 0; g < out.length; g++) {
      out[g] = out[g] == null ? new ColumnSums(rows.nCols()) : out[g];
    }
    return out;
  }

  /** One table for each group that has rows in the part. */
  private static RangeKernel<ColumnSums[]> part(int[] codes, int nGroups, Kernel kernel) {
    return (rows, from, to) -> {
      int nCols = rows.nCols();
      ColumnSums[] byGroup = new ColumnSums[nGroups];
      rows.visit(
          from,
          to,
          (i, at, start, v, n) -> {
            int group = codes[i];
            if (group >= 0) {
              if (byGroup[group] == null) {
                byGroup[group] = new ColumnSums(nCols);
              }
              kernel.row(group, at, start, v, n, byGroup[group]);
            }
          });
      return byGroup;
    };
  }
}
