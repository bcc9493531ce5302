package org.cellweave.io.store;

/** Names and messages of damaged files may hold anything; what is shown stays in one line. */
public final class OneLine {
  private static final int MOST = 2000;

  private OneLine() {}

  public static String of(String text) {
    String shown = text.replaceAll("[\\s\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ");
    return shown.length() > MOST ? shown.substring(0, MOST) + "..." : shown;
  }
}
