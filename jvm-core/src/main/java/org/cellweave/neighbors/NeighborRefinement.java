package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * Offers every point of an index the neighbours of its neighbours and of those whose neighbour it
 * is: what lies in a list that it has not looked through is a neighbour of such that it has found.
 *
 * <p>Every round reads lists that stay as they are and changes a list for its own point only, so
 * that the outcome does not depend on the order of points. Points that are near lie near in memory.
 *
 * <p>Dong, Moses and Li 2011, doi:10.1145/1963405.1963487.
 */
final class NeighborRefinement {
  /** Of more neighbours it takes longer than to look through more lists. */
  static final int MOST_WANTED = 64;

  private static final int BLOCK = 512;
  private static final int LOOKED_AT = 512;
  private static final int LEAST_HOPS = 8;
  private static final int STAGE = 16;

  private final InvertedLists lists;
  private final Candidates found;
  private final int n;
  private final int d;
  private final int wanted;

  /** How many neighbours of a point are asked for theirs. */
  private final int hops;

  /** Transformed rows by place, some in one array. */
  private final float[][] rows;

  /** The nearest by place, {@link #wanted} of each; who has not found so many has nobody there. */
  private final int[] near;

  private final int[] backStarts;
  private int[] back;

  /**
   * @param found by place, ids being places
   * @param wanted neighbours that count
   */
  NeighborRefinement(InvertedLists lists, PointSet points, Candidates found, int wanted) {
    this.lists = lists;
    this.found = found;
    this.n = lists.order.length;
    this.d = lists.d;
    this.wanted = wanted;
    this.hops = Math.min(wanted, Math.max(LEAST_HOPS, LOOKED_AT / wanted));
    this.rows = new float[Parallel.nBlocks(n, BLOCK)][];
    this.near = new int[Math.multiplyExact(n, wanted)];
    this.backStarts = new int[n + 1];
    Parallel.forBlocks(rows.length, b -> rows[b] = read(points, b * BLOCK));
  }

  private float[] read(PointSet points, int from) {
    int to = Math.min(n, from + BLOCK);
    float[] out = new float[Math.multiplyExact(to - from, d)];
    double[] row = new double[d];
    for (int p = from; p < to; p++) {
      points.read(lists.order[p], row);
      for (int j = 0; j < d; j++) {
        out[(p - from) * d + j] = (float) row[j];
      }
    }
    return out;
  }

  /** One round. */
  void run() {
    Parallel.forRange(n, BLOCK, this::measure);
    turnAround();
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          var met = new MetPlaces();
          for (int p = from; p < to; p++) {
            ask(p, met);
          }
        });
  }

  /** Distances anew, from differences; then the nearest are known. */
  private void measure(int from, int to) {
    int capacity = found.capacity;
    for (int p = from; p < to; p++) {
      for (int at = p * capacity; at < (p + 1) * capacity; at++) {
        if (found.ids[at] != Candidates.NOBODY) {
          found.bits[at] = half(p, found.ids[at], Float.POSITIVE_INFINITY);
        }
      }
      found.sort(p);
      System.arraycopy(found.ids, p * capacity, near, p * wanted, wanted);
      found.heap(p);
    }
  }

  /** Who has a point among the nearest, at most {@link #wanted}, by place. */
  private void turnAround() {
    Arrays.fill(backStarts, 0);
    for (int id : near) {
      if (id != Candidates.NOBODY && backStarts[id + 1] < wanted) {
        backStarts[id + 1]++;
      }
    }
    for (int p = 0; p < n; p++) {
      backStarts[p + 1] += backStarts[p];
    }
    back = new int[backStarts[n]];
    int[] next = Arrays.copyOf(backStarts, n);
    for (int at = 0; at < near.length; at++) {
      int id = near[at];
      if (id != Candidates.NOBODY && next[id] < backStarts[id + 1]) {
        back[next[id]++] = at / wanted;
      }
    }
  }

  private void ask(int p, MetPlaces met) {
    met.clear();
    met.add(p);
    for (int at = p * found.capacity; at < (p + 1) * found.capacity; at++) {
      met.add(found.ids[at]);
    }
    for (int at = p * wanted; at < p * wanted + hops; at++) {
      if (near[at] != Candidates.NOBODY) {
        offerTheirs(p, near[at], met);
      }
    }
    int end = Math.min(backStarts[p + 1], backStarts[p] + hops);
    for (int at = backStarts[p]; at < end; at++) {
      offer(p, back[at], met);
      offerTheirs(p, back[at], met);
    }
  }

  private void offerTheirs(int p, int via, MetPlaces met) {
    for (int at = via * wanted; at < (via + 1) * wanted; at++) {
      offer(p, near[at], met);
    }
  }

  private void offer(int p, int id, MetPlaces met) {
    if (id != Candidates.NOBODY && met.add(id)) {
      int limit = found.threshold(p);
      int half = half(p, id, Float.intBitsToFloat(limit));
      if (half < limit) {
        found.offer(p, half, id);
      }
    }
  }

  /** Bits of half the squared distance, or of some number above the limit where it is above. */
  private int half(int p, int other, float limit) {
    float[] a = rows[p / BLOCK];
    float[] b = rows[other / BLOCK];
    int from = p % BLOCK * d;
    int at = other % BLOCK * d;
    float sum = 0;
    // NaN is no limit
    for (int j = 0; j < d && !(sum / 2 > limit); j += STAGE) {
      sum += squares(a, from + j, b, at + j, Math.min(STAGE, d - j));
    }
    return Float.floatToRawIntBits(sum / 2);
  }

  private static float squares(float[] a, int from, float[] b, int at, int count) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j + 3 < count; j += 4) {
      float d0 = a[from + j] - b[at + j];
      float d1 = a[from + j + 1] - b[at + j + 1];
      float d2 = a[from + j + 2] - b[at + j + 2];
      float d3 = a[from + j + 3] - b[at + j + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; j < count; j++) {
      float d0 = a[from + j] - b[at + j];
      s0 += d0 * d0;
    }
    return (s0 + s1) + (s2 + s3);
  }
}
