package org.cellweave.data;

import java.util.Comparator;

/** Order in which runs of digits compare as numbers: {@code b2 < b10}. */
public final class NaturalOrder implements Comparator<String> {
  public static final NaturalOrder INSTANCE = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      boolean digits = isDigit(a.charAt(i)) && isDigit(b.charAt(j));
      int order;
      if (digits) {
        int endA = endOfDigits(a, i);
        int endB = endOfDigits(b, j);
        order = compareNumbers(a, i, endA, b, j, endB);
        i = endA;
        j = endB;
      } else {
        // A number ends the text before it, and a shorter text comes first.
        order = Boolean.compare(isDigit(b.charAt(j)), isDigit(a.charAt(i)));
        order = order != 0 ? order : Character.compare(a.charAt(i), b.charAt(j));
        i++;
        j++;
      }
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(a.length() - i, b.length() - j);
    return order != 0 ? order : a.compareTo(b);
  }

  private static int compareNumbers(String a, int i, int endA, String b, int j, int endB) {
    while (i < endA - 1 && a.charAt(i) == '0') {
      i++;
    }
    while (j < endB - 1 && b.charAt(j) == '0') {
      j++;
    }
    int order = Integer.compare(endA - i, endB - j);
    while (order == 0 && i < endA) {
      order = Character.compare(a.charAt(i++), b.charAt(j++));
    }
    return order;
  }

  private static int endOfDigits(String s, int from) {
    int end = from;
    while (end < s.length() && isDigit(s.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
