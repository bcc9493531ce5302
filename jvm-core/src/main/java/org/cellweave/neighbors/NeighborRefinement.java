package org.cellweave.neighbors;

import java.util.Arrays;

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

  private final PlaceTasks tasks;
  private final Candidates found;
  private final int n;
  private final int wanted;

  /** How many neighbours of a point are asked for theirs. */
  private final int hops;

  private final PlacedRows rows;

  /** The nearest by place, {@link #wanted} of each; who has not found so many has nobody there. */
  private final int[] near;

  private final int[] backStarts;
  private int[] back;

  /**
   * @param found by place, ids being places
   * @param wanted neighbours that count
   */
  NeighborRefinement(InvertedLists lists, Candidates found, int wanted, PlaceTasks tasks) {
    this.tasks = tasks;
    this.found = found;
    this.n = lists.order.length;
    this.wanted = wanted;
    this.hops = Math.min(wanted, Math.max(LEAST_HOPS, LOOKED_AT / wanted));
    this.rows = new PlacedRows(lists);
    this.near = new int[Math.multiplyExact(n, wanted)];
    this.backStarts = new int[n + 1];
  }

  /** One round. */
  void run() {
    tasks.change(found, BLOCK, new Measuring(rows), this::keepNearest);
    turnAround();
    var asking = new Asking(rows, wanted, hops, near, backStarts, back);
    tasks.change(found, BLOCK, asking, (from, to) -> {});
  }

  /** Distances anew, from differences, and the nearest first. */
  private record Measuring(PlacedRows rows) implements PlaceTasks.Change {
    @Override
    public void of(int from, int to, Candidates found, int before) {
      int capacity = found.capacity;
      for (int p = from; p < to; p++) {
        int first = (p - before) * capacity;
        for (int at = first; at < first + capacity; at++) {
          if (found.ids[at] != Candidates.NOBODY) {
            found.bits[at] = rows.half(p, found.ids[at], Float.POSITIVE_INFINITY);
          }
        }
        found.sort(p - before);
      }
    }
  }

  private void keepNearest(int from, int to) {
    for (int p = from; p < to; p++) {
      System.arraycopy(found.ids, p * found.capacity, near, p * wanted, wanted);
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
}
