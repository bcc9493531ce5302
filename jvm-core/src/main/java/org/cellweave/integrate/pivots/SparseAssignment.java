package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * The cheapest matching of rows to columns of which each row can have a few, by shortest augmenting
 * paths. A row may stay alone at a price, so that there is always a solution. Memory and time grow
 * with the pairs that are offered, not with all pairs; ties go to the lower column.
 *
 * @see <a href="https://doi.org/10.1007/BF02278710">Jonker and Volgenant 1987</a>
 */
public final class SparseAssignment {
  private static final int CHECK = 256;

  private final int nRows;
  private final int nColumns;
  private final int[] start;
  private final int[] columns;
  private final double[] costs;
  private final double alone;

  /** Of rows. */
  private final double[] u;

  /** Of columns, then of what stands for a row's being alone. */
  private final double[] v;

  private final int[] rowOf;
  private final int[] columnOf;

  // one search: lengths of the shortest ways, valid where the stamp is that of the search
  private final double[] length;
  private final int[] before;
  private final int[] stamp;
  private final ColumnHeap heap;
  private final int[] settled;
  private int nSettled;

  private SparseAssignment(int nColumns, int[] start, int[] columns, double[] costs, double alone) {
    this.nRows = start.length - 1;
    this.nColumns = nColumns;
    this.start = start;
    this.columns = columns;
    this.costs = costs;
    this.alone = alone;
    int all = nColumns + nRows;
    this.u = new double[nRows];
    this.v = new double[all];
    this.rowOf = new int[all];
    this.columnOf = new int[nRows];
    this.length = new double[all];
    this.before = new int[all];
    this.stamp = new int[all];
    this.settled = new int[all];
    this.heap = new ColumnHeap(all);
    Arrays.fill(rowOf, -1);
    Arrays.fill(columnOf, -1);
    Arrays.fill(stamp, -1);
  }

  /**
   * @param nColumns number of columns
   * @param start pairs of row i are at {@code start[i] <= p < start[i + 1]}
   * @param columns of every pair
   * @param costs of every pair, finite
   * @param alone what it costs when a row has no column
   * @return column of every row, -1 for a row that is alone
   */
  public static int[] run(int nColumns, int[] start, int[] columns, double[] costs, double alone) {
    Check.sameLength(costs.length, columns.length, "costs", "the number of pairs");
    for (double cost : costs) {
      Check.finite(cost, "costs");
    }
    var run = new SparseAssignment(nColumns, start, columns, costs, Check.finite(alone, "alone"));
    for (int row = 0; row < run.nRows; row++) {
      if (row % CHECK == 0) {
        Parallel.checkInterrupted();
      }
      run.match(row);
    }
    int[] out = new int[run.nRows];
    Arrays.setAll(out, row -> run.columnOf[row] < nColumns ? run.columnOf[row] : -1);
    return out;
  }

  private void match(int row) {
    nSettled = 0;
    heap.clear();
    u[row] = leastOf(row);
    relax(row, 0, row);
    int last = -1;
    double shortest = 0;
    while (last < 0) {
      int column = heap.poll(length);
      shortest = length[column];
      if (rowOf[column] < 0) {
        last = column;
      } else {
        settled[nSettled++] = column;
        relax(rowOf[column], shortest, row);
      }
    }
    u[row] += shortest;
    for (int s = 0; s < nSettled; s++) {
      int column = settled[s];
      v[column] += length[column] - shortest;
      u[rowOf[column]] += shortest - length[column];
    }
    for (int column = last; column >= 0; ) {
      int owner = before[column];
      int next = columnOf[owner];
      columnOf[owner] = column;
      rowOf[column] = owner;
      column = owner == row ? -1 : next;
    }
  }

  private double leastOf(int row) {
    double least = alone - v[nColumns + row];
    for (int p = start[row]; p < start[row + 1]; p++) {
      least = Math.min(least, costs[p] - v[columns[p]]);
    }
    return least;
  }

  private void relax(int row, double from, int search) {
    for (int p = start[row]; p < start[row + 1]; p++) {
      reach(columns[p], from + costs[p] - u[row] - v[columns[p]], row, search);
    }
    reach(nColumns + row, from + alone - u[row] - v[nColumns + row], row, search);
  }

  private void reach(int column, double way, int row, int search) {
    if (stamp[column] != search) {
      stamp[column] = search;
      length[column] = way;
      before[column] = row;
      heap.add(column, length);
    } else if (way < length[column] && heap.holds(column)) {
      length[column] = way;
      before[column] = row;
      heap.rise(column, length);
    }
  }
}
