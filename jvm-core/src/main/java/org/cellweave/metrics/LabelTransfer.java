package org.cellweave.metrics;

import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.MetricArguments;
import org.cellweave.neighbors.NearestNeighbors.Search;
import org.cellweave.neighbors.NeighborVotes;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * How often a cell's label is that of its nearest cells in another set, in a common space.
 *
 * <p>With several neighbours the most frequent label wins, among equals the one of the nearest
 * cell. Variances and covariances that a metric takes from data are those of both sets together.
 * Cost {@code n m d} in tiles; of many cells less, since {@link CrossNeighbors} then looks through
 * lists of near cells.
 */
public final class LabelTransfer {
  private LabelTransfer() {}

  /** Neighbours and metric. */
  public record Params(int nNeighbors, Metric metric) {
    public static final Params DEFAULTS = new Params(1, Metric.EUCLIDEAN);

    public Params {
      Check.positive(nNeighbors, "nNeighbors");
      metric.computed("label transfer");
    }
  }

  /**
   * @param predicted label of every query
   * @param accuracy share of queries whose label was met
   * @param balanced the same share per label, averaged over the labels that queries have
   */
  public record Result(int[] predicted, double accuracy, double balanced) {}

  /** Both directions. */
  public record Both(Result forward, Result backward) {
    public double meanAccuracy() {
      return (forward.accuracy() + backward.accuracy()) / 2;
    }
  }

  /** From the second set to the first, and back. */
  public static Both both(
      DenseMatrix x, int[] xLabels, DenseMatrix y, int[] yLabels, Params params) {
    var arguments = MetricArguments.NONE.completed(params.metric(), x, y);
    return new Both(
        run(x, xLabels, y, yLabels, params, arguments),
        run(y, yLabels, x, xLabels, params, arguments));
  }

  /**
   * Gives every query the label of its nearest references and compares it with its own.
   *
   * @param queryLabels codes of the same labels as {@code referenceLabels}
   */
  public static Result run(
      DenseMatrix queries,
      int[] queryLabels,
      DenseMatrix reference,
      int[] referenceLabels,
      Params params) {
    var arguments = MetricArguments.NONE.completed(params.metric(), queries, reference);
    return run(queries, queryLabels, reference, referenceLabels, params, arguments);
  }

  private static Result run(
      DenseMatrix queries,
      int[] queryLabels,
      DenseMatrix reference,
      int[] referenceLabels,
      Params params,
      MetricArguments arguments) {
    var truth = Categories.complete("queryLabels", queryLabels, queries.nRows());
    var known = Categories.complete("referenceLabels", referenceLabels, reference.nRows());
    int k = params.nNeighbors();
    if (k > reference.nRows()) {
      throw new IllegalArgumentException(
          "nNeighbors must not exceed the number of reference cells, got "
              + k
              + " for "
              + reference.nRows());
    }
    var lists =
        CrossNeighbors.run(
            reference, queries, k, params.metric(), arguments, Search.AUTO, Progress.NONE);
    return score(NeighborVotes.run(lists, known, new NeighborVotes.Params(k)).predicted(), truth);
  }

  private static Result score(int[] predicted, Categories truth) {
    long[] met = new long[truth.sizes().length];
    for (int i = 0; i < predicted.length; i++) {
      met[truth.codes()[i]] += predicted[i] == truth.codes()[i] ? 1 : 0;
    }
    double all = 0;
    double balanced = 0;
    for (int g = 0; g < met.length; g++) {
      all += met[g];
      balanced += truth.sizes()[g] > 0 ? met[g] / (double) truth.sizes()[g] : 0;
    }
    return new Result(predicted, all / predicted.length, balanced / truth.used());
  }
}
