package org.cellweave.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

  /** Unknowns above zero, bit by bit. */
  private final long[][] passive;

  /**
   * @param k unknowns of every problem
   * @param problems how many there are
   */
  public NonNegativeLeastSquares(int k, int problems) {
    this.k = k;
    this.problems = problems;
    this.words = (k + 63) / 64;
    this.passive = new long[problems][words];
  }

  /**
   * @param gram k by k, symmetric, positive definite
   * @param right problems by k, row-major
   * @param x problems by k, row-major; written
   */
  public void solve(double[][] gram, double[] right, double[] x) {
    Parallel.forRange(problems, BLOCK, (from, to) -> new Block(gram, right, x, from, to).solve());
  }

  private record Key(long[] bits) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bits, key.bits);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits);
    }
  }

  private final class Block {
    private final double[][] gram;
    private final double[] right;
    private final double[] x;
    private final int from;
    private final int[] best;
    private final int[] patience;
    private List<Integer> open = new ArrayList<>();

    Block(double[][] gram, double[] right, double[] x, int from, int to) {
      this.gram = gram;
      this.right = right;
      this.x = x;
      this.from = from;
      this.best = new int[to - from];
      this.patience = new int[to - from];
      for (int p = from; p < to; p++) {
        open.add(p);
        best[p - from] = k + 1;
        patience[p - from] = PATIENCE;
      }
    }

    void solve() {
      for (int round = 0; !open.isEmpty(); round++) {
        if (round > MOST_ROUNDS * k) {
          throw new ConvergenceException(
              "non-negative least squares: "
                  + open.size()
                  + " problems did not settle; their coefficients depend on each other. Take fewer"
                  + " factors");
        }
        Map<Key, List<Integer>> groups = new LinkedHashMap<>();
        for (int p : open) {
          groups.computeIfAbsent(new Key(passive[p].clone()), s -> new ArrayList<>()).add(p);
        }
        List<Integer> next = new ArrayList<>();
        for (var group : groups.entrySet()) {
          int[] set = set(group.getKey().bits());
          double[][] factor = factor(set);
          for (int p : group.getValue()) {
            if (pivots(p, set, factor)) {
              next.add(p);
            }
          }
        }
        open = next;
      }
    }

    private int[] set(long[] bits) {
      return IntStream.range(0, k).filter(c -> (bits[c / 64] >>> c % 64 & 1) != 0).toArray();
    }

    /** Lower triangle L of {@code L L'}. */
    private double[][] factor(int[] set) {
      double[][] l = new double[set.length][];
      for (int r = 0; r < set.length; r++) {
        l[r] = new double[r + 1];
        for (int c = 0; c <= r; c++) {
          double sum = gram[set[r]][set[c]];
          for (int q = 0; q < c; q++) {
            sum -= l[r][q] * l[c][q];
          }
          // rounding can leave nothing of a column that others span: it gets no weight
          l[r][c] = c < r ? sum / l[c][c] : Math.sqrt(Math.max(sum, Double.MIN_NORMAL));
        }
      }
      return l;
    }

    /** Solves for the set and exchanges unknowns; whether any was. */
    private boolean pivots(int p, int[] set, double[][] l) {
      int at = p * k;
      Arrays.fill(x, at, at + k, 0);
      double[] y = new double[set.length];
      for (int r = 0; r < y.length; r++) {
        double sum = right[at + set[r]];
        for (int c = 0; c < r; c++) {
          sum -= l[r][c] * y[c];
        }
        y[r] = sum / l[r][r];
      }
      for (int r = y.length - 1; r >= 0; r--) {
        for (int c = r + 1; c < y.length; c++) {
          y[r] -= l[c][r] * y[c];
        }
        y[r] /= l[r][r];
        x[at + set[r]] = Math.abs(y[r]) < ZERO ? 0 : y[r];
      }
      return exchange(p, set);
    }

    private boolean exchange(int p, int[] set) {
      int at = p * k;
      long[] bits = passive[p];
      long[] wrong = new long[words];
      int count = 0;
      int last = -1;
      for (int c = 0; c < k; c++) {
        boolean in = (bits[c / 64] >>> c % 64 & 1) != 0;
        if (in ? x[at + c] < 0 : slope(at, c, set) < 0) {
          wrong[c / 64] |= 1L << c % 64;
          last = c;
          count++;
        }
      }
      if (count == 0) {
        return false;
      }
      int own = p - from;
      if (count < best[own]) {
        best[own] = count;
        patience[own] = PATIENCE;
      } else if (patience[own] > 0) {
        patience[own]--;
      } else {
        wrong = new long[words];
        wrong[last / 64] = 1L << last % 64;
      }
      for (int w = 0; w < words; w++) {
        bits[w] ^= wrong[w];
      }
      return true;
    }

    /** Slope of the error along an unknown that is zero; rounding counts as none. */
    private double slope(int at, int c, int[] set) {
      double sum = -right[at + c];
      double size = Math.abs(right[at + c]);
      for (int s : set) {
        double term = gram[c][s] * x[at + s];
        sum += term;
        size += Math.abs(term);
      }
      return Math.abs(sum) < ZERO * size ? 0 : sum;
    }
  }
}
