package org.cellweave.neighbors;

import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.ShapeMismatchException;

/**
 * The nearest cells of a reference for every cell of a query, by exact search: candidates from
 * products on fixed blocks in float32, ordered and proven in float64.
 *
 * <p>Cost: {@code m n d}. Ties go to the lower index; a distance of 0 is nothing special. What a
 * metric takes from data, a variance or a covariance, it takes from the reference; where several
 * references are searched, or each set in the other, {@link MetricArguments#completed} takes it
 * from all cells at once.
 */
public final class CrossNeighbors {
  private CrossNeighbors() {}

  /** The lists of the query's cells, row-major, nearest first. */
  public record Result(int nCells, int nNeighbors, int[] indices, double[] distances) {
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
    check(reference, query, nNeighbors, metric);
    var base = PointSet.of(reference, metric, arguments, "reference");
    var points = base.alike(query, "query");
    int m = points.n;
    int[] indices = new int[Math.multiplyExact(m, nNeighbors)];
    double[] distances = new double[m * nNeighbors];
    ExactSearch.run(points, base, nNeighbors, indices, distances, progress);
    var result = new Result(m, nNeighbors, indices, distances);
    requireFinite(result, "query", "reference");
    return result;
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
