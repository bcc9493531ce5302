package org.cellweave.neighbors;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Cells split by planes halfway between two drawn cells until few are left together. */
final class ProjectionTree {
  private static final int MAX_LEAF = 64;

  private final float[] data;
  private final int d;
  private final int[] order;
  private int[] starts = new int[64];
  private int leaves;

  ProjectionTree(float[] data, int n, int d, long seed) {
    this.data = data;
    this.d = d;
    this.order = new int[n];
    Arrays.setAll(order, i -> i);
    split(0, n, new SplittableRandom(seed), 0);
    add(n);
    leaves--;
  }

  int[] order() {
    return order;
  }

  int leafCount() {
    return leaves;
  }

  int leafStart(int leaf) {
    return starts[leaf];
  }

  private void add(int start) {
    if (leaves == starts.length) {
      starts = Arrays.copyOf(starts, 2 * leaves);
    }
    starts[leaves++] = start;
  }

  private void split(int from, int to, SplittableRandom random, int depth) {
    if (to - from <= MAX_LEAF) {
      add(from);
      return;
    }
    int middle = depth < 64 ? partition(from, to, random) : from;
    if (middle == from || middle == to) {
      // Duplicates, or a draw that separates nothing: any halves will do.
      middle = (from + to) >>> 1;
    }
    split(from, middle, random, depth + 1);
    split(middle, to, random, depth + 1);
  }

  private int partition(int from, int to, SplittableRandom random) {
    int a = order[from + random.nextInt(to - from)] * d;
    int b = order[from + random.nextInt(to - from)] * d;
    float[] normal = new float[d];
    float offset = 0;
    for (int j = 0; j < d; j++) {
      normal[j] = data[a + j] - data[b + j];
      offset += normal[j] * (data[a + j] + data[b + j]) / 2;
    }
    int low = from;
    int high = to;
    while (low < high) {
      int at = order[low] * d;
      float side = -offset;
      for (int j = 0; j < d; j++) {
        side += normal[j] * data[at + j];
      }
      if (side > 0) {
        low++;
      } else {
        int swap = order[--high];
        order[high] = order[low];
        order[low] = swap;
      }
    }
    return low;
  }
}
