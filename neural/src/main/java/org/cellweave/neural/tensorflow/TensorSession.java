package org.cellweave.neural.tensorflow;

import java.util.List;
import org.cellweave.util.Parallel;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.family.TType;

/** A graph of TensorFlow with what runs it on one device. */
final class TensorSession implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Session session;

  /**
   * @param gpu whether operations go to a GPU where they can; to the CPU otherwise, even beside one
   * @param tuned whether graphs are rewritten before their first run
   */
  TensorSession(boolean gpu, boolean tuned) {
    // Many operations have one thread only, the products with sparse counts first of all: others
    // run beside them.
    var rewriting = RewriterConfig.newBuilder().setDisableMetaOptimizer(!tuned);
    ConfigProto.Builder config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(Parallel.threads())
            .setInterOpParallelismThreads(Parallel.threads())
            .setAllowSoftPlacement(true)
            .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriting))
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    if (!gpu) {
      config.putDeviceCount("GPU", 0);
    }
    session = new Session(graph, config.build());
  }

  Graph graph() {
    return graph;
  }

  Ops tf() {
    return tf;
  }

  Session.Runner runner() {
    return session.runner();
  }

  /**
   * Runs, and frees what it was fed.
   *
   * @throws IllegalStateException when the device has too little memory
   */
  Result run(Session.Runner runner, List<? extends TType> fed) {
    try {
      return runner.run();
    } catch (TFResourceExhaustedException e) {
      throw new IllegalStateException(outOfMemory(e), e);
    } finally {
      fed.forEach(TType::close);
    }
  }

  private static String outOfMemory(TFResourceExhaustedException e) {
    String first = e.getMessage().lines().findFirst().orElse("").strip();
    return "TensorFlow ran out of memory ("
        + first
        + "). Use a smaller batchSize, fewer genes or a smaller nHidden; on a GPU, see with"
        + " nvidia-smi who else has its memory, or use accelerator = \"cpu\"";
  }

  static void copy(Tensor tensor, float[] to) {
    tensor.asRawTensor().data().asFloats().read(to);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
