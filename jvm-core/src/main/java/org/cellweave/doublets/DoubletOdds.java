package org.cellweave.doublets;

import java.util.Arrays;
import org.cellweave.neighbors.NearestNeighbors;

/**
 * Scores from the share of doublets among each point's neighbours, and their standard errors by the
 * delta method; formulas of Wolock, Lopez and Klein 2019.
 */
final class DoubletOdds {
  private final double n;
  private final double rho;
  private final double rhoError;
  private final double r;

  /**
   * @param n length of the lists of neighbours
   * @param r doublets per cell
   */
  DoubletOdds(int n, double r, double rho, double rhoError) {
    this.n = n;
    this.r = r;
    this.rho = rho;
    this.rhoError = rhoError;
  }

  double score(int doublets) {
    double q = (doublets + 1) / (n + 2);
    return q * rho / r / (1 - rho - q * (1 - rho - rho / r));
  }

  double error(int doublets) {
    double q = (doublets + 1) / (n + 2);
    double qError = Math.sqrt(q * (1 - q) / (n + 3));
    double rest = 1 - rho - q * (1 - rho - rho / r);
    double a = qError / q * (1 - rho);
    double b = rhoError / rho * (1 - q);
    return q * rho / r / (rest * rest) * Math.sqrt(a * a + b * b);
  }

  /** How many of the other points in every list are doublets. */
  static int[] count(NearestNeighbors.Result lists, int nObserved) {
    int k = lists.nNeighbors();
    int[] counts = new int[lists.nCells()];
    for (int i = 0; i < counts.length; i++) {
      for (int p = i * k + 1; p < (i + 1) * k; p++) {
        counts[i] += lists.indices()[p] >= nObserved ? 1 : 0;
      }
    }
    return counts;
  }

  /** Distinct parents of the doublets next to every cell, ascending. */
  static int[][] parents(NearestNeighbors.Result lists, int nObserved, int[] parents) {
    int k = lists.nNeighbors();
    int[][] out = new int[nObserved][];
    for (int i = 0; i < nObserved; i++) {
      int[] found = new int[2 * k];
      int n = 0;
      for (int p = i * k; p < (i + 1) * k; p++) {
        int d = lists.indices()[p] - nObserved;
        if (d >= 0) {
          found[n++] = parents[2 * d];
          found[n++] = parents[2 * d + 1];
        }
      }
      out[i] = Arrays.stream(found, 0, n).sorted().distinct().toArray();
    }
    return out;
  }
}
