package org.cellweave.integrate.mnn;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.MetricArguments;
import org.cellweave.neighbors.MutualNeighbors;
import org.cellweave.util.Parallel;

/** Merges in the space of genes: the cells of the right set get a shift each. */
final class ExpressionMerges implements MergeSchedule.Merger {
  private static final int BLOCK = 256;

  private final DenseMatrix in;
  private final DenseMatrix out;
  private final Categories batch;
  private final MnnCorrect.Params params;
  private final List<MnnMerge> merges = new ArrayList<>();

  /**
   * @param in values in which neighbours are sought; changed by every merge
   * @param out values that are to be corrected, the same object where they are the same
   */
  ExpressionMerges(DenseMatrix in, DenseMatrix out, Categories batch, MnnCorrect.Params params) {
    this.in = in;
    this.out = out;
    this.batch = batch;
    this.params = params;
  }

  List<MnnMerge> merges() {
    return merges;
  }

  @Override
  public MutualNeighbors.Pairs pairs(MergeNode left, MergeNode right) {
    return MutualNeighbors.run(
        in.takeRows(left.searched()),
        in.takeRows(right.searched()),
        params.plan().neighborsAmong(left.searched().length),
        params.plan().neighborsAmong(right.searched().length),
        Metric.EUCLIDEAN,
        MetricArguments.NONE);
  }

  @Override
  public double[] join(MergeNode left, MergeNode right, MutualNeighbors.Pairs pairs) {
    int[] leftCells = EmbeddingMerges.taken(left.searched(), pairs.first());
    int[] rightCells = EmbeddingMerges.taken(right.searched(), pairs.second());
    int[] sources = MeanShifts.distinct(rightCells);
    List<DenseMatrix> spaces = in == out ? List.of(in) : List.of(in, out);
    List<DenseMatrix> shifts = new ArrayList<>();
    // weights go by the values before any of them moves
    try (var smoothing = new GaussianSmoothing(in, sources, params.sigma())) {
      for (DenseMatrix space : spaces) {
        Parallel.checkInterrupted();
        var means = MeanShifts.of(space, leftCells, rightCells);
        shifts.add(smoothing.shifts(right.cells(), means.shifts()));
      }
    }
    for (int s = 0; s < spaces.size(); s++) {
      Parallel.checkInterrupted();
      refine(spaces.get(s), shifts.get(s), left, right, leftCells, sources);
      add(spaces.get(s), right.cells(), shifts.get(s));
    }
    merges.add(
        new MnnMerge(
            left.levels(),
            right.levels(),
            leftCells,
            rightCells,
            Double.NaN,
            false,
            new double[batch.nLevels()]));
    return null;
  }

  private void refine(
      DenseMatrix space,
      DenseMatrix shifts,
      MergeNode left,
      MergeNode right,
      int[] leftCells,
      int[] sources) {
    if (params.svdDim() > 0) {
      new BiologicalSpan(space, MeanShifts.distinct(leftCells), params.svdDim()).removeFrom(shifts);
      new BiologicalSpan(space, sources, params.svdDim()).removeFrom(shifts);
    }
    if (params.varAdj()) {
      try (var variance = new ShiftVariance(space, left.searched(), right, params.sigma())) {
        variance.adjust(shifts);
      }
    }
  }

  private static void add(DenseMatrix space, int[] cells, DenseMatrix shifts) {
    Parallel.forRange(
        cells.length,
        BLOCK,
        (from, to) -> {
          double[] row = new double[space.nCols()];
          double[] shift = new double[space.nCols()];
          for (int i = from; i < to; i++) {
            space.readRow(cells[i], row);
            shifts.readRow(i, shift);
            for (int j = 0; j < row.length; j++) {
              row[j] += shift[j];
            }
            space.setRow(cells[i], row);
          }
        });
  }
}
