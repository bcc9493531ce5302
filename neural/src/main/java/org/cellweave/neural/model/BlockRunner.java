package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.fused.Forward;
import org.cellweave.neural.fused.KeptWeights;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;
import org.cellweave.util.Parallel;

/**
 * Runs parts of a network for rows of cells. Every minibatch has the same number of rows, filled up
 * with the last cell, so that what a row rounds to depends on its place there alone, not on how
 * many others are asked for. One object serves one thread.
 */
final class BlockRunner implements AutoCloseable {
  static final int ROWS = 128;

  /** Into how many parts rows are shared out, about, where they are many. */
  private static final int TASKS = 16;

  private final CellData cells;
  private final Minibatch minibatch;
  private final Forward forward;
  private final int[] order = new int[ROWS];

  /**
   * @param weights of the network, shared by all threads
   */
  BlockRunner(CellData cells, KeptWeights weights) {
    this.cells = cells.forThread();
    this.minibatch = new Minibatch(cells.nGenes());
    this.forward = new Forward(weights);
  }

  /** Handles the rows {@code first <= i < first + count}, at most {@link #ROWS}. */
  @FunctionalInterface
  interface Body {
    void block(BlockRunner runner, int first, int count);
  }

  /** Runs the body for all rows in parallel, in blocks that depend on their number alone. */
  static void forBlocks(CellData cells, int rows, Body body) {
    // few enough rows to share out, enough to use a runner's memory again
    int task = Parallel.nBlocks(rows, TASKS * ROWS) * ROWS;
    try (var weights = new KeptWeights()) {
      Parallel.forRange(
          rows,
          task,
          (from, to) -> {
            try (var runner = new BlockRunner(cells, weights)) {
              for (int first = from; first < to; first += ROWS) {
                body.block(runner, first, Math.min(ROWS, to - first));
              }
            }
          });
    }
  }

  /**
   * The values of the nodes that {@code part} gives, {@link #ROWS} rows each; those after {@code
   * count} mean nothing.
   *
   * @param of cells, of which {@code first} and the following are taken
   * @param noise what samples draw
   * @param put changes what the minibatch holds; null for nothing
   */
  List<float[]> run(
      int[] of,
      int first,
      int count,
      Noise noise,
      Consumer<Minibatch> put,
      Function<Graph, List<Node>> part) {
    System.arraycopy(of, first, order, 0, count);
    Arrays.fill(order, count, ROWS, order[count - 1]);
    cells.feed(order, 0, ROWS, View.CELLS, minibatch);
    if (put != null) {
      put.accept(minibatch);
    }
    return forward.run(minibatch, noise, part);
  }

  /** The counts of the cells that ran last. */
  Counts counts() {
    return minibatch.counts(View.CELLS);
  }

  /** The codes of the cells that ran last. */
  int[] codes(String name) {
    return minibatch.codes(View.CELLS, name);
  }

  @Override
  public void close() {
    forward.close();
  }
}
