package org.cellweave.preprocess;

/**
 * {@code log1p} and {@code expm1} for float32 data: relative error below 1e-12, several times
 * faster than {@link Math}.
 *
 * <p>Table lookup on the leading bits and a short series on the rest.
 */
final class Transcendental {
  private static final int LOG_BITS = 8;
  private static final int LOG_SIZE = 1 << LOG_BITS;
  private static final double[] INVERSE = new double[LOG_SIZE];
  private static final double[] LOG = new double[LOG_SIZE];
  private static final double LN2 = Math.log(2);
  private static final long MANTISSA = (1L << 52) - 1;
  private static final long ONE = 1023L << 52;

  private static final int EXP_SIZE = 64;
  private static final double[] POWER = new double[EXP_SIZE];
  private static final double STEPS_PER_UNIT = EXP_SIZE / LN2;
  private static final double STEP_HIGH = (float) (LN2 / EXP_SIZE);
  private static final double STEP_LOW = LN2 / EXP_SIZE - STEP_HIGH;
  private static final double EXP_LIMIT = 700;

  static {
    for (int k = 0; k < LOG_SIZE; k++) {
      double centre = 1 + (k + 0.5) / LOG_SIZE;
      INVERSE[k] = 1 / centre;
      LOG[k] = Math.log(centre);
    }
    for (int k = 0; k < EXP_SIZE; k++) {
      POWER[k] = Math.pow(2, k / (double) EXP_SIZE);
    }
  }

  private Transcendental() {}

  /** {@code ln(1 + x)} for finite {@code x > -1}. */
  static double log1p(double x) {
    if (Math.abs(x) < 0x1p-7) {
      return x
          * (1
              - x
                  * (1.0 / 2
                      - x
                          * (1.0 / 3
                              - x * (1.0 / 4 - x * (1.0 / 5 - x * (1.0 / 6 - x * (1.0 / 7)))))));
    }
    long bits = Double.doubleToRawLongBits(1 + x);
    int exponent = (int) (bits >>> 52) - 1023;
    int k = (int) (bits >>> (52 - LOG_BITS)) & (LOG_SIZE - 1);
    double r = Double.longBitsToDouble((bits & MANTISSA) | ONE) * INVERSE[k] - 1;
    return exponent * LN2 + (LOG[k] + r * (1 - r * (0.5 - r * (1.0 / 3 - r * 0.25))));
  }

  /** {@code exp(x) - 1} for finite {@code x}. */
  static double expm1(double x) {
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
      return Math.expm1(x);
    }
    double scaled = x * STEPS_PER_UNIT;
    int k = (int) (scaled + (scaled < 0 ? -0.5 : 0.5));
    double r = (x - k * STEP_HIGH) - k * STEP_LOW;
    double series = 1 + r * (1 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120)))));
    double whole = Double.longBitsToDouble(((k >> 6) + 1023L) << 52);
    return POWER[k & (EXP_SIZE - 1)] * whole * series - 1;
  }
}
