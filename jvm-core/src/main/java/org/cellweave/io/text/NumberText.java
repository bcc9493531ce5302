package org.cellweave.io.text;

/**
 * Numbers as Python's {@code float} spells them: decimal with an optional exponent, {@code nan},
 * {@code inf} and {@code infinity} in any case and with a sign, blanks around them, digits of any
 * script. No type letters, no hexadecimal, no separators of thousands.
 */
public final class NumberText {
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private double value;
  private boolean overflow;

  /** Reads {@code s[from..to)}; false when it is no number. */
  public boolean read(char[] s, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && TextRows.isBlank(s[start])) {
      start++;
    }
    while (end > start && TextRows.isBlank(s[end - 1])) {
      end--;
    }
    overflow = false;
    return start < end && (readShort(s, start, end) || readAny(s, start, end));
  }

  /** The nearest float64 of the number read last. */
  public double value() {
    return value;
  }

  /** Whether the number read last is finite as written, but too large for float32. */
  public boolean overflowsFloat() {
    return overflow || (!Double.isInfinite(value) && Float.isInfinite((float) value));
  }

  /** Up to 15 digits are exact in a float64, and so is their quotient by a power of ten. */
  private boolean readShort(char[] s, int from, int to) {
    boolean negative = s[from] == '-';
    int at = negative || s[from] == '+' ? from + 1 : from;
    long digits = 0;
    int n = 0;
    int fraction = -1;
    for (; at < to; at++) {
      char c = s[at];
      if (c >= '0' && c <= '9') {
        digits = digits * 10 + (c - '0');
        fraction += fraction >= 0 ? 1 : 0;
        if (++n > 15) {
          return false;
        }
      } else if (c == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return false;
      }
    }
    if (n == 0) {
      return false;
    }
    double size = fraction > 0 ? digits / TENS[fraction] : digits;
    value = negative ? -size : size;
    return true;
  }

  /** The text with the digits 0 to 9 for those of other scripts. */
  private static String inAscii(String text) {
    if (text.chars().allMatch(c -> c < 128)) {
      return text;
    }
    var out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isDigit(c)) {
                out.append(Character.digit(c, 10));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private boolean readAny(char[] s, int from, int to) {
    String text = inAscii(new String(s, from, to - from));
    boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
    String word = signed ? text.substring(1) : text;
    if (word.equalsIgnoreCase("nan")) {
      value = Double.NaN;
      return true;
    }
    if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
      value = text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    try {
      value = Double.parseDouble(text);
      overflow = Double.isInfinite(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
