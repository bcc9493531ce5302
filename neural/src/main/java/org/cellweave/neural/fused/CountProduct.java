package org.cellweave.neural.fused;

import org.cellweave.neural.data.Counts;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** The first layer of an encoder, by the counts that are not zero: nothing is made dense. */
final class CountProduct {
  private static final int CELLS = 16;
  private static final int GENES = 256;

  private CountProduct() {}

  /**
   * {@code y = x w}.
   *
   * @param values written: what the encoder sees, entry by entry
   * @param weight genes by units
   */
  static void forward(
      Counts counts, boolean log1p, float[] values, Parameter weight, float[] y, Buffers buffers) {
    int units = weight.cols();
    int[] start = counts.start();
    int blocks = Parallel.nBlocks(counts.cells(), CELLS);
    float[][] rows = rows(counts, weight, buffers);
    Parallel.forBlocks(
        blocks,
        block -> {
          int from = block * CELLS;
          int to = Math.min(counts.cells(), from + CELLS);
          seen(counts.value(), log1p, start[from], start[to], values);
          RowSum sum = new RowSum(units);
          for (int i = from; i < to; i++) {
            sum.clear();
            sum.add(rows, counts.gene(), values, start[i], start[i + 1]);
            sum.writeTo(y, i * units);
          }
        });
  }

  /** The weights of every gene that has a count. */
  private static float[][] rows(Counts counts, Parameter weight, Buffers buffers) {
    float[][] kept = buffers.keptRows(weight);
    if (kept != null) {
      return kept;
    }
    int[] start = counts.geneStart();
    float[][] rows = buffers.rows(counts.genes(), weight.cols());
    Parallel.forRange(
        counts.genes(),
        GENES,
        (from, to) -> {
          for (int g = from; g < to; g++) {
            if (start[g] < start[g + 1]) {
              System.arraycopy(weight.values(), g * weight.cols(), rows[g], 0, weight.cols());
            }
          }
        });
    return rows;
  }

  private static void seen(float[] counts, boolean log1p, int from, int to, float[] out) {
    if (!log1p) {
      System.arraycopy(counts, from, out, from, to - from);
      return;
    }
    for (int p = from; p < to; p++) {
      out[p] = SmallLogs.log1p(counts[p]);
    }
  }

  /**
   * {@code dw = x^T dy}, or {@code dw +=} that.
   *
   * @param values as {@link #forward} wrote them
   * @param add whether {@code dw} holds a part already
   */
  static void weightGradient(
      Counts counts, float[] values, Tensor y, boolean add, float[] dw, Buffers buffers) {
    int units = y.cols;
    int[] start = counts.geneStart();
    int[] entry = counts.geneEntry();
    float[][] rows = buffers.rows(y.rows, units);
    for (int i = 0; i < y.rows; i++) {
      System.arraycopy(y.gradient, i * units, rows[i], 0, units);
    }
    float[] byGene = buffers.take(values.length);
    Parallel.forRange(
        counts.genes(),
        GENES,
        (from, to) -> {
          for (int q = start[from]; q < start[to]; q++) {
            byGene[q] = values[entry[q]];
          }
          RowSum sum = new RowSum(units);
          for (int g = from; g < to; g++) {
            if (add) {
              sum.load(dw, g * units);
            } else {
              sum.clear();
            }
            sum.add(rows, counts.geneCell(), byGene, start[g], start[g + 1]);
            sum.writeTo(dw, g * units);
          }
        });
  }

  /** Logarithms of what most counts are. */
  private static final class SmallLogs {
    private static final float[] OF = new float[256];

    static {
      for (int k = 0; k < OF.length; k++) {
        OF[k] = (float) Elementary.log1p(k);
      }
    }

    static float log1p(float x) {
      int whole = (int) x;
      return whole == x && whole >= 0 && whole < OF.length
          ? OF[whole]
          : (float) Elementary.log1p(x);
    }
  }
}
