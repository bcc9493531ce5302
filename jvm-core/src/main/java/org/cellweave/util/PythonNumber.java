package org.cellweave.util;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as Python prints them: as few digits as tell one from its neighbours, the closest of
 * those, plain from 1e-4 to below 1e16 and with an exponent of two digits or more elsewhere. The
 * JDK prints the shortest digits only from version 19 on, and this runs on 17.
 */
public final class PythonNumber {
  private static final RoundingMode[] MODES = {
    RoundingMode.HALF_EVEN, RoundingMode.CEILING, RoundingMode.FLOOR
  };

  private PythonNumber() {}

  public static String of(double value) {
    return of(value, false);
  }

  public static String of(float value) {
    return of(value, true);
  }

  private static String of(double value, boolean single) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < (single ? 1e7 : 1e15)) {
      return (value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value)) + ".0";
    }
    return written(shortest(value, single));
  }

  private static BigDecimal shortest(double value, boolean single) {
    BigDecimal exact = new BigDecimal(value);
    String java = single ? Float.toString((float) value) : Double.toString(value);
    int digits = Math.max(1, new BigDecimal(java).stripTrailingZeros().precision());
    BigDecimal best = new BigDecimal(java);
    for (int n = digits; n >= 1; n--) {
      BigDecimal candidate = withDigits(exact, n, value, single);
      if (candidate == null && n < digits) {
        break;
      }
      best = candidate == null ? best : candidate;
    }
    return best.stripTrailingZeros();
  }

  /**
   * The closest number of so many digits that is read as this one; below a power of two another.
   */
  private static BigDecimal withDigits(BigDecimal exact, int n, double value, boolean single) {
    for (RoundingMode mode : MODES) {
      BigDecimal candidate = exact.round(new MathContext(n, mode));
      boolean same =
          single ? candidate.floatValue() == (float) value : candidate.doubleValue() == value;
      if (same) {
        return candidate;
      }
    }
    return null;
  }

  private static String written(BigDecimal value) {
    int exponent = value.precision() - value.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      return value.scale() <= 0 ? value.toPlainString() + ".0" : value.toPlainString();
    }
    String digits = value.unscaledValue().abs().toString();
    String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = value.signum() < 0 ? "-" : "";
    String size = Integer.toString(Math.abs(exponent));
    return sign
        + digits.charAt(0)
        + rest
        + (exponent < 0 ? "e-" : "e+")
        + (size.length() < 2 ? "0" + size : size);
  }
}
