package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * How well data sets lie among each other: {@code 1 - (same - k / D) / (k - k / D)} of D sets,
 * where {@code same} is how many of a cell's k nearest are of its own set, in the mean. About 1
 * where sets are mixed, 0 where they are apart.
 *
 * <p>Sets are drawn down to the size of the smallest. Cost of a neighbour search.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4096">Butler et al. 2018</a>
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.006">Welch et al. 2019</a>
 */
public final class DatasetAlignment {
  private static final double SHARE = 0.01;
  private static final int LEAST = 10;

  private DatasetAlignment() {}

  /**
   * @param nNeighbors k, the cell itself not counted; 0 for a hundredth of the cells drawn, at
   *     least 10
   * @param seed of the draw
   */
  public record Params(int nNeighbors, long seed) {
    public static final Params DEFAULTS = new Params(0, 0);

    public Params {
      Check.nonNegative(nNeighbors, "nNeighbors");
    }
  }

  /**
   * @param nNeighbors that were asked
   * @param nCells that were drawn, of all sets together
   */
  public record Result(double alignment, int nNeighbors, int nCells) {}

  /**
   * @param sets data set of every cell
   * @throws IllegalArgumentException for one set alone, or fewer cells than neighbours
   */
  public static Result run(DenseMatrix x, Categories sets, Params params, Progress progress) {
    sets.forCells(x.nRows()).complete().atLeastTwo("there is nothing to align.");
    int[] cells = drawn(sets.withoutUnused(), params.seed());
    int k = params.nNeighbors();
    if (k == 0) {
      k = Math.max((int) (SHARE * cells.length), LEAST);
    }
    if (k >= cells.length) {
      throw new IllegalArgumentException(
          "nNeighbors must be less than the number of cells, got "
              + k
              + " for "
              + cells.length
              + " cells, of which every set has as many as the smallest. Pass a smaller"
              + " nNeighbors");
    }
    var search = NearestNeighbors.Params.builder().nNeighbors(k + 1).seed(params.seed()).build();
    var lists = NearestNeighbors.run(x.takeRows(cells), search, progress);
    double same = NeighborPurity.run(lists, sets.take(cells)).mean() * k;
    double mixed = (double) k / sets.used();
    return new Result(1 - (same - mixed) / (k - mixed), k, cells.length);
  }

  private static int[] drawn(Categories sets, long seed) {
    int[][] members = sets.members();
    int least = Arrays.stream(members).mapToInt(m -> m.length).min().orElse(0);
    int[] cells = new int[least * members.length];
    for (int s = 0; s < members.length; s++) {
      int[] order = members[s].clone();
      Shuffle.draw(order, order.length, least, Streams.of(seed, s));
      System.arraycopy(order, 0, cells, s * least, least);
    }
    Arrays.sort(cells);
    return cells;
  }
}
