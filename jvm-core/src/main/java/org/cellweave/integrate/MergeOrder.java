package org.cellweave.integrate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which batches join, one step after another. Batches are the nodes {@code 0 .. n - 1}; step {@code
 * s} makes node {@code n + s}, as in scipy's {@code linkage}.
 */
public record MergeOrder(List<Step> steps) {

  /**
   * @param left node that joins
   * @param right the other
   */
  public record Step(int left, int right) {}

  /**
   * @throws IllegalArgumentException when a node is joined twice or before it is made
   */
  public MergeOrder {
    steps = List.copyOf(steps);
    int nBatches = steps.size() + 1;
    boolean[] joined = new boolean[2 * nBatches - 1];
    for (int s = 0; s < steps.size(); s++) {
      for (int node : new int[] {steps.get(s).left(), steps.get(s).right()}) {
        if (node < 0 || node >= nBatches + s || joined[node]) {
          throw new IllegalArgumentException(
              "steps of the merge order must join each batch and each earlier step once, but step "
                  + s
                  + " of "
                  + steps.size()
                  + " joins node "
                  + node);
        }
        joined[node] = true;
      }
    }
  }

  public int nBatches() {
    return steps.size() + 1;
  }

  /** The batches below a node, ascending. */
  public int[] batches(int node) {
    if (node < nBatches()) {
      return new int[] {node};
    }
    Step step = steps.get(node - nBatches());
    return IntStream.concat(
            Arrays.stream(batches(step.left())), Arrays.stream(batches(step.right())))
        .sorted()
        .toArray();
  }
}
