package org.cellweave.util;

import java.util.Collection;
import java.util.Locale;

/** Argument checks whose messages name the parameter, its value and what was expected. */
public final class Check {
  private Check() {}

  public static int positive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, got " + value);
    }
    return value;
  }

  public static double positive(double value, String name) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(name + " must be positive, got " + value);
    }
    return value;
  }

  public static int nonNegative(int value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, got " + value);
    }
    return value;
  }

  public static double nonNegative(double value, String name) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(name + " must not be negative, got " + value);
    }
    return value;
  }

  /** Accepts {@code value <= most}. */
  public static int atMost(int value, int most, String name) {
    if (value > most) {
      throw new IllegalArgumentException(name + " must be at most " + most + ", got " + value);
    }
    return value;
  }

  /** Refuses NaN and infinite values. */
  public static double finite(double value, String name) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be a finite number, got " + value);
    }
    return value;
  }

  /** Accepts {@code low <= value <= high}. */
  public static double inRange(double value, double low, double high, String name) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          name + " must lie in [" + low + ", " + high + "], got " + value);
    }
    return value;
  }

  /** Accepts {@code 0 <= index < size}. */
  public static int index(int index, int size, String name) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(name + " must lie in [0, " + size + "), got " + index);
    }
    return index;
  }

  public static void sameLength(int actual, int expected, String name, String expectedName) {
    if (actual != expected) {
      throw new ShapeMismatchException(
          name + " has length " + actual + ", but " + expectedName + " is " + expected);
    }
  }

  /**
   * Reads an enum constant from the spelling users know ({@code seurat_v3}, {@code t-test}).
   *
   * @throws IllegalArgumentException names the value, the accepted spellings and the nearest one
   */
  public static <E extends Enum<E>> E oneOf(String value, Class<E> type, String name) {
    String wanted = spelling(value);
    for (E constant : type.getEnumConstants()) {
      if (spelling(constant.name()).equals(wanted)) {
        return constant;
      }
    }
    var known =
        java.util.Arrays.stream(type.getEnumConstants())
            .map(c -> c.name().toLowerCase(Locale.ROOT))
            .toList();
    throw new IllegalArgumentException(
        name + " must be one of " + known + ", got '" + value + "'." + suggestion(value, known));
  }

  private static String spelling(String s) {
    return s.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace(" ", "");
  }

  /** {@code " Did you mean 'x'?"} when a known name is close to the one given, otherwise "". */
  public static String suggestion(String given, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(2, given.length() / 3) + 1;
    for (String candidate : known) {
      int distance =
          editDistance(given.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best == null ? "" : " Did you mean '" + best + "'?";
  }

  private static int editDistance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
