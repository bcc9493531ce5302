package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * How many neighbours cells keep: the Jaccard index of a cell's nearest before and after an
 * integration, in the mean over the cells. 1 where nothing changed.
 *
 * <p>Both embeddings hold the same cells, of one data set, so that neighbours in others do not
 * count. Cost of two neighbour searches.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.006">Welch et al. 2019</a>
 */
public final class NeighborAgreement {
  private static final int BLOCK = 1024;

  private NeighborAgreement() {}

  /**
   * @param nNeighbors the cell itself not counted
   * @param seed of an approximate search
   */
  public record Params(int nNeighbors, long seed) {
    public static final Params DEFAULTS = new Params(15, 0);

    public Params {
      Check.positive(nNeighbors, "nNeighbors");
    }
  }

  /** Per cell, and their mean. */
  public record Result(double[] byCell, double mean) {}

  /**
   * @throws ShapeMismatchException when the embeddings have not the same number of cells
   * @throws IllegalArgumentException for no more cells than neighbours
   */
  public static Result run(
      DenseMatrix before, DenseMatrix after, Params params, Progress progress) {
    int n = before.nRows();
    if (after.nRows() != n) {
      throw new ShapeMismatchException(
          "before has " + n + " rows and after " + after.nRows() + "; both must be the same cells");
    }
    int k = params.nNeighbors();
    if (k >= n) {
      throw new IllegalArgumentException(
          "nNeighbors must be less than the number of cells, got "
              + k
              + " for "
              + n
              + " cells. Pass a smaller nNeighbors, or leave the set out");
    }
    var search = NearestNeighbors.Params.builder().nNeighbors(k + 1).seed(params.seed()).build();
    int[] first = sorted(NearestNeighbors.run(before, search, progress));
    int[] second = sorted(NearestNeighbors.run(after, search, progress));
    double[] byCell = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int both = common(first, second, i * k, k);
            byCell[i] = both / (2.0 * k - both);
          }
        });
    return new Result(byCell, Arrays.stream(byCell).sum() / n);
  }

  /** The cells of every list in order, without the cell itself. */
  private static int[] sorted(NearestNeighbors.Result lists) {
    int k = lists.nNeighbors() - 1;
    int[] out = new int[lists.nCells() * k];
    for (int i = 0; i < lists.nCells(); i++) {
      System.arraycopy(lists.indices(), i * (k + 1) + 1, out, i * k, k);
      Arrays.sort(out, i * k, i * k + k);
    }
    return out;
  }

  private static int common(int[] a, int[] b, int from, int k) {
    int both = 0;
    int p = from;
    int q = from;
    while (p < from + k && q < from + k) {
      if (a[p] == b[q]) {
        both++;
        p++;
        q++;
      } else if (a[p] < b[q]) {
        p++;
      } else {
        q++;
      }
    }
    return both;
  }
}
