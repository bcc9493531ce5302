package org.cellweave.inference;

import org.cellweave.diffexp.Significance;

/** What a test is asked: whether the first differs from the second, or to which side. */
public enum Alternative {
  TWO_SIDED,
  /** The first is smaller, or the correlation negative. */
  LESS,
  /** The first is larger, or the correlation positive. */
  GREATER;

  /** p-value of Student's t; NaN of NaN. */
  double student(double t, double df) {
    if (Double.isNaN(t)) {
      return Double.NaN;
    }
    double both = Significance.student(t, df);
    return this == TWO_SIDED ? both : isOnItsSide(t) ? both / 2 : 1 - both / 2;
  }

  private boolean isOnItsSide(double t) {
    return this == LESS ? t < 0 : t > 0;
  }
}
