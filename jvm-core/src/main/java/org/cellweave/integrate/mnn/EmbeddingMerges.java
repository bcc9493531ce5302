package org.cellweave.integrate.mnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.MetricArguments;
import org.cellweave.neighbors.MutualNeighbors;

/**
 * Merges in a space of few dimensions: the direction between two sets is taken out of both before
 * the cells of one are brought to those of the other.
 */
final class EmbeddingMerges implements MergeSchedule.Merger {
  private final DenseMatrix x;
  private final Categories batch;
  private final ReducedMnn.Params params;
  private final LostVariance lost;
  private final List<MnnMerge> merges = new ArrayList<>();

  /**
   * @param x cells by dimensions, float64; changed by every merge
   */
  EmbeddingMerges(DenseMatrix x, Categories batch, ReducedMnn.Params params) {
    this.x = x;
    this.batch = batch;
    this.params = params;
    this.lost = new LostVariance(x, batch);
  }

  List<MnnMerge> merges() {
    return merges;
  }

  LostVariance lost() {
    return lost;
  }

  @Override
  public MutualNeighbors.Pairs pairs(MergeNode left, MergeNode right) {
    return MutualNeighbors.run(
        searched(left, right.vectors()),
        searched(right, left.vectors()),
        params.plan().neighborsAmong(left.searched().length),
        params.plan().neighborsAmong(right.searched().length),
        Metric.EUCLIDEAN,
        MetricArguments.NONE);
  }

  /** A copy without the directions that merges of the other set took out. */
  private DenseMatrix searched(MergeNode node, List<double[]> vectors) {
    var rows = x.takeRows(node.searched());
    int[] all = new int[rows.nRows()];
    Arrays.setAll(all, i -> i);
    for (double[] vector : vectors) {
      Centring.along(rows, all, all, vector, null);
    }
    return rows;
  }

  @Override
  public double[] join(MergeNode left, MergeNode right, MutualNeighbors.Pairs pairs) {
    double[] before = variances(left, right);
    left.vectors().forEach(vector -> center(right, vector));
    right.vectors().forEach(vector -> center(left, vector));
    int[] leftCells = taken(left.searched(), pairs.first());
    int[] rightCells = taken(right.searched(), pairs.second());
    var shifts = MeanShifts.of(x, leftCells, rightCells);
    double size = shifts.batchSize();
    boolean skipped = params.minBatchSkip() != null && size < params.minBatchSkip();
    double[] vector = skipped || size == 0 ? null : shifts.mean();
    if (vector != null) {
      center(left, vector);
      center(right, vector);
    }
    double[] after = variances(left, right);
    if (!skipped) {
      TricubeSmoothing.apply(
          x,
          right.cells(),
          MeanShifts.of(x, leftCells, rightCells),
          params.plan().neighborsAmong(right.searched().length),
          params.ndist());
    }
    merges.add(
        new MnnMerge(
            left.levels(),
            right.levels(),
            leftCells,
            rightCells,
            size,
            skipped,
            shares(before, after)));
    return vector;
  }

  private void center(MergeNode node, double[] vector) {
    Centring.along(x, node.cells(), node.searched(), vector, lost);
  }

  /** Of every batch that takes part; NaN for the others. */
  private double[] variances(MergeNode left, MergeNode right) {
    double[] out = new double[batch.nLevels()];
    Arrays.fill(out, Double.NaN);
    int[][] members = batch.members();
    for (MergeNode node : List.of(left, right)) {
      for (int level : node.levels()) {
        out[level] = lost.variance(members[level]);
      }
    }
    return out;
  }

  private static double[] shares(double[] before, double[] after) {
    double[] out = new double[before.length];
    Arrays.setAll(out, b -> before[b] > 0 ? 1 - after[b] / before[b] : 0);
    return out;
  }

  static int[] taken(int[] rows, int[] at) {
    return Arrays.stream(at).map(i -> rows[i]).toArray();
  }
}
