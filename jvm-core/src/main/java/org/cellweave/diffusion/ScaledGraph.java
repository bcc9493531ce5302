package org.cellweave.diffusion;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;

/** Products with {@code diag(s) W diag(s)}, W the weights of a graph. */
final class ScaledGraph {
  private static final int BLOCK = 2048;

  private final CsrMatrix graph;
  private final double[] scale;
  private final double[] scaled;

  ScaledGraph(CsrMatrix graph, double[] scale) {
    this.graph = graph;
    this.scale = scale;
    scaled = new double[scale.length];
  }

  /** Row sums of the matrix. */
  double[] rowSums() {
    double[] ones = new double[scale.length];
    double[] sums = new double[scale.length];
    Arrays.fill(ones, 1);
    multiply(ones, sums);
    return sums;
  }

  /** {@code y = diag(s) W diag(s) x}. */
  void multiply(double[] x, double[] y) {
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = x[i] * scale[i];
    }
    Parallel.forRange(
        scaled.length,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            var block = graph.blockOf(i);
            int[] at = block.indices();
            double sum = 0;
            for (int p = block.start(i), end = block.end(i); p < end; p++) {
              sum += block.value(p) * scaled[at[p]];
            }
            y[i] = sum * scale[i];
          }
        });
  }
}
