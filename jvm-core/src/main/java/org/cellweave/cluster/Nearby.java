package org.cellweave.cluster;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;

/**
 * An order of nodes in memory in which they lie beside those that they are joined with: as a search
 * in width finds them, because most of the time of a large graph goes into waiting for memory. The
 * order that draws and sums follow stays what it was: no result depends on this.
 */
final class Nearby {
  /** Entries of a graph that a processor's caches hold in any order. */
  private static final int SMALL = 1 << 21;

  private Nearby() {}

  /**
   * Nodes in the order of memory.
   *
   * @param adjacency symmetric
   * @return the order of the matrix when it is small
   */
  static int[] order(CsrMatrix adjacency) {
    if (adjacency.nnz() > SMALL) {
      return found(adjacency);
    }
    int[] nodes = new int[adjacency.nRows()];
    Arrays.setAll(nodes, i -> i);
    return nodes;
  }

  static int[] found(CsrMatrix adjacency) {
    int[] nodes = new int[adjacency.nRows()];
    boolean[] seen = new boolean[nodes.length];
    int taken = 0;
    for (int start = 0; start < nodes.length; start++) {
      if (seen[start]) {
        continue;
      }
      int head = taken;
      seen[start] = true;
      nodes[taken++] = start;
      while (head < taken) {
        int i = nodes[head++];
        var block = adjacency.blockOf(i);
        for (int p = block.start(i); p < block.end(i); p++) {
          int j = block.indices()[p];
          if (!seen[j] && block.value(p) != 0) {
            seen[j] = true;
            nodes[taken++] = j;
          }
        }
      }
    }
    return nodes;
  }
}
