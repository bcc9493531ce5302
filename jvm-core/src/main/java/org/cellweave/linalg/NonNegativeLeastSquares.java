package org.cellweave.linalg;

import java.util.Arrays;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;

/**
 * Many least-squares problems with the same coefficients and no negative unknown, from the inner
 * products of the coefficients: {@code min |A x - b|}, given {@code A'A} and {@code A'b}. Exact, by
 * block principal pivoting; problems are independent, so that threads do not matter.
 *
 * <p>Where problems change little from one call to the next, the sets of unknowns above zero are
 * kept and tried first. Cost: one factorisation for every set that occurs among {@value #BLOCK}
 * problems, times the pivots, two or three from scratch and about one from kept sets.
 *
 * @see <a href="https://doi.org/10.1137/110821172">Kim and Park 2011</a>
 */
public final class NonNegativeLeastSquares {
  private static final int BLOCK = 256;

  /** Full exchanges without progress before one unknown is exchanged at a time. */
  private static final int PATIENCE = 3;

  private static final double ZERO = 1e-12;

  /** For every unknown. */
  private static final int MOST_ROUNDS = 100;

  private final int k;
  private final int problems;
  private final int words;

  /** Unknowns above zero, bit by bit, {@code words} for every problem. */
  private final long[] passive;

  /**
   * @param k unknowns of every problem
   * @param problems how many there are
   */
  public NonNegativeLeastSquares(int k, int problems) {
    this.k = k;
    this.problems = problems;
    this.words = (k + 63) / 64;
    this.passive = new long[Math.multiplyExact(problems, words)];
  }

  /**
   * Tries the unknowns above zero of a known solution first.
   *
   * @param x problems by k, row-major
   */
  public void startFrom(double[] x) {
    for (int p = 0; p < problems; p++) {
      for (int c = 0; c < k; c++) {
        if (x[p * k + c] > 0) {
          passive[p * words + c / 64] |= 1L << c % 64;
        }
      }
    }
  }

  /**
   * @param gram k by k, symmetric, positive definite
   * @param right problems by k, row-major
   * @param x problems by k, row-major; written
   */
  public void solve(double[][] gram, double[] right, double[] x) {
    Parallel.forRange(problems, BLOCK, (from, to) -> new Block(gram, right, x, from, to).solve());
  }

  private final class Block {
    private final double[][] gram;
    private final double[] right;
    private final double[] x;
    private final int from;
    private final int[] best;
    private final int[] patience;

    /** Problems that have not settled, counted from {@code from}. */
    private final int[] open;

    private int nOpen;

    /** Groups of open problems with the same set: first and last of each, and who is next. */
    private final int[] first;

    private final int[] last;
    private final int[] next;
    private final int[] table = new int[2 * BLOCK];
    private int nGroups;

    private final int[] set = new int[k];
    private final double[] y = new double[k];

    /** Lower triangle L of {@code L L'}, of as many rows as the set has unknowns. */
    private final double[][] l = new double[k][];

    Block(double[][] gram, double[] right, double[] x, int from, int to) {
      this.gram = gram;
      this.right = right;
      this.x = x;
      this.from = from;
      this.nOpen = to - from;
      this.best = new int[nOpen];
      this.patience = new int[nOpen];
      this.open = new int[nOpen];
      this.first = new int[nOpen];
      this.last = new int[nOpen];
      this.next = new int[nOpen];
      Arrays.fill(best, k + 1);
      Arrays.fill(patience, PATIENCE);
      Arrays.setAll(open, p -> p);
      Arrays.setAll(l, r -> new double[r + 1]);
    }

    void solve() {
      for (int round = 0; nOpen > 0; round++) {
        if (round > MOST_ROUNDS * k) {
          throw new ConvergenceException(
              "non-negative least squares: "
                  + nOpen
                  + " problems did not settle; their coefficients depend on each other. Take fewer"
                  + " factors");
        }
        group();
        nOpen = 0;
        for (int g = 0; g < nGroups; g++) {
          int size = set(first[g]);
          factor(size);
          for (int p = first[g]; p >= 0; p = next[p]) {
            if (pivots(p, size)) {
              open[nOpen++] = p;
            }
          }
        }
      }
    }

