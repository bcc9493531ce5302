package org.cellweave.util;

/**
 * Values that came from files or users, as they may stand in a message: on one line, without
 * characters that a terminal obeys, and no longer than a reader wants.
 */
public final class Quoted {
  private static final int MOST = 60;

  private Quoted() {}

  /** {@code 'text'}, shortened to some 60 characters, what cannot be seen written as an escape. */
  public static String of(Object value) {
    return "'" + shortened(String.valueOf(value)) + "'";
  }

  /** The same without quotation marks. */
  public static String shortened(String text) {
    if (text.length() <= MOST) {
      return line(text);
    }
    int end = Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
    return line(text.substring(0, end)) + "... (" + text.length() + " characters)";
  }

  /**
   * The whole text on one line: control and format characters, separators of lines and halves of
   * surrogate pairs become escapes such as {@code \n} and {@code \u202e}.
   */
  public static String line(String text) {
    int n = text.length();
    int first = 0;
    while (first < n && isPlain(text.codePointAt(first))) {
      first += Character.charCount(text.codePointAt(first));
    }
    if (first == n) {
      return text;
    }
    var out = new StringBuilder(n + 16).append(text, 0, first);
    for (int i = first; i < n; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isPlain(c)) {
        out.appendCodePoint(c);
      } else {
        escape(c, out);
      }
    }
    return out.toString();
  }

  private static void escape(int c, StringBuilder out) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append("\\u").append(String.format(java.util.Locale.ROOT, "%04x", c));
    }
  }

  private static boolean isPlain(int c) {
    if (c < 0x7f) {
      return c >= ' ';
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
