package org.cellweave.integrate.anchors;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.cellweave.integrate.MergeOrder;

/**
 * Two nodes of a {@link MergeOrder} that join, and the anchors between their cells. The side with
 * more cells stays, of equal ones the left; the other moves.
 *
 * @param anchors of all batches
 * @param reference node that stays
 * @param query node that moves
 * @param referenceBatches levels below
 * @param queryBatches levels below
 * @param queryEnds cells at one end of each anchor, ascending
 * @param referenceEnds cells at the other end
 * @param weights of these anchors
 */
public record MergeStep(
    Anchors anchors,
    int reference,
    int query,
    int[] referenceBatches,
    int[] queryBatches,
    int[] queryEnds,
    int[] referenceEnds,
    double[] weights) {

  public static MergeStep of(Anchors anchors, MergeOrder order, MergeOrder.Step step) {
    int[] left = order.batches(step.left());
    int[] right = order.batches(step.right());
    return cells(anchors, left).length >= cells(anchors, right).length
        ? between(anchors, step.left(), left, step.right(), right)
        : between(anchors, step.right(), right, step.left(), left);
  }

  /** The same with the sides given, whatever their sizes. */
  public static MergeStep between(
      Anchors anchors, int reference, int[] referenceBatches, int query, int[] queryBatches) {
    var graph = anchors.graph();
    IntPredicate isReference = has(anchors, referenceBatches);
    int most = (int) Math.min(graph.nnz(), Integer.MAX_VALUE - 16);
    int[] queryEnds = new int[most];
    int[] referenceEnds = new int[most];
    double[] weights = new double[most];
    int n = 0;
    for (int i : cells(anchors, queryBatches)) {
      var row = graph.blockOf(i);
      for (int p = row.start(i); p < row.end(i); p++) {
        if (isReference.test(row.indices()[p])) {
          queryEnds[n] = i;
          referenceEnds[n] = row.indices()[p];
          weights[n++] = row.value(p);
        }
      }
    }
    return new MergeStep(
        anchors,
        reference,
        query,
        referenceBatches,
        queryBatches,
        Arrays.copyOf(queryEnds, n),
        Arrays.copyOf(referenceEnds, n),
        Arrays.copyOf(weights, n));
  }

  private static IntPredicate has(Anchors anchors, int[] levels) {
    boolean[] inside = new boolean[anchors.batches().nLevels()];
    Arrays.stream(levels).forEach(level -> inside[level] = true);
    return cell -> inside[anchors.batches().code(cell)];
  }

  private static int[] cells(Anchors anchors, int[] levels) {
    return IntStream.range(0, anchors.batches().nCells()).filter(has(anchors, levels)).toArray();
  }

  public int[] queryCells() {
    return cells(anchors, queryBatches);
  }

  public int[] referenceCells() {
    return cells(anchors, referenceBatches);
  }

  /** Share of the cells of a side that have an anchor. */
  public double share(boolean ofReference) {
    long found = Arrays.stream(ofReference ? referenceEnds : queryEnds).distinct().count();
    return (double) found / (ofReference ? referenceCells() : queryCells()).length;
  }
}
