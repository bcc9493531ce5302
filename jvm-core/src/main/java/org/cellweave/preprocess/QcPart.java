package org.cellweave.preprocess;

import java.io.Serializable;

/** Metrics of a range of cells, and what these cells add to the metrics of the genes. */
final class QcPart implements Serializable {
  private static final long serialVersionUID = 1;

  private final int first;
  private final int[] tops;
  private final boolean[][] masks;
  private final int[] nGenes;
  private final double[] totals;
  private final double[][] inTop;
  private final double[][] inSet;
  private final int[] nCells;
  private final double[] geneTotals;

  /**
   * @param tops sizes of the sets of largest genes, ascending
   * @param masks sets of genes
   */
  QcPart(int first, int nRows, int nCols, int[] tops, boolean[][] masks) {
    this.first = first;
    this.tops = tops;
    this.masks = masks;
    this.nGenes = new int[nRows];
    this.totals = new double[nRows];
    this.inTop = new double[tops.length][nRows];
    this.inSet = new double[masks.length][nRows];
    this.nCells = new int[nCols];
    this.geneTotals = new double[nCols];
  }

  /** Adds a cell; the values are reordered. */
  void row(int cell, int[] at, int start, double[] v, int n) {
    int i = cell - first;
    double sum = 0;
    int nonZero = 0;
    for (int k = 0; k < n; k++) {
      double value = v[k];
      int j = at[start + k];
      sum += value;
      geneTotals[j] += value;
      int one = value != 0 ? 1 : 0;
      nCells[j] += one;
      nonZero += one;
    }
    nGenes[i] = nonZero;
    totals[i] = sum;
    for (int s = 0; s < inSet.length; s++) {
      boolean[] mask = masks[s];
      double part = 0;
      for (int k = 0; k < n; k++) {
        if (mask[at[start + k]]) {
          part += v[k];
        }
      }
      inSet[s][i] = part;
    }
    topShares(i, v, n);
  }

  /** Sums of the largest values; reorders {@code v}. */
  private void topShares(int i, double[] v, int n) {
    int high = n;
    double below = 0;
    double total = totals[i];
    for (int t = tops.length - 1; t >= 0; t--) {
      int n0 = tops[t];
      if (n0 < high) {
        below += TopValues.splitOff(v, high, n0);
        high = n0;
      }
      inTop[t][i] = 100 * ((total - below) / total);
    }
  }

  /** Puts the cells in their places and adds to the genes. */
  void addTo(
      int[] allGenes,
      double[] allTotals,
      double[][] allInTop,
      double[][] allInSet,
      int[] cellsOfGenes,
      double[] totalsOfGenes) {
    System.arraycopy(nGenes, 0, allGenes, first, nGenes.length);
    System.arraycopy(totals, 0, allTotals, first, totals.length);
    for (int t = 0; t < inTop.length; t++) {
      System.arraycopy(inTop[t], 0, allInTop[t], first, totals.length);
    }
    for (int s = 0; s < inSet.length; s++) {
      System.arraycopy(inSet[s], 0, allInSet[s], first, totals.length);
    }
    for (int j = 0; j < nCells.length; j++) {
      cellsOfGenes[j] += nCells[j];
      totalsOfGenes[j] += geneTotals[j];
    }
  }
}
