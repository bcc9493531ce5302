package org.cellweave.internal;

import org.cellweave.util.Elementary;

/**
 * {@code log1p} and {@code expm1} for float32 data, several times faster than {@link Math}: the
 * first in single precision, the second by table and series with a relative error below 1e-12.
 */
public final class Transcendental {
  private static final double LN2 = Elementary.log(2);
  private static final int EXP_SIZE = 64;
  private static final double[] POWER = new double[EXP_SIZE];
  private static final double STEPS_PER_UNIT = EXP_SIZE / LN2;
  private static final double STEP_HIGH = (float) (LN2 / EXP_SIZE);
  private static final double STEP_LOW = LN2 / EXP_SIZE - STEP_HIGH;
  private static final double EXP_LIMIT = 700;

  static {
    for (int k = 0; k < EXP_SIZE; k++) {
      POWER[k] = Elementary.pow(2, k / (double) EXP_SIZE);
    }
  }

  private Transcendental() {}

  private static final float LN2_HEAD = 0x1.62e3p-1f;
  private static final float LN2_TAIL = 0x1.2fefa2p-17f;

  /** Coefficients of z, z^2, ... in log((1 + s) / (1 - s)) / s - 2, z = s^2, fitted to float32. */
  private static final float[] ATANH = {
    0x1.555556p-1f,
    0x1.99999ap-2f,
    0x1.24924ap-2f,
    0x1.c71c52p-3f,
    0x1.74664ap-3f,
    0x1.39a09ep-3f,
    0x1.2f112ep-3f
  };

  private static final float SQRT2 = 1.4142135f;

  /**
   * {@code ln(1 + x)} for finite {@code x > -1} in single precision, below one unit in the last
   * place, as C libraries compute it: {@code 1 + x = 2^k (1 + f)}, then the series of the inverse
   * hyperbolic tangent of {@code s = f / (2 + f)}.
   */
  public static float log1p(float x) {
    float f = x;
    float lost = 0;
    int k = 0;
    if (x <= SQRT2 / 2 - 1 || x >= SQRT2 - 1) {
      float u = 1 + x;
      k = Math.getExponent(u);
      lost = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
      float mantissa = Float.intBitsToFloat(Float.floatToRawIntBits(u) - (k << 23));
      if (mantissa >= SQRT2) {
        mantissa /= 2;
        k++;
      }
      f = mantissa - 1;
    }
    float half = 0.5f * f * f;
    float s = f / (2 + f);
    float z = s * s;
    float series = ATANH[6];
    for (int c = 5; c >= 0; c--) {
      series = ATANH[c] + z * series;
    }
    float bent = s * (half + z * series);
    if (k == 0) {
      return f - (half - bent);
    }
    return k * LN2_HEAD - ((half - (bent + (k * LN2_TAIL + lost))) - f);
  }

  /** {@code exp(x) - 1} for finite {@code x}. */
  public static double expm1(double x) {
    if (Math.abs(x) < 0x1p-5) {
      return x
          * (1
              + x
                  * (1.0 / 2
                      + x
                          * (1.0 / 6
                              + x * (1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720 + x / 5040))))));
    }
    if (!(Math.abs(x) < EXP_LIMIT)) {
      return Elementary.expm1(x);
    }
    double scaled = x * STEPS_PER_UNIT;
    int k = (int) (scaled + (scaled < 0 ? -0.5 : 0.5));
    double r = (x - k * STEP_HIGH) - k * STEP_LOW;
    double series = 1 + r * (1 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120)))));
    double whole = Double.longBitsToDouble(((k >> 6) + 1023L) << 52);
    return POWER[k & (EXP_SIZE - 1)] * whole * series - 1;
  }

  private static final int LOG_SIZE = 128;
  private static final double[] RECIPROCAL = new double[LOG_SIZE];
  private static final double[] LOGARITHM = new double[LOG_SIZE];

  static {
    for (int k = 0; k < LOG_SIZE; k++) {
      double at = 1 + k / (double) LOG_SIZE;
      RECIPROCAL[k] = 1 / at;
      LOGARITHM[k] = Elementary.log(at);
    }
  }

  /** Above it, what {@code 1 + x} loses is too much to be added as it is. */
  private static final double LARGEST_BY_TABLE = 1e7;

  /**
   * {@code ln(1 + x)} of the first {@code n} values of float32, by table and series with a relative
   * error below 1e-9 from 0 to 10 million, and by {@link Math#log1p} elsewhere. What is below -1
   * gives NaN.
   */
  public static void log1pEach(double[] v, int n) {
    double[] reciprocal = RECIPROCAL;
    double[] logarithm = LOGARITHM;
    for (int k = 0; k < n; k++) {
      double x = v[k];
      if (!(x >= 0 && x <= LARGEST_BY_TABLE)) {
        v[k] = Elementary.log1p(x);
        continue;
      }
      double u = 1 + x;
      double lost = x - (u - 1);
      long bits = Double.doubleToRawLongBits(u);
      int place = (int) (bits >>> 45) & (LOG_SIZE - 1);
      long exponent = (bits >>> 52) - 1023;
      double mantissa = Double.longBitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
      double r = mantissa * reciprocal[place] - 1;
      double series = r * (1 - r * (1.0 / 2 - r * (1.0 / 3 - r * (1.0 / 4))));
      v[k] = exponent * LN2 + logarithm[place] + (series + lost);
    }
  }
}
