package org.cellweave.preprocess;

import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Per-gene sums within every batch, in one walk over the rows.
 *
 * <p>Rows are visited batch by batch in units of fixed size; unit sums are added in order.
 */
final class BatchTotals {
  private static final int MIN_UNIT_ROWS = 256;
  private static final int MAX_UNITS = 64;

  private final Rows rows;
  private final int nBatches;
  private final int[] order;
  private final int[] unitStart;
  private final int[] unitBatch;
  private final int[] sizes;

  /**
   * @param codes batch of every row, negative to leave it out; null for a single batch
   */
  BatchTotals(Rows rows, int[] codes, int nBatches) {
    this.rows = rows;
    this.nBatches = nBatches;
    int n = rows.nRows();
    int[] batchOf = codes == null ? new int[n] : codes;
    Check.sameLength(batchOf.length, n, "batch codes", "number of cells");
    this.sizes = new int[nBatches];
    for (int code : batchOf) {
      if (code >= 0) {
        sizes[code]++;
      }
    }
    int[] start = new int[nBatches + 1];
    for (int b = 0; b < nBatches; b++) {
      start[b + 1] = start[b] + sizes[b];
    }
    this.order = new int[start[nBatches]];
    int[] next = start.clone();
    for (int i = 0; i < n; i++) {
      if (batchOf[i] >= 0) {
        order[next[batchOf[i]]++] = i;
      }
    }
    int unitRows = Math.max(MIN_UNIT_ROWS, Parallel.nBlocks(n, MAX_UNITS));
    int units = 0;
    for (int size : sizes) {
      units += Parallel.nBlocks(size, unitRows);
    }
    this.unitStart = new int[units + 1];
    this.unitBatch = new int[units];
    int u = 0;
    for (int b = 0; b < nBatches; b++) {
      for (int first = start[b]; first < start[b + 1]; first += unitRows) {
        unitStart[u] = first;
        unitBatch[u++] = b;
      }
    }
    unitStart[units] = order.length;
  }

  /** Number of rows of every batch. */
  int[] sizes() {
    return sizes;
  }

  /** Adds the entries of one row to the sums of its unit. */
  @FunctionalInterface
  interface Kernel {
    void row(int batch, int[] at, int start, double[] v, int n, Sums sums);
  }

  /**
   * @param sum per gene
   * @param squares sum of squares per gene
   */
  record Sums(double[] sum, double[] squares) {
    Sums(int nGenes) {
      this(new double[nGenes], new double[nGenes]);
    }

    void add(int j, double v) {
      sum[j] += v;
      squares[j] += v * v;
    }

    void addAll(Sums other) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += other.sum[j];
        squares[j] += other.squares[j];
      }
    }

    boolean isFinite() {
      double total = 0;
      for (int j = 0; j < sum.length; j++) {
        total += 0 * squares[j];
      }
      return total == 0;
    }

    double mean(int j, int n) {
      return sum[j] / n;
    }

    /**
     * Divided by {@code n - 1}. A difference within rounding of the squares is zero, so that a
     * constant gene has no variance.
     */
    double variance(int j, int n) {
      double centred = squares[j] - sum[j] / n * sum[j];
      return centred <= 1e-13 * squares[j] ? 0 : centred / (n - 1);
    }
  }

  /** Plain sums and sums of squares. */
  static final Kernel PLAIN =
      (batch, at, start, v, n, sums) -> {
        for (int k = 0; k < n; k++) {
          sums.add(at[start + k], v[k]);
        }
      };

  Sums[] collect(Kernel kernel) {
    int nGenes = rows.nCols();
    var parts =
        Parallel.map(
            unitBatch.length,
            u -> {
              var sums = new Sums(nGenes);
              rows.visit(
                  order,
                  unitStart[u],
                  unitStart[u + 1],
                  (i, at, start, v, n) -> kernel.row(unitBatch[u], at, start, v, n, sums));
              return sums;
            });
    Sums[] out = new Sums[nBatches];
    for (int b = 0; b < nBatches; b++) {
      out[b] = new Sums(nGenes);
    }
    for (int u = 0; u < unitBatch.length; u++) {
      out[unitBatch[u]].addAll(parts.get(u));
    }
    return out;
  }
}
