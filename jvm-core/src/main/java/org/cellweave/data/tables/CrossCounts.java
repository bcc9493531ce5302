package org.cellweave.data.tables;

/** How often the groups of one grouping meet those of another. */
public final class CrossCounts {
  private CrossCounts() {}

  /** Rows in both groups, groups of the first by groups of the second. */
  public static long[][] of(Grouping rows, Grouping columns) {
    long[][] out = new long[rows.size()][columns.size()];
    int[] a = rows.codes();
    int[] b = columns.codes();
    for (int i = 0; i < a.length; i++) {
      if (a[i] >= 0 && b[i] >= 0) {
        out[a[i]][b[i]]++;
      }
    }
    return out;
  }
}
