package org.cellweave.preprocess.sctransform;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Moments of the counts of every gene in some cells.
 *
 * @param nCells how many cells there are
 * @param detected cells with counts, for every level of the covariate and gene
 * @param sum of the counts, likewise
 * @param squares sum of the squared counts of every gene
 * @param logSum sum of {@code log(1 + count)} of every gene
 */
record GeneFacts(int nCells, int[][] detected, double[][] sum, double[] squares, double[] logSum) {
  static final int GENES_PER_BLOCK = 32;

  /**
   * @param counts genes by cells
   * @param level of each cell; negative for cells to leave out
   */
  static GeneFacts of(CsrMatrix counts, int[] level, int nLevels) {
    int nGenes = counts.nRows();
    int used = 0;
    for (int l : level) {
      used += l >= 0 ? 1 : 0;
    }
    var facts =
        new GeneFacts(
            used,
            new int[nLevels][nGenes],
            new double[nLevels][nGenes],
            new double[nGenes],
            new double[nGenes]);
    var rows = Rows.of(counts);
    Parallel.forRange(
        nGenes,
        GENES_PER_BLOCK,
        (from, to) ->
            rows.visit(from, to, (g, at, start, v, n) -> facts.add(g, level, at, start, v, n)));
    return facts;
  }

  private void add(int gene, int[] level, int[] at, int start, double[] counts, int n) {
    for (int k = 0; k < n; k++) {
      int l = level[at[start + k]];
      if (l >= 0 && counts[k] > 0) {
        detected[l][gene]++;
        sum[l][gene] += counts[k];
        squares[gene] += counts[k] * counts[k];
        logSum[gene] += Elementary.log(1 + counts[k]);
      }
    }
  }

  /** {@code exp(mean(log(1 + count))) - 1}. */
  double geometricMean(int gene) {
    return Elementary.expm1(logSum[gene] / nCells);
  }

  double mean(int gene) {
    double total = 0;
    for (double[] s : sum) {
      total += s[gene];
    }
    return total / nCells;
  }

  /** Divided by one less than the number of cells. */
  double variance(int gene) {
    double mean = mean(gene);
    return (squares[gene] - nCells * mean * mean) / (nCells - 1);
  }

  int detectedAnywhere(int gene) {
    int total = 0;
    for (int[] d : detected) {
      total += d[gene];
    }
    return total;
  }

  /** The least over levels. */
  int detectedInEach(int gene) {
    int least = Integer.MAX_VALUE;
    for (int[] d : detected) {
      least = Math.min(least, d[gene]);
    }
    return least;
  }
}
