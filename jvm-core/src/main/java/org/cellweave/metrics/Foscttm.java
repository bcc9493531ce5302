package org.cellweave.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Fraction of samples closer than the true match: for cells measured in two modalities, the share
 * of cells of the other modality that lie strictly nearer than the cell's own partner. 0 is best,
 * 0.5 is chance.
 *
 * <p>Row {@code i} of both matrices is the same cell. Shares are of {@code n}, not {@code n - 1},
 * as in the papers. Ties do not count, and are told by distances without rounding of the products;
 * how many there are is in the result, since places that fell together make the share small. Cost
 * {@code n^2 d} in tiles, of which both directions are read; {@code n x n} is never stored.
 *
 * @see <a href="https://doi.org/10.1089/cmb.2020.0366">Demetci et al. 2022</a>
 */
public final class Foscttm {
  private static final double ROWS_TO_PRODUCTS = 1e-2;

  private Foscttm() {}

  /**
   * @param forward mean over the cells of {@code x} of the share of {@code y}
   * @param backward mean over the cells of {@code y} of the share of {@code x}
   * @param tied share of the other cells that lie as far away as the partner, of both directions
   */
  public record Result(
      double forward, double backward, double tied, double[] byCellOfX, double[] byCellOfY) {
    /** Of both directions. */
    public double mean() {
      return (forward + backward) / 2;
    }
  }

  /**
   * @throws ShapeMismatchException when the sets differ in shape
   */
  public static Result run(DenseMatrix x, DenseMatrix y, PairMetric metric) {
    if (x.nRows() != y.nRows()) {
      throw new ShapeMismatchException(
          "x has "
              + x.nRows()
              + " rows and y has "
              + y.nRows()
              + "; row i of both must be the same cell");
    }
    if (x.nRows() == 0) {
      throw new IllegalArgumentException("x and y have no rows; give at least one pair of cells");
    }
    var counts = new Counts(DistanceTiles.of(x, y, metric));
    counts.run();
    double[] there = counts.shares(counts.nearerToX);
    double[] back = counts.shares(counts.nearerToY);
    double others = 2.0 * x.nRows() * Math.max(1, x.nRows() - 1);
    return new Result(mean(there), mean(back), counts.tied.sum() / others, there, back);
  }

  /** Whole numbers, so that the order in which blocks are added does not matter. */
  private static final class Counts {
    final int[] nearerToX;
    final int[] nearerToY;
    final LongAdder tied = new LongAdder();
    private final DistanceTiles tiles;
    private final double[] own;

    Counts(DistanceTiles tiles) {
      this.tiles = tiles;
      own = new double[tiles.nQueries];
      Arrays.setAll(own, i -> tiles.exact(i, i));
      nearerToX = new int[own.length];
      nearerToY = new int[own.length];
    }

    void run() {
      Parallel.forBlocks(
          tiles.nBlocks(),
          block -> {
            int[] toY = new int[own.length];
            tiles.forBlock(
                block,
                (i, first, count, squared) -> nearerToX[i] += take(i, first, count, squared, toY));
            add(toY);
          });
    }

    private synchronized void add(int[] toY) {
      for (int j = 0; j < toY.length; j++) {
        nearerToY[j] += toY[j];
      }
    }

    /** Adds to {@code toY}; returns how many lie nearer to {@code i} than its partner. */
    private int take(int i, int first, int count, double[] squared, int[] toY) {
      double ownOfI = own[i];
      int toX = 0;
      for (int t = 0; t < count; t++) {
        int j = first + t;
        double gapOfX = squared[t] - ownOfI;
        double gapOfY = squared[t] - own[j];
        double error = tiles.error(i, j);
        if (Math.abs(gapOfX) <= error || Math.abs(gapOfY) <= error) {
          // what is left is the rounding of the rows themselves
          double exact = tiles.exact(i, j);
          double margin = error * ROWS_TO_PRODUCTS;
          gapOfX = clear(exact - ownOfI, margin, i, j);
          gapOfY = clear(exact - own[j], margin, i, j);
        }
        toX += gapOfX < 0 ? 1 : 0;
        toY[j] += gapOfY < 0 ? 1 : 0;
      }
      return toX;
    }

    /** The gap, 0 where it is a tie. */
    private double clear(double gap, double margin, int i, int j) {
      if (Math.abs(gap) > margin) {
        return gap;
      }
      if (i != j) {
        tied.increment();
      }
      return 0;
    }

    double[] shares(int[] counts) {
      return Arrays.stream(counts).mapToDouble(c -> c / (double) counts.length).toArray();
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
