package org.cellweave.neural.files;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON (RFC 8259) to and from maps, lists, strings, numbers, booleans and null. Whole numbers that
 * fit are {@code Long}, all others {@code Double}.
 */
public final class Json {
  /** Deeper than anything here, and no danger to the stack. */
  private static final int DEEPEST = 64;

  private final String text;
  private int at;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException names the place where the text is no JSON
   */
  public static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (json.at < text.length()) {
      throw json.bad("the end");
    }
    return value;
  }

  private IllegalArgumentException bad(String expected) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new IllegalArgumentException(
        "no JSON at character " + at + ": expected " + expected + ", found " + found);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char next() {
    space();
    if (at == text.length()) {
      throw bad("a value");
    }
    return text.charAt(at);
  }

  private Object value() {
    if (++depth > DEEPEST) {
      throw bad("less than " + DEEPEST + " levels");
    }
    char c = next();
    Object value =
        switch (c) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          case 't' -> word("true", true);
          case 'f' -> word("false", false);
          case 'n' -> word("null", null);
          default -> number();
        };
    depth--;
    return value;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw bad(word);
    }
    at += word.length();
    return value;
  }

  private Map<String, Object> object() {
    Map<String, Object> out = new LinkedHashMap<>();
    at++;
    if (next() == '}') {
      at++;
      return out;
    }
    while (true) {
      if (next() != '"') {
        throw bad("a name");
      }
      String name = string();
      if (next() != ':') {
        throw bad("':'");
      }
      at++;
      if (out.containsKey(name)) {
        throw bad("each name once, got '" + name + "' twice");
      }
      out.put(name, value());
      if (!goesOn('}')) {
        return out;
      }
    }
  }

  private List<Object> array() {
    List<Object> out = new ArrayList<>();
    at++;
    if (next() == ']') {
      at++;
      return out;
    }
    while (true) {
      out.add(value());
      if (!goesOn(']')) {
        return out;
      }
    }
  }

  /** Whether a comma follows, and not the end. */
  private boolean goesOn(char end) {
    char c = next();
    if (c != ',' && c != end) {
      throw bad("',' or '" + end + "'");
    }
    at++;
    return c == ',';
  }

  private String string() {
    var out = new StringBuilder();
    at++;
    while (true) {
      if (at == text.length()) {
        throw bad("'\"'");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        at--;
        throw bad("an escape");
      }
      out.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    if (at == text.length()) {
      throw bad("an escape");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw bad("an escape");
    };
  }

  private char unicode() {
    if (at + 4 > text.length()) {
      throw bad("four hexadecimal digits");
    }
    int code = 0;
    for (int end = at + 4; at < end; at++) {
      int digit = Character.digit(text.charAt(at), 16);
      if (digit < 0) {
        throw bad("a hexadecimal digit");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private Object number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(from, at);
    if (number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?")) {
      double real = Double.parseDouble(number);
      boolean whole = number.matches("-?\\d+") && Math.abs(real) < 1e19;
      if (whole && new java.math.BigInteger(number).bitLength() < Long.SIZE) {
        return Long.parseLong(number);
      }
      if (Double.isFinite(real)) {
        return real;
      }
    }
    at = from;
    throw bad("a value");
  }

  /** Writes maps, lists, strings, finite numbers, booleans and null. */
  public static String write(Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      String between = "{";
      for (var entry : map.entrySet()) {
        out.append(between);
        write((String) entry.getKey(), out);
        out.append(':');
        write(entry.getValue(), out);
        between = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String between = "[";
      for (Object item : list) {
        out.append(between);
        write(item, out);
        between = ",";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String text) {
      write(text, out);
    } else if (value instanceof Double d && !Double.isFinite(d)) {
      throw new IllegalArgumentException("JSON has no " + d);
    } else {
      out.append(value);
    }
  }

  private static void write(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
