package org.cellweave.neighbors;

/** The {@code capacity} best of the candidates offered, the worst of them on top. */
final class NearestHeap {
  final float[] scores;
  final int[] ids;
  int size;

  /** Candidates at or below it are not wanted. */
  float threshold = Float.NEGATIVE_INFINITY;

  NearestHeap(int capacity) {
    scores = new float[capacity];
    ids = new int[capacity];
  }

  /** Adds a candidate whose score, higher being nearer, is above {@link #threshold}. */
  void offer(float score, int id) {
    if (size < scores.length) {
      int at = size++;
      while (at > 0 && scores[(at - 1) >>> 1] > score) {
        scores[at] = scores[(at - 1) >>> 1];
        ids[at] = ids[(at - 1) >>> 1];
        at = (at - 1) >>> 1;
      }
      scores[at] = score;
      ids[at] = id;
    } else {
      replaceTop(score, id);
    }
    if (size == scores.length) {
      threshold = scores[0];
    }
  }

  private void replaceTop(float score, int id) {
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && scores[child + 1] < scores[child]) {
        child++;
      }
      if (scores[child] >= score) {
        break;
      }
      scores[at] = scores[child];
      ids[at] = ids[child];
      at = child;
    }
    scores[at] = score;
    ids[at] = id;
  }
}
