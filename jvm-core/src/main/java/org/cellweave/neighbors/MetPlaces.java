package org.cellweave.neighbors;

/** Numbers met so far. */
final class MetPlaces {
  private int[] slots = new int[1 << 11];
  private int[] stamps = new int[1 << 11];
  private int stamp;
  private int size;

  void clear() {
    stamp++;
    size = 0;
  }

  /** Whether the number is new. */
  boolean add(int id) {
    if (2 * size >= slots.length) {
      grow();
    }
    int at = slot(id);
    if (stamps[at] == stamp) {
      return false;
    }
    stamps[at] = stamp;
    slots[at] = id;
    size++;
    return true;
  }

  private int slot(int id) {
    int mask = slots.length - 1;
    int at = ((id * 0x9E3779B1) >>> 7) & mask;
    while (stamps[at] == stamp && slots[at] != id) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    int[] oldSlots = slots;
    int[] oldStamps = stamps;
    slots = new int[2 * oldSlots.length];
    stamps = new int[2 * oldSlots.length];
    for (int s = 0; s < oldSlots.length; s++) {
      if (oldStamps[s] == stamp) {
        int at = slot(oldSlots[s]);
        stamps[at] = stamp;
        slots[at] = oldSlots[s];
      }
    }
  }
}
