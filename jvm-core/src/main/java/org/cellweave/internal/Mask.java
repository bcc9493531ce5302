package org.cellweave.internal;

import java.util.Arrays;

/** Choices given as one flag per element. */
public final class Mask {
  private Mask() {}

  /** The numbers of the true entries. */
  public static int[] indicesOf(boolean[] mask) {
    int[] at = new int[mask.length];
    int n = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        at[n++] = i;
      }
    }
    return Arrays.copyOf(at, n);
  }
}
