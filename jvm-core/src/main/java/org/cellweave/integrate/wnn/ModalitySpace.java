package org.cellweave.integrate.wnn;

import java.util.Arrays;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * One modality: its cells as points, the nearest of each, and the kernel of each, whose width comes
 * from the cells that share few neighbours with it.
 */
final class ModalitySpace {
  private static final int BLOCK = 1024;

  /** Row of every cell of the whole, -1 where the modality lacks it. */
  final int[] rowOf;

  /** Cell of every row. */
  final int[] cellOf;

  final double[][] x;
  final NearestNeighbors.Result lists;
  private final int k;
  private final double[] width;

  private ModalitySpace(
      int[] cellOf, int nCells, double[][] x, NearestNeighbors.Result lists, int k, double scale) {
    this.cellOf = cellOf;
    this.rowOf = new int[nCells];
    Arrays.fill(rowOf, -1);
    for (int row = 0; row < cellOf.length; row++) {
      rowOf[cellOf[row]] = row;
    }
    this.x = x;
    this.lists = lists;
    this.k = k;
    this.width = SharedNeighborWidths.of(x, lists, k);
    for (int row = 0; row < width.length; row++) {
      width[row] *= scale;
    }
  }

  static ModalitySpace of(
      FeatureBlock block, int nCells, WeightedNearestNeighbors.Params params, Progress progress) {
    int n = block.x().nRows();
    if (n <= params.k()) {
      throw new IllegalArgumentException(
          "k = "
              + params.k()
              + " neighbours besides the cell itself need more cells than that, but "
              + block.name()
              + " has "
              + n
              + ". Lower k");
    }
    Finite.require(block.x(), block.name(), WeightedNearestNeighbors.NAME);
    double[][] x = points(block.x(), block.name(), params.l2Norm());
    var search =
        new NearestNeighbors.Params(
            Math.min(params.knnRange(), n - 1) + 1,
            Metric.EUCLIDEAN,
            params.search(),
            params.seed());
    var lists =
        RefusedRowException.renaming(
            "x", block.name(), () -> NearestNeighbors.run(DenseMatrix.ofRows(x), search, progress));
    int[] cellOf = block.cells();
    if (cellOf == null) {
      cellOf = new int[n];
      Arrays.setAll(cellOf, i -> i);
    }
    return new ModalitySpace(cellOf, nCells, x, lists, params.k(), params.sdScale());
  }

  private static double[][] points(Matrix x, String name, boolean l2Norm) {
    Rows rows = Rows.of(x);
    double[][] out = new double[x.nRows()][x.nCols()];
    Parallel.forRange(
        out.length,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            rows.read(i, out[i]);
            if (l2Norm && !normalise(out[i])) {
              throw new RefusedRowException(
                  "wnn scales every row to length one, but ",
                  name,
                  out.length,
                  " is all zero; leave that cell out, or pass l2Norm = false",
                  i);
            }
          }
        });
    return out;
  }

  /**
   * @return false for a row without a direction
   */
  private static boolean normalise(double[] row) {
    double most = 0;
    for (double v : row) {
      most = Math.max(most, Math.abs(v));
    }
    if (most == 0) {
      return false;
    }
    // first by the largest value, whose square may be out of range
    double sum = 0;
    for (double v : row) {
      sum += v / most * (v / most);
    }
    double length = Math.sqrt(sum);
    for (int j = 0; j < row.length; j++) {
      row[j] = row[j] / most / length;
    }
    return true;
  }

  static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double gap = a[j] - b[j];
      sum += gap * gap;
    }
    return Math.sqrt(sum);
  }

  boolean has(int cell) {
    return rowOf[cell] >= 0;
  }

  /** Cell of the {@code c}-th neighbour of a row, the row itself being number 0. */
  int neighbor(int row, int c) {
    return cellOf[lists.indices()[row * lists.nNeighbors() + c]];
  }

  /**
   * How near a cell lies to the mean, in this modality, of its nearest in some modality: 1 where no
   * farther than its nearest neighbour here. They are the k nearest of those that are in both.
   *
   * @param of the modality of the neighbours, which may be this
   * @return NaN where none of its neighbours there is here
   */
  double predicted(int cell, ModalitySpace of) {
    double[] mean = new double[x[0].length];
    int row = rowOf[cell];
    int found = 0;
    for (int c = 1; c < of.lists.nNeighbors() && found < k; c++) {
      int there = rowOf[of.neighbor(of.rowOf[cell], c)];
      if (there >= 0) {
        found++;
        for (int j = 0; j < mean.length; j++) {
          mean[j] += x[there][j];
        }
      }
    }
    if (found == 0) {
      return Double.NaN;
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= found;
    }
    double nearest = lists.distances()[row * lists.nNeighbors() + 1];
    double beyond = distance(x[row], mean) - nearest;
    double scale = width[row] - nearest;
    // the limit of a kernel that becomes narrow
    return beyond <= 0 ? 1 : scale > 0 ? Elementary.exp(-beyond / scale) : 0;
  }

  /** How near another cell lies, between 0 and 1; 0 where this modality lacks it. */
  double affinity(int cell, int other) {
    int there = rowOf[other];
    if (there < 0) {
      return 0;
    }
    int row = rowOf[cell];
    double gap = distance(x[row], x[there]);
    return gap == 0 ? 1 : width[row] > 0 ? Elementary.exp(-gap / width[row]) : 0;
  }
}
