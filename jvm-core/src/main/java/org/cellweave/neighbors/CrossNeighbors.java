package org.cellweave.neighbors;

import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * The nearest cells of a reference for every cell of a query, by exact search in float64.
 *
 * <p>Cost: {@code m n d}. Ties go to the lower index; a distance of 0 is nothing special.
 */
public final class CrossNeighbors {
  private static final int BLOCK = 64;
  private static final int BASE = 512;

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
   * @throws IllegalArgumentException when the reference has fewer cells than neighbours, a value is
   *     not finite, or a cell has no direction under the metric
   */
  public static Result run(
      Matrix reference, Matrix query, int nNeighbors, Metric metric, Progress progress) {
    if (reference.nCols() != query.nCols()) {
      throw new ShapeMismatchException(
          "reference and query must have the same columns, got "
              + reference.nCols()
              + " and "
              + query.nCols());
    }
    Check.positive(nNeighbors, "nNeighbors");
    if (metric == Metric.PRECOMPUTED) {
      throw new IllegalArgumentException(
          "cells of another matrix have no precomputed distances; use another metric");
    }
    if (reference.nRows() < nNeighbors) {
      throw new IllegalArgumentException(
          "nNeighbors must be at most the number of cells of the reference, got nNeighbors = "
              + nNeighbors
              + " for "
              + reference.nRows()
              + " cells");
    }
    var base = PointSet.of(reference, metric);
    var points = PointSet.of(query, metric);
    int m = points.n;
    int[] indices = new int[m * nNeighbors];
    double[] distances = new double[m * nNeighbors];
    var done = new java.util.concurrent.atomic.AtomicInteger();
    Parallel.forRange(
        m,
        BLOCK,
        (from, to) -> {
          search(base, points, from, to, nNeighbors, indices, distances);
          progress.step("neighbors", done.addAndGet(to - from), m, Double.NaN);
        });
    return new Result(m, nNeighbors, indices, distances);
  }

  private static void search(
      PointSet base, PointSet points, int from, int to, int k, int[] indices, double[] distances) {
    double[][] rows = new double[Math.min(BASE, base.n)][base.d];
    double[][] queries = new double[to - from][base.d];
    int[] filled = new int[to - from];
    for (int i = from; i < to; i++) {
      points.readForDistance(i, queries[i - from]);
    }
    for (int first = 0; first < base.n; first += BASE) {
      int count = Math.min(BASE, base.n - first);
      for (int j = 0; j < count; j++) {
        base.readForDistance(first + j, rows[j]);
      }
      for (int q = 0; q < queries.length; q++) {
        int at = (from + q) * k;
        for (int j = 0; j < count; j++) {
          double distance = base.distance(queries[q], rows[j]);
          if (filled[q] < k || distance < distances[at + k - 1]) {
            filled[q] = insert(indices, distances, at, filled[q], k, distance, first + j);
          }
        }
      }
    }
  }

  /** Places a candidate, later than all of equal distance; returns how long the list is now. */
  private static int insert(
      int[] indices, double[] distances, int at, int filled, int k, double distance, int id) {
    int p = at + Math.min(filled, k - 1);
    while (p > at && distances[p - 1] > distance) {
      distances[p] = distances[p - 1];
      indices[p] = indices[p - 1];
      p--;
    }
    distances[p] = distance;
    indices[p] = id;
    return Math.min(filled + 1, k);
  }
}
