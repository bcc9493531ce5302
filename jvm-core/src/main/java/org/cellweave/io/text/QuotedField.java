package org.cellweave.io.text;

/** Quotation marks around a field of a text table; two of them within it stand for one. */
public final class QuotedField {
  private static final String MARK = "\"";

  private QuotedField() {}

  /** The field without its quotation marks; as it is when it is not quoted as a whole. */
  public static String unquoted(String field) {
    if (field.length() < 2 || !field.startsWith(MARK) || !field.endsWith(MARK)) {
      return field;
    }
    String inside = field.substring(1, field.length() - 1);
    if (inside.replace(MARK + MARK, "").contains(MARK)) {
      return field;
    }
    char[] chars = inside.toCharArray();
    return new String(chars, 0, unquote(chars, 0, chars.length));
  }

  /** Makes one of every two quotation marks in place; returns the new length. */
  static int unquote(char[] line, int from, int end) {
    int out = from;
    for (int i = from; i < end; i++) {
      line[out++] = line[i];
      i += line[i] == '"' && i + 1 < end && line[i + 1] == '"' ? 1 : 0;
    }
    return out - from;
  }
}
