package org.cellweave.neighbors;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The nearest of what was offered to each of many lists, by half the squared distance in float32.
 *
 * <p>Distances are held as the bits of their floats: not negative as they are, they order as whole
 * numbers do, which the virtual machine compares many at a time. One that rounding made negative
 * lies below all others.
 */
final class Candidates implements Serializable {
  private static final long serialVersionUID = 1;

  /** Of a place that nothing has taken. */
  static final int NOBODY = -1;

  private static final int LEAST_MARGIN = 4;

  final int capacity;

  /** Of every list a heap with the farthest on top. */
  final int[] bits;

  final int[] ids;

  /**
   * @param capacity of each list
   */
  Candidates(int lists, int capacity) {
    this.capacity = capacity;
    bits = new int[Math.multiplyExact(lists, capacity)];
    ids = new int[bits.length];
    clear();
  }

  void clear() {
    Arrays.fill(bits, Integer.MAX_VALUE);
    Arrays.fill(ids, NOBODY);
  }

  /** So many candidates that float64 is likely to prove all neighbours wanted to be among them. */
  static Candidates proving(int lists, int wanted) {
    return new Candidates(lists, wanted + Math.max(LEAST_MARGIN, wanted / 4));
  }

  /** The number of lists. */
  int count() {
    return bits.length / capacity;
  }

  /** A copy of lists {@code from <= list < to}. */
  Candidates part(int from, int to) {
    var part = new Candidates(to - from, capacity);
    System.arraycopy(bits, from * capacity, part.bits, 0, part.bits.length);
    System.arraycopy(ids, from * capacity, part.ids, 0, part.ids.length);
    return part;
  }

  /** Copies lists into those from {@code from} on. */
  void put(int from, Candidates part) {
    System.arraycopy(part.bits, 0, bits, from * capacity, part.bits.length);
    System.arraycopy(part.ids, 0, ids, from * capacity, part.ids.length);
  }

  /** Candidates at or above it are not wanted. */
  int threshold(int list) {
    return bits[list * capacity];
  }

  /** Takes a candidate below the threshold, and gives the new one. */
  int offer(int list, int value, int id) {
    int top = list * capacity;
    int at = 0;
    while (2 * at + 1 < capacity) {
      int child = 2 * at + 1;
      if (child + 1 < capacity && bits[top + child + 1] > bits[top + child]) {
        child++;
      }
      if (bits[top + child] <= value) {
        break;
      }
      bits[top + at] = bits[top + child];
      ids[top + at] = ids[top + child];
      at = child;
    }
    bits[top + at] = value;
    ids[top + at] = id;
    return bits[top];
  }

  /** Whether a list holds a candidate. */
  boolean holds(int list, int id) {
    for (int at = list * capacity; at < (list + 1) * capacity; at++) {
      if (ids[at] == id) {
        return true;
      }
    }
    return false;
  }

  /** Orders a list, the nearest first; nothing may be offered to it before {@link #heap}. */
  void sort(int list) {
    int top = list * capacity;
    for (int c = top + 1; c < top + capacity; c++) {
      int value = bits[c];
      int id = ids[c];
      int at = c;
      while (at > top && bits[at - 1] > value) {
        bits[at] = bits[at - 1];
        ids[at] = ids[at - 1];
        at--;
      }
      bits[at] = value;
      ids[at] = id;
    }
  }

  /** Makes a list that was ordered one to which may be offered. */
  void heap(int list) {
    int low = list * capacity;
    int high = low + capacity - 1;
    while (low < high) {
      int value = bits[low];
      int id = ids[low];
      bits[low] = bits[high];
      ids[low++] = ids[high];
      bits[high] = value;
      ids[high--] = id;
    }
  }
}
