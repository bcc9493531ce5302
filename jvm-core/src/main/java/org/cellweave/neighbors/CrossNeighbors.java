package org.cellweave.neighbors;

import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.ShapeMismatchException;

/**
 * The nearest cells of a reference for every cell of a query.
 *
 * <p>The exact search takes candidates from products on fixed blocks in float32, ordered and proven
 * in float64; cost {@code m n d}. It runs where nothing else is said. {@code AUTO} turns to lists
 * of near cells as {@link NearestNeighbors} does where the reference is dense and has more than
 * {@link NearestNeighbors#AUTO_EXACT_CELLS} cells, and the query so many that it pays to make the
 * lists. The result says which search ran, and what share of the neighbours some cells found.
 *
 * <p>Ties go to the lower index; a distance of 0 is nothing special. What a metric takes from data,
 * a variance or a covariance, it takes from the reference; where several references are searched,
 * or each set in the other, {@link MetricArguments#completed} takes it from all cells at once.
 */
public final class CrossNeighbors {
  private CrossNeighbors() {}

  /**
   * The lists of the query's cells, row-major, nearest first.
   *
   * @param search what ran: {@code EXACT} or {@code APPROXIMATE}
   * @param recall share of the true neighbours that the lists hold: 1 of the exact search, else as
   *     measured on some cells
   */
  public record Result(
      int nCells, int nNeighbors, int[] indices, double[] distances, Search search, double recall) {

    /** Wraps exact lists. */
    public Result(int nCells, int nNeighbors, int[] indices, double[] distances) {
      this(nCells, nNeighbors, indices, distances, Search.EXACT, 1);
    }

    public Result {
      Check.sameLength(indices.length, nCells * nNeighbors, "indices", "nCells * nNeighbors");
      Check.sameLength(distances.length, nCells * nNeighbors, "distances", "nCells * nNeighbors");
    }
  }

  /**
   * @param reference cells in rows
   * @param query cells in rows, same columns
   * @throws IllegalArgumentException when the reference has fewer cells than neighbours, or a value
   *     is not finite
   * @throws RefusedRowException when a row of the reference or the query has no direction under the
   *     metric, or a distance no float64
   */
  public static Result run(
      Matrix reference, Matrix query, int nNeighbors, Metric metric, Progress progress) {
    return run(reference, query, nNeighbors, metric, MetricArguments.NONE, progress);
  }

  /**
   * As {@link #run(Matrix, Matrix, int, Metric, Progress)}.
   *
   * @param arguments of the metric
   */
  public static Result run(
      Matrix reference,
      Matrix query,
      int nNeighbors,
      Metric metric,
      MetricArguments arguments,
      Progress progress) {
    return run(reference, query, nNeighbors, metric, arguments, Search.EXACT, progress);
  }

  /**
   * As {@link #run(Matrix, Matrix, int, Metric, Progress)}, exact or not.
   *
   * @param arguments of the metric
   * @param search {@code APPROXIMATE} for the metrics euclidean, cosine and correlation only, with
   *     the recall and the seed that {@link NearestNeighbors.Params} has by default
   */
  public static Result run(
      Matrix reference,
      Matrix query,
      int nNeighbors,
      Metric metric,
      MetricArguments arguments,
      Search search,
      Progress progress) {
    check(reference, query, nNeighbors, metric);
    if (search == Search.APPROXIMATE) {
      NearestNeighbors.requireApproximate(metric);
      for (Matrix x : new Matrix[] {reference, query}) {
        Finite.requireBelow(x, NearestNeighbors.LARGEST, "x", "the approximate search");
      }
    }
    var base = PointSet.of(reference, metric, arguments, "reference");
    var points = base.alike(query, "query");
    int m = points.n;
    int[] indices = new int[Math.multiplyExact(m, nNeighbors)];
    double[] distances = new double[m * nNeighbors];
    boolean approximate =
        search == Search.APPROXIMATE
            || (search == Search.AUTO && isLarge(reference, query, metric));
    double recall = 1;
    if (approximate) {
      var defaults = NearestNeighbors.Params.DEFAULTS;
      recall =
          InvertedSearch.between(
              points,
              base,
              nNeighbors,
              defaults.seed(),
              defaults.recall(),
              indices,
              distances,
              progress);
    } else {
      ExactSearch.run(points, base, nNeighbors, indices, distances, progress);
    }
    var ran = approximate ? Search.APPROXIMATE : Search.EXACT;
    var result = new Result(m, nNeighbors, indices, distances, ran, recall);
    requireFinite(result, "query", "reference");
    return result;
  }

  private static boolean isLarge(Matrix reference, Matrix query, Metric metric) {
    return reference.nRows() > NearestNeighbors.AUTO_EXACT_CELLS && pays(reference, query, metric);
  }

  /** Whether an approximate search can be had, and takes less time with the making of its lists. */
  static boolean pays(Matrix reference, Matrix query, Metric metric) {
    return metric.isVectorised()
        && !reference.isSparse()
        && InvertedSearch.pays(query.nRows(), reference.nRows())
        && Finite.firstBeyond(reference, NearestNeighbors.LARGEST) == null
        && Finite.firstBeyond(query, NearestNeighbors.LARGEST) == null;
  }

  static void check(Matrix reference, Matrix query, int nNeighbors, Metric metric) {
    if (reference.nCols() != query.nCols()) {
      throw new ShapeMismatchException(
          "reference and query must have the same columns, got "
              + reference.nCols()
              + " and "
              + query.nCols());
    }
    Check.positive(nNeighbors, "nNeighbors");
    metric.computed("a search in another matrix");
    if (reference.nRows() < nNeighbors) {
      throw new IllegalArgumentException(
          "nNeighbors must be at most the number of cells of the reference, got nNeighbors = "
              + nNeighbors
              + " for "
              + reference.nRows()
              + " cells");
    }
  }

  /**
   * @param query what messages call the searching set, {@code reference} the other
   */
  static void requireFinite(Result lists, String query, String reference) {
    double[] distances = lists.distances();
    for (int p = 0; p < distances.length; p++) {
      if (!Double.isFinite(distances[p])) {
        String after =
            " lies " + distances[p] + " away from the " + reference + "; rescale the values first";
        throw new RefusedRowException("", query, lists.nCells(), after, p / lists.nNeighbors());
      }
    }
  }
}
