package org.cellweave.trajectory;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;
import org.cellweave.util.Parallel;

/**
 * Entropy, for every group of cells, of the cells' median expression brought to between 0 and 1:
 * scanpy's {@code paga_expression_entropies}.
 *
 * <p>The medians are over genes, one for each cell, as scanpy 1.11.5 computes them. A group whose
 * cells all have the same median has no entropy: NaN. Cost: one pass, a sort per cell.
 */
public final class GroupEntropy {
  private static final int CELLS_PER_BLOCK = 256;

  private GroupEntropy() {}

  /**
   * @param x cells by genes
   * @param codes group of every cell; negative for none
   * @return one entropy per group, in nats
   */
  public static double[] run(Matrix x, int[] codes, int nGroups) {
    Check.sameLength(codes.length, x.nRows(), "codes", "the number of cells");
    double[] medians = medians(x);
    double[] entropies = new double[nGroups];
    for (int g = 0; g < nGroups; g++) {
      int group = g;
      double[] of =
          IntStream.range(0, codes.length)
              .filter(i -> codes[i] == group)
              .mapToDouble(i -> medians[i])
              .toArray();
      entropies[g] = entropy(of);
    }
    return entropies;
  }

  private static double entropy(double[] values) {
    double low = Arrays.stream(values).min().orElse(Double.NaN);
    double sum = Arrays.stream(values).map(v -> v - low).sum();
    double entropy = 0;
    for (double v : values) {
      double p = (v - low) / sum;
      entropy -= p == 0 ? 0 : p * Elementary.log(p);
    }
    return sum == 0 ? Double.NaN : entropy;
  }

  private static double[] medians(Matrix x) {
    double[] medians = new double[x.nRows()];
    var rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        CELLS_PER_BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            rows.read(i, row);
            medians[i] = Median.of(row);
          }
        });
    return medians;
  }
}
