package org.cellweave.clonal.embedding;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.RefusedValueException;
import org.cellweave.util.ShapeMismatchException;

/**
 * Counts of the clones met around each clone, in plain arrays: row i has columns {@code at} and
 * counts {@code counts} at {@code start[i] <= p < start[i + 1]}.
 */
final class ContextCounts {
  final int nRows;
  final int nCols;
  final int[] start;
  final int[] at;
  final double[] counts;

  /** Sum of the counts of every row. */
  final double[] rowTotals;

  /** Sum of all counts. */
  final double total;

  private ContextCounts(int nRows, int nCols, int[] start, int[] at, double[] counts) {
    this.nRows = nRows;
    this.nCols = nCols;
    this.start = start;
    this.at = at;
    this.counts = counts;
    this.rowTotals = new double[nRows];
    double sum = 0;
    for (int i = 0; i < nRows; i++) {
      for (int p = start[i]; p < start[i + 1]; p++) {
        rowTotals[i] += counts[p];
      }
      sum += rowTotals[i];
    }
    this.total = sum;
  }

  /**
   * @param name of the matrix, for messages
   * @param withSelf whether a clone counts as met around itself; false leaves out the diagonal
   * @throws RefusedValueException when a count is negative or not a whole number
   * @throws IllegalArgumentException when none is there
   */
  static ContextCounts of(CsrMatrix matrix, String name, boolean withSelf) {
    if (matrix.nnz() > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          name + " has " + matrix.nnz() + " entries; at most 2^31 are possible");
    }
    int[] start = new int[matrix.nRows() + 1];
    int[] at = new int[(int) matrix.nnz()];
    double[] counts = new double[at.length];
    int used = 0;
    for (int i = 0; i < matrix.nRows(); i++) {
      var block = matrix.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        int j = block.indices()[p];
        double count = checked(block.value(p), name, i, j);
        if (count > 0 && (withSelf || i != j)) {
          at[used] = j;
          counts[used++] = count;
        }
      }
      start[i + 1] = used;
    }
    if (used == 0) {
      throw new IllegalArgumentException(
          name + " must have counts" + (withSelf ? "" : " off its diagonal") + ", but has none");
    }
    return new ContextCounts(
        matrix.nRows(),
        matrix.nCols(),
        start,
        Arrays.copyOf(at, used),
        Arrays.copyOf(counts, used));
  }

  private static double checked(double count, String name, int i, int j) {
    double whole = Math.rint(count);
    if (!(count >= 0)
        || Math.abs(count - whole) > 1e-8 + 1e-5 * whole
        || Double.isInfinite(count)) {
      throw new RefusedValueException(
          name
              + " must hold counts, whole numbers from 0, got "
              + count
              + " "
              + RefusedValueException.place(i, j)
              + ". Give the neighbours of clones as they were counted, not normalised",
          i,
          j,
          count);
    }
    return whole;
  }

  /**
   * These counts without some, and those.
   *
   * @param share the chance of each count to be left out
   */
  ContextCounts[] split(double share, java.util.SplittableRandom random) {
    double[] kept = counts.clone();
    double[] out = new double[counts.length];
    for (int p = 0; p < counts.length; p++) {
      for (int c = 0; c < (int) counts[p]; c++) {
        if (random.nextDouble() < share) {
          kept[p]--;
          out[p]++;
        }
      }
    }
    return new ContextCounts[] {
      new ContextCounts(nRows, nCols, start, at, kept),
      new ContextCounts(nRows, nCols, start, at, out)
    };
  }

  /** Contexts as rows. */
  ContextCounts transposed() {
    int[] starts = new int[nCols + 1];
    for (int j : at) {
      starts[j + 1]++;
    }
    for (int j = 0; j < nCols; j++) {
      starts[j + 1] += starts[j];
    }
    int[] next = starts.clone();
    int[] rows = new int[at.length];
    double[] values = new double[at.length];
    for (int i = 0; i < nRows; i++) {
      for (int p = start[i]; p < start[i + 1]; p++) {
        rows[next[at[p]]] = i;
        values[next[at[p]]++] = counts[p];
      }
    }
    return new ContextCounts(nCols, nRows, starts, rows, values);
  }

  /**
   * @param name of the counts, for the message
   * @throws IllegalArgumentException when there are not more clones and contexts than dimensions
   */
  void requireMoreThan(int zDim, String name) {
    if (Math.min(nRows, nCols) < 2) {
      throw new IllegalArgumentException(
          name
              + " must be of at least two clones, as there is no embedding of one in any zDim, got "
              + nRows
              + ". Lower minSize of c2v.pp.clonesAdata() to have more clones");
    }
    if (zDim >= Math.min(nRows, nCols)) {
      throw new IllegalArgumentException(
          "zDim must be less than the number of clones, got zDim = "
              + zDim
              + " for "
              + nRows
              + " clones and "
              + nCols
              + " contexts");
    }
  }

  /** Clones without a count. */
  int emptyRows() {
    return (int) Arrays.stream(rowTotals).filter(total -> total == 0).count();
  }

  /**
   * @param name of the counts, for the message
   * @throws ShapeMismatchException when a reference has other contexts than these columns
   */
  void requireContexts(int nContexts, String name) {
    if (nCols != nContexts) {
      throw new ShapeMismatchException(
          name
              + " must have a column for each of the "
              + nContexts
              + " contexts of the reference, got "
              + nCols);
    }
  }
}
