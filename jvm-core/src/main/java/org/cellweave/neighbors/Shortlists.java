package org.cellweave.neighbors;

/**
 * For every row the candidates of the smallest keys, of equal keys the lower ids, in whatever order
 * they were offered. Rows are independent of each other: each may have a thread of its own.
 *
 * <p>Twice as many as wanted are gathered before the larger half is thrown away.
 */
final class Shortlists {
  private final int wanted;
  private final long[][] entries;
  private final int[] sizes;
  private final int[] limits;

  Shortlists(int nRows, int wanted) {
    this(nRows, wanted, Integer.MAX_VALUE);
  }

  /**
   * @param largest that a key may be
   */
  Shortlists(int nRows, int wanted, int largest) {
    this.wanted = wanted;
    this.entries = new long[nRows][];
    this.sizes = new int[nRows];
    this.limits = new int[nRows];
    java.util.Arrays.fill(limits, largest);
  }

  /** Keys above are not wanted any more. */
  int limit(int row) {
    return limits[row];
  }

  /** Adds a candidate, and says the new limit. */
  int offer(int row, int key, int id) {
    long[] own = entries[row];
    if (own == null) {
      own = new long[2 * wanted];
      entries[row] = own;
    }
    own[sizes[row]++] = (long) key << 32 | id;
    if (sizes[row] == own.length) {
      halve(row);
    }
    return limits[row];
  }

  private void halve(int row) {
    long[] own = entries[row];
    smallestFirst(own, own.length, wanted);
    sizes[row] = wanted;
    long largest = Long.MIN_VALUE;
    for (int p = 0; p < wanted; p++) {
      largest = Math.max(largest, own[p]);
    }
    limits[row] = (int) (largest >> 32);
  }

  /** The ids of a row's candidates, the smallest key first; gives the row's memory back. */
  int[] take(int row) {
    long[] own = entries[row];
    if (own == null) {
      return new int[0];
    }
    java.util.Arrays.sort(own, 0, sizes[row]);
    int[] out = new int[Math.min(wanted, sizes[row])];
    for (int p = 0; p < out.length; p++) {
      out[p] = (int) own[p];
    }
    entries[row] = null;
    return out;
  }

  /** Moves the {@code k} smallest of the first {@code n} to the front, in no order. */
  private static void smallestFirst(long[] v, int n, int k) {
    int low = 0;
    int high = n - 1;
    while (low < high) {
      long pivot = v[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (v[i] < pivot) {
          i++;
        }
        while (v[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long held = v[i];
          v[i++] = v[j];
          v[j--] = held;
        }
      }
      if (k <= j) {
        high = j;
      } else if (k > i) {
        low = i;
      } else {
        return;
      }
    }
  }
}
