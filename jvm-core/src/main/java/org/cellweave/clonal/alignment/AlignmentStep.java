package org.cellweave.clonal.alignment;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.cellweave.integrate.MergeOrder;

/**
 * Two nodes that join, and the anchors between their clones.
 *
 * @param anchors of all batches
 * @param reference node that stays
 * @param query node that moves
 * @param referenceBatches levels below
 * @param queryBatches levels below
 * @param queryEnds clones at one end of each anchor, ascending
 * @param referenceEnds clones at the other end
 * @param weights of these anchors
 */
record AlignmentStep(
    Anchors anchors,
    int reference,
    int query,
    int[] referenceBatches,
    int[] queryBatches,
    int[] queryEnds,
    int[] referenceEnds,
    double[] weights) {

  static AlignmentStep of(Anchors anchors, MergeOrder order, MergeOrder.Step step) {
    int[] left = order.batches(step.left());
    int[] right = order.batches(step.right());
    return clones(anchors, left).length >= clones(anchors, right).length
        ? between(anchors, step.left(), left, step.right(), right)
        : between(anchors, step.right(), right, step.left(), left);
  }

  private static AlignmentStep between(
      Anchors anchors, int reference, int[] referenceBatches, int query, int[] queryBatches) {
    var graph = anchors.graph();
    IntPredicate isReference = has(anchors, referenceBatches);
    int most = (int) Math.min(graph.nnz(), Integer.MAX_VALUE - 16);
    int[] queryEnds = new int[most];
    int[] referenceEnds = new int[most];
    double[] weights = new double[most];
    int n = 0;
    for (int i : clones(anchors, queryBatches)) {
      var row = graph.blockOf(i);
      for (int p = row.start(i); p < row.end(i); p++) {
        if (isReference.test(row.indices()[p])) {
          queryEnds[n] = i;
          referenceEnds[n] = row.indices()[p];
          weights[n++] = row.value(p);
        }
      }
    }
    return new AlignmentStep(
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
    return clone -> inside[anchors.batches().code(clone)];
  }

  private static int[] clones(Anchors anchors, int[] levels) {
    return IntStream.range(0, anchors.batches().nCells()).filter(has(anchors, levels)).toArray();
  }

  int[] queryClones() {
    return clones(anchors, queryBatches);
  }

  int[] referenceClones() {
    return clones(anchors, referenceBatches);
  }

  /** Share of the clones of a side that have an anchor. */
  double share(boolean ofReference) {
    long found = Arrays.stream(ofReference ? referenceEnds : queryEnds).distinct().count();
    return (double) found / (ofReference ? referenceClones() : queryClones()).length;
  }

  /**
   * @param x embedding, a row for every clone
   * @throws IllegalArgumentException when there are too few anchors
   */
  AnchorPoints points(double[][] x, AnchorAlignment.Params params) {
    double[] used = weights.clone();
    if (!params.weighted()) {
      Arrays.fill(used, 1);
    }
    long effective = Arrays.stream(used).filter(w -> w > 0).count();
    if (effective < params.minAnchors()) {
      throw new IllegalArgumentException(
          "an alignment needs at least minAnchors = "
              + params.minAnchors()
              + " anchors of a weight above 0 between the two sides of a step, but "
              + anchors.called(queryBatches)
              + " and "
              + anchors.called(referenceBatches)
              + " have "
              + effective
              + " in "
              + anchors.name()
              + "; search for anchors with a larger k");
    }
    return new AnchorPoints(rows(x, queryEnds), rows(x, referenceEnds), used);
  }

  double[][] rows(double[][] x, int[] at) {
    return Arrays.stream(at).mapToObj(i -> x[i]).toArray(double[][]::new);
  }
}
