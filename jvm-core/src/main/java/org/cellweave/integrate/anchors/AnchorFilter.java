package org.cellweave.integrate.anchors;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Progress;

/**
 * Keeps mutual neighbours whose second cell is also near the first in expression: among the nearest
 * of its set by the genes that the common dimensions weigh most.
 *
 * @param first cells by genes, logarithms
 * @param second cells of the other set, same genes
 * @param genes that are compared, columns of both
 * @param nearest cells of the second set that count as near
 */
record AnchorFilter(Matrix first, Matrix second, int[] genes, int nearest)
    implements PairAnchors.Filter {
  private static final int MOST_A_DIMENSION = 100;

  @Override
  public int[] stay(int[] ofFirst, int[] ofSecond) {
    int[] asked = Arrays.stream(ofFirst).distinct().toArray();
    if (asked.length == 0) {
      return asked;
    }
    int[] place = new int[first.nRows()];
    for (int q = 0; q < asked.length; q++) {
      place[asked[q]] = q;
    }
    var lists =
        CrossNeighbors.run(
            unit(second), unit(first.takeRows(asked)), nearest, Metric.EUCLIDEAN, Progress.NONE);
    int[] near = lists.indices();
    for (int q = 0; q < asked.length; q++) {
      Arrays.sort(near, q * nearest, (q + 1) * nearest);
    }
    return IntStream.range(0, ofFirst.length)
        .filter(
            p -> {
              int from = place[ofFirst[p]] * nearest;
              return Arrays.binarySearch(near, from, from + nearest, ofSecond[p]) >= 0;
            })
        .toArray();
  }

  /** The compared genes, rows of length one. */
  private DenseMatrix unit(Matrix x) {
    double[] values = new double[Math.multiplyExact(x.nRows(), genes.length)];
    double[] row = new double[x.nCols()];
    var rows = Rows.of(x);
    for (int i = 0; i < x.nRows(); i++) {
      rows.read(i, row);
      for (int g = 0; g < genes.length; g++) {
        values[i * genes.length + g] = row[genes[g]];
      }
    }
    return NeighborSpaces.unit(values, genes.length);
  }

  /**
   * The genes of largest loadings: the same number from every dimension, half from either end, as
   * large as their union stays below {@code max(2 k, maxGenes)}.
   *
   * @param loadings genes by k, row by row
   * @return ascending rows of the loadings
   */
  static int[] topGenes(double[] loadings, int k, int maxGenes) {
    int p = loadings.length / k;
    int limit = Math.max(2 * k, maxGenes);
    int[][] descending = new int[k][];
    for (int c = 0; c < k; c++) {
      double[] column = new double[p];
      for (int g = 0; g < p; g++) {
        column[g] = loadings[g * k + c];
      }
      descending[c] = Ordering.descending(column);
    }
    var best = new BitSet();
    for (int each = 1; each <= MOST_A_DIMENSION; each++) {
      var union = new BitSet();
      for (int c = 0; c < k; c++) {
        add(descending[c], loadings, k, c, each, union);
      }
      if (union.cardinality() < limit && union.cardinality() > best.cardinality()) {
        best = union;
      }
    }
    return best.stream().toArray();
  }

  private static void add(
      int[] descending, double[] loadings, int k, int c, int each, BitSet union) {
    int last = descending.length - 1;
    if (each == 1) {
      double top = Math.abs(loadings[descending[0] * k + c]);
      double bottom = Math.abs(loadings[descending[last] * k + c]);
      union.set(top >= bottom ? descending[0] : descending[last]);
      return;
    }
    int half = Math.min((int) Math.rint(each / 2.0), descending.length);
    for (int r = 0; r < half; r++) {
      union.set(descending[r]);
      union.set(descending[last - r]);
    }
  }
}
