package org.cellweave.internal;

import java.util.Arrays;

/** Choices among numbered things, one boolean for each. */
public final class Masks {
  private Masks() {}

  /** The numbers of the true entries, ascending. */
  public static int[] indices(boolean[] mask) {
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
