package org.cellweave.neural.fused;

import org.cellweave.neural.data.Counts;
import org.cellweave.util.Parallel;

/** The first layer of an encoder, by the counts that are not zero: nothing is made dense. */
final class CountProduct {
  private static final int CELLS = 16;
  private static final int GENES = 256;

  private CountProduct() {}

  /** The values that the encoder sees, entry by entry. */
  static void values(Counts counts, boolean log1p, float[] out) {
    float[] value = counts.value();
    int size = counts.size();
    if (log1p) {
      for (int p = 0; p < size; p++) {
        out[p] = SmallLogs.log1p(value[p]);
      }
    } else {
      System.arraycopy(value, 0, out, 0, size);
    }
  }

  /** {@code y = x w}: w is genes by units. */
  static void forward(Counts counts, float[] values, float[] w, int units, float[] y) {
    int[] start = counts.start();
    int[] gene = counts.gene();
    Parallel.forRange(
        counts.cells(),
        CELLS,
        (from, to) -> {
          RowSum sum = new RowSum(units);
          for (int i = from; i < to; i++) {
            sum.clear();
            for (int p = start[i]; p < start[i + 1]; p++) {
              sum.add(values[p], w, gene[p] * units);
            }
            sum.writeTo(y, i * units);
          }
        });
  }

  /**
   * {@code dw = x^T dy}, or {@code dw +=} that.
   *
   * @param add whether {@code dw} holds a part already
   */
  static void weightGradient(
      Counts counts, float[] values, float[] dy, int units, boolean add, float[] dw) {
    int[] start = counts.geneStart();
    int[] entry = counts.geneEntry();
    int[] cell = counts.geneCell();
    Parallel.forRange(
        counts.genes(),
        GENES,
        (from, to) -> {
          RowSum sum = new RowSum(units);
          for (int g = from; g < to; g++) {
            if (start[g] == start[g + 1]) {
              continue;
            }
            sum.clear();
            if (add) {
              sum.add(1, dw, g * units);
            }
            for (int q = start[g]; q < start[g + 1]; q++) {
              sum.add(values[entry[q]], dy, cell[q] * units);
            }
            sum.writeTo(dw, g * units);
          }
        });
  }

  /** Logarithms of what most counts are. */
  private static final class SmallLogs {
    private static final float[] OF = new float[256];

    static {
      for (int k = 0; k < OF.length; k++) {
        OF[k] = (float) Math.log1p(k);
      }
    }

    static float log1p(float x) {
      int whole = (int) x;
      return whole == x && whole >= 0 && whole < OF.length ? OF[whole] : (float) Math.log1p(x);
    }
  }
}
