package org.cellweave.neural.midas;

/** Sums in four lanes: an addition waits for the one before it in its lane. */
final class Lanes {
  private Lanes() {}

  static double sum(double[] x, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int k = 0;
    for (; k + 3 < n; k += 4) {
      a += x[k];
      b += x[k + 1];
      c += x[k + 2];
      d += x[k + 3];
    }
    for (; k < n; k++) {
      a += x[k];
    }
    return (a + b) + (c + d);
  }

  static double dot(double[] x, double[] y, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int k = 0;
    for (; k + 3 < n; k += 4) {
      a += x[k] * y[k];
      b += x[k + 1] * y[k + 1];
      c += x[k + 2] * y[k + 2];
      d += x[k + 3] * y[k + 3];
    }
    for (; k < n; k++) {
      a += x[k] * y[k];
    }
    return (a + b) + (c + d);
  }
}
