package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/**
 * Some sums of every column or row over its values that are not zero, or are stored: a few numbers
 * each, kept side by side.
 */
final class Fold {
  private static final int ROWS = 128;

  private final int width;
  private final double[] sums;

  private Fold(int width, double[] sums) {
    this.width = width;
    this.sums = sums;
  }

  /** Adds one value to the sums that begin at {@code at}. */
  @FunctionalInterface
  interface Step {
    void add(int i, int j, double v, double[] to, int at);
  }

  double value(int k, int which) {
    return sums[k * width + which];
  }

  double[] values(int which) {
    double[] out = new double[sums.length / width];
    for (int k = 0; k < out.length; k++) {
      out[k] = value(k, which);
    }
    return out;
  }

  static Fold rows(Matrix x, int width, Step step) {
    if (x instanceof CscMatrix csc) {
      return columns(csc.columns(), width, turned(step));
    }
    double[] sums = new double[x.nRows() * width];
    Rows rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        ROWS,
        (from, to) ->
            rows.visit(
                from,
                to,
                (i, at, start, v, n) -> {
                  for (int k = 0; k < n; k++) {
                    step.add(i, at[start + k], v[k], sums, i * width);
                  }
                }));
    return new Fold(width, sums);
  }

  static Fold columns(Matrix x, int width, Step step) {
    if (x instanceof CscMatrix csc) {
      return rows(csc.columns(), width, turned(step));
    }
    double[] sums =
        Rows.of(x)
            .sums(
                x.nCols() * width,
                part ->
                    (i, at, start, v, n) -> {
                      for (int k = 0; k < n; k++) {
                        int j = at[start + k];
                        step.add(i, j, v[k], part, j * width);
                      }
                    });
    return new Fold(width, sums);
  }

  private static Step turned(Step step) {
    return (i, j, v, to, at) -> step.add(j, i, v, to, at);
  }
}
