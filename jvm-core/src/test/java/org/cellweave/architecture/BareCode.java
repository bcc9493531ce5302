package org.cellweave.architecture;

/**
 * Java or Kotlin without what only looks like code: comments are gone, texts and characters are
 * empty, names in backticks stand without them. Code inside a Kotlin text ({@code "${...}"}) stays.
 */
final class BareCode {
  private static final String RAW = "\"\"\"";

  private final String text;
  private final boolean kotlin;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private BareCode(String text, boolean kotlin) {
    this.text = text;
    this.kotlin = kotlin;
  }

  static String of(String text, boolean kotlin) {
    var bare = new BareCode(text, kotlin);
    bare.code(false);
    return bare.out.toString();
  }

  /** Up to the end of the file, or of the braces of a template. */
  private void code(boolean template) {
    int open = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isNext("//")) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (isNext("/*")) {
        comment();
      } else if (c == '"') {
        literal(isNext(RAW) ? RAW : "\"");
      } else if (c == '\'') {
        character();
      } else if (c == '`') {
        at++;
      } else {
        open += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (template && open < 0) {
          return;
        }
        out.append(c);
        at++;
      }
    }
  }

  /** Kotlin's comments nest. */
  private void comment() {
    int depth = 0;
    do {
      if (isNext("/*") && (kotlin || depth == 0)) {
        depth++;
        at += 2;
      } else if (isNext("*/")) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < text.length());
    out.append(' ');
  }

  private void literal(String quote) {
    boolean raw = quote.equals(RAW);
    out.append('"');
    at += quote.length();
    while (at < text.length() && !isNext(quote)) {
      if (text.charAt(at) == '\\' && !(raw && kotlin)) {
        at += 2;
      } else if (kotlin && isNext("${")) {
        at += 2;
        out.append(' ');
        code(true);
        out.append(' ');
        at++;
      } else if (!raw && text.charAt(at) == '\n') {
        break;
      } else {
        at++;
      }
    }
    at += quote.length();
    while (raw && at < text.length() && text.charAt(at) == '"') {
      at++;
    }
    out.append('"');
  }

  private void character() {
    at++;
    while (at < text.length() && text.charAt(at) != '\'' && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
    out.append("' '");
  }

  private boolean isNext(String mark) {
    return text.startsWith(mark, at);
  }
}
