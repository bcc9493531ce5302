package org.cellweave.neural.fused;

/** The shares of genes in one cell by softmax: exponentials, their sum, and the way back. */
public final class Shares {
  /** The logits of the cell. */
  final double[] logit;

  /** Exponentials of the logits less their largest. */
  final double[] exponential;

  private final int genes;
  private float largest;

  /**
   * @param logit room for those of a cell
   * @param exponential as {@code logit}
   */
  Shares(double[] logit, double[] exponential) {
    this.genes = logit.length;
    this.logit = logit;
    this.exponential = exponential;
  }

  /** Takes the logits at {@code at}; the sum of their exponentials. */
  double load(float[] logits, int at) {
    largest = largest(logits, at, genes);
    // a loop of its own: the JIT makes no vector code of one that also turns float into double
    for (int g = 0; g < genes; g++) {
      logit[g] = logits[at + g];
    }
    Exponentials.ofAtMost(logit, genes, largest, exponential);
    return sum(exponential, genes);
  }

  private static double load(float[] logits, int at, int genes, float largest, double[] to) {
    for (int g = 0; g < genes; g++) {
      to[g] = logits[at + g];
    }
    Exponentials.ofAtMost(to, genes, largest, to);
    return sum(to, genes);
  }

  /** Writes the shares of {@code genes} logits from {@code at} on. */
  public static void of(float[] logits, int at, int genes, double[] to) {
    double factor = 1 / load(logits, at, genes, largest(logits, at, genes), to);
    for (int g = 0; g < genes; g++) {
      to[g] *= factor;
    }
  }

  /** What was taken from the logits. */
  double shift() {
    return largest;
  }

  /**
   * Puts gradients where the logits were.
   *
   * @param slope of every gene, along the logarithm of its expectation
   * @param mean sum of the slopes over that of the exponentials
   */
  void handBack(float[] logits, int at, double[] slope, double mean) {
    double[] e = exponential;
    for (int g = 0; g < genes; g++) {
      logits[at + g] = (float) (slope[g] - e[g] * mean);
    }
  }

  /** In eight lanes: an addition waits for the one before it in its lane. */
  static double sum(double[] x, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    int k = 0;
    for (; k + 7 < n; k += 8) {
      a += x[k];
      b += x[k + 1];
      c += x[k + 2];
      d += x[k + 3];
      e += x[k + 4];
      f += x[k + 5];
      g += x[k + 6];
      h += x[k + 7];
    }
    for (; k < n; k++) {
      a += x[k];
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }

  private static float largest(float[] x, int at, int genes) {
    float a = x[at];
    float b = a;
    float c = a;
    float d = a;
    int k = 0;
    for (; k + 3 < genes; k += 4) {
      a = x[at + k] > a ? x[at + k] : a;
      b = x[at + k + 1] > b ? x[at + k + 1] : b;
      c = x[at + k + 2] > c ? x[at + k + 2] : c;
      d = x[at + k + 3] > d ? x[at + k + 3] : d;
    }
    for (; k < genes; k++) {
      a = x[at + k] > a ? x[at + k] : a;
    }
    return Math.max(Math.max(a, b), Math.max(c, d));
  }
}
