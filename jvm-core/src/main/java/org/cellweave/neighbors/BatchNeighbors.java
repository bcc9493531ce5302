package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * The nearest cells of every batch for every cell; the cell itself comes first in the list of its
 * own batch, however many duplicates it has. Other ties go to the lower index.
 *
 * <p>The search is exact up to {@link NearestNeighbors#AUTO_EXACT_CELLS} cells. Of more, dense ones
 * by Euclidean, cosine or correlation distance, batches that are large enough for it to pay are
 * searched by lists of near cells, as {@link CrossNeighbors} does; the result says so.
 *
 * <p>Cost of the exact search: {@code n^2 d / 2} for dense cells and a metric that is a product,
 * since a distance serves both its cells; {@code n^2 d} for the others. Memory besides the lists:
 * {@code 2 n d} floats, and candidates of the size of the lists.
 */
public final class BatchNeighbors {
  private BatchNeighbors() {}

  /**
   * Lists of {@code k} cells of each batch, one batch after another, of every cell.
   *
   * @param distances of the cell itself 0
   * @param search what ran: {@code APPROXIMATE} when that was so for any batch
   * @param recall share of the true neighbours that the lists hold: 1 of the exact search, else as
   *     measured on some cells
   */
  public record Result(
      int nCells,
      int nBatches,
      int k,
      int[] indices,
      double[] distances,
      Search search,
      double recall) {
    public Result {
      Check.sameLength(indices.length, nCells * nBatches * k, "indices", "all lists");
      Check.sameLength(distances.length, nCells * nBatches * k, "distances", "all lists");
    }
  }

  /** As the other, with {@code AUTO}. */
  public static Result run(
      Matrix x,
      int[][] members,
      int k,
      Metric metric,
      MetricArguments arguments,
      Progress progress) {
    return run(x, members, k, metric, arguments, Search.AUTO, progress);
  }

  /**
   * @param x cells in rows
   * @param members cells of every batch, ascending, at least {@code k} in each; together all cells
   * @param arguments of the metric
   * @param search {@code APPROXIMATE} as {@link CrossNeighbors} has it
   * @throws IllegalArgumentException as {@link CrossNeighbors} does
   */
  public static Result run(
      Matrix x,
      int[][] members,
      int k,
      Metric metric,
      MetricArguments arguments,
      Search search,
      Progress progress) {
    Check.positive(k, "k");
    for (int[] cells : members) {
      Check.atMost(k, cells.length, "k");
    }
    int n = x.nRows();
    int nBatches = members.length;
    int[] indices = new int[Math.multiplyExact(n, Math.multiplyExact(nBatches, k))];
    double[] distances = new double[indices.length];
    var all = arguments.completed(metric, x);
    int[] batch = new int[n];
    for (int b = 0; b < nBatches; b++) {
      for (int i : members[b]) {
        batch[i] = b;
      }
    }
    double recall = 1;
    boolean approximate =
        search == Search.APPROXIMATE || (search == Search.AUTO && pays(x, members));
    if (metric.isVectorised() && !x.isSparse() && !approximate) {
      var points = PointSet.of(x, metric, all, "x");
      PairedSearch.within(
          Blocks.of(points, batch, nBatches), members, k, indices, distances, progress);
      return new Result(n, nBatches, k, indices, distances, Search.EXACT, 1);
    }
    approximate = false;
    for (int b = 0; b < nBatches; b++) {
      Parallel.checkInterrupted();
      int[] cells = members[b];
      var found = among(x, cells, k, metric, all, search);
      approximate |= found.search() == Search.APPROXIMATE;
      recall -= (1 - found.recall()) / nBatches;
      for (int i = 0; i < n; i++) {
        int at = (i * nBatches + b) * k;
        for (int c = 0; c < k; c++) {
          indices[at + c] = cells[found.indices()[i * k + c]];
        }
        System.arraycopy(found.distances(), i * k, distances, at, k);
        if (batch[i] == b) {
          putFirst(i, indices, distances, at, k);
        }
      }
      progress.step("neighbors", b + 1, nBatches, Double.NaN);
    }
    var ran = approximate ? Search.APPROXIMATE : Search.EXACT;
    return new Result(n, nBatches, k, indices, distances, ran, recall);
  }

  /** Whether any batch is so large that its lists are worth making. */
  private static boolean pays(Matrix x, int[][] members) {
    return x.nRows() > NearestNeighbors.AUTO_EXACT_CELLS
        && Arrays.stream(members).anyMatch(m -> InvertedSearch.pays(x.nRows(), m.length));
  }

  private static CrossNeighbors.Result among(
      Matrix x, int[] cells, int k, Metric metric, MetricArguments arguments, Search search) {
    var own = x.takeRows(cells);
    boolean exact =
        search == Search.EXACT
            || (search == Search.AUTO
                && (x.nRows() <= NearestNeighbors.AUTO_EXACT_CELLS
                    || !CrossNeighbors.pays(own, x, metric)));
    var each = exact ? Search.EXACT : Search.APPROXIMATE;
    return RefusedRowException.among(
        "reference",
        cells,
        "x",
        x.nRows(),
        () -> CrossNeighbors.run(own, x, k, metric, arguments, each, Progress.NONE));
  }

  /** Where duplicates of lower index have filled the list, the cell takes the place of the last. */
  private static void putFirst(int cell, int[] indices, double[] distances, int from, int k) {
    int at = from;
    while (at < from + k - 1 && indices[at] != cell) {
      at++;
    }
    System.arraycopy(indices, from, indices, from + 1, at - from);
    System.arraycopy(distances, from, distances, from + 1, at - from);
    indices[from] = cell;
    distances[from] = 0;
  }
}
