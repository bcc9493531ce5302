package org.cellweave.neural.fused;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.linalg.Blas;
import org.cellweave.neural.nn.Parameter;

/**
 * Weights in the forms that products read, copied once for all forward passes of a question: while
 * it is asked nothing trains. One object serves all threads, and is closed after them.
 */
public final class KeptWeights implements AutoCloseable {
  private final Map<Parameter, FloatPointer> offHeap = new HashMap<>();
  private final Map<Parameter, float[][]> rows = new HashMap<>();

  /** Off-heap, row-major. */
  synchronized FloatPointer offHeap(Parameter weight) {
    return offHeap.computeIfAbsent(
        weight,
        of -> {
          float[] values = of.values();
          FloatPointer out = Blas.floats(values.length);
          Buffers.copy(values, values.length, out);
          return out;
        });
  }

  /** Every row an array of its own. */
  synchronized float[][] rows(Parameter weight) {
    return rows.computeIfAbsent(
        weight,
        of -> {
          float[][] out = new float[of.rows()][of.cols()];
          for (int i = 0; i < out.length; i++) {
            System.arraycopy(of.values(), i * of.cols(), out[i], 0, of.cols());
          }
          return out;
        });
  }

  @Override
  public synchronized void close() {
    offHeap.values().forEach(FloatPointer::close);
    offHeap.clear();
    rows.clear();
  }
}
