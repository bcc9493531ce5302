package org.cellweave.integrate.pivots;

import java.util.Arrays;

/** Columns by the length of the way to them, the shortest first; of equal ones the lower first. */
final class ColumnHeap {
  private final int[] heap;
  private final int[] place;
  private int size;

  ColumnHeap(int columns) {
    heap = new int[columns];
    place = new int[columns];
    Arrays.fill(place, -1);
  }

  void clear() {
    for (int p = 0; p < size; p++) {
      place[heap[p]] = -1;
    }
    size = 0;
  }

  boolean holds(int column) {
    return place[column] >= 0;
  }

  void add(int column, double[] length) {
    heap[size] = column;
    place[column] = size++;
    rise(column, length);
  }

  /** Its length has become shorter. */
  void rise(int column, double[] length) {
    int at = place[column];
    while (at > 0 && isFirst(column, heap[(at - 1) / 2], length)) {
      put(heap[(at - 1) / 2], at);
      at = (at - 1) / 2;
    }
    put(column, at);
  }

  int poll(double[] length) {
    int first = heap[0];
    place[first] = -1;
    int last = heap[--size];
    if (size > 0) {
      sink(last, length);
    }
    return first;
  }

  private void sink(int column, double[] length) {
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isFirst(heap[child + 1], heap[child], length)) {
        child++;
      }
      if (!isFirst(heap[child], column, length)) {
        break;
      }
      put(heap[child], at);
      at = child;
    }
    put(column, at);
  }

  private void put(int column, int at) {
    heap[at] = column;
    place[column] = at;
  }

  private static boolean isFirst(int a, int b, double[] length) {
    return length[a] < length[b] || (length[a] == length[b] && a < b);
  }
}
