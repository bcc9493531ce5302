package org.cellweave.util;

/**
 * The functions of {@link Math} whose last bits the platform may choose, in one place, so that
 * {@link Reproducibility#EVERYWHERE} can have fdlibm's ({@link StrictMath}) instead. The choice is
 * a constant to the compiler: nothing is decided by the call.
 *
 * <p>{@code Math.sqrt}, {@code fma}, {@code rint} and arithmetic are exact by the language, and
 * stay calls of {@code Math}.
 */
public final class Elementary {
  private static final boolean STRICT = Reproducibility.fixed() == Reproducibility.EVERYWHERE;

  private Elementary() {}

  public static double exp(double x) {
    return STRICT ? StrictMath.exp(x) : Math.exp(x);
  }

  public static double log(double x) {
    return STRICT ? StrictMath.log(x) : Math.log(x);
  }

  public static double log10(double x) {
    return STRICT ? StrictMath.log10(x) : Math.log10(x);
  }

  public static double log1p(double x) {
    return STRICT ? StrictMath.log1p(x) : Math.log1p(x);
  }

  public static double expm1(double x) {
    return STRICT ? StrictMath.expm1(x) : Math.expm1(x);
  }

  public static double sin(double x) {
    return STRICT ? StrictMath.sin(x) : Math.sin(x);
  }

  public static double cos(double x) {
    return STRICT ? StrictMath.cos(x) : Math.cos(x);
  }

  public static double tan(double x) {
    return STRICT ? StrictMath.tan(x) : Math.tan(x);
  }

  public static double tanh(double x) {
    return STRICT ? StrictMath.tanh(x) : Math.tanh(x);
  }

  public static double sinh(double x) {
    return STRICT ? StrictMath.sinh(x) : Math.sinh(x);
  }

  public static double cosh(double x) {
    return STRICT ? StrictMath.cosh(x) : Math.cosh(x);
  }

  public static double asin(double x) {
    return STRICT ? StrictMath.asin(x) : Math.asin(x);
  }

  public static double acos(double x) {
    return STRICT ? StrictMath.acos(x) : Math.acos(x);
  }

  public static double atan(double x) {
    return STRICT ? StrictMath.atan(x) : Math.atan(x);
  }

  public static double cbrt(double x) {
    return STRICT ? StrictMath.cbrt(x) : Math.cbrt(x);
  }

  public static double pow(double base, double exponent) {
    return STRICT ? StrictMath.pow(base, exponent) : Math.pow(base, exponent);
  }

  public static double atan2(double y, double x) {
    return STRICT ? StrictMath.atan2(y, x) : Math.atan2(y, x);
  }

  public static double hypot(double x, double y) {
    return STRICT ? StrictMath.hypot(x, y) : Math.hypot(x, y);
  }
}
