package org.cellweave.neighbors;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * The nearest neighbours of every cell, itself included.
 *
 * <p>Unlike scanpy, which turns to an approximate index from 4,096 or 8,192 cells on, {@link
 * Search#AUTO} searches exactly up to {@link #AUTO_EXACT_CELLS} cells. The result says which search
 * ran.
 *
 * <p>Cost of the exact search of dense cells by Euclidean, cosine or correlation distance: {@code
 * n^2 d / 2} multiplications through BLAS, since a distance serves both its cells, memory {@code 2
 * n d} floats and {@code 3 n nNeighbors} numbers; of others twice the multiplications. The
 * approximate one holds the cells as dense float32. On two cores they took 1.4 s and 3.8 s for
 * 50,000 x 50, and 10.8 s and 18.9 s of processor time for 100,000 x 50; for 500,000 x 50 the
 * approximate one took 221 s, so that the limit of AUTO is no bound on what pays.
 *
 * <p>A cell always comes first in its own list, also when it has duplicates; other ties go to the
 * lower index. Distances are computed in float64 whatever was used to find the candidates.
 *
 * <p>Approximate search: Dong, Moses and Li 2011, doi:10.1145/1963405.1963487.
 */
public final class NearestNeighbors {
  /**
   * The largest number of cells that {@link Search#AUTO} searches exactly where a distance serves
   * both its cells: dense ones, by Euclidean, cosine or correlation distance.
   */
  public static final int AUTO_EXACT_CELLS = 262_144;

  /** The largest number for other metrics, and for sparse cells. */
  private static final int AUTO_EXACT_OTHERS = 65_536;

  /** Sums of squares of values up to here fit float32. */
  private static final double LARGEST = 1e15;

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
   */
  public record Params(int nNeighbors, Metric metric, Search search, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (nNeighbors < 2) {
        throw new IllegalArgumentException(
            "nNeighbors must be at least 2, because it counts the cell itself, got " + nNeighbors);
      }
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

      public Params build() {
        return new Params(nNeighbors, metric, search, seed);
      }
    }
  }

  /**
   * The lists, row-major, nearest first, the cell itself in column 0.
   *
   * @param search what ran: {@code EXACT} or {@code APPROXIMATE}
   */
  public record Result(
      int nCells, int nNeighbors, int[] indices, double[] distances, Search search) {

    /** Wraps lists found elsewhere, such as neighbours balanced over batches. */
    public Result {
      Check.sameLength(indices.length, nCells * nNeighbors, "indices", "nCells * nNeighbors");
      Check.sameLength(distances.length, nCells * nNeighbors, "distances", "nCells * nNeighbors");
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
      return new Result(nCells, k, ids, gaps, search);
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
    boolean vectorised = params.metric().isVectorised() || params.metric() == Metric.MANHATTAN;
    if (search == Search.APPROXIMATE && !vectorised) {
      throw new IllegalArgumentException(
          "metric "
              + params.metric().name().toLowerCase(java.util.Locale.ROOT)
              + " has no approximate search; use search exact, or one of the metrics euclidean,"
              + " cosine, correlation and manhattan");
    }
    if (search == Search.AUTO && !vectorised) {
      search = Search.EXACT;
    }
    if (search == Search.AUTO) {
      int most = ExactSearch.isPaired(points) ? AUTO_EXACT_CELLS : AUTO_EXACT_OTHERS;
      search = n <= most ? Search.EXACT : Search.APPROXIMATE;
    }
    int[] indices = new int[n * k];
    double[] distances = new double[n * k];
    Parallel.checkInterrupted();
    if (search == Search.EXACT) {
      ExactSearch.run(points, points, k, indices, distances, progress);
    } else {
      Finite.requireBelow(x, LARGEST, "x", "the approximate search");
      new ApproximateSearch(points, k, params.seed(), indices, distances, progress).run();
    }
    checkDistances(indices, distances, k, n);
    return new Result(n, k, indices, distances, search);
  }

  /**
   * The length of lists that {@code nCells} cells allow: as asked for, or half the cells and one
   * when there are fewer, as scanpy has it.
   */
  public static int fitting(int nNeighbors, int nCells) {
    return nNeighbors <= nCells || nCells < 2 ? nNeighbors : 1 + nCells / 2;
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
