package org.cellweave.matrix;

import org.cellweave.util.Elementary;

/** What two numbers become, place by place. */
public enum Arithmetic implements Beside {
  PLUS {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] += b[k];
      }
    }
  },
  MINUS {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] -= b[k];
      }
    }
  },
  TIMES {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] *= b[k];
      }
    }
  },
  DIVIDE {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] /= b[k];
      }
    }
  },
  /** The second minus the first: a number stands before the matrix. */
  SUBTRACTED_FROM {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = b[k] - a[k];
      }
    }
  },
  /** The second over the first. */
  DIVIDING {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = b[k] / a[k];
      }
    }
  },
  POWER {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = b[k] == 2 ? a[k] * a[k] : Elementary.pow(a[k], b[k]);
      }
    }
  },
  /** The remainder with the sign of the divisor, Python's {@code %}. */
  REMAINDER {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        double left = a[k] % b[k];
        double rest = left < 0 != b[k] < 0 ? left + b[k] : left;
        a[k] = left == 0 ? Math.copySign(0.0, b[k]) : rest;
      }
    }
  },
  /** NaN where either is. */
  MINIMUM {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = Math.min(a[k], b[k]);
      }
    }
  },
  MAXIMUM {
    @Override
    public void apply(double[] a, double[] b, int n) {
      for (int k = 0; k < n; k++) {
        a[k] = Math.max(a[k], b[k]);
      }
    }
  };

  /** Whether this is a quotient, which is never a whole number to NumPy. */
  boolean divides() {
    return this == DIVIDE || this == DIVIDING;
  }

  /** Whether zero stays zero beside this number, so that a sparse matrix stays sparse. */
  boolean keepsZero(double number) {
    return switch (this) {
      case TIMES, DIVIDE, REMAINDER -> true;
      case PLUS, MINUS, SUBTRACTED_FROM -> number == 0;
      case DIVIDING -> false;
      case POWER -> number > 0;
      case MINIMUM -> number >= 0;
      case MAXIMUM -> number <= 0;
    };
  }

  /** As {@code x + 1.0}. */
  String said(String x, String other) {
    return switch (this) {
      case PLUS -> x + " + " + other;
      case MINUS -> x + " - " + other;
      case TIMES -> x + " * " + other;
      case DIVIDE -> x + " / " + other;
      case SUBTRACTED_FROM -> other + " - " + x;
      case DIVIDING -> other + " / " + x;
      case REMAINDER -> x + " % " + other;
      default -> "np." + name().toLowerCase(java.util.Locale.ROOT) + "(" + x + ", " + other + ")";
    };
  }
}
