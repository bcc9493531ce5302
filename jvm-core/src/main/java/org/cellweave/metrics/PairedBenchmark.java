package org.cellweave.metrics;

import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Check;

/**
 * Judges an embedding of two modalities by cells of which both halves are known: whether they lie
 * near their other half ({@link Foscttm}, {@link KnnAlignment}), and whether labels carry over
 * ({@link LabelTransfer}).
 *
 * <p>Cost {@code n^2 d} in tiles.
 */
public final class PairedBenchmark {
  private PairedBenchmark() {}

  /**
   * @param metric of all measures
   * @param maxNeighbors of the alignment, fewer where there are fewer pairs
   */
  public record Params(PairMetric metric, int maxNeighbors) {
    public static final Params DEFAULTS =
        new Params(PairMetric.EUCLIDEAN, KnnAlignment.Params.DEFAULTS.maxNeighbors());

    public Params {
      Check.positive(maxNeighbors, "maxNeighbors");
    }
  }

  /**
   * Forward is about the cells of the first modality: among those of the second, or by its labels.
   */
  public record Result(
      Foscttm.Result foscttm, KnnAlignment.Result alignment, LabelTransfer.Both transfer) {}

  /**
   * @param x cells of the first modality
   * @param y the same cells, in the same order, in the second
   * @param labels of these cells
   */
  public static Result run(DenseMatrix x, DenseMatrix y, Categories labels, Params params) {
    int[] codes = labels.forCells(x.nRows()).complete().codes();
    var foscttm = Foscttm.run(x, y, params.metric());
    var asked = new KnnAlignment.Params(Math.min(params.maxNeighbors(), x.nRows()));
    var nearest =
        new LabelTransfer.Params(LabelTransfer.Params.DEFAULTS.nNeighbors(), of(params.metric()));
    return new Result(
        foscttm, KnnAlignment.run(foscttm, asked), LabelTransfer.both(x, codes, y, codes, nearest));
  }

  private static Metric of(PairMetric metric) {
    return switch (metric) {
      case EUCLIDEAN -> Metric.EUCLIDEAN;
      case COSINE -> Metric.COSINE;
      case CORRELATION -> Metric.CORRELATION;
    };
  }
}
