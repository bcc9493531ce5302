package org.cellweave.neural.fused;

import java.util.List;
import java.util.function.Function;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;

/**
 * Runs a part of a module forward and gives the values: running statistics, no dropout, nothing
 * changes. One object serves one thread.
 */
public final class Forward implements AutoCloseable {
  private final Buffers buffers;

  /**
   * @param weights of the modules that this runs parts of
   */
  public Forward(KeptWeights weights) {
    this.buffers = new Buffers(weights);
  }

  /**
   * The values of the nodes that {@code part} gives, row-major, copied.
   *
   * @param noise what samples draw
   */
  public List<float[]> run(Minibatch minibatch, Noise noise, Function<Graph, List<Node>> part) {
    try {
      Tape tape = new Tape(minibatch, noise, false, buffers, null);
      return part.apply(tape).stream()
          .map(Tape::tensor)
          .map(t -> java.util.Arrays.copyOf(t.value, t.size()))
          .toList();
    } finally {
      buffers.release();
    }
  }

  @Override
  public void close() {
    buffers.close();
  }
}
