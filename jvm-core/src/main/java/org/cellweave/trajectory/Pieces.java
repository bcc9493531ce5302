package org.cellweave.trajectory;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;

/** Connected components of a symmetric graph. */
final class Pieces {
  private Pieces() {}

  /** Numbers the pieces by their first cells; returns how many there are. */
  static int label(CsrMatrix graph, int[] label) {
    Arrays.fill(label, -1);
    int[] queue = new int[label.length];
    int pieces = 0;
    for (int start = 0; start < label.length; start++) {
      if (label[start] >= 0) {
        continue;
      }
      int head = 0;
      int tail = 0;
      queue[tail++] = start;
      label[start] = pieces;
      while (head < tail) {
        int i = queue[head++];
        var block = graph.blockOf(i);
        for (int p = block.start(i); p < block.end(i); p++) {
          int j = block.indices()[p];
          if (label[j] < 0 && block.value(p) != 0) {
            label[j] = pieces;
            queue[tail++] = j;
          }
        }
      }
      pieces++;
    }
    return pieces;
  }
}