    /** Finds the open problems whose sets are alike, by a table of hashes. */
    private void group() {
      Arrays.fill(table, -1);
      nGroups = 0;
      for (int q = 0; q < nOpen; q++) {
        int p = open[q];
        int slot = slot(p);
        int g = table[slot];
        next[p] = -1;
        if (g < 0) {
          table[slot] = nGroups;
          first[nGroups] = p;
          last[nGroups++] = p;
        } else {
          next[last[g]] = p;
          last[g] = p;
        }
      }
    }

    /** The place of the problem's set in the table, or a free one. */
    private int slot(int p) {
      int at = (from + p) * words;
      long hash = 0;
      for (int w = 0; w < words; w++) {
        hash = (hash ^ passive[at + w]) * 0x9E3779B97F4A7C15L;
      }
      int slot = (int) (hash >>> 32) & table.length - 1;
      while (table[slot] >= 0 && !isSame(at, (from + first[table[slot]]) * words)) {
        slot = slot + 1 & table.length - 1;
      }
      return slot;
    }

    private boolean isSame(int a, int b) {
      return Arrays.equals(passive, a, a + words, passive, b, b + words);
    }

    private boolean isPassive(int p, int c) {
      return (passive[(from + p) * words + c / 64] >>> c % 64 & 1) != 0;
    }

    /** How many unknowns are in the set of a problem. */
    private int set(int p) {
      int size = 0;
      for (int c = 0; c < k; c++) {
        if (isPassive(p, c)) {
          set[size++] = c;
        }
      }
      return size;
    }

    private void factor(int size) {
      for (int r = 0; r < size; r++) {
        double[] row = l[r];
        double[] of = gram[set[r]];
        for (int c = 0; c <= r; c++) {
          double[] other = l[c];
          double sum = of[set[c]];
          for (int q = 0; q < c; q++) {
            sum -= row[q] * other[q];
          }
          // rounding can leave nothing of a column that others span: it gets no weight
          row[c] = c < r ? sum / other[c] : Math.sqrt(Math.max(sum, Double.MIN_NORMAL));
        }
      }
    }

    /** Solves for the set and exchanges unknowns; whether any was. */
    private boolean pivots(int p, int size) {
      int at = (from + p) * k;
      Arrays.fill(x, at, at + k, 0);
      for (int r = 0; r < size; r++) {
        double[] row = l[r];
        double sum = right[at + set[r]];
        for (int c = 0; c < r; c++) {
          sum -= row[c] * y[c];
        }
        y[r] = sum / row[r];
      }
      for (int r = size - 1; r >= 0; r--) {
        double[] row = l[r];
        y[r] /= row[r];
        double v = y[r];
        for (int c = 0; c < r; c++) {
          y[c] -= row[c] * v;
        }
        x[at + set[r]] = Math.abs(v) < ZERO ? 0 : v;
      }
      return exchange(p, size);
    }

    private boolean exchange(int p, int size) {
      int at = (from + p) * k;
      long[] wrong = new long[words];
      int count = 0;
      int greatest = -1;
      for (int c = 0; c < k; c++) {
        if (isPassive(p, c) ? x[at + c] < 0 : slope(at, c, size) < 0) {
          wrong[c / 64] |= 1L << c % 64;
          greatest = c;
          count++;
        }
      }
      if (count == 0) {
        return false;
      }
      if (count < best[p]) {
        best[p] = count;
        patience[p] = PATIENCE;
      } else if (patience[p] > 0) {
        patience[p]--;
      } else {
        wrong = new long[words];
        wrong[greatest / 64] = 1L << greatest % 64;
      }
      for (int w = 0; w < words; w++) {
        passive[(from + p) * words + w] ^= wrong[w];
      }
      return true;
    }

    /** Slope of the error along an unknown that is zero; rounding counts as none. */
    private double slope(int at, int c, int size) {
      double[] row = gram[c];
      double sum = -right[at + c];
      double scale = Math.abs(sum);
      for (int q = 0; q < size; q++) {
        double term = row[set[q]] * x[at + set[q]];
        sum += term;
        scale += Math.abs(term);
      }
      return Math.abs(sum) < ZERO * scale ? 0 : sum;
    }
  }
}
