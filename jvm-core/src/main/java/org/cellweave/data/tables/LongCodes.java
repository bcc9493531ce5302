package org.cellweave.data.tables;

import java.util.Arrays;

/** Numbers distinct keys 0, 1, 2, ... in the order of their first appearance. */
final class LongCodes {
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[64];
  private int[] codes = filled(64);
  private long[] distinct = new long[32];
  private int size;

  /** The code of a key; a new one where the key is new. */
  int add(long key) {
    int slot = slot(key);
    if (codes[slot] >= 0) {
      return codes[slot];
    }
    if (2 * (size + 1) > keys.length) {
      grow();
      slot = slot(key);
    }
    keys[slot] = key;
    codes[slot] = size;
    if (size == distinct.length) {
      distinct = Arrays.copyOf(distinct, 2 * size);
    }
    distinct[size] = key;
    return size++;
  }

  int size() {
    return size;
  }

  /** The distinct keys by code. */
  long[] distinct() {
    return Arrays.copyOf(distinct, size);
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    long mixed = key * MIX;
    int slot = (int) (mixed ^ (mixed >>> 32)) & mask;
    while (codes[slot] >= 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    keys = new long[2 * keys.length];
    codes = filled(keys.length);
    for (int code = 0; code < size; code++) {
      int slot = slot(distinct[code]);
      keys[slot] = distinct[code];
      codes[slot] = code;
    }
  }

  private static int[] filled(int n) {
    int[] out = new int[n];
    Arrays.fill(out, -1);
    return out;
  }
}
