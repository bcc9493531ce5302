package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.neighbors.CrossNeighbors;

/**
 * Pairs of rows and columns that may be matched: each row's nearest columns, and those whose
 * nearest it is.
 *
 * @param start pairs of row i are at {@code start[i] <= p < start[i + 1]}
 * @param columns ascending for each row
 * @param costs one minus the cosine
 */
record Candidates(int[] start, int[] columns, double[] costs) {

  /**
   * @param there columns near every row, by vectors of length one
   * @param here rows near every column
   */
  static Candidates of(CrossNeighbors.Result there, CrossNeighbors.Result here) {
    int n = there.nCells();
    int[] count = new int[n + 1];
    for (int i = 0; i < n; i++) {
      count[i + 1] = there.nNeighbors();
    }
    for (int row : here.indices()) {
      count[row + 1]++;
    }
    for (int i = 0; i < n; i++) {
      count[i + 1] = Math.addExact(count[i], count[i + 1]);
    }
    int[] next = count.clone();
    long[] keyed = new long[count[n]];
    double[] costs = new double[count[n]];
    for (int i = 0; i < n; i++) {
      for (int q = i * there.nNeighbors(); q < (i + 1) * there.nNeighbors(); q++) {
        costs[next[i]] = cost(there.distances()[q]);
        keyed[next[i]] = (long) there.indices()[q] << 32 | next[i]++;
      }
    }
    for (int j = 0; j < here.nCells(); j++) {
      for (int q = j * here.nNeighbors(); q < (j + 1) * here.nNeighbors(); q++) {
        int i = here.indices()[q];
        costs[next[i]] = cost(here.distances()[q]);
        keyed[next[i]] = (long) j << 32 | next[i]++;
      }
    }
    return merged(count, keyed, costs);
  }

  private static double cost(double distance) {
    return distance * distance / 2;
  }

  /** A pair that was found both ways stands once. */
  private static Candidates merged(int[] count, long[] keyed, double[] costs) {
    int n = count.length - 1;
    int[] start = new int[n + 1];
    int[] columns = new int[keyed.length];
    double[] kept = new double[keyed.length];
    int at = 0;
    for (int i = 0; i < n; i++) {
      Arrays.sort(keyed, count[i], count[i + 1]);
      for (int p = count[i]; p < count[i + 1]; p++) {
        int column = (int) (keyed[p] >>> 32);
        if (at == start[i] || columns[at - 1] != column) {
          columns[at] = column;
          kept[at++] = costs[(int) keyed[p]];
        }
      }
      start[i + 1] = at;
    }
    return new Candidates(start, Arrays.copyOf(columns, at), Arrays.copyOf(kept, at));
  }
}
