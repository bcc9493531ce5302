package org.cellweave.neighbors;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RangeRunner;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * The nearest neighbours of every cell, itself included.
 *
 * <p>Unlike scanpy, which turns to an approximate index from 4,096 or 8,192 cells on, {@link
 * Search#AUTO} searches exactly up to {@link #AUTO_EXACT_CELLS} cells. The result says which search
 * ran, and what share of the true neighbours it found.
 *
 * <p>Cost of the exact search of dense cells by Euclidean, cosine or correlation distance: {@code
 * n^2 d / 2} multiplications through BLAS, since a distance serves both its cells, memory {@code 2
 * n d} floats and {@code 3 n nNeighbors} numbers; of others twice the multiplications.
 *
 * <p>The approximate search holds the cells as dense float32, twice. It puts them into lists of
 * near ones, as many as each has cells and none with many more than 512, and looks for the
 * neighbours of a cell in the lists nearest to it; then cells ask their neighbours for theirs. How
 * many lists it looks through comes of 1,000 cells whose true neighbours it finds out: as many as
 * the recall that is asked for takes. The recall that the result tells is that of these cells
 * afterwards. Cells with noise of one width in all directions, the hardest case, took 35 s of
 * processor time for 500,000 x 50 and 149 s for 1,300,000 x 50; real ones a third of that.
 *
 * <p>A cell always comes first in its own list, also when it has duplicates; other ties go to the
 * lower index. Distances are computed in float64 whatever was used to find the candidates.
 *
 * <p>Approximate search: Jégou, Douze and Schmid 2011, doi:10.1109/TPAMI.2010.57; Dong, Moses and
 * Li 2011, doi:10.1145/1963405.1963487.
 */
public final class NearestNeighbors {
  /**
   * The largest number of cells that {@link Search#AUTO} searches exactly by Euclidean, cosine or
   * correlation distance; by others it always does.
   */
  public static final int AUTO_EXACT_CELLS = 100_000;

  /** Sums of squares of values up to here fit float32. */
  static final double LARGEST = 1e15;

  private NearestNeighbors() {}

  /** Which algorithm looks for the neighbours. */
  public enum Search {
    EXACT,
    APPROXIMATE,
    AUTO
  }

  /**
   * What to look for.
   *
   * @param nNeighbors length of each list; counts the cell itself, as scanpy does
   * @param seed of the approximate search; the exact one draws nothing
   * @param recall share of the true neighbours that the approximate search is to find, in (0, 1]
   */
  public record Params(int nNeighbors, Metric metric, Search search, long seed, double recall) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (!(recall > 0 && recall <= 1)) {
        throw new IllegalArgumentException("recall must lie in (0, 1], got " + recall);
      }
      if (nNeighbors < 2) {
        throw new IllegalArgumentException(
            "nNeighbors must be at least 2, because it counts the cell itself, got " + nNeighbors);
      }
    }

    /** With the default recall. */
    public Params(int nNeighbors, Metric metric, Search search, long seed) {
      this(nNeighbors, metric, search, seed, builder().recall);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private int nNeighbors = 15;
      private Metric metric = Metric.EUCLIDEAN;
      private Search search = Search.AUTO;
      private long seed = 0;
      private double recall = 0.98;

      private Builder() {}

      public Builder nNeighbors(int value) {
        nNeighbors = value;
        return this;
      }

      public Builder metric(Metric value) {
        metric = value;
        return this;
      }

      public Builder search(Search value) {
        search = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Builder recall(double value) {
        recall = value;
        return this;
      }

      public Params build() {
        return new Params(nNeighbors, metric, search, seed, recall);
      }
    }
  }

  /**
   * The lists, row-major, nearest first, the cell itself in column 0.
   *
   * @param search what ran: {@code EXACT} or {@code APPROXIMATE}
   * @param recall share of the true neighbours that the lists hold: 1 of the exact search, of the
   *     approximate one as measured on some cells, NaN where nobody has measured
   */
  public record Result(
      int nCells, int nNeighbors, int[] indices, double[] distances, Search search, double recall) {

    public Result {
      Check.sameLength(indices.length, nCells * nNeighbors, "indices", "nCells * nNeighbors");
      Check.sameLength(distances.length, nCells * nNeighbors, "distances", "nCells * nNeighbors");
    }

    /** Wraps lists found elsewhere, such as neighbours balanced over batches. */
    public Result(int nCells, int nNeighbors, int[] indices, double[] distances, Search search) {
      this(nCells, nNeighbors, indices, distances, search, search == Search.EXACT ? 1 : Double.NaN);
    }

    /**
     * The first {@code k} entries of every list, the cell itself included.
     *
     * @throws IllegalArgumentException when the lists are shorter
     */
    public Result prefix(int k) {
      if (k < 2 || k > nNeighbors) {
        throw new IllegalArgumentException(
            "k must lie in [2, " + nNeighbors + "], the length of the lists, got " + k);
      }
      int[] ids = new int[nCells * k];
      double[] gaps = new double[nCells * k];
      for (int i = 0; i < nCells; i++) {
        System.arraycopy(indices, i * nNeighbors, ids, i * k, k);
        System.arraycopy(distances, i * nNeighbors, gaps, i * k, k);
      }
      return new Result(nCells, k, ids, gaps, search, recall);
    }

    /** Cell times cell, float64, one entry for every neighbour but the cell itself. */
    public CsrMatrix distanceMatrix() {
      return Graphs.ofLists(this, DType.FLOAT64, distances);
    }
  }

  public static Result run(Matrix x, Params params) {
    return run(x, params, Progress.NONE);
  }

  /**
   * Finds the neighbours.
   *
   * @param x cells in rows; a sparse matrix is densified as a whole only by the approximate search
   * @throws IllegalArgumentException when there are fewer cells than neighbours, a value is not
   *     finite, a distance exceeds float32, or a cell has no direction under the metric
   */
  public static Result run(Matrix x, Params params, Progress progress) {
    return run(x, params, MetricArguments.NONE, progress);
  }

  /**
   * As {@link #run(Matrix, Params, Progress)}.
   *
   * @param arguments of the metric
   */
  public static Result run(Matrix x, Params params, MetricArguments arguments, Progress progress) {
    return run(x, params, arguments, null, progress);
  }

  /**
   * As {@link #run(Matrix, Params, MetricArguments, Progress)}, with the same bits.
   *
   * @param runner to whom the approximate search hands the work on cells, some at a time, once it
   *     has lists of them; null does it here, and so does the exact search
   */
  public static Result run(
      Matrix x, Params params, MetricArguments arguments, RangeRunner runner, Progress progress) {
    int n = x.nRows();
    int k = params.nNeighbors();
    if (n < k) {
      throw new IllegalArgumentException(
          "nNeighbors counts the cell itself and must be at most the number of cells, got"
              + " nNeighbors = "
              + k
              + " for "
              + n
              + " cells. Lower nNeighbors.");
    }
    if ((long) n * k > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "nNeighbors = "
              + k
              + " for "
              + n
              + " cells exceeds 2^31 list entries. Lower nNeighbors.");
    }
    var points = PointSet.of(x, params.metric(), arguments, "x");
    var search = params.search();
    if (search == Search.APPROXIMATE) {
      requireApproximate(params.metric());
    }
    boolean exact =
        search == Search.EXACT
            || (search == Search.AUTO && (n <= AUTO_EXACT_CELLS || !points.metric.isVectorised()));
    int[] indices = new int[n * k];
    double[] distances = new double[n * k];
    Parallel.checkInterrupted();
    double recall = 1;
    if (exact) {
      ExactSearch.run(points, points, k, indices, distances, progress);
    } else {
      Finite.requireBelow(x, LARGEST, "x", "the approximate search");
      recall =
          InvertedSearch.within(
              points, k, params.seed(), params.recall(), runner, indices, distances, progress);
    }
    checkDistances(indices, distances, k, n);
    search = exact ? Search.EXACT : Search.APPROXIMATE;
    return new Result(n, k, indices, distances, search, recall);
  }

  /**
   * The length of lists that {@code nCells} cells allow: as asked for, or half the cells and one
   * when there are fewer, as scanpy has it.
   */
  public static int fitting(int nNeighbors, int nCells) {
    return nNeighbors <= nCells || nCells < 2 ? nNeighbors : 1 + nCells / 2;
  }

  static void requireApproximate(Metric metric) {
    if (!metric.isVectorised()) {
      throw new IllegalArgumentException(
          "metric "
              + metric.spelled()
              + " has no approximate search; use search exact, or one of the metrics euclidean,"
              + " cosine and correlation");
    }
  }

  private static void checkDistances(int[] indices, double[] distances, int k, int n) {
    for (int p = 0; p < distances.length; p++) {
      checkDistance(p / k, indices[p], distances[p], n);
    }
  }

  /**
   * @param nCells of the matrix, for the message
   */
  static void checkDistance(int i, int j, double distance, int nCells) {
    if (!(distance <= Float.MAX_VALUE)) {
      String after = " is " + distance + ", which float32 cannot hold; rescale the values first";
      throw new RefusedRowException("the distance between ", "x", nCells, after, i, j);
    }
  }
}
