package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * The variation that merges take out of every batch because it lies along a batch effect: biology,
 * where a batch effect is not at right angles to it.
 *
 * <p>Two covariances are kept per batch, before the merges and what was taken out in all of them,
 * so that the loss of any gene follows from its loadings.
 */
public final class LostVariance {
  private static final int BLOCK = 512;

  private final DenseMatrix x;
  private final Categories batch;
  private final int d;
  private final double[][] before;
  private final double[][] removed;

  /**
   * @param x cells by dimensions, as they are before the merges; the merges change it
   */
  LostVariance(DenseMatrix x, Categories batch) {
    this.x = x;
    this.batch = batch;
    this.d = x.nCols();
    this.removed = new double[batch.nLevels()][d * d];
    int[][] members = batch.members();
    this.before = new double[members.length][];
    for (int b = 0; b < members.length; b++) {
      before[b] = covariance(members[b]);
    }
  }

  private double[] covariance(int[] cells) {
    double[] mean = mean(cells);
    var parts =
        Parallel.map(
            Parallel.nBlocks(cells.length, BLOCK),
            block -> {
              double[] sum = new double[d * d];
              double[] row = new double[d];
              int to = Math.min(cells.length, (block + 1) * BLOCK);
              for (int i = block * BLOCK; i < to; i++) {
                x.readRow(cells[i], row);
                for (int c = 0; c < d; c++) {
                  row[c] -= mean[c];
                }
                for (int c = 0; c < d; c++) {
                  add(row, row[c] / Math.max(1, cells.length - 1), sum, c * d);
                }
              }
              return sum;
            });
    return sum(parts, d * d);
  }

  private double[] mean(int[] cells) {
    return columnSums(cells, 1.0 / cells.length, false);
  }

  private double[] columnSums(int[] cells, double factor, boolean squares) {
    var parts =
        Parallel.map(
            Parallel.nBlocks(cells.length, BLOCK),
            block -> {
              double[] sum = new double[d];
              double[] row = new double[d];
              int to = Math.min(cells.length, (block + 1) * BLOCK);
              for (int i = block * BLOCK; i < to; i++) {
                x.readRow(cells[i], row);
                for (int c = 0; c < d && squares; c++) {
                  row[c] *= row[c];
                }
                add(row, factor, sum, 0);
              }
              return sum;
            });
    return sum(parts, d);
  }

  private static double[] sum(java.util.List<double[]> parts, int length) {
    double[] out = new double[length];
    for (double[] part : parts) {
      add(part, 1, out, 0);
    }
    return out;
  }

  private static void add(double[] row, double factor, double[] sum, int at) {
    for (int c = 0; c < row.length; c++) {
      sum[at + c] += factor * row[c];
    }
  }

  /** Total variance of some cells as they are now. */
  double variance(int[] cells) {
    double[] mean = mean(cells);
    double total = Arrays.stream(columnSums(cells, 1, true)).sum();
    for (double m : mean) {
      total -= cells.length * m * m;
    }
    return Math.max(0, total) / Math.max(1, cells.length - 1);
  }

  /**
   * Is told that the places of some cells on a direction become equal.
   *
   * @param place of every cell, as yet
   */
  void remove(int[] cells, double[] place, double[] unit) {
    double[] byRow = new double[x.nRows()];
    boolean[] among = new boolean[x.nRows()];
    for (int i = 0; i < cells.length; i++) {
      byRow[cells[i]] = place[i];
      among[cells[i]] = true;
    }
    int[][] members = batch.members();
    for (int b = 0; b < members.length; b++) {
      int n = members[b].length;
      if (!among[members[b][0]] || n < 2) {
        continue;
      }
      double mean = Arrays.stream(members[b]).mapToDouble(i -> byRow[i]).sum() / n;
      double[] along = products(members[b], byRow, mean);
      double variance = 0;
      for (int c = 0; c < d; c++) {
        variance += along[c] * unit[c];
      }
      for (int r = 0; r < d; r++) {
        for (int c = 0; c < d; c++) {
          removed[b][r * d + c] +=
              along[r] * unit[c] + unit[r] * along[c] - variance * unit[r] * unit[c];
        }
      }
    }
  }

  /** The covariance of the cells times the direction. */
  private double[] products(int[] cells, double[] place, double mean) {
    var parts =
        Parallel.map(
            Parallel.nBlocks(cells.length, BLOCK),
            block -> {
              double[] sum = new double[d];
              double[] row = new double[d];
              int to = Math.min(cells.length, (block + 1) * BLOCK);
              for (int i = block * BLOCK; i < to; i++) {
                x.readRow(cells[i], row);
                add(row, (place[cells[i]] - mean) / (cells.length - 1), sum, 0);
              }
              return sum;
            });
    return sum(parts, d);
  }

  /** What merges took out of the variance of each dimension, by batch; may be negative. */
  public double[][] removed() {
    double[][] out = new double[removed.length][d];
    for (int b = 0; b < removed.length; b++) {
      for (int c = 0; c < d; c++) {
        out[b][c] = removed[b][c * d + c];
      }
    }
    return out;
  }

  /**
   * The share of every gene's variance, as the dimensions hold it, that all merges took out of
   * every batch; 0 for a gene without variance. It is negative for a gene whose variance along the
   * batch effect had hidden some of its other variance, and may exceed 1, since merges in between
   * move the cells of a batch.
   *
   * @param loadings genes by dimensions
   * @return by batch and gene
   */
  public double[][] ofGenes(DenseMatrix loadings) {
    Check.sameLength(loadings.nCols(), d, "a row of loadings", "the number of dimensions");
    double[][] out = new double[removed.length][loadings.nRows()];
    Parallel.forRange(
        loadings.nRows(),
        BLOCK,
        (from, to) -> {
          double[] gene = new double[d];
          for (int g = from; g < to; g++) {
            loadings.readRow(g, gene);
            for (int b = 0; b < out.length; b++) {
              double all = form(before[b], gene);
              out[b][g] = all > 0 ? form(removed[b], gene) / all : 0;
            }
          }
        });
    return out;
  }

  /** {@code g' c g}. */
  private double form(double[] c, double[] gene) {
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double along = 0;
      for (int j = 0; j < d; j++) {
        along += c[i * d + j] * gene[j];
      }
      sum += gene[i] * along;
    }
    return sum;
  }
}
