package org.cellweave.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.DType;
import org.junit.jupiter.api.Test;

/** A single pass over a large graph takes long: an interrupt does not wait for its end. */
class LongPassTest {
  private static final int NODES = 2 * LocalMoving.LOOK;

  /** A ring: every node has an edge to the one before and the one after. */
  private static WeightedGraph ring() {
    var builder = new CsrBuilder(NODES, DType.FLOAT32);
    double[] ones = {1, 1};
    for (int i = 0; i < NODES; i++) {
      int before = Math.floorMod(i - 1, NODES);
      int after = (i + 1) % NODES;
      builder.addRow(new int[] {Math.min(before, after), Math.max(before, after)}, ones, 2);
    }
    return WeightedGraph.of(builder.build(), true, true);
  }

  private static void isInterrupted(ThrowingCallable pass) {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(pass).isInstanceOf(CancellationException.class);
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void anInterruptEndsLocalMoving() {
    var graph = ring();
    int[] cluster = new int[NODES];
    java.util.Arrays.setAll(cluster, i -> i);
    var moving = new LocalMoving(graph, 1.0 / NODES, cluster);
    isInterrupted(() -> moving.run(new SplittableRandom(1)));
  }

  @Test
  void anInterruptEndsRefinement() {
    var graph = ring();
    var refinement = new Refinement(graph, 1.0 / NODES, 0.01);
    int[] cluster = new int[NODES];
    var members = ClusterMembers.of(cluster, 1, graph.order);
    isInterrupted(() -> refinement.run(cluster, members, new SplittableRandom(1)));
  }
}
