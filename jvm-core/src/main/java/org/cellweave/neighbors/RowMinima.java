package org.cellweave.neighbors;

/**
 * Looks through rows of keys for those below a threshold: the least of {@link #SEGMENTS} at a time
 * are found without a branch, and only where one is small enough are they looked at by themselves.
 */
final class RowMinima {
  static final int SEGMENTS = 16;

  private RowMinima() {}

  /** The least of keys {@code step} apart, for each of the first {@code step}. */
  static void least(int[] keys, int at, int step, int[] out) {
    for (int c = 0; c < step; c++) {
      out[c] = Math.min(keys[at + c], keys[at + step + c]);
    }
    for (int q = 2; q < SEGMENTS; q += 2) {
      int one = at + q * step;
      int two = one + step;
      for (int c = 0; c < step; c++) {
        out[c] = Math.min(out[c], Math.min(keys[one + c], keys[two + c]));
      }
    }
  }

  /**
   * The place of the smallest key, of equal ones the first.
   *
   * @param least room for a sixteenth of the keys
   */
  static int smallest(int[] keys, int at, int count, int[] least) {
    int step = count / SEGMENTS;
    int value = Integer.MAX_VALUE;
    if (step > 0) {
      least(keys, at, step, least);
    }
    for (int c = 0; c < step; c++) {
      value = Math.min(value, least[c]);
    }
    for (int p = SEGMENTS * step; p < count; p++) {
      value = Math.min(value, keys[at + p]);
    }
    int best = count;
    for (int c = 0; c < step; c++) {
      for (int p = c; p < best && p < SEGMENTS * step && least[c] == value; p += step) {
        best = keys[at + p] == value ? p : best;
      }
    }
    for (int p = SEGMENTS * step; p < best; p++) {
      best = keys[at + p] == value ? p : best;
    }
    return best;
  }

  /**
   * Offers a row to a list.
   *
   * @param firstId of the first key, the others follow
   * @param itself who is not offered; negative for nobody
   * @param again whether the list may hold some of them already
   * @param least room for a sixteenth of the keys
   */
  static void offer(
      int[] keys,
      int at,
      int count,
      Candidates found,
      int list,
      int firstId,
      int itself,
      boolean again,
      int[] least) {
    int step = count / SEGMENTS;
    int limit = found.threshold(list);
    if (step > 0) {
      least(keys, at, step, least);
    }
    for (int c = 0; c < step; c++) {
      for (int p = c; p < SEGMENTS * step && least[c] < limit; p += step) {
        limit = offer(keys[at + p], found, list, limit, firstId + p, itself, again);
      }
    }
    for (int p = SEGMENTS * step; p < count; p++) {
      limit = offer(keys[at + p], found, list, limit, firstId + p, itself, again);
    }
  }

  private static int offer(
      int key, Candidates found, int list, int limit, int id, int itself, boolean again) {
    if (key >= limit || id == itself || (again && found.holds(list, id))) {
      return limit;
    }
    return found.offer(list, key, id);
  }
}
