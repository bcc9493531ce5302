package org.cellweave.data.tables;

/** What is asked of the values of a group. Missing values are left out, as in pandas. */
public enum Statistic {
  /** Sum over number of values. */
  MEAN,
  /** Whole numbers stay whole; 0 of none. */
  SUM,
  /** Product; 1 of none. */
  PROD,
  /** Number of values. */
  COUNT,
  /** Number of rows, missing values among them. */
  SIZE,
  /** Root of {@link #VAR}. */
  STD,
  /** Sum of squares around the mean, over the number of values less {@code ddof}. */
  VAR,
  /** {@link #STD} over the root of the number of values. */
  SEM,
  /** The smallest value, of any ordered type. */
  MIN,
  /** The largest value, of any ordered type. */
  MAX,
  /** The first value. */
  FIRST,
  /** The last value. */
  LAST,
  /** The middle, or the mean of the middle two. */
  MEDIAN,
  /** Number of distinct values. */
  NUNIQUE;

  /** Whether it can be asked of text. */
  public boolean takesText() {
    return switch (this) {
      case COUNT, SIZE, MIN, MAX, FIRST, LAST, NUNIQUE -> true;
      default -> false;
    };
  }
}
