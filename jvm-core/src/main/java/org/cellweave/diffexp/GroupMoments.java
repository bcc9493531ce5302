package org.cellweave.diffexp;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;

/** Sum, sum of squares and number of non-zero values of every gene in every group, in one pass. */
final class GroupMoments {
  /** Memory that the partial sums of all parts may take together. */
  private static final long PART_BYTES = 256L << 20;

  private static final float LEAST_SQUARE = 1e-30f;
  private static final float LARGEST_SQUARE = 1e38f;

  private final int nGenes;
  private final double[] sum;
  private final double[] squares;
  private final int[] nonZero;
  private final int[] sizes;
  private final int nGroups;

  private GroupMoments(int nGroups, int nGenes) {
    this.nGroups = nGroups;
    this.nGenes = nGenes;
    this.sum = new double[nGroups * nGenes];
    this.squares = new double[nGroups * nGenes];
    this.nonZero = new int[nGroups * nGenes];
    this.sizes = new int[nGroups];
  }

  /**
   * @param codes group of every cell in {@code [0, nGroups)}; a last group holds cells that belong
   *     to none, so that all groups together are all cells
   */
  static GroupMoments of(CsrMatrix x, int[] codes, int nGroups) {
    int nGenes = x.nCols();
    int[] bounds = parts(x, (long) nGroups * nGenes * 20);
    var partial =
        Parallel.map(
            bounds.length - 1,
            g -> {
              var part = new GroupMoments(nGroups, nGenes);
              for (int b = bounds[g]; b < bounds[g + 1]; b++) {
                part.add(x.block(b), codes);
              }
              return part;
            });
    var total = new GroupMoments(nGroups, nGenes);
    for (GroupMoments part : partial) {
      total.add(part);
    }
    for (int code : codes) {
      total.sizes[code]++;
    }
    return total;
  }

  /** Contiguous parts of the blocks; how many depends on sizes alone. */
  private static int[] parts(CsrMatrix x, long bytesPerPart) {
    int n = (int) Math.max(2, Math.min(64, PART_BYTES / Math.max(1, bytesPerPart)));
    n = Math.min(n, x.blockCount());
    int[] bounds = new int[n + 1];
    for (int g = 0; g <= n; g++) {
      bounds[g] = (int) ((long) x.blockCount() * g / Math.max(1, n));
    }
    return bounds;
  }

  private void add(CsrMatrix.Block block, int[] codes) {
    int[] indices = block.indices();
    float[] values = block.values();
    for (int i = block.firstRow(); i < block.endRow(); i++) {
      int base = codes[i] * nGenes;
      int end = block.end(i);
      for (int p = block.start(i); p < end; p++) {
        float v = values[p];
        int at = base + indices[p];
        sum[at] += v;
        // Squared in float32, as scanpy does: its p-values near 1e-60 then agree to 1e-5. Squares
        // that float32 cannot hold are taken in float64, lest a variance be 0 or infinite.
        float square = v * v;
        squares[at] += square > LEAST_SQUARE && square < LARGEST_SQUARE ? square : (double) v * v;
        nonZero[at] += v != 0 ? 1 : 0;
      }
    }
  }

  private void add(GroupMoments part) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += part.sum[k];
      squares[k] += part.squares[k];
      nonZero[k] += part.nonZero[k];
    }
  }

  int nGroups() {
    return nGroups;
  }

  int nGenes() {
    return nGenes;
  }

  /** Moments of one gene in what a group is compared with: a reference group or all others. */
  Moments compared(int group, int reference, int gene) {
    return reference == RankGenesGroups.REST ? outside(group, gene) : in(reference, gene);
  }

  int size(int group) {
    return sizes[group];
  }

  /** Moments of one gene in one group. */
  Moments in(int group, int gene) {
    int at = group * nGenes + gene;
    return new Moments(sizes[group], sum[at], squares[at], nonZero[at]);
  }

  /** Moments of one gene in all cells outside a group. */
  Moments outside(int group, int gene) {
    double s = 0;
    double q = 0;
    int z = 0;
    int n = 0;
    for (int g = 0; g < nGroups; g++) {
      if (g != group) {
        int at = g * nGenes + gene;
        s += sum[at];
        q += squares[at];
        z += nonZero[at];
        n += sizes[g];
      }
    }
    return new Moments(n, s, q, z);
  }

  /**
   * @param n number of cells
   * @param nonZero how many of them express the gene
   */
  record Moments(int n, double sum, double squares, int nonZero) {
    double mean() {
      return sum / n;
    }

    /** Divided by n - 1. */
    double variance() {
      double mean = mean();
      return Math.max(0, squares / n - mean * mean) * (n / (n - 1.0));
    }

    double fraction() {
      return (double) nonZero / n;
    }
  }
}
