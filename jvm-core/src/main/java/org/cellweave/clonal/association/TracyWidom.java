package org.cellweave.clonal.association;

import org.cellweave.util.Elementary;

/**
 * The Tracy-Widom distribution of real symmetric matrices (beta = 1): the largest eigenvalue of
 * noise, centred and scaled.
 *
 * <p>{@code log F1(s) = -(A + C) / 2} with {@code A} the integral of q and {@code C} that of {@code
 * (x - s) q(x)^2} from s on, where q solves Painleve's second equation {@code q'' = s q + 2 q^3}
 * and goes over into Airy's function. The equation is followed down from where the two are one,
 * which amplifies rounding: to about 1e-10 at -5, where all but 2e-4 of the mass lies above.
 *
 * @see <a href="https://doi.org/10.1007/BF02099545">Tracy and Widom 1996</a>
 */
public final class TracyWidom {
  private static final double START = 16;
  private static final double LOWEST = -10;
  private static final double STEPS_PER_UNIT = 512;

  private TracyWidom() {}

  /** {@code F1(s)}: the probability of a value of at most {@code s}. */
  public static double below(double s) {
    return s < LOWEST ? 0 : Elementary.exp(logBelow(s));
  }

  /** {@code 1 - F1(s)}, accurate far into the tail. */
  public static double above(double s) {
    return s < LOWEST ? 1 : -Elementary.expm1(logBelow(s));
  }

  private static double logBelow(double s) {
    if (s >= START) {
      return -airyIntegral(s) / 2;
    }
    double[] state = {airy(START), airySlope(START), airyIntegral(START), 0, 0};
    int steps = (int) Math.ceil((START - s) * STEPS_PER_UNIT);
    double h = (s - START) / steps;
    double[] k1 = new double[5];
    double[] k2 = new double[5];
    double[] k3 = new double[5];
    double[] k4 = new double[5];
    double[] at = new double[5];
    for (int i = 0; i < steps; i++) {
      double x = START + i * h;
      slopes(x, state, k1);
      slopes(x + h / 2, moved(state, k1, h / 2, at), k2);
      slopes(x + h / 2, moved(state, k2, h / 2, at), k3);
      slopes(x + h, moved(state, k3, h, at), k4);
      for (int c = 0; c < state.length; c++) {
        state[c] += h / 6 * (k1[c] + 2 * k2[c] + 2 * k3[c] + k4[c]);
      }
    }
    return -(state[2] + state[4]) / 2;
  }

  /** Of q, its slope, the integral of q, that of its square, and C. */
  private static void slopes(double x, double[] state, double[] out) {
    double q = state[0];
    out[0] = state[1];
    out[1] = x * q + 2 * q * q * q;
    out[2] = -q;
    out[3] = -q * q;
    out[4] = -state[3];
  }

  private static double[] moved(double[] state, double[] slope, double by, double[] out) {
    for (int c = 0; c < out.length; c++) {
      out[c] = state[c] + by * slope[c];
    }
    return out;
  }

  /** Airy's function far on the right, by its asymptotic series. */
  private static double airy(double x) {
    return scale(x) / Elementary.pow(x, 0.25) * series(x, false);
  }

  private static double airySlope(double x) {
    return -scale(x) * Elementary.pow(x, 0.25) * series(x, true);
  }

  private static double scale(double x) {
    return Elementary.exp(-exponent(x)) / (2 * Math.sqrt(Math.PI));
  }

  private static double exponent(double x) {
    return 2.0 / 3 * x * Math.sqrt(x);
  }

  /** 9.7.5 and 9.7.6 of the Digital Library of Mathematical Functions. */
  private static double series(double x, boolean slope) {
    double zeta = exponent(x);
    double u = 1;
    double sum = 1;
    for (int k = 1; k <= 12; k++) {
      u *= -(6.0 * k - 5) * (6 * k - 3) * (6 * k - 1) / (216.0 * k * (2 * k - 1)) / zeta;
      sum += slope ? -u * (6 * k + 1) / (6 * k - 1) : u;
    }
    return sum;
  }

  /** The integral of Airy's function from {@code x} on. */
  private static double airyIntegral(double x) {
    double z = 1 / exponent(x);
    double series = 1 + z * (-41.0 / 72 + z * (9241.0 / 10368 - z * 5075225.0 / 2239488));
    return scale(x) / Elementary.pow(x, 0.75) * series;
  }
}
