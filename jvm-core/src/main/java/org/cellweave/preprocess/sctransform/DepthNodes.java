package org.cellweave.preprocess.sctransform;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.util.Elementary;

/**
 * Few depths with weights that stand for those of many cells: a weighted sum of a smooth function
 * over them is its sum over all cells.
 *
 * <p>The range of depths is cut into short bins. In a bin the function is read as the polynomial
 * through six Chebyshev points, and the weight of a point is the sum of its Lagrange polynomial
 * over the bin's cells; a bin of six cells or fewer keeps them. For an exponential of slope 10 over
 * two decades of depth the relative error is about 1e-8, at the usual slope of 2.3 below 1e-11.
 */
final class DepthNodes {
  private static final int BINS = 32;
  private static final int POINTS = 6;

  /** Of all bins, one after the other, ascending. */
  final double[] at;

  /** How many cells a node stands for; may be a fraction, or below zero. */
  final double[] weight;

  /** Depths of the cells, ascending. */
  final double[] cells;

  private final int[] firstNode;
  private final int[] firstCell;

  private DepthNodes(
      double[] at, double[] weight, double[] cells, int[] firstNode, int[] firstCell) {
    this.at = at;
    this.weight = weight;
    this.cells = cells;
    this.firstNode = firstNode;
    this.firstCell = firstCell;
  }

  /**
   * @param depths one per cell, finite, not empty
   */
  static DepthNodes of(double[] depths) {
    double[] cells = depths.clone();
    Arrays.sort(cells);
    double least = cells[0];
    double width = (cells[cells.length - 1] - least) / BINS;
    int[] firstNode = new int[BINS + 1];
    int[] firstCell = new int[BINS + 1];
    double[] at = new double[BINS * POINTS];
    double[] weight = new double[BINS * POINTS];
    int nodes = 0;
    int cell = 0;
    for (int b = 0; b < BINS; b++) {
      int from = cell;
      double end = least + (b + 1) * width;
      while (cell < cells.length && (b == BINS - 1 || cells[cell] < end)) {
        cell++;
      }
      nodes += place(cells, from, cell, at, weight, nodes);
      firstNode[b + 1] = nodes;
      firstCell[b + 1] = cell;
    }
    return new DepthNodes(
        Arrays.copyOf(at, nodes), Arrays.copyOf(weight, nodes), cells, firstNode, firstCell);
  }

  /**
   * One for every level.
   *
   * @param level of each cell; negative for cells to leave out
   */
  static DepthNodes[] ofLevels(double[] depths, int[] level, int nLevels) {
    var out = new DepthNodes[nLevels];
    Arrays.setAll(
        out,
        l ->
            of(
                IntStream.range(0, depths.length)
                    .filter(i -> level[i] == l)
                    .mapToDouble(i -> depths[i])
                    .toArray()));
    return out;
  }

  /** Writes the nodes of one bin; returns how many. */
  private static int place(
      double[] cells, int from, int to, double[] at, double[] weight, int first) {
    int n = to - from;
    if (n == 0) {
      return 0;
    }
    double centre = (cells[from] + cells[to - 1]) / 2;
    double half = (cells[to - 1] - cells[from]) / 2;
    if (n <= POINTS || half == 0) {
      int kept = half == 0 ? 1 : n;
      System.arraycopy(cells, from, at, first, kept);
      Arrays.fill(weight, first, first + kept, n / (double) kept);
      return kept;
    }
    for (int k = 0; k < POINTS; k++) {
      at[first + k] = centre - half * Elementary.cos((2 * k + 1) * Math.PI / (2 * POINTS));
    }
    for (int i = from; i < to; i++) {
      for (int k = 0; k < POINTS; k++) {
        double product = 1;
        for (int m = 0; m < POINTS; m++) {
          if (m != k) {
            product *= (cells[i] - at[first + m]) / (at[first + k] - at[first + m]);
          }
        }
        weight[first + k] += product;
      }
    }
    return POINTS;
  }

  int nCells() {
    return cells.length;
  }

  int nBins() {
    return BINS;
  }

  /** Nodes of bin {@code b} start here; those of the last end at {@code firstNode(nBins())}. */
  int firstNode(int b) {
    return firstNode[b];
  }

  /** As {@link #firstNode}, of the cells in ascending order of depth. */
  int firstCell(int b) {
    return firstCell[b];
  }
}
