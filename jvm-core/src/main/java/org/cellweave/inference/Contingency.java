package org.cellweave.inference;

import java.util.Arrays;
import org.cellweave.diffexp.Significance;
import org.cellweave.util.Check;

/** Whether the rows and the columns of a table of counts have to do with each other. */
public final class Contingency {
  /** Counts whose probabilities differ by less are taken for equally likely. */
  private static final double SAME = 1e-11;

  private Contingency() {}

  /**
   * @param statistic chi-squared
   * @param dof degrees of freedom
   * @param expected counts if rows and columns were independent
   */
  public record ChiSquared(double statistic, double pvalue, int dof, double[][] expected) {}

  /**
   * @param statistic odds ratio of the table, infinite where the other diagonal has a zero
   */
  public record Fisher(double statistic, double pvalue) {}

  /**
   * Pearson's chi-squared test of independence.
   *
   * @param correction Yates': with one degree of freedom, half a count towards the expected one
   * @throws IllegalArgumentException for counts below zero, and where a row or a column has none
   */
  public static ChiSquared chiSquared(double[][] observed, boolean correction) {
    double[][] expected = expected(observed);
    int dof = (observed.length - 1) * (observed[0].length - 1);
    if (dof == 0) {
      return new ChiSquared(0, 1, 0, expected);
    }
    double most = dof == 1 && correction ? 0.5 : 0;
    double statistic = 0;
    for (int i = 0; i < observed.length; i++) {
      for (int j = 0; j < observed[i].length; j++) {
        double gap = Math.abs(observed[i][j] - expected[i][j]);
        double counted = gap - Math.min(most, gap);
        statistic += counted * counted / expected[i][j];
      }
    }
    return new ChiSquared(statistic, Significance.chiSquared(statistic, dof), dof, expected);
  }

  private static double[][] expected(double[][] observed) {
    if (observed.length == 0 || observed[0].length == 0) {
      throw new IllegalArgumentException("a table of counts needs at least one row and one column");
    }
    double[] rows = new double[observed.length];
    double[] columns = new double[observed[0].length];
    double all = 0;
    for (int i = 0; i < observed.length; i++) {
      Check.sameLength(observed[i].length, columns.length, "row " + i, "row 0");
      for (int j = 0; j < columns.length; j++) {
        double count = Check.nonNegative(observed[i][j], "the count in row " + i);
        rows[i] += count;
        columns[j] += count;
        all += count;
      }
    }
    double[][] expected = new double[rows.length][columns.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        expected[i][j] = rows[i] * columns[j] / all;
        if (!(expected[i][j] > 0)) {
          throw new IllegalArgumentException(
              (rows[i] > 0 ? "column " + j : "row " + i)
                  + " has no counts, so that none are expected; leave it out");
        }
      }
    }
    return expected;
  }

  /**
   * Fisher's exact test of a table of two rows and two columns; two-sided, it adds up the tables
   * that are no likelier than this one.
   *
   * <p>Cost: one step for every table with these sums of rows and columns.
   */
  public static Fisher fisher(int[][] table, Alternative alternative) {
    requireFourfold(table);
    int a = table[0][0];
    int b = table[0][1];
    int c = table[1][0];
    int d = table[1][1];
    if (a + c == 0 || b + d == 0 || a + b == 0 || c + d == 0) {
      return new Fisher(Double.NaN, 1);
    }
    double odds = (double) a * d / ((double) b * c);
    int least = Math.max(0, a - d);
    double[] weights = weights(a, b, c, d, least, Math.min(a + b, a + c));
    double own = weights[a - least];
    double all = Arrays.stream(weights).sum();
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      boolean counts =
          switch (alternative) {
            case LESS -> least + k <= a;
            case GREATER -> least + k >= a;
            case TWO_SIDED -> weights[k] <= own * (1 + SAME);
          };
      sum += counts ? weights[k] : 0;
    }
    return new Fisher(odds, Math.min(1, sum / all));
  }

  private static void requireFourfold(int[][] table) {
    if (table.length != 2 || table[0].length != 2 || table[1].length != 2) {
      throw new IllegalArgumentException("fisherExact needs a table of 2 rows and 2 columns");
    }
    for (int[] row : table) {
      Check.nonNegative(Math.min(row[0], row[1]), "a count");
    }
    Math.toIntExact((long) table[0][0] + table[0][1] + table[1][0] + table[1][1]);
  }

  /** Of the tables with {@code least ... most} in the first place, beside the likeliest one. */
  private static double[] weights(int a, int b, int c, int d, int least, int most) {
    double[] weights = new double[most - least + 1];
    int mode =
        (int)
            Math.max(
                least,
                Math.min(most, (a + b + 1.0) * (a + c + 1.0) / (a + b + (double) c + d + 2)));
    weights[mode - least] = 1;
    for (int k = mode; k < most; k++) {
      weights[k + 1 - least] = weights[k - least] * step(a, b, c, d, k);
    }
    for (int k = mode; k > least; k--) {
      weights[k - 1 - least] = weights[k - least] / step(a, b, c, d, k - 1);
    }
    return weights;
  }

  /** How much likelier k + 1 is than k in the first place. */
  private static double step(int a, int b, int c, int d, int k) {
    double inRow = (double) a + b - k;
    double inColumn = (double) a + c - k;
    double last = (double) d - a + k;
    return inRow * inColumn / ((k + 1.0) * (last + 1));
  }
}
