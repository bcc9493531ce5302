package org.cellweave.integrate.pivots;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;

/**
 * Groups of cells that lie near one another: groups that neighbours join, the nearest pair first,
 * as long as no more than a given number of cells come together. Cost: exact neighbours, then that
 * of sorting them. Ties go to the lower cell.
 *
 * @param group of every cell; groups by their first cell
 * @param members of every group, ascending
 */
record Metacells(int[] group, int[][] members) {
  /** Neighbours that a cell is offered, itself included. */
  private static final int OFFERED = 10;

  /** Every cell for itself. */
  static Metacells single(int nCells) {
    int[] all = IntStream.range(0, nCells).toArray();
    return new Metacells(
        all, Arrays.stream(all).mapToObj(i -> new int[] {i}).toArray(int[][]::new));
  }

  /**
   * @param size cells of a group, at most
   */
  static Metacells of(DenseMatrix places, int size) {
    int n = places.nRows();
    if (size < 2) {
      return single(n);
    }
    int k = Math.min(OFFERED, n);
    var search = NearestNeighbors.Params.builder().nNeighbors(k).build();
    var found = NearestNeighbors.run(places, search);
    long[] edges = new long[n * (k - 1)];
    for (int i = 0; i < n; i++) {
      for (int q = 1; q < k; q++) {
        // bits of floats that are not negative are in their order
        int bits = Float.floatToIntBits((float) found.distances()[i * k + q]);
        edges[i * (k - 1) + q - 1] = (long) bits << 32 | (i * k + q);
      }
    }
    Arrays.sort(edges);
    int[] parent = IntStream.range(0, n).toArray();
    int[] count = new int[n];
    Arrays.fill(count, 1);
    for (long edge : edges) {
      int a = root(parent, (int) edge / k);
      int b = root(parent, found.indices()[(int) edge]);
      if (a != b && count[a] + count[b] <= size) {
        parent[Math.max(a, b)] = Math.min(a, b);
        count[Math.min(a, b)] += count[Math.max(a, b)];
      }
    }
    return numbered(parent);
  }

  private static int root(int[] parent, int cell) {
    int at = cell;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  /** A group's root is its first cell. */
  private static Metacells numbered(int[] parent) {
    int[] group = new int[parent.length];
    int groups = 0;
    for (int i = 0; i < group.length; i++) {
      int root = root(parent, i);
      group[i] = root == i ? groups++ : group[root];
    }
    int[] sizes = new int[groups];
    for (int g : group) {
      sizes[g]++;
    }
    int[][] members = new int[groups][];
    Arrays.setAll(members, g -> new int[sizes[g]]);
    int[] at = new int[groups];
    for (int i = 0; i < group.length; i++) {
      members[group[i]][at[group[i]]++] = i;
    }
    return new Metacells(group, members);
  }

  int size() {
    return members.length;
  }

  /** Mean of every group's rows. */
  DenseMatrix means(DenseMatrix x) {
    if (size() == x.nRows()) {
      return x;
    }
    var out = DenseMatrix.zeros(size(), x.nCols(), DType.FLOAT64);
    double[] row = new double[x.nCols()];
    for (int g = 0; g < size(); g++) {
      double[] sum = new double[row.length];
      for (int i : members[g]) {
        x.readRow(i, row);
        for (int j = 0; j < row.length; j++) {
          sum[j] += row[j] / members[g].length;
        }
      }
      out.setRow(g, sum);
    }
    return out;
  }
}
