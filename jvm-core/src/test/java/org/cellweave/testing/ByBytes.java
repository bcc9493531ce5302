package org.cellweave.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.RangeKernel;
import org.cellweave.matrix.RangeRunner;
import org.cellweave.matrix.RowStore;
import org.cellweave.matrix.Rows;
import org.cellweave.matrix.TaskKernel;
import org.cellweave.util.Parallel;

/** Sends rows, kernels and results through bytes, as if everything ran in another process. */
public final class ByBytes implements RangeRunner {
  private final AtomicInteger passes = new AtomicInteger();

  /** How often something was run. */
  public int passes() {
    return passes.get();
  }

  @Override
  public <T> void run(
      RowStore store, int[] bounds, RangeKernel<T> kernel, RangeKernel.Take<T> take) {
    passes.incrementAndGet();
    Rows there = Rows.of(CsrMatrix.of(sent(store)));
    RangeKernel<T> thereKernel = sent(kernel);
    for (int g = 0; g + 1 < bounds.length; g++) {
      int from = bounds[g];
      int to = bounds[g + 1];
      take.part(from, sent(Parallel.alone(() -> thereKernel.of(there, from, to))));
    }
  }

  @Override
  public <G, T> void tasks(
      int count, IntFunction<G> given, TaskKernel<G, T> kernel, RangeKernel.Take<T> take) {
    passes.incrementAndGet();
    TaskKernel<G, T> there = sent(kernel);
    for (int task = 0; task < count; task++) {
      take.part(task, sent(there.of(task, sent(given.apply(task)))));
    }
  }

  /** What arrives. */
  @SuppressWarnings("unchecked")
  public static <T> T sent(T value) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
