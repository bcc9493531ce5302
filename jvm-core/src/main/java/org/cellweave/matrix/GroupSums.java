package org.cellweave.matrix;

import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

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
  private static final int MIN_PART_ROWS = 256;
  private static final int MAX_PARTS = 64;

  private final Rows rows;
  private final int[] codes;
  private final int[] sizes;

  /** Rows in the order of visits; null for that of the matrix. */
  private final int[] order;

  private final int[] partStart;

  /** Group of all rows of a part; null where a part holds rows of several. */
  private final int[] partGroup;

  private GroupSums(
      Rows rows, int[] codes, int[] sizes, int[] order, int[] partStart, int[] partGroup) {
    this.rows = rows;
    this.codes = codes;
    this.sizes = sizes;
    this.order = order;
    this.partStart = partStart;
    this.partGroup = partGroup;
  }

  /** All rows as one group. */
  public static GroupSums whole(Rows rows) {
    return byGroup(rows, new int[rows.nRows()], 1);
  }

  /** As {@link #byGroup(Rows, int[], int, int)}, at least 256 rows a part and about 64 parts. */
  public static GroupSums byGroup(Rows rows, int[] codes, int nGroups) {
    int partRows = Math.max(MIN_PART_ROWS, Parallel.nBlocks(rows.nRows(), MAX_PARTS));
    return byGroup(rows, codes, nGroups, partRows);
  }

  /**
   * Visits group after group; memory for the sums of one group a part.
   *
   * @param codes group of every row, negative to leave it out
   * @param partRows most rows of a part, which are all of one group
   */
  public static GroupSums byGroup(Rows rows, int[] codes, int nGroups, int partRows) {
    int[] sizes = sizes(rows, codes, nGroups);
    int[] first = new int[nGroups + 1];
    int nParts = 0;
    for (int g = 0; g < nGroups; g++) {
      first[g + 1] = first[g] + sizes[g];
      nParts += Parallel.nBlocks(sizes[g], partRows);
    }
    int[] order = new int[first[nGroups]];
    int[] next = first.clone();
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] >= 0) {
        order[next[codes[i]]++] = i;
      }
    }
    int[] partStart = new int[nParts + 1];
    int[] partGroup = new int[nParts];
    int p = 0;
    for (int g = 0; g < nGroups; g++) {
      for (int start = first[g]; start < first[g + 1]; start += partRows) {
        partStart[p] = start;
        partGroup[p++] = g;
      }
    }
    partStart[nParts] = order.length;
    return new GroupSums(rows, codes, sizes, order, partStart, partGroup);
  }

  /**
   * Visits the rows as they lie; memory for the sums of all groups a part.
   *
   * @param codes group of every row, negative to leave it out
   * @param bounds first rows of the parts, and the number of rows
   */
  public static GroupSums byPart(Rows rows, int[] codes, int nGroups, int[] bounds) {
    return new GroupSums(rows, codes, sizes(rows, codes, nGroups), null, bounds, null);
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

  /** Adds the entries of one row to the sums of its group within a part. */
  @FunctionalInterface
  public interface Kernel {
    /**
     * @param at columns at {@code start <= p < start + n}
     * @param v entry k is in column {@code at[start + k]}
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
    var parts = Parallel.map(partStart.length - 1, p -> part(p, kernel));
    ColumnSums[] out = new ColumnSums[sizes.length];
    for (int p = 0; p < parts.size(); p++) {
      ColumnSums[] part = parts.get(p);
      for (int g = 0; g < part.length; g++) {
        int group = partGroup == null ? g : partGroup[p];
        if (out[group] == null) {
          out[group] = part[g];
        } else if (part[g] != null) {
          out[group].addAll(part[g]);
        }
      }
    }
    for (int g = 0; g < out.length; g++) {
      out[g] = out[g] == null ? new ColumnSums(rows.nCols()) : out[g];
    }
    return out;
  }

  /** One table for the group of the part, or one for each group that has rows in it. */
  private ColumnSums[] part(int p, Kernel kernel) {
    int nCols = rows.nCols();
    if (partGroup != null) {
      var sums = new ColumnSums(nCols);
      int group = partGroup[p];
      rows.visit(
          order,
          partStart[p],
          partStart[p + 1],
          (i, at, start, v, n) -> kernel.row(group, at, start, v, n, sums));
      return new ColumnSums[] {sums};
    }
    ColumnSums[] byGroup = new ColumnSums[sizes.length];
    rows.visit(
        partStart[p],
        partStart[p + 1],
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
  }
}
